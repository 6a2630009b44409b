"""Policy floors: each at its boundary, with the reason it gives."""

from dataclasses import replace

import pytest

from services.rating.domain.caps import Evidenced, caps_for
from services.rating.domain.model import Cap, Opinion, RatingFacts
from services.rating.domain.policy import CapPolicy
from tests.unit.rating.builders import POLICY, a_statement

FULL_FILE = Evidenced(a_statement(), history=True, outside=True)


def caps(
    facts: RatingFacts, evidenced: Evidenced = FULL_FILE, policy: CapPolicy = POLICY.caps
) -> dict[str, Cap]:
    found = caps_for(facts, evidenced, policy, default_grade="D")
    return {cap.code: cap for cap in found}


def test_a_sound_file_has_no_cap() -> None:
    assert caps(RatingFacts()) == {}


@pytest.mark.parametrize(("history", "outside"), [(True, False), (False, True), (True, True)])
def test_without_a_statement_no_better_than_bb_minus(*, history: bool, outside: bool) -> None:
    found = caps(RatingFacts(), Evidenced(None, history, outside))
    assert {code: cap.grade for code, cap in found.items()} == {"NO_FIN": "BB-"}


def test_a_thin_file_is_no_better_than_b() -> None:
    found = caps(RatingFacts(), Evidenced(None, history=False, outside=False))
    assert {code: cap.grade for code, cap in found.items()} == {"NO_FIN_THIN_FILE": "B"}


@pytest.mark.parametrize(("equity", "capped"), [(-0.01, True), (0.0, False), (0.01, False)])
def test_negative_equity_caps_at_b(equity: float, *, capped: bool) -> None:
    evidenced = replace(FULL_FILE, statement=a_statement(TE=equity))
    found = caps(RatingFacts(), evidenced)
    assert [cap.grade for cap in found.values()] == (["B"] if capped else [])


@pytest.mark.parametrize(
    ("opinion", "capped"),
    [
        (Opinion.ADVERSE, True),
        (Opinion.DISCLAIMER, True),
        (Opinion.GOING_CONCERN, True),
        (Opinion.QUALIFIED, False),
        (Opinion.UNQUALIFIED, False),
    ],
)
def test_an_adverse_opinion_caps_at_b_minus(opinion: Opinion, *, capped: bool) -> None:
    evidenced = replace(FULL_FILE, statement=replace(a_statement(), opinion=opinion))
    found = caps(RatingFacts(), evidenced)
    assert [cap.grade for cap in found.values()] == (["B-"] if capped else [])


@pytest.mark.parametrize(
    ("days", "grade"),
    [(None, None), (0, None), (60, None), (61, "CCC"), (90, "CCC"), (91, "D"), (400, "D")],
)
def test_material_lateness_caps_and_then_defaults(days: int | None, grade: str | None) -> None:
    found = caps(RatingFacts(material_days_past_due=days))
    assert [cap.grade for cap in found.values()] == ([] if grade is None else [grade])


def test_a_customer_in_default_is_d_however_punctual() -> None:
    found = caps(RatingFacts(in_default=True, material_days_past_due=0))
    assert found["IN_DEFAULT"].grade == "D"
    assert found["IN_DEFAULT"].reason == "R11"


@pytest.mark.parametrize(("trigger", "grade"), [("E04", "CCC"), ("E08", "D")])
def test_hard_triggers_of_the_outside_world_cap(trigger: str, grade: str) -> None:
    found = caps(RatingFacts(hard_triggers=(trigger,)))
    assert found["HARD_TRIGGER"].grade == grade
    assert found["HARD_TRIGGER"].reason == "R17"


def test_other_hard_triggers_only_concern_the_tier() -> None:
    assert caps(RatingFacts(hard_triggers=("T09",))) == {}


@pytest.mark.parametrize(("country", "capped"), [("AR", True), ("DE", False), (None, False)])
def test_a_country_s_ceiling_caps(country: str | None, *, capped: bool) -> None:
    policy = replace(POLICY.caps, country_ceilings={"AR": "CCC+"})
    found = caps(RatingFacts(country=country), policy=policy)
    assert ("COUNTRY_CEILING" in found) is capped


def test_caps_add_up() -> None:
    found = caps(
        RatingFacts(material_days_past_due=70), Evidenced(None, history=True, outside=False)
    )
    assert set(found) == {"NO_FIN", "PAST_DUE"}
