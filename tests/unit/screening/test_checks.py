"""Each check by itself, at its bounds, and with what is missing."""

from datetime import date
from decimal import Decimal

import pytest

from services.screening.domain.checks import (
    Check,
    CheckStatus,
    Effect,
    check_age,
    check_finances,
    check_identity,
    check_own_history,
    not_checked,
)
from services.screening.domain.model import (
    FinancialHealth,
    Identifier,
    OwnHistory,
    RegistrationStatus,
)
from tests.unit.screening.builders import LEI, POLICY, TODAY, USCC

GOOD = Identifier("uscc", USCC)
WRONG = Identifier("uscc", USCC[:-1] + "C")
LAST_YEAR = date(2025, 12, 31)


def identity(
    *identifiers: Identifier,
    clashes: tuple[Identifier, ...] = (),
    status: RegistrationStatus | None = None,
) -> Check:
    return check_identity(identifiers, clashes, status, POLICY.identity)


def finances(**figures: object) -> Check:
    statement = FinancialHealth(**{"period_end": LAST_YEAR, **figures})  # type: ignore[arg-type]  # figures by name
    return check_finances(statement, POLICY.finances, as_of=TODAY)


def codes(check: Check) -> list[str]:
    return [reason.code for reason in check.reasons]


def test_what_was_not_checked_says_why() -> None:
    check = not_checked("C02", "no_sanctions_list")
    assert check.status is CheckStatus.NOT_CHECKED
    assert codes(check) == ["no_sanctions_list"]
    assert check.points == 0


def test_a_right_check_digit_is_an_identity() -> None:
    assert identity(GOOD).status is CheckStatus.PASSED


def test_without_an_identifier_identity_is_not_checked() -> None:
    assert codes(identity()) == ["no_verifiable_identifier"]


def test_an_identifier_without_a_public_check_verifies_nobody() -> None:
    assert identity(Identifier("vat", "DE123456789")).status is CheckStatus.NOT_CHECKED


def test_one_verifiable_identifier_among_others_is_enough() -> None:
    assert identity(Identifier("vat", "DE1"), GOOD).status is CheckStatus.PASSED


def test_a_wrong_check_digit_needs_a_person_and_names_the_right_one() -> None:
    check = identity(WRONG)
    assert check.effect is Effect.REFER
    assert codes(check) == ["R-ID"]
    assert check.reasons[0].threshold == "B"


def test_one_wrong_identifier_among_right_ones_needs_a_person() -> None:
    assert identity(Identifier("lei", LEI), WRONG).effect is Effect.REFER


def test_an_identifier_that_somebody_else_holds_needs_a_person() -> None:
    check = identity(GOOD, clashes=(GOOD,))
    assert check.effect is Effect.REFER
    assert check.reasons[0].value == f"uscc:{USCC}"


@pytest.mark.parametrize(
    "status",
    [RegistrationStatus.DEREGISTERED, RegistrationStatus.REVOKED, RegistrationStatus.NOT_FOUND],
)
def test_a_registration_that_has_ended_ends_all_trade(status: RegistrationStatus) -> None:
    check = identity(GOOD, status=status)
    assert check.effect is Effect.REJECT
    assert codes(check) == ["H-ID"]


def test_a_lapsed_registration_needs_a_person() -> None:
    assert identity(GOOD, status=RegistrationStatus.LAPSED).effect is Effect.REFER


def test_an_active_registration_is_an_identity_without_identifiers() -> None:
    assert identity(status=RegistrationStatus.ACTIVE).status is CheckStatus.PASSED


def test_a_closed_registration_comes_before_a_wrong_digit() -> None:
    check = identity(WRONG, status=RegistrationStatus.REVOKED)
    assert codes(check) == ["H-ID", "R-ID"]


def test_a_legacy_organisation_code_is_mentioned_and_no_fault() -> None:
    check = identity(Identifier("uscc", "913301007996550593"))
    if check.status is CheckStatus.PASSED:
        assert codes(check) == ["N-ID-ORG-CODE-CHECK"]
    else:
        assert codes(check) == ["R-ID"]


@pytest.mark.parametrize(
    ("registered_on", "points", "effect"),
    [
        (date(2026, 3, 2), 20, Effect.REFER),
        (date(2025, 3, 3), 20, Effect.REFER),
        (date(2025, 3, 2), 10, Effect.NONE),
        (date(2025, 3, 1), 10, Effect.NONE),
        (date(2023, 3, 3), 10, Effect.NONE),
        (date(2023, 3, 2), 0, Effect.NONE),
        (date(1990, 1, 1), 0, Effect.NONE),
    ],
)
def test_years_in_business_count_from_the_first_and_the_third_birthday(
    registered_on: date, points: int, effect: Effect
) -> None:
    check = check_age(registered_on, POLICY.age, as_of=TODAY)
    assert (check.points, check.effect) == (points, effect)


