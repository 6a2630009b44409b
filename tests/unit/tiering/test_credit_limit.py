"""The most exposure allowed, and what binds it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tiering.domain.credit_limit import (
    CreditLimitDecision,
    CreditLimitFacts,
    decide_credit_limit,
    median,
    rounded_down,
)
from services.tiering.domain.model import BindingCap, Tier
from shared.kernel.money import Money
from tests.unit.tiering.building import DAY, GOLDEN, GRADES, POLICY, changed, eur, limit_facts


def decide(facts: CreditLimitFacts) -> CreditLimitDecision:
    return decide_credit_limit(facts, POLICY, as_of=DAY)


def golden(name: str) -> tuple[CreditLimitDecision, dict[str, Any]]:
    given_, out = GOLDEN[name]["in"], GOLDEN[name]["out"]
    security = given_.get("security")
    facts = CreditLimitFacts(
        currency="EUR",
        grade=given_["grade"],
        pd=given_["pd"],
        tier=Tier.LOW if given_["tier_mult"] == 1.0 else Tier.MEDIUM,
        verdict="pass",
        tangible_net_worth=eur(given_["tnw"]),
        working_capital=eur(given_["wc"]),
        accounts_payable=eur(given_["ap"]),
        purchases_12m=eur(given_["purchases"]),
        terms_days=given_["T"],
        gross_margin=given_["m"],
        eligible_security=eur(security["eligible_value_after_1_7"]) if security else None,
        own_receivables=eur(given_["own_ar"]),
        own_customers=500,
    )
    return decide(facts), out


CAPS = {
    "L1": "net_worth",
    "L2": "working_capital",
    "L4": "supplier_share",
    "capacity": "capacity",
    "L3": "need",
    "L5": "expected_loss",
    "L6": "concentration",
}


@pytest.mark.parametrize("case", ["RT-14", "RT-15"])
@pytest.mark.parametrize(("printed", "cap"), CAPS.items())
def test_golden_caps(case: str, printed: str, cap: str) -> None:
    decision, out = golden(case)
    assert float(decision.caps[cap].amount) == pytest.approx(out[printed], abs=0.5)


@pytest.mark.parametrize("case", ["RT-14", "RT-15"])
def test_golden_limit_and_what_binds_it(case: str) -> None:
    decision, out = golden(case)
    assert decision.amount == eur(out["limit"])
    assert decision.binding_cap == out["binding"].lower()
    assert float(decision.unsecured.amount) == pytest.approx(out["unsecured"], abs=0.5)


def test_the_binding_cap_is_the_first_reason() -> None:
    decision, _ = golden("RT-14")
    assert decision.reasons[0].code == "limit_need"
    assert decision.reasons[0].value == "860000.00"


def test_every_cap_that_could_be_computed_is_a_reason() -> None:
    decision, _ = golden("RT-14")
    assert {each.code for each in decision.reasons[1:]} == {f"cap_{cap}" for cap in decision.caps}


def test_without_statements_capacity_is_twice_the_best_month_paid_on_time() -> None:
    decision = decide(limit_facts(largest_month_paid_on_time=eur(10_000)))
    assert decision.caps["capacity"] == eur(20_000)
    assert (decision.amount, decision.binding_cap) == (eur(20_000), BindingCap.CAPACITY)


def test_a_statement_outweighs_what_was_paid_on_time() -> None:
    facts = limit_facts(accounts_payable=eur(100_000), largest_month_paid_on_time=eur(1))
    assert decide(facts).caps["capacity"] == eur(20_000)


def test_nothing_paid_on_time_yet_means_no_limit() -> None:
    decision = decide(limit_facts(largest_month_paid_on_time=eur(0)))
    assert (decision.amount, decision.binding_cap) == (eur(0), BindingCap.CAPACITY)


def test_without_any_evidence_there_is_no_limit() -> None:
    decision = decide(limit_facts(purchases_12m=None, largest_month_paid_on_time=None))
    assert (decision.amount, decision.binding_cap) == (eur(0), BindingCap.NO_EVIDENCE)


def test_an_unknown_need_does_not_bind() -> None:
    facts = limit_facts(
        purchases_12m=None, largest_month_paid_on_time=None, accounts_payable=eur(500_000)
    )
    decision = decide(facts)
    assert (decision.amount, decision.binding_cap) == (eur(100_000), BindingCap.CAPACITY)


def test_negative_working_capital_counts_as_nothing() -> None:
    facts = limit_facts(working_capital=eur(-1), tangible_net_worth=eur(100))
    assert decide(facts).caps["working_capital"] == eur(0)


def test_missing_working_capital_is_left_out() -> None:
    assert "working_capital" not in decide(limit_facts(tangible_net_worth=eur(100))).caps


@pytest.mark.parametrize(
    ("terms", "need"), [(None, "1250000.00"), (30, "500000.00"), (120, "1250000.00")]
)
def test_need_takes_the_usual_terms_but_never_longer_than_the_tiers(
    terms: int | None, need: str
) -> None:
    assert str(decide(limit_facts(terms_days=terms)).caps["need"].amount) == need


def test_an_unknown_margin_falls_back_on_the_policys() -> None:
    facts = limit_facts(purchases_12m=eur(1_000_000), pd=0.01)
    assert decide(facts).caps["expected_loss"] == eur(3_750_000)


def test_without_an_assumed_margin_expected_loss_is_left_out() -> None:
    policy = replace(POLICY, limit=changed(POLICY.limit, "assumed_gross_margin", None))
    decision = decide_credit_limit(limit_facts(), policy, as_of=DAY)
    assert "expected_loss" not in decision.caps


def test_the_smallest_pd_is_floored() -> None:
    tiny, floor = decide(limit_facts(pd=0.0)), decide(limit_facts(pd=0.0005))
    assert tiny.caps["expected_loss"] == floor.caps["expected_loss"]


@pytest.mark.parametrize(("customers", "known"), [(None, False), (19, False), (20, True)])
def test_concentration_needs_enough_customers(customers: int | None, *, known: bool) -> None:
    facts = limit_facts(own_receivables=eur(1_000), own_customers=customers)
    assert ("concentration" in decide(facts).caps) is known


def test_concentration_binds_at_a_tenth_of_our_receivables() -> None:
    decision = decide(limit_facts(own_receivables=eur(100_000), own_customers=50))
    assert (decision.amount, decision.binding_cap) == (eur(10_000), BindingCap.CONCENTRATION)


@pytest.mark.parametrize(
    ("tier", "amount"), [(Tier.LOW, 500_000), (Tier.MEDIUM, 400_000), (Tier.HIGH, 0)]
)
def test_the_tier_scales_the_limit(tier: Tier, amount: float) -> None:
    facts = limit_facts(tier=tier, largest_month_paid_on_time=eur(1_000_000))
    assert decide(facts).amount == eur(amount)


def test_high_risk_gets_credit_only_against_security() -> None:
    decision = decide(limit_facts(tier=Tier.HIGH, eligible_security=eur(5_000)))
    assert (decision.amount, decision.binding_cap) == (eur(5_000), BindingCap.TIER)


def test_security_beyond_the_formula_does_not_raise_a_high_risks_limit() -> None:
    facts = limit_facts(
        tier=Tier.HIGH,
        largest_month_paid_on_time=eur(5_000),
        eligible_security=eur(1_000_000),
    )
    assert decide(facts).amount == eur(4_000)


@pytest.mark.parametrize("verdict", ["reject", "reject_credit"])
def test_a_rejected_customer_gets_no_limit_even_with_security(verdict: str) -> None:
    decision = decide(limit_facts(verdict=verdict, eligible_security=eur(1_000)))
    assert (decision.amount, decision.binding_cap) == (eur(0), BindingCap.VERDICT)


@pytest.mark.parametrize("verdict", ["pass", "refer", None])
def test_other_verdicts_leave_the_formula_alone(verdict: str | None) -> None:
    assert decide(limit_facts(verdict=verdict)).amount > eur(0)


@pytest.mark.parametrize("grade", ["CCC", "CCC-", "CC", "C", "D"])
def test_the_worst_grades_get_no_limit(grade: str) -> None:
    decision = decide(limit_facts(grade=grade))
    assert (decision.amount, decision.binding_cap) == (eur(0), BindingCap.GRADE)


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [
        ("863013.70", "860000.00"),
        ("99.99", "99.00"),
        ("100.00", "100.00"),
        ("109.99", "100.00"),
        ("0.09", "0.09"),
        ("0.00", "0.00"),
        ("-5.00", "0.00"),
    ],
)
def test_limits_keep_two_significant_digits(amount: str, rounded: str) -> None:
    assert rounded_down(eur(amount), 2) == eur(rounded)


@pytest.mark.parametrize(
    ("amounts", "middle"),
    [([3], 3), ([1, 3], 2), ([9, 1, 5], 5), ([1, 2, 3, 100], 2.5), ([0.01, 0.02], 0.02)],
)
def test_the_capacity_is_the_median_of_what_is_known(amounts: list[float], middle: float) -> None:
    assert median([eur(each) for each in amounts]) == eur(middle)


def test_yen_have_no_cents_to_round() -> None:
    assert rounded_down(Money(12_345, "JPY"), 2) == Money(12_000, "JPY")


amounts = st.one_of(st.none(), st.integers(-(10**9), 10**10).map(lambda minor: Money(minor, "EUR")))
positive = st.one_of(st.none(), st.integers(0, 10**10).map(lambda minor: Money(minor, "EUR")))
any_facts = st.builds(
    limit_facts,
    grade=st.sampled_from(GRADES),
    pd=st.floats(0, 1),
    tier=st.sampled_from(Tier),
    tangible_net_worth=amounts,
    working_capital=amounts,
    accounts_payable=positive,
    purchases_12m=positive,
    largest_month_paid_on_time=positive,
    terms_days=st.one_of(st.none(), st.integers(0, 400)),
    own_receivables=positive,
    own_customers=st.integers(0, 100),
)


@given(any_facts)
def test_a_limit_is_never_negative(facts: CreditLimitFacts) -> None:
    assert decide(facts).amount.minor >= 0


@given(any_facts)
def test_an_unsecured_limit_never_exceeds_any_binding_cap(facts: CreditLimitFacts) -> None:
    decision = decide(facts)
    caps = [decision.caps[str(cap)] for cap in BindingCap if str(cap) in decision.caps]
    assert all(decision.amount <= cap for cap in caps)


@given(any_facts, st.sampled_from(Tier))
def test_a_worse_tier_never_raises_the_limit(facts: CreditLimitFacts, tier: Tier) -> None:
    worse = replace(facts, tier=tier if tier.is_worse_than(facts.tier) else facts.tier)
    assert decide(worse).amount <= decide(facts).amount
