"""Customers as a batch finds them: remembered since the last one, or read from their rows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.domain.ledger import Ledger
from services.monitoring.storage.accounts import read_state
from services.monitoring.storage.book import Customer
from services.monitoring.storage.watches import read_watch
from shared.chassis.memory import Memory
from shared.db.engine import driver_of

_ROWS = """
SELECT a.customer_id, a.wake_on, a.state, w.state AS watch
FROM monitoring.account AS a LEFT JOIN monitoring.watch AS w USING (customer_id)
WHERE a.customer_id = ANY($1::text[])
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
    found = []
    for customer_id, wake_on, state, watch in await driver.fetch(_ROWS, customers):
        ledger, standing = read_state(state)
        customer = Customer(
            customer_id=customer_id, ledger=ledger, standing=standing, wake_on=wake_on
        )
        if watch is not None:
            customer.watch, customer.watch_text = read_watch(watch), watch
        found.append(customer)
    return found


def remember(memory: Memory | None, customers: Iterable[Customer]) -> None:
    """Remember customers as they have just been saved, without what was only the batch's."""
    if memory is not None:
        memory.keep((each.customer_id, _left(each)) for each in customers)


def _left(customer: Customer) -> Customer:
    _shrink(customer.ledger)
    return replace(customer, versions={}, history=None, profile=None)


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
