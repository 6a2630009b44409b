"""F13 and F14: statements that are late, and what auditors say."""

from datetime import date, timedelta

import pytest

from services.monitoring.domain.indicator_facts.financials import Opinion
from services.monitoring.domain.outside.financial_standing import FinancialStanding, statement_days
from services.monitoring.domain.outside.profile import Profile, profile_wakes_on
from services.monitoring.domain.policies.warnings import Severity
from tests.unit.monitoring.statement_builders import a_statement, changed, found
from tests.unit.monitoring.warning_builders import SHIPPED

WATCH, AMBER, RED = Severity.WATCH, Severity.AMBER, Severity.RED
EXPECTED_ON = date(2025, 12, 31) + timedelta(days=180)


@pytest.mark.parametrize(
    ("late", "severity"),
    [(0, None), (30, None), (31, WATCH), (60, WATCH), (61, AMBER), (120, AMBER), (121, RED)],
)
def test_statements_are_late_after_the_day_they_were_to_be_expected(
    late: int, severity: Severity | None
) -> None:
    finding = found("F13", a_statement(2024), as_of=EXPECTED_ON + timedelta(days=late))
    assert (finding.value, finding.severity) == (late, severity)
    assert finding.evidence.figures["expected_on"] == EXPECTED_ON.isoformat()


def test_an_interim_statement_does_not_stand_in_for_the_year() -> None:
    interim = changed(a_statement(), months=3, period_end=date(2026, 3, 31))
    day = EXPECTED_ON + timedelta(days=31)
    assert found("F13", a_statement(2024), interim, as_of=day).severity is WATCH


def test_the_next_statement_ends_the_wait() -> None:
    day = EXPECTED_ON + timedelta(days=31)
    assert found("F13", a_statement(2024), a_statement(2025), as_of=day).value == 0.0


def test_the_customer_is_woken_on_the_days_on_which_a_statement_becomes_late() -> None:
    profile = Profile(financials=FinancialStanding(statements=(a_statement(2024),)))
    woken = profile_wakes_on(profile, SHIPPED, day=date(2025, 7, 1))
    assert woken == EXPECTED_ON + timedelta(days=30)
    for late in (31, 61, 121):
        day = EXPECTED_ON + timedelta(days=late)
        assert profile_wakes_on(profile, SHIPPED, day=day) == day
    assert profile_wakes_on(profile, SHIPPED, day=EXPECTED_ON + timedelta(days=122)) is None
    assert profile_wakes_on(Profile(), SHIPPED, day=EXPECTED_ON) is None


def test_a_statement_filed_ahead_wakes_the_customer_when_it_counts() -> None:
    ahead = changed(a_statement(2024), counts_from=date(2025, 9, 1))
    standing = FinancialStanding(statements=(a_statement(2023), ahead))
    assert date(2025, 9, 1) in statement_days(standing, SHIPPED, day=date(2025, 7, 1))


@pytest.mark.parametrize(
    ("opinion", "value", "severity"),
    [
        (Opinion.UNQUALIFIED, 0, None),
        (Opinion.QUALIFIED, 2, AMBER),
        (Opinion.ADVERSE, 3, RED),
        (Opinion.DISCLAIMER, 3, RED),
        (Opinion.GOING_CONCERN, 3, RED),
    ],
)
def test_an_opinion_is_as_bad_as_listed(
    opinion: Opinion, value: int, severity: Severity | None
) -> None:
    finding = found("F14", changed(a_statement(), opinion=opinion))
    assert (finding.value, finding.severity) == (value, severity)


@pytest.mark.parametrize(
    ("before", "after", "value"),
    [
        ("Miller & Sons", "MILLER &  sons", 0),
        ("Miller & Sons", "Other LLP", 1),
        ("Miller & Sons", None, None),
        (None, "Other LLP", None),
    ],
)
def test_another_auditor_is_a_sign_where_both_are_named(
    before: str | None, after: str | None, value: int | None
) -> None:
    earlier = changed(a_statement(2023), auditor=before)
    assert found("F14", earlier, changed(a_statement(), auditor=after)).value == value


def test_the_worse_of_opinion_and_auditor_counts() -> None:
    earlier = changed(a_statement(2023), auditor="One")
    after = changed(a_statement(), auditor="Two", opinion=Opinion.UNQUALIFIED)
    assert found("F14", earlier, after).severity is WATCH
    assert found("F14", earlier, changed(after, opinion=Opinion.QUALIFIED)).severity is AMBER
