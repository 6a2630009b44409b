"""Upstream events for monitoring's use cases; each names only what matters."""

from datetime import date, timedelta
from decimal import Decimal

from shared.contracts import transactions as tx
from shared.contracts.envelope import Event
from tests.unit.monitoring.in_memory import Monitoring, Told, a_close

BEGIN = date(2025, 3, 3)


def on_day(number: int) -> date:
    return BEGIN + timedelta(days=number)


def begun() -> Monitoring:
    """A ledger whose first business day is `BEGIN`."""
    monitoring = Monitoring()
    monitoring.run([a_close(on_day(-1))])
    return monitoring


def issued(name: str = "I1", amount: str = "1000", *, on: int = 0, terms: int = 10) -> Event:
    return tx.InvoiceIssued(
        invoice_id=name,
        amount=Decimal(amount),
        currency="EUR",
        invoice_date=on_day(on),
        due_date=on_day(on + terms),
    )


def paid(name: str = "P1", amount: str = "1000", *, on: int = 0, to: str | None = None) -> Event:
    named = () if to is None else (tx.Allocation(invoice_id=to, amount=Decimal(amount)),)
    return tx.PaymentReceived(
        payment_id=name,
        amount=Decimal(amount),
        currency="EUR",
        value_date=on_day(on),
        method="transfer",
        allocations=named,
    )


def bounced(name: str = "P1", *, on: int = 0) -> Event:
    return tx.PaymentBounced(payment_id=name, reason="insufficient_funds", date=on_day(on))


def ordered(name: str = "O1", amount: str = "400") -> Event:
    return tx.OrderPlaced(order_id=name, amount=Decimal(amount), currency="EUR")


def told(event: Event, *, on: int = 0, about: str = "C1", name: str = "") -> Told:
    return Told(event, about, on_day(on), id=name)


def closes(first: int, last: int) -> list[Told]:
    return [a_close(on_day(number)) for number in range(first, last + 1)]
