"""A statement comes in: its signs are said at once, and go when a better one has come."""

from datetime import timedelta
from decimal import Decimal

import pytest

from services.monitoring.domain.catalogue import Indicator
from shared.contracts.financials import FinancialStatementFiled
from shared.contracts.monitoring import WarningEscalated, WarningRaised, WarningResolved
from shared.contracts.signals import LegalProceedingFiled
from tests.unit.monitoring.in_memory import Monitoring
from tests.unit.monitoring.statement_builders import filed
from tests.unit.monitoring.telling import begun, closes, issued, on_day, paid, told

WEAK = filed(2023, TL=700, TE=300)
SOUND = filed(2024)


def _raised(monitoring: Monitoring) -> list[tuple[str, str]]:
    said = [each for each in monitoring.said(WarningRaised) if isinstance(each, WarningRaised)]
    return [(each.indicator, each.severity) for each in said]


def _filings() -> Monitoring:
    monitoring = begun()
    monitoring.run([told(WEAK)])
    return monitoring


def test_a_statement_is_measured_at_once() -> None:
    monitoring = _filings()
    assert _raised(monitoring) == [("F01", "watch")]
    warning = monitoring.customer("C1").watch.warnings[Indicator.DEBT_TO_ASSETS]
    assert warning.evidence.documents == ("2023-12-31 12m audited",)
    assert warning.raised_on == on_day(0)


def test_a_better_statement_clears_it_after_two_closes() -> None:
    monitoring = _filings()
    monitoring.run(closes(0, 2), [told(SOUND, on=3)], closes(3, 3))
    assert monitoring.said(WarningResolved) == []
    monitoring.run(closes(4, 4))
    assert len(monitoring.said(WarningResolved)) == 1
    assert monitoring.customer("C1").watch.alerts == {}


def test_a_worse_one_escalates_it() -> None:
    monitoring = _filings()
    monitoring.run([told(filed(2024, TL=800, TE=200), on=0)])
    (escalated,) = monitoring.said(WarningEscalated)
    assert isinstance(escalated, WarningEscalated)
    assert (escalated.previous_severity, escalated.severity) == ("watch", "amber")


def test_without_the_line_a_new_statement_clears_nothing() -> None:
    monitoring = begun()
    monitoring.run([told(filed(2023, INT_EXP=100))])
    assert _raised(monitoring) == [("F03", "amber")]
    monitoring.run([told(filed(2024, without=("INT_EXP",)))], closes(0, 5))
    assert monitoring.said(WarningResolved) == []
    assert not monitoring.customer("C1").watch.alerts[Indicator.INTEREST_COVER].known


def test_a_statement_that_cannot_be_true_changes_nothing() -> None:
    monitoring = begun()
    monitoring.run([told(filed(2023, TL=600), name="wrong")])
    assert monitoring.parked == [("wrong", "unbalanced_statement")]
    assert monitoring.accounts == {}


def test_a_statement_in_thousands_is_kept_in_major_units() -> None:
    thousands = FinancialStatementFiled(
        period_end=WEAK.period_end,
        months=12,
        basis="audited",
        currency="EUR",
        unit="thousands",
        lines=WEAK.lines,
    )
    monitoring = begun()
    monitoring.run([told(thousands)])
    assert '"TL":"700000"' in monitoring.profiles["C1"]
    assert _raised(monitoring) == [("F01", "watch")]


def test_a_statement_of_a_period_to_end_waits_for_its_close() -> None:
    ahead = FinancialStatementFiled(
        period_end=on_day(3),
        months=12,
        basis="audited",
        currency="EUR",
        lines={**WEAK.lines, "TL": Decimal(700), "TE": Decimal(300)},
    )
    monitoring = begun()
    monitoring.run([told(ahead, name="ahead")])
    assert monitoring.statuses["ahead"] == "waiting"
    assert monitoring.customer("C1").wake_on == on_day(3)
    monitoring.run(closes(0, 2))
    assert _raised(monitoring) == []
    monitoring.run(closes(3, 3))
    assert _raised(monitoring) == [("F01", "watch")]


def test_a_statement_that_does_not_come_is_noticed_by_time_alone() -> None:
    monitoring = begun()
    monitoring.run([told(filed(2023))], closes(0, 0))
    expected = filed(2024).period_end + timedelta(days=180)
    late = (expected - on_day(0)).days
    monitoring.run(closes(1, late + 30))
    assert _raised(monitoring) == []
    monitoring.run(closes(late + 31, late + 31))
    assert _raised(monitoring) == [("F13", "watch")]


def test_transactions_leave_the_signs_of_statements_as_they_are() -> None:
    happened = [
        [told(WEAK)],
        [told(issued(), name="i")],
        [told(paid(to="I1"), name="p")],
        closes(0, 1),
        [told(SOUND, on=2)],
        [told(issued("I2", on=2), on=2, name="i2")],
        closes(2, 4),
    ]
    apart = begun()
    apart.run(*happened)
    at_once = begun()
    at_once.run([each for batch in happened for each in batch])
    assert apart.profiles == at_once.profiles
    assert apart.accounts == at_once.accounts
    assert [event for _, event in apart.told if not _is_exposure(event)] == [
        event for _, event in at_once.told if not _is_exposure(event)
    ]


def _is_exposure(event: object) -> bool:
    return type(event).__name__ == "ExposureChanged"


@pytest.mark.parametrize(("year", "severity"), [(2023, ["red"]), (2022, [])])
def test_claims_are_not_held_against_a_net_worth_of_long_ago(
    year: int, severity: list[str]
) -> None:
    """18 months after its end a statement says nothing any more."""
    monitoring = begun()
    claim = LegalProceedingFiled(
        proceeding_id="L1", kind="claim", date=on_day(0), amount=Decimal(400), currency="EUR"
    )
    monitoring.run([told(filed(year))], [told(claim)])
    assert [each for name, each in _raised(monitoring) if name == "E02"] == severity