def test_a_company_of_the_leap_day_has_its_birthday_on_the_last_of_february() -> None:
    born = date(2024, 2, 29)
    assert check_age(born, POLICY.age, as_of=date(2025, 2, 27)).points == 20
    assert check_age(born, POLICY.age, as_of=date(2025, 2, 28)).points == 10


def test_an_unknown_age_is_no_age_of_zero() -> None:
    assert check_age(None, POLICY.age, as_of=TODAY).status is CheckStatus.NOT_CHECKED


@pytest.mark.parametrize(
    ("z", "expected"),
    [
        (1.09, ["S-FIN-DIST"]),
        (1.1, ["S-FIN-GREY"]),
        (2.6, ["S-FIN-GREY"]),
        (2.61, []),
    ],
)
def test_altman_s_bounds_are_inclusive_in_the_grey_zone(z: float, expected: list[str]) -> None:
    assert codes(finances(z_double_prime=z)) == expected


@pytest.mark.parametrize(
    ("equity", "points"), [(Decimal("-0.01"), 25), (Decimal(0), 0), (Decimal("0.01"), 0)]
)
def test_equity_below_nothing_costs_points(equity: Decimal, points: int) -> None:
    assert finances(total_equity=equity).points == points


def test_an_unaudited_statement_costs_points_and_an_unknown_audit_none() -> None:
    assert finances(audited=False).points == 8
    assert finances(audited=None).points == 0
    assert finances(audited=True).points == 0


@pytest.mark.parametrize(
    ("opinion", "points", "effect"),
    [
        ("unqualified", 0, Effect.NONE),
        ("qualified", 15, Effect.NONE),
        ("adverse", 0, Effect.REFER),
        ("disclaimer", 0, Effect.REFER),
        ("going_concern", 0, Effect.REFER),
    ],
)
def test_the_auditor_s_opinion_counts(opinion: str, points: int, effect: Effect) -> None:
    check = finances(opinion=opinion)
    assert (check.points, check.effect) == (points, effect)


def test_weaknesses_add_up_with_their_points_as_contributions() -> None:
    check = finances(z_double_prime=0.6, total_equity=Decimal(-5), audited=False)
    assert check.points == 53
    assert [reason.contribution for reason in check.reasons] == [20.0, 25.0, 8.0]


def test_a_sound_statement_passes() -> None:
    sound = finances(z_double_prime=3.1, total_equity=Decimal(5), audited=True)
    assert sound.status is CheckStatus.PASSED


@pytest.mark.parametrize(
    ("period_end", "status"),
    [
        (date(2024, 9, 1), CheckStatus.NOT_CHECKED),
        (date(2024, 9, 2), CheckStatus.PASSED),
        (date(2024, 9, 3), CheckStatus.PASSED),
    ],
)
def test_a_statement_counts_for_eighteen_months(period_end: date, status: CheckStatus) -> None:
    statement = FinancialHealth(period_end, z_double_prime=3.0)
    assert check_finances(statement, POLICY.finances, as_of=TODAY).status is status


def test_no_statement_is_no_bad_statement() -> None:
    assert codes(check_finances(None, POLICY.finances, as_of=TODAY)) == ["no_statement"]


@pytest.mark.parametrize(
    ("due", "points"),
    [(date(2026, 2, 1), 0), (date(2026, 1, 31), 0), (date(2026, 1, 30), 15)],
)
def test_more_than_thirty_days_overdue_with_us_costs_points(due: date, points: int) -> None:
    history = OwnHistory(as_of=TODAY, oldest_due_on=due)
    assert check_own_history(history, POLICY.own_history, as_of=TODAY).points == points


def test_paid_up_customers_pass() -> None:
    check = check_own_history(OwnHistory(as_of=TODAY), POLICY.own_history, as_of=TODAY)
    assert check.status is CheckStatus.PASSED


def test_an_unrecovered_write_off_ends_credit() -> None:
    history = OwnHistory(as_of=TODAY, unrecovered_write_off=True)
    check = check_own_history(history, POLICY.own_history, as_of=TODAY)
    assert check.effect is Effect.REJECT_CREDIT
    assert codes(check) == ["H-WO"]


def test_a_stranger_has_no_history_with_us() -> None:
    check = check_own_history(None, POLICY.own_history, as_of=TODAY)
    assert codes(check) == ["no_history_with_us"]
