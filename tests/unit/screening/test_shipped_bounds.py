"""Every bound of the shipped policy: the value before it, the bound itself, the value after it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.screening.domain.checks import (
    Check,
    CheckStatus,
    Effect,
    check_age,
    check_finances,
    check_identity,
    check_own_history,
)
from services.screening.domain.model import (
    FinancialHealth,
    Identifier,
    OwnHistory,
    RegistrationStatus,
)
from services.screening.domain.screen import ScreeningFacts, decide_screening
from tests.unit.screening.builders import LEI, POLICY, TODAY, USCC

RECENT = date(2025, 12, 31)
SOUND = FinancialHealth(RECENT, 3.0, Decimal(100), audited=True, opinion="unqualified")
GOOD_ID = Identifier("uscc", USCC)
BAD_ID = Identifier("uscc", USCC[:-1] + "1")
SEVERITY = ["pass", "refer", "reject_credit", "reject"]


def _codes(check: Check) -> list[str]:
    return [reason.code for reason in check.reasons]


def _finances(statement: FinancialHealth | None) -> Check:
    return check_finances(statement, POLICY.finances, as_of=TODAY)


def _age(registered_on: date | None) -> Check:
    return check_age(registered_on, POLICY.age, as_of=TODAY)


def _history(late: int | None, *, write_off: bool | None = None) -> Check:
    due = None if late is None else TODAY - timedelta(days=late)
    history = OwnHistory(TODAY, due, unrecovered_write_off=write_off)
    return check_own_history(history, POLICY.own_history, as_of=TODAY)


@pytest.mark.parametrize(
    ("z", "code", "points"),
    [
        (-5.0, "S-FIN-DIST", 20),
        (0.0, "S-FIN-DIST", 20),
        (1.09, "S-FIN-DIST", 20),
        (1.1, "S-FIN-GREY", 8),
        (1.11, "S-FIN-GREY", 8),
        (2.59, "S-FIN-GREY", 8),
        (2.6, "S-FIN-GREY", 8),
        (2.61, None, 0),
        (9.0, None, 0),
    ],
)
def test_z_double_prime_has_two_bounds(z: float, code: str | None, points: int) -> None:
    check = _finances(replace(SOUND, z_double_prime=z))

    assert _codes(check) == ([] if code is None else [code])
    assert check.points == points


def test_an_unknown_z_costs_nothing() -> None:
    assert _finances(replace(SOUND, z_double_prime=None)).status is CheckStatus.PASSED


@pytest.mark.parametrize(
    ("equity", "points"), [("-1000000", 25), ("-0.01", 25), ("0", 0), ("0.01", 0)]
)
def test_equity_has_one_bound(equity: str, points: int) -> None:
    assert _finances(replace(SOUND, total_equity=Decimal(equity))).points == points


def test_unknown_equity_costs_nothing() -> None:
    assert _finances(replace(SOUND, total_equity=None)).points == 0


@pytest.mark.parametrize(("audited", "points"), [(True, 0), (None, 0), (False, 8)])
def test_only_a_known_missing_audit_costs_points(points: int, *, audited: bool | None) -> None:
    assert _finances(replace(SOUND, audited=audited)).points == points


@pytest.mark.parametrize(
    ("opinion", "points", "effect", "codes"),
    [
        (None, 0, Effect.NONE, []),
        ("unqualified", 0, Effect.NONE, []),
        ("qualified", 15, Effect.NONE, ["S-FIN-QUAL"]),
        ("adverse", 0, Effect.REFER, ["S-FIN-OPIN"]),
        ("disclaimer", 0, Effect.REFER, ["S-FIN-OPIN"]),
        ("going_concern", 0, Effect.REFER, ["S-FIN-OPIN"]),
    ],
)
def test_an_opinion_costs_points_or_needs_a_person(
    opinion: str | None, points: int, effect: Effect, codes: list[str]
) -> None:
    check = _finances(replace(SOUND, opinion=opinion))

    assert (check.points, check.effect, _codes(check)) == (points, effect, codes)


@pytest.mark.parametrize(
    ("period_end", "counts"),
    [
        (date(2024, 9, 1), False),
        (date(2024, 9, 2), True),
        (date(2024, 9, 3), True),
        (date(2026, 3, 2), True),
    ],
)
def test_a_statement_counts_through_its_eighteenth_month(period_end: date, *, counts: bool) -> None:
    check = _finances(replace(SOUND, period_end=period_end))

    assert (check.status is not CheckStatus.NOT_CHECKED) is counts


def test_too_old_a_statement_says_so() -> None:
    assert _codes(_finances(replace(SOUND, period_end=date(2020, 12, 31)))) == ["statement_too_old"]


def test_the_worst_statement_collects_every_weakness() -> None:
    worst = FinancialHealth(RECENT, 0.0, Decimal(-1), audited=False, opinion="qualified")
    check = _finances(worst)

    assert _codes(check) == ["S-FIN-DIST", "S-FIN-NEGEQ", "S-FIN-UNAUD", "S-FIN-QUAL"]
    assert check.points == 20 + 25 + 8 + 15


@pytest.mark.parametrize(
    ("registered_on", "code", "points", "effect"),
    [
        (date(2026, 3, 2), "S-AGE-2", 20, Effect.REFER),
        (date(2025, 3, 3), "S-AGE-2", 20, Effect.REFER),
        (date(2025, 3, 2), "S-AGE-1", 10, Effect.NONE),
        (date(2025, 3, 1), "S-AGE-1", 10, Effect.NONE),
        (date(2023, 3, 3), "S-AGE-1", 10, Effect.NONE),
        (date(2023, 3, 2), None, 0, Effect.NONE),
        (date(2023, 3, 1), None, 0, Effect.NONE),
        (date(1901, 1, 1), None, 0, Effect.NONE),
    ],
)
def test_youth_costs_until_the_first_and_the_third_birthday(
    registered_on: date, code: str | None, points: int, effect: Effect
) -> None:
    check = _age(registered_on)

    assert _codes(check) == ([] if code is None else [code])
    assert (check.points, check.effect) == (points, effect)


def test_an_age_s_reason_names_the_day_and_the_bound() -> None:
    (reason,) = _age(date(2025, 9, 1)).reasons

    assert (reason.value, reason.threshold, reason.contribution) == ("2025-09-01", 12, 20.0)


@pytest.mark.parametrize(
    ("late", "points"), [(-5, 0), (0, 0), (29, 0), (30, 0), (31, 15), (32, 15), (400, 15)]
)
def test_own_arrears_cost_points_after_thirty_days(late: int, points: int) -> None:
    assert _history(late).points == points


def test_own_arrears_say_how_late_and_from_when() -> None:
    (reason,) = _history(45).reasons

    assert (reason.code, reason.value, reason.threshold) == ("S-OWN", 45, 30)


@pytest.mark.parametrize("write_off", [None, False])
def test_without_a_write_off_credit_goes_on(*, write_off: bool | None) -> None:
    assert _history(None, write_off=write_off).effect is Effect.NONE


def test_a_write_off_ends_credit_and_costs_no_points() -> None:
    check = _history(None, write_off=True)

    assert (check.effect, check.points, _codes(check)) == (Effect.REJECT_CREDIT, 0, ["H-WO"])


def test_a_write_off_and_arrears_are_two_reasons() -> None:
    assert _codes(_history(31, write_off=True)) == ["H-WO", "S-OWN"]


@pytest.mark.parametrize(
    ("status", "effect", "codes"),
    [
        (RegistrationStatus.ACTIVE, Effect.NONE, []),
        (RegistrationStatus.LAPSED, Effect.REFER, ["R-ID-STATUS"]),
        (RegistrationStatus.DEREGISTERED, Effect.REJECT, ["H-ID"]),
        (RegistrationStatus.REVOKED, Effect.REJECT, ["H-ID"]),
        (RegistrationStatus.NOT_FOUND, Effect.REJECT, ["H-ID"]),
    ],
)
def test_a_registration_has_its_effect(
    status: RegistrationStatus, effect: Effect, codes: list[str]
) -> None:
    check = check_identity((GOOD_ID,), (), status, POLICY.identity)

    assert (check.effect, _codes(check)) == (effect, codes)


def test_every_registration_status_has_been_thought_of() -> None:
    named = {*POLICY.identity.rejected_statuses, *POLICY.identity.referred_statuses}

    assert set(RegistrationStatus) - named == {RegistrationStatus.ACTIVE}


def test_a_wrong_digit_a_clash_and_a_lapse_are_three_reasons() -> None:
    check = check_identity((BAD_ID,), (GOOD_ID,), RegistrationStatus.LAPSED, POLICY.identity)

    assert _codes(check) == ["R-ID", "R-ID-CLASH", "R-ID-STATUS"]
    assert check.effect is Effect.REFER


def test_an_ended_registration_keeps_the_other_faults_as_reasons() -> None:
    check = check_identity((BAD_ID,), (GOOD_ID,), RegistrationStatus.REVOKED, POLICY.identity)

    assert _codes(check) == ["H-ID", "R-ID", "R-ID-CLASH"]


def test_a_clash_names_the_identifier() -> None:
    (reason,) = check_identity((), (GOOD_ID,), None, POLICY.identity).reasons

    assert reason.value == f"uscc:{USCC}"


@pytest.mark.parametrize("scheme", ["duns", "vat", "house_number"])
def test_what_cannot_be_verified_identifies_nobody(scheme: str) -> None:
    check = check_identity((Identifier(scheme, "123456789"),), (), None, POLICY.identity)

    assert check.status is CheckStatus.NOT_CHECKED
    assert _codes(check) == ["no_verifiable_identifier"]


@pytest.mark.parametrize("identifier", [GOOD_ID, Identifier("lei", LEI)])
def test_what_can_be_verified_identifies(identifier: Identifier) -> None:
    assert check_identity((identifier,), (), None, POLICY.identity).status is CheckStatus.PASSED


def _outcome(**more: object) -> int:
    facts = replace(ScreeningFacts("C1", ("Acme",), "CN"), **more)  # type: ignore[arg-type]  # by name
    return SEVERITY.index(decide_screening(facts, POLICY, as_of=TODAY).outcome)


@given(one=st.floats(-10, 10), other=st.floats(-10, 10))
def test_a_lower_z_never_gives_a_better_outcome(one: float, other: float) -> None:
    low, high = sorted((one, other))

    assert _outcome(financials=replace(SOUND, z_double_prime=low)) >= _outcome(
        financials=replace(SOUND, z_double_prime=high)
    )


@given(one=st.integers(-10, 400), other=st.integers(-10, 400))
def test_older_arrears_never_give_a_better_outcome(one: int, other: int) -> None:
    younger, older = (
        OwnHistory(TODAY, TODAY - timedelta(days=late)) for late in sorted((one, other))
    )

    assert _outcome(own_history=older) >= _outcome(own_history=younger)


@given(one=st.integers(0, 3000), other=st.integers(0, 3000))
def test_a_younger_firm_never_gets_a_better_outcome(one: int, other: int) -> None:
    younger, older = (TODAY - timedelta(days=age) for age in sorted((one, other)))

    assert _outcome(registered_on=younger) >= _outcome(registered_on=older)


@given(identifiers=st.permutations([GOOD_ID, BAD_ID, Identifier("lei", LEI)]))
def test_the_order_of_identifiers_changes_no_outcome(identifiers: list[Identifier]) -> None:
    assert _outcome(identifiers=tuple(identifiers)) == SEVERITY.index("refer")


@given(status=st.sampled_from(list(RegistrationStatus)), late=st.integers(0, 100))
def test_a_bad_registration_never_helps(status: RegistrationStatus, late: int) -> None:
    history = OwnHistory(TODAY, TODAY - timedelta(days=late))

    assert _outcome(own_history=history, registration_status=status) >= _outcome(
        own_history=history
    )
