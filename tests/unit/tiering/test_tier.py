"""Which tier a customer is in, and how it moves."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tiering.domain.model import Band, Confidence, ExposureClass, Tier
from services.tiering.domain.tier import TierDecision, TierFacts, classify_exposure, decide_tier
from shared.kernel.errors import InvalidInputError
from shared.kernel.money import Money
from tests.unit.tiering.building import (
    DAY,
    GOLDEN,
    GRADES,
    POLICY,
    TIERS,
    eur,
    large,
    tier_facts,
)

LONG_AGO = date(2024, 1, 1)


def decide(facts: TierFacts, *, as_of: date = DAY) -> TierDecision:
    return decide_tier(facts, POLICY, as_of=as_of)


def codes(decision: TierDecision) -> list[str]:
    return [reason.code for reason in decision.reasons]


def band_of(ews: float) -> Band:
    return list(Band)[min(3, int(ews // 25))]


@pytest.mark.parametrize(
    ("case", "expected"),
    list(zip(GOLDEN["TR-1"]["in"]["cases"], GOLDEN["TR-1"]["out"]["tiers"], strict=True)),
)
def test_golden_tr_1_the_matrix_with_escalator_and_confidence(
    case: dict[str, str | float], expected: str
) -> None:
    facts = tier_facts(
        str(case["grade"]),
        band=band_of(float(case["ews"])),
        confidence=Confidence(str(case["confidence"]).lower()),
    )
    facts = large(facts) if case["exposure_class"] == "E3" else facts
    assert decide(facts).tier is TIERS[expected]


def test_golden_tr_2_worse_at_once_better_after_three_months_and_ninety_days() -> None:
    grades = {"L": "A", "M": "B", "H": "CCC"}
    tier: Tier | None = None
    since: date | None = None
    count = 0
    applied = []
    for day, matrix in GOLDEN["TR-2"]["in"]["evaluations"]:
        as_of = date.fromisoformat(day)
        facts = tier_facts(grades[matrix], pd=0.0001, current=tier, since=since, better_count=count)
        decision = decide(facts, as_of=as_of)
        tier, since, count = decision.tier, decision.since, decision.better_count
        applied.append([day, matrix, str(tier)[0].upper()])
    assert applied == GOLDEN["TR-2"]["out"]["applied"]


def test_the_first_decision_takes_the_matrix_at_its_word() -> None:
    decision = decide(tier_facts("A"))
    assert (decision.tier, decision.previous, decision.since) == (Tier.LOW, None, DAY)
    assert decision.changed
    assert codes(decision) == ["matrix", "first_tier"]


def test_a_worse_tier_applies_at_once_even_between_month_ends() -> None:
    facts = tier_facts("CCC", current=Tier.LOW, since=LONG_AGO, better_count=2, month_end=False)
    decision = decide(facts)
    assert (decision.tier, decision.since, decision.better_count) == (Tier.HIGH, DAY, 0)
    assert "worse_at_once" in codes(decision)


def test_an_affirmed_tier_keeps_its_day() -> None:
    decision = decide(tier_facts("A", current=Tier.LOW, since=LONG_AGO))
    assert (decision.tier, decision.since, decision.changed) == (Tier.LOW, LONG_AGO, False)


def better(count: int = 2, **more: object) -> TierFacts:
    return tier_facts("A", pd=0.0001, current=Tier.HIGH, since=LONG_AGO, better_count=count, **more)


def test_better_goes_one_step_however_good_the_matrix() -> None:
    decision = decide(better())
    assert decision.matrix_tier is Tier.LOW
    assert decision.tier is Tier.MEDIUM
    assert "one_step_better" in codes(decision)


def test_the_evaluation_that_changes_the_tier_does_not_count_for_the_next() -> None:
    assert decide(better()).better_count == 0


@pytest.mark.parametrize(("count", "tier"), [(0, Tier.HIGH), (1, Tier.HIGH), (2, Tier.MEDIUM)])
def test_three_better_month_ends_are_needed(count: int, tier: Tier) -> None:
    assert decide(better(count)).tier is tier


@pytest.mark.parametrize(("days", "tier"), [(89, Tier.HIGH), (90, Tier.MEDIUM), (91, Tier.MEDIUM)])
def test_ninety_days_in_the_tier_are_needed(days: int, tier: Tier) -> None:
    facts = replace(better(), since=DAY - timedelta(days=days))
    assert decide(facts).tier is tier


def test_an_open_red_warning_keeps_the_tier() -> None:
    decision = decide(better(open_red_warning=True))
    assert decision.tier is Tier.HIGH
    assert "open_red_warning" in codes(decision)


def test_while_it_waits_the_month_still_counts() -> None:
    assert decide(better(5, open_red_warning=True)).better_count == 6


def test_between_month_ends_nothing_gets_better() -> None:
    decision = decide(better(5, month_end=False))
    assert (decision.tier, decision.better_count) == (Tier.HIGH, 5)
    assert "better_counts_at_month_end" in codes(decision)


def test_between_month_ends_nothing_is_forgotten() -> None:
    facts = tier_facts("A", current=Tier.LOW, since=LONG_AGO, better_count=2, month_end=False)
    assert decide(facts).better_count == 2


def test_a_month_end_that_is_not_better_starts_the_count_again() -> None:
    facts = tier_facts("B", current=Tier.MEDIUM, since=LONG_AGO, better_count=2)
    assert decide(facts).better_count == 0


@pytest.mark.parametrize(
    ("pd", "tier"), [(0.0024614, Tier.MEDIUM), (0.0024615, Tier.HIGH), (0.0027, Tier.HIGH)]
)
def test_improvement_counts_only_with_room_to_the_bands_bound(pd: float, tier: Tier) -> None:
    assert decide(replace(better(), pd=pd)).tier is tier


def test_a_pd_near_the_bound_starts_the_count_again() -> None:
    decision = decide(replace(better(), pd=0.0027))
    assert decision.better_count == 0
    assert "pd_near_bound" in codes(decision)


@pytest.mark.parametrize("trigger", ["insolvency", "enforcement"])
def test_a_hard_trigger_means_high_at_once(trigger: str) -> None:
    decision = decide(tier_facts("AAA", hard_triggers=(trigger,)))
    assert decision.tier is Tier.HIGH
    assert "hard_trigger" in codes(decision)


def test_a_customer_in_default_is_high_whatever_the_grade() -> None:
    assert decide(tier_facts("AAA", in_default=True)).tier is Tier.HIGH


def test_default_is_named_once_among_the_triggers() -> None:
    decision = decide(tier_facts("AAA", in_default=True, hard_triggers=("in_default",)))
    assert codes(decision).count("hard_trigger") == 1


@pytest.mark.parametrize(("grade", "tier"), [("A", Tier.MEDIUM), ("B", Tier.MEDIUM)])
def test_low_confidence_is_at_least_medium(grade: str, tier: Tier) -> None:
    assert decide(tier_facts(grade, confidence=Confidence.LOW)).tier is tier


def test_medium_confidence_costs_nothing() -> None:
    assert decide(tier_facts("A", confidence=Confidence.MEDIUM)).tier is Tier.LOW


@pytest.mark.parametrize(
    ("grade", "tier"), [("A", Tier.LOW), ("BB", Tier.MEDIUM), ("B", Tier.HIGH)]
)
def test_a_large_exposure_escalates_once(grade: str, tier: Tier) -> None:
    assert decide(large(tier_facts(grade))).tier is tier


def test_the_escalator_is_a_reason() -> None:
    assert "large_exposure" in codes(decide(large(tier_facts("B"))))


def test_an_unknown_grade_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        decide(tier_facts("excellent"))


def exposure_class(exposure: Money | None, own: Money | None, customers: int | None) -> str:
    facts = replace(tier_facts(), exposure=exposure, own_receivables=own, own_customers=customers)
    return classify_exposure(facts, POLICY.concentration)


@pytest.mark.parametrize(
    ("exposure", "expected"),
    [
        (49_999, ExposureClass.E2),
        (50_000, ExposureClass.E2),
        (50_001, ExposureClass.E3),
    ],
)
def test_more_than_five_percent_is_large(exposure: float, expected: str) -> None:
    assert exposure_class(eur(exposure), eur(1_000_000), 100) == expected


@pytest.mark.parametrize(
    ("exposure", "own", "expected"),
    [
        (999.99, 1_000_000, ExposureClass.E1),
        (1_000, 1_000_000, ExposureClass.E2),
        (49_999.99, 1_000_000_000, ExposureClass.E1),
        (50_000, 1_000_000_000, ExposureClass.E2),
    ],
)
def test_small_is_below_a_thousandth_and_below_fifty_thousand(
    exposure: float, own: float, expected: str
) -> None:
    assert exposure_class(eur(exposure), eur(own), 100) == expected


@pytest.mark.parametrize(("customers", "expected"), [(19, "E2"), (20, "E3"), (None, "E2")])
def test_a_share_means_nothing_among_few_customers(customers: int | None, expected: str) -> None:
    assert exposure_class(eur(900_000), eur(1_000_000), customers) == expected


@pytest.mark.parametrize(
    ("exposure", "own"),
    [
        (None, eur(1)),
        (eur(1), None),
        (eur(1), eur(0)),
        (eur(1), Money(100, "USD")),
    ],
)
def test_what_cannot_be_compared_is_usual(exposure: Money | None, own: Money | None) -> None:
    assert exposure_class(exposure, own, 100) == ExposureClass.E2


def test_a_currency_without_a_small_amount_is_never_small() -> None:
    assert exposure_class(Money(1, "CHF"), Money(10**9, "CHF"), 100) == ExposureClass.E2


facts_of_any_kind = st.builds(
    tier_facts,
    st.sampled_from(GRADES),
    pd=st.floats(0, 1),
    band=st.sampled_from(Band),
    confidence=st.sampled_from(Confidence),
    month_end=st.booleans(),
    open_red_warning=st.booleans(),
    current=st.sampled_from([None, *Tier]),
    since=st.just(LONG_AGO),
    better_count=st.integers(0, 5),
)


@given(facts_of_any_kind, st.sampled_from(Band))
def test_a_worse_warning_band_never_gives_a_better_tier(facts: TierFacts, band: Band) -> None:
    bands = list(Band)
    worse = replace(facts, band=max(band, facts.band, key=bands.index))
    assert not decide(facts).tier.is_worse_than(decide(worse).tier)


@given(facts_of_any_kind, st.sampled_from(GRADES))
def test_a_worse_grade_never_gives_a_better_matrix_tier(facts: TierFacts, grade: str) -> None:
    worse = replace(facts, grade=max(grade, facts.grade, key=GRADES.index))
    assert not decide(facts).matrix_tier.is_worse_than(decide(worse).matrix_tier)


@given(facts_of_any_kind)
def test_low_confidence_never_helps(facts: TierFacts) -> None:
    unsure = replace(facts, confidence=Confidence.LOW)
    assert not decide(facts).matrix_tier.is_worse_than(decide(unsure).matrix_tier)


@given(facts_of_any_kind)
def test_a_tier_never_gets_better_by_more_than_a_step(facts: TierFacts) -> None:
    decision = decide(facts)
    if facts.current is not None:
        assert decision.tier.rank >= facts.current.rank - 1


@given(facts_of_any_kind)
def test_the_applied_tier_is_never_better_than_the_matrix(facts: TierFacts) -> None:
    decision = decide(facts)
    assert not decision.matrix_tier.is_worse_than(decision.tier)
