"""The kinds of facts whose columns bear the names of their fields."""

from datetime import date
from decimal import Decimal

import pytest

from obligor.importing.cells import Row
from obligor.importing.mapping import preset
from obligor.importing.rows import read_row
from shared.contracts import bills
from shared.contracts import transactions as facts
from shared.contracts.envelope import Event
from shared.kernel.errors import InvalidInputError

DAY = date(2026, 3, 2)


def read(**cells: str) -> Event:
    row = Row(preset("plain"), {"customer_id": "C1", "date": DAY.isoformat(), **cells})
    (stated,) = read_row(row).transactions
    assert (stated.customer_id, stated.day) == ("C1", DAY)
    return stated.event


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (
            {"type": "delivery.made", "delivery_id": "D", "amount": "5", "currency": "eur"},
            facts.DeliveryMade(delivery_id="D", amount=Decimal("5.00"), currency="EUR", date=DAY),
        ),
        (
            {
                "type": "promise.made",
                "promise_id": "P",
                "amount": "5",
                "currency": "EUR",
                "due_date": "2026-03-09",
                "invoice_id": "A; B",
            },
            facts.PromiseMade(
                promise_id="P",
                amount=Decimal("5.00"),
                currency="EUR",
                due_on=date(2026, 3, 9),
                invoice_ids=("A", "B"),
                date=DAY,
            ),
        ),
        (
            {
                "type": "payment.allocated",
                "allocation_id": "L",
                "payment_id": "P",
                "currency": "EUR",
                "allocations": "A=1.50;B=2",
            },
            facts.PaymentAllocated(
                allocation_id="L",
                payment_id="P",
                allocations=(
                    facts.Allocation(invoice_id="A", amount=Decimal("1.50")),
                    facts.Allocation(invoice_id="B", amount=Decimal("2.00")),
                ),
                date=DAY,
            ),
        ),
        (
            {"type": "bill.transferred", "bill_id": "W", "with_recourse": "是"},
            bills.BillTransferred(bill_id="W", with_recourse=True, date=DAY),
        ),
        (
            {"type": "contact.attempted", "attempt_id": "K", "channel": "phone"}
            | {"outcome": "unanswered"},
            facts.ContactAttempted(attempt_id="K", channel="phone", outcome="unanswered", date=DAY),
        ),
    ],
)
def test_a_row_is_read_by_the_names_of_its_fields(cells: dict[str, str], expected: Event) -> None:
    assert read(**cells) == expected


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"type": "delivery.made", "amount": "5", "currency": "EUR"}, "delivery_id"),
        ({"type": "bill.transferred", "bill_id": "W", "with_recourse": "maybe"}, "with_recourse"),
        ({"type": "bill.settled", "bill_id": ""}, "bill_id"),
        ({"type": "relief.requested", "request_id": "R", "kind": "a present"}, "row"),
        (
            {
                "type": "promise.made",
                "promise_id": "P",
                "amount": "0",
                "currency": "EUR",
                "due_date": "2026-03-09",
            },
            "amount",
        ),
    ],
)
def test_a_wrong_cell_is_named(cells: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read(**cells)
    assert refused.value.field == field
