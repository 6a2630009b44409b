"""What holds for every rating, whatever the facts."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rating.domain.master_scale import MasterScale
from services.rating.domain.model import (
    Basis,
    Confidence,
    ExternalOpinion,
    GradeOverride,
    Opinion,
    RatingDecision,
    RatingFacts,
)
from tests.unit.rating.builders import (
    DAY,
    POLICY,
    YEAR_END,
    a_behaviour,
    a_statement,
    an_opinion,
    rated,
    the_year_before,
)

SCALE = MasterScale(POLICY.master_scale)
GRADES = [step.grade for step in POLICY.master_scale]
BEHAVED = RatingFacts(behaviour=a_behaviour(), material_days_past_due=0)
FILED = replace(BEHAVED, statement=a_statement(), previous_statement=the_year_before())


def _place(decision: RatingDecision) -> int:
    return SCALE.index(decision.grade)


def _override(grade: str, *, expires_on: date = DAY) -> GradeOverride:
    return GradeOverride(grade, "knows them", "Ada", "Bo", expires_on)


@pytest.mark.parametrize("days", [0, 1, 30, 59, 60])
def test_up_to_sixty_days_lateness_is_no_cap(days: int) -> None:
    assert rated(replace(FILED, material_days_past_due=days)).caps == ()


@pytest.mark.parametrize("days", [61, 62, 75, 89, 90])
def test_from_sixty_one_days_nobody_is_better_than_ccc(days: int) -> None:
    decision = rated(replace(FILED, material_days_past_due=days))

    assert decision.grade == "CCC"
    assert [cap.code for cap in decision.caps] == ["PAST_DUE"]


@pytest.mark.parametrize("days", [91, 92, 365])
def test_from_ninety_one_days_everybody_is_in_default(days: int) -> None:
    decision = rated(replace(FILED, material_days_past_due=days))

    assert (decision.grade, decision.pd, decision.band) == ("D", 1.0, "P6")
    assert [cap.code for cap in decision.caps] == ["IN_DEFAULT"]


def test_unknown_lateness_is_no_cap() -> None:
    assert rated(replace(FILED, material_days_past_due=None)).caps == ()


@given(one=st.integers(0, 120), other=st.integers(0, 120))
def test_more_late_payment_is_never_a_better_grade(one: int, other: int) -> None:
    less, more = sorted((one, other))

    better = rated(replace(FILED, material_days_past_due=less))
    worse = rated(replace(FILED, material_days_past_due=more))
    assert _place(better) <= _place(worse)
    assert better.pd <= worse.pd


@given(one=st.integers(0, 12), other=st.integers(0, 12))
def test_more_bounced_payments_are_never_a_better_grade(one: int, other: int) -> None:
    fewer, more = sorted((one, other))

    better = rated(replace(FILED, behaviour=a_behaviour(dishonours_12m=fewer)))
    worse = rated(replace(FILED, behaviour=a_behaviour(dishonours_12m=more)))
    assert better.pd <= worse.pd


@given(one=st.floats(0, 1), other=st.floats(0, 1))
def test_more_invoices_paid_late_are_never_a_better_grade(one: float, other: float) -> None:
    less, more = sorted((one, other))

    better = rated(replace(FILED, behaviour=a_behaviour(late_over_30_share_12m=less)))
    worse = rated(replace(FILED, behaviour=a_behaviour(late_over_30_share_12m=more)))
    assert better.pd <= worse.pd


@given(one=st.integers(0, 200), other=st.integers(0, 200))
def test_a_longer_delay_is_never_a_better_grade(one: int, other: int) -> None:
    less, more = sorted((one, other))

    better = rated(replace(FILED, behaviour=a_behaviour(max_days_past_due_6m=less)))
    worse = rated(replace(FILED, behaviour=a_behaviour(max_days_past_due_6m=more)))
    assert better.pd <= worse.pd


@given(one=st.floats(-30, 60), other=st.floats(-30, 60))
def test_a_worse_trend_is_never_a_better_grade(one: float, other: float) -> None:
    less, more = sorted((one, other))

    better = rated(replace(FILED, behaviour=a_behaviour(wadd_trend=less)))
    worse = rated(replace(FILED, behaviour=a_behaviour(wadd_trend=more)))
    assert better.pd <= worse.pd


@given(one=st.sampled_from(GRADES[:-1]), other=st.sampled_from(GRADES[:-1]))
def test_a_worse_outside_grade_is_never_a_better_one_of_ours(one: str, other: str) -> None:
    good, bad = sorted((one, other), key=SCALE.index)

    better = rated(replace(FILED, opinions=(an_opinion(good),)))
    worse = rated(replace(FILED, opinions=(an_opinion(bad),)))
    assert better.pd <= worse.pd


@given(trigger=st.sampled_from(["E04", "E08"]), days=st.integers(0, 100))
def test_a_hard_trigger_never_helps(trigger: str, days: int) -> None:
    facts = replace(FILED, material_days_past_due=days)

    assert rated(facts).pd <= rated(replace(facts, hard_triggers=(trigger,))).pd


@given(opinion=st.sampled_from(list(Opinion)), days=st.integers(0, 100))
def test_an_auditor_s_doubt_never_helps(opinion: Opinion, days: int) -> None:
    facts = replace(FILED, material_days_past_due=days)
    doubted = replace(facts, statement=replace(a_statement(), opinion=opinion))

    assert rated(facts).pd <= rated(doubted).pd


@given(days=st.integers(0, 120))
def test_default_never_helps(days: int) -> None:
    facts = replace(FILED, material_days_past_due=days)

    assert _place(rated(replace(facts, in_default=True))) >= _place(rated(facts))


@given(
    opinions=st.permutations(
        [an_opinion("BB"), an_opinion("B", agency="Fitch"), an_opinion("Baa1", agency="Moodys")]
    )
)
def test_the_order_in_which_agencies_spoke_changes_nothing(
    opinions: list[ExternalOpinion],
) -> None:
    first = rated(replace(FILED, opinions=tuple(opinions)))
    sorted_ones = sorted(opinions, key=lambda each: each.agency)

    assert first == rated(replace(FILED, opinions=tuple(sorted_ones)))


@given(triggers=st.permutations(["E04", "E08", "H01"]))
def test_the_order_of_triggers_changes_no_grade(triggers: list[str]) -> None:
    assert rated(replace(FILED, hard_triggers=tuple(triggers))).grade == "D"


@given(age=st.integers(0, 900))
def test_time_alone_never_makes_the_books_weigh_more(age: int) -> None:
    today, tomorrow = YEAR_END + timedelta(days=age), YEAR_END + timedelta(days=age + 1)

    def share(day: date) -> float:
        parts = {each.name: each.share for each in rated(FILED, as_of=day).components}
        return parts.get("financial", 0.0)

    assert share(tomorrow) <= share(today) + 1e-12


@pytest.mark.parametrize("wanted", GRADES[:-1])
def test_an_override_never_reaches_further_than_one_up_and_three_down(wanted: str) -> None:
    plain = _place(rated(FILED))

    reached = _place(rated(replace(FILED, override=_override(wanted))))
    assert plain - 1 <= reached <= plain + 3


@pytest.mark.parametrize("step", [-1, 0, 1, 2, 3])
def test_an_override_within_reach_is_the_grade(step: int) -> None:
    wanted = GRADES[_place(rated(FILED)) + step]

    decision = rated(replace(FILED, override=_override(wanted)))
    assert (decision.grade, decision.overridden) == (wanted, True)
    assert "OVERRIDDEN" in decision.flags


@pytest.mark.parametrize(("ahead", "in_force"), [(-1, False), (0, True), (1, True)])
def test_an_override_counts_until_the_end_of_its_day(ahead: int, *, in_force: bool) -> None:
    override = _override("CCC", expires_on=DAY + timedelta(days=ahead))

    assert rated(replace(FILED, override=override)).overridden is in_force


def test_an_override_changes_neither_the_model_s_grade_nor_its_pd() -> None:
    plain, overridden = rated(FILED), rated(replace(FILED, override=_override("CCC")))

    assert overridden.model_grade == plain.model_grade
    assert overridden.model_pd == plain.model_pd


@pytest.mark.parametrize("basis", list(Basis))
def test_weaker_books_weigh_less(basis: Basis) -> None:
    facts = replace(FILED, statement=replace(a_statement(), basis=basis))
    part = next(each for each in rated(facts).components if each.name == "financial")

    assert part.credibility <= POLICY.statements.quality[basis.value]


def test_shares_of_all_sources_make_a_whole() -> None:
    decision = rated(replace(FILED, opinions=(an_opinion("BB"),)))

    assert {each.name for each in decision.components} == {
        *("prior", "financial", "behaviour", "external"),
    }
    assert sum(each.share for each in decision.components) == pytest.approx(1)


def test_nothing_known_is_rated_by_the_prior_with_low_confidence() -> None:
    decision = rated(RatingFacts())

    assert [each.name for each in decision.components] == ["prior"]
    assert decision.model_pd == pytest.approx(POLICY.prior.default)
    assert decision.confidence is Confidence.LOW


def test_nothing_known_is_said_to_be_thin() -> None:
    decision = rated(RatingFacts())

    assert decision.grade == "B"
    assert [cap.code for cap in decision.caps] == ["NO_FIN_THIN_FILE"]
    assert {each.code for each in decision.reasons} == {"R15", "R16"}


@settings(max_examples=50)
@given(
    days=st.none() | st.integers(0, 120),
    settled=st.integers(0, 60),
    filed=st.booleans(),
    outside=st.none() | st.sampled_from(GRADES[:-1]),
)
def test_a_grade_s_pd_lies_where_its_grade_does(
    days: int | None, settled: int, *, filed: bool, outside: str | None
) -> None:
    facts = replace(
        FILED if filed else BEHAVED,
        material_days_past_due=days,
        behaviour=a_behaviour(settled_24m=settled),
        opinions=() if outside is None else (an_opinion(outside),),
    )
    decision = rated(facts)

    assert 0 < decision.pd <= 1
    assert decision.pd == 1 or SCALE.grade_of(decision.pd) == decision.grade
    assert decision.valid_to > DAY
    assert decision.reasons or decision.pd < 0.01
