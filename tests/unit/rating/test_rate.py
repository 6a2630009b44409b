"""The rating decision as a whole: golden cases, the laws it keeps, and its replay."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rating.domain.master_scale import MasterScale
from services.rating.domain.model import (
    Basis,
    Confidence,
    GradeOverride,
    RatingDecision,
    RatingFacts,
)
from services.rating.domain.rate import decide_rating
from services.rating.usecases.rate import RATING
from shared.decisions.stored import canonical_json, read_facts
from shared.kernel.dates import add_months
from shared.kernel.maths import canonical
from tests.unit.rating.builders import (
    DAY,
    GOLDEN,
    POLICY,
    YEAR_END,
    a_behaviour,
    a_statement,
    an_opinion,
    golden_behaviour,
    rated,
    the_year_before,
)

SCALE = MasterScale(POLICY.master_scale)
FOURTEEN_MONTHS_ON = date(2026, 2, 28)


def alpha(as_of: date = FOURTEEN_MONTHS_ON) -> RatingFacts:
    affirmed = add_months(as_of, -3)
    return RatingFacts(
        statement=a_statement(),
        previous_statement=the_year_before(),
        behaviour=golden_behaviour(GOLDEN["RT-1c"]["in"]["beh"]),
        opinions=(
            an_opinion("BB", affirmed_on=affirmed),
            an_opinion("B+", agency="Fitch", affirmed_on=affirmed),
        ),
        material_days_past_due=0,
    )


def beta() -> tuple[RatingFacts, date]:
    case = GOLDEN["RT-18"]["in"]
    facts = RatingFacts(
        segment="weak",
        statement=replace(a_statement(case["fin"]), basis=Basis.UNAUDITED),
        previous_statement=the_year_before(case["fin"]),
        behaviour=golden_behaviour(case["beh"], settled=20),
    )
    return facts, add_months(YEAR_END, 8)


def test_golden_rt_1c_alpha_is_bb_minus() -> None:
    decision = rated(alpha(), as_of=FOURTEEN_MONTHS_ON)
    expected = GOLDEN["RT-1c"]["out"]
    assert decision.pd == pytest.approx(expected["PD"], abs=0.0000005)
    assert decision.grade == decision.model_grade == expected["grade"]
    assert decision.confidence.value == expected["confidence"].lower()
    assert [each.credibility for each in decision.components[1:]] == pytest.approx(
        expected["z_fin_beh_ext"], abs=0.00005
    )
    assert decision.caps == ()


def test_golden_rt_1c_the_parts_add_up() -> None:
    _, *sources = rated(alpha(), as_of=FOURTEEN_MONTHS_ON).components
    expected = list(GOLDEN["RT-1c"]["out"]["contrib_logit_vs_prior"].values())
    assert [each.contribution for each in sources] == pytest.approx(expected, abs=0.00005)


def test_golden_rt_2_a_thin_file_is_capped_at_b() -> None:
    decision = rated(RatingFacts())
    expected = GOLDEN["RT-2"]["out"]
    assert decision.model_pd == pytest.approx(expected["PD_blend"])
    assert decision.model_grade == expected["grade_model"]
    assert decision.grade == expected["grade_final"]
    assert [cap.code for cap in decision.caps] == expected["caps"]


def test_golden_rt_18_beta_is_b_minus() -> None:
    facts, as_of = beta()
    policy = replace(POLICY, prior=replace(POLICY.prior, by_segment={"weak": 0.02}))
    decision = decide_rating(facts, policy, as_of=as_of)
    expected = GOLDEN["RT-18"]["out"]
    assert decision.pd == pytest.approx(expected["PD"], abs=0.0000005)
    assert decision.grade == expected["grade"]


def test_a_capped_grade_carries_that_grade_s_pd() -> None:
    decision = rated(RatingFacts())
    assert decision.pd == SCALE.step("B").pd
    assert decision.model_pd < decision.pd


def test_only_caps_that_bind_are_named() -> None:
    facts = RatingFacts(behaviour=a_behaviour(wadd_12m=60.0, max_days_past_due_6m=60))
    assert rated(facts).caps == ()


def test_a_cap_holds_the_pd_even_where_the_grade_stays() -> None:
    facts = RatingFacts(behaviour=a_behaviour(wadd_12m=10.0, settled_24m=6))
    decision = rated(facts)
    assert decision.grade == decision.model_grade == "BB-"
    assert decision.pd == SCALE.step("BB-").pd > decision.model_pd


def test_default_is_d_with_certainty() -> None:
    decision = rated(replace(alpha(DAY), in_default=True))
    assert (decision.grade, decision.pd) == ("D", 1.0)
    assert decision.model_grade != "D"


@pytest.mark.parametrize(("days", "grade"), [(60, "BB-"), (61, "CCC"), (90, "CCC"), (91, "D")])
def test_material_lateness_decides(days: int, grade: str) -> None:
    facts = replace(alpha(), material_days_past_due=days)
    assert rated(facts, as_of=FOURTEEN_MONTHS_ON).grade == grade


def test_a_stale_statement_costs_a_notch() -> None:
    eighteen = add_months(YEAR_END, 18)
    facts = RatingFacts(statement=a_statement())
    fresh, stale = rated(facts, as_of=eighteen), rated(facts, as_of=eighteen + timedelta(days=1))
    assert SCALE.notches(stale.grade, stale.model_grade) == 1
    assert fresh.grade == fresh.model_grade
    assert "STALE" in stale.flags
    assert "R16" in {reason.code for reason in stale.reasons}


def test_a_statement_of_two_years_ago_is_none() -> None:
    facts = RatingFacts(statement=a_statement(), behaviour=a_behaviour())
    decision = rated(facts, as_of=add_months(YEAR_END, 24) + timedelta(days=1))
    assert decision.capacity is None
    assert [each.name for each in decision.components] == ["prior", "behaviour"]
    assert SCALE.index(decision.grade) >= SCALE.index("BB-")


def test_a_statement_too_thin_to_score_does_not_count_in_the_blend() -> None:
    poor = a_statement(CL=None, INT_EXP=None, EBIT=None, CFO=None, REV=None, COGS=None)
    decision = rated(RatingFacts(statement=poor))
    assert [each.name for each in decision.components] == ["prior"]
    assert decision.confidence is Confidence.LOW


def test_good_payers_without_a_statement_stop_at_bb_minus() -> None:
    decision = rated(RatingFacts(behaviour=a_behaviour(settled_24m=200)))
    assert decision.grade == "BB-"
    assert decision.confidence is Confidence.LOW


def test_sources_that_disagree_lower_confidence() -> None:
    facts = RatingFacts(
        statement=a_statement(),
        behaviour=a_behaviour(wadd_12m=90.0, late_over_30_share_12m=0.9, max_days_past_due_6m=60),
    )
    decision = rated(facts)
    assert "DIVERGENT" in decision.flags
    assert decision.confidence is Confidence.LOW


def test_the_prior_is_the_segment_s() -> None:
    policy = replace(POLICY, prior=replace(POLICY.prior, by_segment={"retail": 0.04}))
    retail = decide_rating(RatingFacts(segment="retail"), policy, as_of=DAY)
    other = decide_rating(RatingFacts(segment="other"), policy, as_of=DAY)
    assert retail.model_pd == pytest.approx(0.04)
    assert other.model_pd == pytest.approx(0.015)


@pytest.mark.parametrize(
    ("facts", "valid_to"),
    [
        (alpha(), date(2027, 2, 28)),
        (RatingFacts(), date(2026, 8, 28)),
        (RatingFacts(in_default=True), date(2026, 5, 28)),
    ],
)
def test_worse_grades_are_valid_for_less_time(facts: RatingFacts, valid_to: date) -> None:
    assert rated(facts, as_of=FOURTEEN_MONTHS_ON).valid_to == valid_to


def overridden(grade: str, expires_on: date = DAY) -> GradeOverride:
    return GradeOverride(grade, "visited the plant", "anna", "bert", expires_on)


@pytest.mark.parametrize(
    ("wanted", "given"), [("BBB", "BB"), ("BB", "BB"), ("B", "B"), ("B-", "B-"), ("CC", "B-")]
)
def test_an_override_reaches_one_notch_up_and_three_down(wanted: str, given: str) -> None:
    facts = replace(alpha(), override=overridden(wanted, FOURTEEN_MONTHS_ON))
    decision = rated(facts, as_of=FOURTEEN_MONTHS_ON)
    assert decision.model_grade == "BB-"
    assert decision.grade == given
    assert decision.overridden


def test_an_override_never_crosses_a_cap() -> None:
    facts = RatingFacts(override=overridden("B+"))
    assert rated(facts).grade == "B"


def test_an_override_reaches_around_the_grade_that_caps_left() -> None:
    facts = RatingFacts(behaviour=a_behaviour(), override=overridden("B-"))
    decision = rated(facts)
    assert SCALE.index(decision.model_grade) < SCALE.index("BB-")
    assert decision.grade == "B-"


def test_an_override_never_hides_a_default() -> None:
    facts = replace(alpha(DAY), in_default=True, override=overridden("BB"))
    assert rated(facts).grade == "D"


def test_an_override_holds_through_its_last_day_and_not_beyond() -> None:
    facts = replace(alpha(DAY), override=overridden("CCC", DAY))
    assert rated(facts, as_of=DAY).overridden
    assert not rated(facts, as_of=DAY + timedelta(days=1)).overridden


lateness = st.one_of(st.none(), st.integers(0, 200))


@given(one=st.integers(0, 200), other=st.integers(0, 200), filed=st.booleans())
def test_worse_lateness_never_improves_the_pd(one: int, other: int, *, filed: bool) -> None:
    better, worse = sorted((one, other))
    statement = a_statement() if filed else None

    def late(days: int) -> RatingDecision:
        behaviour = a_behaviour(max_days_past_due_6m=days)
        return rated(
            RatingFacts(statement=statement, behaviour=behaviour, material_days_past_due=days)
        )

    assert late(better).pd <= late(worse).pd + 1e-12
    assert SCALE.index(late(better).grade) <= SCALE.index(late(worse).grade)


@given(st.floats(0, 90), st.floats(0, 90), st.integers(6, 300))
def test_slower_payment_never_improves_the_pd(one: float, other: float, settled: int) -> None:
    better, worse = sorted((one, other))

    def paying(days: float) -> float:
        return rated(RatingFacts(behaviour=a_behaviour(wadd_12m=days, settled_24m=settled))).pd

    assert paying(better) <= paying(worse) + 1e-12


@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_more_debt_never_improves_the_pd(one: float, other: float) -> None:
    better, worse = sorted((one, other))

    def owing(share: float) -> float:
        return rated(RatingFacts(statement=a_statement(TL=40 * share, TE=40 * (1 - share)))).pd

    assert owing(better) <= owing(worse) + 1e-12


@given(st.sampled_from(["CA", "INV", "CASH", "EBIT", "NI", "CFO", "COGS", "AP", "REV"]))
def test_a_missing_line_is_not_a_zero(line: str) -> None:
    missing = rated(RatingFacts(statement=a_statement(**{line: None})))
    zero = rated(RatingFacts(statement=a_statement(**{line: 0.0})))
    assert missing.measures != zero.measures


behaviours = st.builds(
    a_behaviour,
    settled_24m=st.integers(0, 400),
    wadd_12m=st.one_of(st.none(), st.floats(0, 200).map(lambda days: round(days, 6))),
    late_over_30_share_12m=st.one_of(st.none(), st.sampled_from([0.0, 0.1, 1 / 4, 0.333333])),
    max_days_past_due_6m=st.one_of(st.none(), st.integers(0, 400)),
)
some_facts = st.builds(
    RatingFacts,
    statement=st.sampled_from([None, a_statement(), a_statement(CFO=None, CA=None)]),
    previous_statement=st.sampled_from([None, the_year_before()]),
    behaviour=st.one_of(st.none(), behaviours),
    opinions=st.sampled_from([(), (an_opinion("BBB+"),), (an_opinion("B"), an_opinion("A"))]),
    material_days_past_due=lateness,
    in_default=st.booleans(),
    verdict=st.sampled_from([None, "pass", "refer"]),
    override=st.sampled_from([None, overridden("B")]),
    data_quality=st.one_of(st.none(), st.floats(0, 1).map(canonical)),
)


@given(some_facts)
def test_a_stored_decision_replays_bit_for_bit(facts: RatingFacts) -> None:
    stored = canonical_json(facts)
    again = read_facts(RATING, stored)
    assert canonical_json(again) == stored
    assert canonical_json(rated(again)) == canonical_json(rated(facts))


@given(some_facts)
def test_every_decision_is_graded_dated_and_explained(facts: RatingFacts) -> None:
    decision = rated(facts)
    assert 0 < decision.pd <= 1
    assert decision.valid_to > DAY
    assert (decision.grade == "D") is (decision.pd == 1.0)
    if facts.override is None:
        assert SCALE.index(decision.grade) >= SCALE.index(decision.model_grade)
    assert len({reason.code for reason in decision.reasons}) == len(decision.reasons)
