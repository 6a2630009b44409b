"""Defaults and cures over a story: extensions, and proceedings at a court."""

from datetime import date
from decimal import Decimal

import pytest

from shared.contracts import signals
from shared.contracts.monitoring import CustomerCured, DefaultFlagged
from shared.contracts.transactions import TermsChanged
from tests.unit.monitoring.in_memory import Monitoring
from tests.unit.monitoring.telling import begun, closes, issued, on_day, paid, told


def cured_on(monitoring: Monitoring) -> list[date]:
    return [e.as_of for e in monitoring.said(CustomerCured) if isinstance(e, CustomerCured)]


def flagged(monitoring: Monitoring) -> list[tuple[date, str]]:
    said = monitoring.said(DefaultFlagged)
    return [(each.as_of, each.cause) for each in said if isinstance(each, DefaultFlagged)]


def extended(*, on: int, until: int) -> TermsChanged:
    return TermsChanged(
        change_id="T1",
        invoice_id="I1",
        due_date=on_day(until),
        reason="difficulty",
        date=on_day(on),
    )


def filed(kind: str = "insolvency", *, on: int, over: bool = False) -> signals.LegalProceedingFiled:
    return signals.LegalProceedingFiled(
        proceeding_id="L1", kind=kind, date=on_day(on), status="closed" if over else "opened"
    )


def test_a_default_after_an_extension_in_difficulty_takes_a_year_to_cure() -> None:
    monitoring = begun()
    monitoring.run([told(issued(terms=1)), told(extended(on=0, until=40)), *closes(0, 92)])
    assert flagged(monitoring) == [(on_day(92), "default_past_due")]
    monitoring.run([told(paid(on=100), on=100), *closes(100, 92 + 364)])
    assert cured_on(monitoring) == []
    monitoring.run(closes(92 + 365, 92 + 365))
    assert cured_on(monitoring) == [on_day(92 + 365)]


def test_an_extension_is_remembered_when_its_invoice_is_paid() -> None:
    monitoring = begun()
    story = [told(issued(terms=1)), told(extended(on=0, until=40)), *closes(0, 99)]
    monitoring.run([*story, told(paid(on=100), on=100), *closes(100, 100)])
    customer = monitoring.customer("C1")
    assert "I1" not in customer.ledger.account.receivables
    assert customer.standing.forborne_on == on_day(0)
    assert customer.standing.grace_ends_on == on_day(40)


@pytest.mark.parametrize("kind", ["insolvency", "liquidation", "payment_stop"])
def test_a_proceeding_is_a_default_at_the_close_of_its_day(kind: str) -> None:
    monitoring = begun()
    monitoring.run([told(issued(terms=60)), *closes(0, 4), told(filed(kind, on=5), on=5)])
    assert flagged(monitoring) == []
    monitoring.run(closes(5, 5))
    assert flagged(monitoring) == [(on_day(5), "default_unlikely_to_pay")]
    said = monitoring.said(DefaultFlagged)[0]
    assert isinstance(said, DefaultFlagged)
    assert (said.days_past_due, said.figures.in_default) == (0, True)
    assert monitoring.decided.count("default_flag") == 1


def test_a_claim_is_no_default() -> None:
    monitoring = begun()
    claim = signals.LegalProceedingFiled(
        proceeding_id="L1", kind="claim", date=on_day(5), amount=Decimal(9), currency="EUR"
    )
    monitoring.run([told(issued(terms=60)), *closes(0, 4), told(claim, on=5), *closes(5, 5)])
    assert flagged(monitoring) == []


def test_a_proceeding_dated_ahead_waits_for_its_day() -> None:
    monitoring = begun()
    monitoring.run([told(issued(terms=60)), told(filed(on=5)), *closes(0, 4)])
    assert flagged(monitoring) == []
    monitoring.run(closes(5, 5))
    assert len(flagged(monitoring)) == 1


def test_the_cure_waits_until_the_proceeding_is_over() -> None:
    monitoring = begun()
    monitoring.run([told(issued(terms=60)), told(filed(on=0)), *closes(0, 29)])
    monitoring.run([told(paid(on=30), on=30), *closes(30, 199)])
    assert cured_on(monitoring) == []
    monitoring.run([told(filed(on=200, over=True), on=200), *closes(200, 300)])
    assert cured_on(monitoring) == [date(2025, 12, 19)]
    assert len(flagged(monitoring)) == 1
