"""Whom relationships reach: E11 and L05 over them, at each of their bounds."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas.groups import FORMULAS
from services.monitoring.domain.indicator_facts.everything import IndicatorFacts
from services.monitoring.domain.indicator_facts.groups import GroupFacts, PathStep
from services.monitoring.domain.indicators import Finding, measure
from services.monitoring.domain.outside.group_reach import LISTED, group_facts
from services.monitoring.domain.outside.group_standing import Edge, Groups, MemberAmount, MemberDay
from services.monitoring.domain.policies.warnings import Severity
from tests.unit.monitoring.warning_builders import AMBER, RED, SHIPPED, TODAY, WATCH

YESTERDAY = TODAY - timedelta(days=1)
LONG_AGO = TODAY - timedelta(days=100)


def linked(*edges: tuple[str, str, str, float | None]) -> Groups:
    """Customers who were registered long ago, and how they are related."""
    made = [
        Edge(customer_id=one, kind=kind, party=other, share=share, from_day=LONG_AGO)
        for one, kind, other, share in edges
    ]
    names = {name for one, _, other, _ in edges for name in (one, other)}
    return Groups(
        edges={(each.customer_id, each.kind, each.party): each for each in made},
        since=dict.fromkeys(names, LONG_AGO),
        complete_on=TODAY,
    )


def stands(groups: Groups, name: str, ews: float = 0.0, **changes: Any) -> None:
    """Leave word of how a customer stood yesterday.  Any: fields, checked by the dataclass."""
    record = MemberDay(customer_id=name, day=YESTERDAY, ews=ews, in_default=False)
    groups.note_member(replace(record, **changes))


def euros(exposure: int, limit: int | None = None) -> MemberAmount:
    return MemberAmount(currency="EUR", exposure=exposure, limit=limit)


def facts(groups: Groups, name: str = "A", *own: MemberAmount) -> GroupFacts:
    found = group_facts(groups, name, own, SHIPPED, as_of=TODAY)
    assert found is not None
    return found


def found(indicator: Indicator, known: GroupFacts) -> Finding:
    return measure(indicator, IndicatorFacts(as_of=TODAY, groups=known), SHIPPED)


@pytest.mark.parametrize(
    ("ews", "severity"),
    [(49.9, None), (50.0, WATCH), (74.9, WATCH), (75.0, AMBER), (100.0, AMBER)],
)
def test_a_parents_trouble_is_its_childs(ews: float, severity: Severity | None) -> None:
    groups = linked(("B", "controls", "A", None))
    stands(groups, "B", ews)
    finding = found(Indicator.AFFILIATE_CONTAGION, facts(groups))
    assert (finding.value, finding.severity) == (ews, severity)


def test_trouble_passes_by_the_weights_of_the_way() -> None:
    groups = linked(("A", "guarantees", "B", None), ("C", "owns", "B", 0.5))
    stands(groups, "C", 80.0)
    known = facts(groups)
    assert known.linked[0].path == (
        PathStep(kind="guarantees"),
        PathStep(kind="owns", share=0.5),
    )
    assert found(Indicator.AFFILIATE_CONTAGION, known).value == 32.0


def test_the_strongest_way_counts() -> None:
    groups = linked(
        ("A", "director", "B", None), ("A", "controls", "C", None), ("C", "controls", "B", None)
    )
    stands(groups, "B", 60.0)
    assert found(Indicator.AFFILIATE_CONTAGION, facts(groups)).value == 60.0


@pytest.mark.parametrize(("place", "reached"), [("D", True), ("E", False)])
def test_trouble_passes_three_relationships(
    place: str,
    reached: bool,  # noqa: FBT001  # a table
) -> None:
    names = "ABCDE"
    groups = linked(*((names[n], "controls", names[n + 1], None) for n in range(4)))
    stands(groups, place, 90.0)
    finding = found(Indicator.AFFILIATE_CONTAGION, facts(groups))
    assert (finding.value == 90.0) is reached


@pytest.mark.parametrize("detour", ["A", "Z"])
def test_a_stronger_way_round_is_counted_in_full(detour: str) -> None:
    """By the detour D is four steps away, whatever the order of names."""
    groups = linked(
        ("S", "controls", detour, None),
        ("S", "shares_address", "B", None),
        (detour, "controls", "B", None),
        ("B", "controls", "C", None),
        ("C", "controls", "D", None),
    )
    stands(groups, "D", 90.0)
    (member,) = facts(groups, "S").linked
    assert [step.kind for step in member.path] == ["shares_address", "controls", "controls"]


def test_a_default_is_not_lost_among_many_in_lesser_trouble() -> None:
    names = [f"T{number:02}" for number in range(LISTED)]
    groups = linked(*(("A", "controls", name, None) for name in (*names, "X")))
    for name in names:
        stands(groups, name, 30.0)
    stands(groups, "X", in_default=True)
    known = facts(groups)
    assert known.linked[0].customer_id == "X"
    assert found(Indicator.AFFILIATE_CONTAGION, known).severity is RED


@pytest.mark.parametrize(("share", "severity"), [(0.5, RED), (0.49, None)])
def test_a_default_nearby_is_red(share: float, severity: Severity | None) -> None:
    groups = linked(("A", "owns", "B", share))
    stands(groups, "B", in_default=True)
    finding = found(Indicator.AFFILIATE_CONTAGION, facts(groups))
    assert finding.severity is severity


def test_the_evidence_names_who_and_of_which_day() -> None:
    groups = linked(("B", "controls", "A", None))
    stands(groups, "B", 80.0)
    evidence = found(Indicator.AFFILIATE_CONTAGION, facts(groups)).evidence
    assert evidence.documents == ("B",)
    assert evidence.figures["members_on"] == YESTERDAY.isoformat()
    assert evidence.figures["way"] == "controls"


def test_what_happened_today_is_heard_of_tomorrow() -> None:
    groups = linked(("B", "controls", "A", None))
    stands(groups, "B", 80.0, day=TODAY)
    assert not FORMULAS[Indicator.AFFILIATE_CONTAGION].has_sign(facts(groups))
    assert found(Indicator.AFFILIATE_CONTAGION, facts(groups)).value == 0.0


def test_before_all_partitions_have_closed_a_day_nothing_is_known() -> None:
    groups = linked(("B", "controls", "A", None))
    groups.complete_on = None
    assert group_facts(groups, "A", (), SHIPPED, as_of=TODAY) is None


@pytest.mark.parametrize(
    ("exposure", "severity"),
    [(35, None), (36, WATCH), (50, WATCH), (51, AMBER), (65, AMBER), (66, RED)],
)
def test_a_groups_exposure_is_held_against_its_limits(
    exposure: int, severity: Severity | None
) -> None:
    groups = linked(("A", "owns", "B", 0.51), ("B", "guarantees", "C", None))
    stands(groups, "B", amounts=(euros(exposure, 60),))
    stands(groups, "C", amounts=(euros(20),))
    finding = found(Indicator.GROUP_UTILISATION, facts(groups, "A", euros(30, 40)))
    assert finding.severity is severity
    assert finding.evidence.figures["members"] == 3.0


def test_a_minority_stake_makes_no_group() -> None:
    groups = linked(("A", "owns", "B", 0.5))
    stands(groups, "B", amounts=(euros(900),))
    known = facts(groups, "A", euros(30, 40))
    assert known.amounts == ()
    assert found(Indicator.GROUP_UTILISATION, known).value == 0.0


def test_a_group_without_a_limit_is_our_own_doing() -> None:
    groups = linked(("A", "controls", "B", None))
    stands(groups, "B", amounts=(euros(900),))
    known = facts(groups, "A", euros(30))
    assert found(Indicator.GROUP_UTILISATION, known).value is None


def test_the_group_is_the_same_from_either_end() -> None:
    groups = linked(("A", "controls", "B", None))
    stands(groups, "A", amounts=(euros(30, 40),))
    stands(groups, "B", amounts=(euros(20),))
    one = facts(groups, "A", euros(30, 40)).amounts
    assert one == facts(groups, "B", euros(20)).amounts
