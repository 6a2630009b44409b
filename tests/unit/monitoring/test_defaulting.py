"""Defaults and cures over a story: what extensions do to a cure."""

from datetime import date

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
