"""The screening decision: the most severe outcome wins, and what was not looked at is said."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.screening.domain.checks import CheckStatus
from services.screening.domain.model import (
    FinancialHealth,
    Identifier,
    OwnHistory,
    RegistrationStatus,
)
from services.screening.domain.screen import (
    ScreeningDecision,
    ScreeningFacts,
    decide_screening,
    run_checks,
)
from services.screening.usecases import SCREENING
from shared.decisions.stored import canonical_json, read_facts
from tests.unit.screening.builders import POLICY, TODAY, USCC

OLD = date(2010, 1, 1)
NOTHING_KNOWN = ScreeningFacts("C1", ("Acme",), "CN")
SEVERITY = ("pass", "refer", "reject_credit", "reject")


def decided(facts: ScreeningFacts) -> ScreeningDecision:
    return decide_screening(facts, POLICY, as_of=TODAY)


def a_statement(**figures: object) -> FinancialHealth:
    return FinancialHealth(**{"period_end": date(2025, 12, 31), **figures})  # type: ignore[arg-type]  # figures by name


def codes(decision: ScreeningDecision) -> list[str]:
    return [reason.code for reason in decision.reasons]


def test_a_customer_of_whom_only_the_name_is_known_passes_and_nothing_was_checked() -> None:
    decision = decided(NOTHING_KNOWN)
    assert decision.outcome == "pass"
    assert decision.points == 0
    assert decision.reasons == ()
    assert decision.not_checked == tuple(f"C{number:02d}" for number in range(1, 22))


def test_all_twenty_one_checks_are_listed_in_order() -> None:
    checks = run_checks(NOTHING_KNOWN, POLICY, as_of=TODAY)
    assert [check.id for check in checks] == [f"C{number:02d}" for number in range(1, 22)]


def test_each_check_that_was_not_done_says_why() -> None:
    for check in run_checks(NOTHING_KNOWN, POLICY, as_of=TODAY):
        assert check.status is CheckStatus.NOT_CHECKED
        assert len(check.reasons) == 1
        assert check.reasons[0].code.startswith("no_")


def test_a_check_that_was_done_is_not_among_those_that_were_not() -> None:
    facts = replace(NOTHING_KNOWN, identifiers=(Identifier("uscc", USCC),), registered_on=OLD)
    assert not {"C01", "C11"} & set(decided(facts).not_checked)


def test_an_old_sound_firm_passes_as_in_sc_7() -> None:
    facts = replace(
        NOTHING_KNOWN,
        registered_on=date(2020, 3, 1),
        financials=a_statement(z_double_prime=3.1, audited=True),
    )
    decision = decided(facts)
    assert (decision.outcome, decision.points) == ("pass", 0)


def test_a_young_grey_unaudited_firm_is_referred_as_in_sc_8() -> None:
    facts = replace(
        NOTHING_KNOWN,
        registered_on=date(2024, 9, 1),
        financials=a_statement(z_double_prime=1.9, audited=False),
    )
    decision = decided(facts)
    assert (decision.outcome, decision.points) == ("refer", 26)
    assert set(codes(decision)) == {"S-AGE-1", "S-FIN-GREY", "S-FIN-UNAUD"}


def test_a_firm_in_distress_gets_no_credit_as_in_sc_10() -> None:
    facts = replace(
        NOTHING_KNOWN,
        registered_on=date(2024, 3, 1),
        financials=a_statement(z_double_prime=0.6, total_equity=Decimal(-1), audited=False),
    )
    decision = decided(facts)
    assert (decision.outcome, decision.points) == ("reject_credit", 63)


@pytest.mark.parametrize(
    ("points", "outcome"),
    [
        (24, "pass"),
        (25, "refer"),
        (26, "refer"),
        (59, "refer"),
        (60, "reject_credit"),
        (61, "reject_credit"),
    ],
)
def test_points_refer_from_twenty_five_and_reject_from_sixty(points: int, outcome: str) -> None:
    finances = replace(POLICY.finances, unaudited_points=points)
    facts = replace(NOTHING_KNOWN, financials=a_statement(audited=False))
    decision = decide_screening(facts, replace(POLICY, finances=finances), as_of=TODAY)
    assert (decision.points, decision.outcome) == (points, outcome)


def test_a_wrong_identifier_refers_without_points() -> None:
    facts = replace(NOTHING_KNOWN, identifiers=(Identifier("uscc", USCC[:-1] + "C"),))
    decision = decided(facts)
    assert (decision.outcome, decision.points) == ("refer", 0)


def test_a_clash_refers() -> None:
    mine = Identifier("uscc", USCC)
    decision = decided(replace(NOTHING_KNOWN, identifiers=(mine,), clashes=(mine,)))
    assert decision.outcome == "refer"
    assert codes(decision) == ["R-ID-CLASH"]


def test_a_revoked_registration_beats_everything_else() -> None:
    facts = replace(
        NOTHING_KNOWN,
        registration_status=RegistrationStatus.REVOKED,
        own_history=OwnHistory(as_of=TODAY, unrecovered_write_off=True),
        registered_on=TODAY,
    )
    decision = decided(facts)
    assert decision.outcome == "reject"
    assert codes(decision) == ["H-ID", "H-WO", "S-AGE-2"]


def test_a_write_off_ends_credit_and_not_trade() -> None:
    history = OwnHistory(as_of=TODAY, unrecovered_write_off=True)
    assert decided(replace(NOTHING_KNOWN, own_history=history)).outcome == "reject_credit"


def test_no_list_is_mandatory_yet() -> None:
    assert POLICY.mandatory_checks == ()


def test_a_mandatory_check_that_was_not_done_refers() -> None:
    demanding = replace(POLICY, mandatory_checks=("C02",))
    decision = decide_screening(NOTHING_KNOWN, demanding, as_of=TODAY)
    assert decision.outcome == "refer"
    assert [(reason.code, reason.value) for reason in decision.reasons] == [("R-DATA", "C02")]


def test_a_mandatory_check_that_was_done_does_not_refer() -> None:
    demanding = replace(POLICY, mandatory_checks=("C11",))
    facts = replace(NOTHING_KNOWN, registered_on=OLD)
    assert decide_screening(facts, demanding, as_of=TODAY).outcome == "pass"


def test_a_verdict_counts_for_twelve_months() -> None:
    assert decided(NOTHING_KNOWN).valid_to == date(2027, 3, 2)


def test_each_outcome_has_its_own_validity() -> None:
    shorter = replace(POLICY, valid_months={**POLICY.valid_months, "refer": 3})
    facts = replace(NOTHING_KNOWN, registered_on=TODAY)
    assert decide_screening(facts, shorter, as_of=TODAY).valid_to == date(2026, 6, 2)


statements = st.none() | st.builds(
    FinancialHealth,
    period_end=st.dates(date(2024, 1, 1), TODAY),
    z_double_prime=st.none() | st.floats(-5, 10),
    total_equity=st.none() | st.decimals(-100, 100, places=2),
    audited=st.none() | st.booleans(),
    opinion=st.sampled_from([None, "unqualified", "qualified", "adverse"]),
)
histories = st.none() | st.builds(
    OwnHistory,
    as_of=st.just(TODAY),
    oldest_due_on=st.none() | st.dates(date(2025, 1, 1), TODAY),
    unrecovered_write_off=st.none() | st.booleans(),
)
facts_of_any_kind = st.builds(
    ScreeningFacts,
    customer_id=st.just("C1"),
    names=st.just(("北京小桔科技",)),
    country=st.just("CN"),
    identifiers=st.sampled_from(
        [(), (Identifier("uscc", USCC),), (Identifier("uscc", USCC[:-1] + "C"),)]
    ),
    registered_on=st.none() | st.dates(date(2000, 1, 1), date(2027, 1, 1)),
    registration_status=st.none() | st.sampled_from(RegistrationStatus),
    financials=statements,
    own_history=histories,
)


@given(facts_of_any_kind)
def test_every_outcome_but_a_pass_gives_a_reason(facts: ScreeningFacts) -> None:
    decision = decided(facts)
    assert decision.outcome in SEVERITY
    if decision.outcome != "pass":
        assert decision.reasons


@given(facts_of_any_kind)
def test_points_are_the_sum_of_what_the_checks_gave(facts: ScreeningFacts) -> None:
    decision = decided(facts)
    assert decision.points == sum(check.points for check in decision.checks)
    assert all(check.points >= 0 for check in decision.checks)


@given(facts_of_any_kind)
def test_learning_of_a_write_off_never_helps(facts: ScreeningFacts) -> None:
    worse = replace(facts, own_history=OwnHistory(as_of=TODAY, unrecovered_write_off=True))
    clean = replace(facts, own_history=OwnHistory(as_of=TODAY))
    assert SEVERITY.index(decided(worse).outcome) >= SEVERITY.index(decided(clean).outcome)


@given(facts_of_any_kind)
def test_a_stored_decision_can_be_taken_again(facts: ScreeningFacts) -> None:
    stored = read_facts(SCREENING, canonical_json(facts))
    assert canonical_json(decided(stored)) == canonical_json(decided(facts))
