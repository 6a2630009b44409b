"""Customers as a batch finds them: remembered since the last one, or read from their rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.domain.receivables.ledger import Ledger
from services.monitoring.storage.accounts import read_state
from services.monitoring.storage.book import Customer, Total
from shared.chassis.memory import Memory
from shared.db.engine import driver_of

_ROWS = """
SELECT customer_id, wake_on, state FROM monitoring.account WHERE customer_id = ANY($1::text[])
"""


def recalled(memory: Memory | None, customers: Iterable[str]) -> Iterator[Customer]:
    """The customers that are remembered, as if they had just been read."""
    if memory is None:
        return
    for customer_id in customers:
        kept = memory.recall(customer_id)
        if isinstance(kept, Customer):
            for waiting in kept.waiting:
                kept.remember(waiting.fact)
            yield kept


async def load_customers(conn: AsyncConnection, customers: Sequence[str]) -> list[Customer]:
    """The customers that have rows, in one statement; without their waiting facts."""
    if not customers:
        return []
    driver = await driver_of(conn)
    rows = await driver.fetch(_ROWS, customers)
    return [
        Customer(
            customer_id=customer_id,
            ledger=kept.ledger,
            standing=kept.standing,
            watch=kept.watch,
            wake_on=wake_on,
        )
        for customer_id, wake_on, kept in ((row[0], row[1], read_state(row[2])) for row in rows)
    ]


def remember(
    memory: Memory | None, customers: Iterable[Customer], *, totals: Mapping[str, Total]
) -> None:
    """Remember customers as they have just been saved, without what was only the batch's; and the totals."""
    if memory is not None:
        memory.whole = totals
        memory.keep((each.customer_id, _left(each)) for each in customers)


def _left(customer: Customer) -> Customer:
    _shrink(customer.ledger)
    customer.versions, customer.history, customer.profile = {}, None, None
    return customer


def _shrink(ledger: Ledger) -> None:
    """Have the account folded anew where it holds what the ledger has let go of."""
    whole, kept, recent = ledger.account, ledger.earlier, len(ledger.recent)
    held = (
        (whole.closed, kept.closed),
        (whole.payments, kept.payments),
        (whole.orders, kept.orders),
    )
    if any(len(here) > len(there) + recent for here, there in held):
        ledger.unfolded = False
