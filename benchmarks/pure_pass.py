"""Every rule of the shipped policy on every event, with the accounts in memory and no database.

What stays of the product's consumer when reading and writing are taken away: the envelope, the
published type, posting to the ledger, and all indicators.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import literal, select

from services.monitoring.handlers import SERVICE
from services.monitoring.storage import tables
from services.monitoring.storage.book import Book
from shared.bus.port import Record
from shared.chassis.service import Scope
from shared.chassis.sieve import envelope_of
from shared.chassis.tables import chassis_tables
from shared.chassis.work import Work
from shared.contracts import catalogue
from shared.contracts.envelope import first_of_chain
from shared.contracts.monitoring import WarningChanged
from shared.db.engine import Database, DatabaseSettings
from shared.log import partitions as owned
from shared.policies.book import PolicyBook, shipped

_UTC = ZoneInfo("UTC")
_AT_ONCE = 20_000
_NOTHING = first_of_chain(
    event_id="", source="", event_type="", time=datetime(2026, 1, 1, tzinfo=UTC), subject=""
)


class PurePass:
    """The handlers of monitoring on books that stay in memory, one for each partition."""

    def __init__(self, books: dict[int, Book], *, closed_on: date | None) -> None:
        self._books = books
        self._closed_on = closed_on
        self._policies = PolicyBook([shipped(SERVICE.policy_file, SERVICE.policy)])
        self.warned = 0

    @classmethod
    async def prepared(cls, url: str, partitions: int) -> "PurePass":
        """With all accounts of a database read into memory."""
        database = Database(DatabaseSettings(url), SERVICE.name)
        work = chassis_tables(SERVICE.name, SERVICE.metadata).work
        try:
            books = {number: await _book(database, number) for number in range(partitions)}
            async with database.transaction() as conn:
                closed_on = await owned.newest_closed_day(conn, work)
        finally:
            await database.close()
        return cls(books, closed_on=closed_on)

    def take(self, number: int, records: Sequence[Record]) -> int:
        """Run the handlers of one batch of a partition."""
        work = Work(
            service=SERVICE.name,
            topic=SERVICE.topic,
            partition=number,
            policies=self._policies,
            closed_on=self._closed_on,
            cause=_NOTHING,
        )
        book = Book(partition=number, customers=self._books[number].customers)
        for record in records:
            envelope = envelope_of(record, _UTC)
            event = catalogue.decode(envelope.type, record.value)
            work.begin(envelope)
            SERVICE.handlers[envelope.type](event, book, work)
        self.warned += sum(isinstance(event, WarningChanged) for _, event in work.announced)
        return len(records)


async def _book(database: Database, number: int) -> Book:
    table = tables.account
    async with database.transaction() as conn:
        asked = select(table.c.customer_id).where(table.c.partition == number)
        names = list(await conn.scalars(asked))
    whole = Book(partition=number)
    for first in range(0, len(names), _AT_ONCE):
        async with database.transaction() as conn:
            scope = Scope(
                partition=number,
                customers=frozenset(names[first : first + _AT_ONCE]),
                closing_through=None,
                deliveries=(),
            )
            await conn.execute(select(literal(1)))  # storage expects an open transaction
            book = await SERVICE.storage.load(conn, scope)
        whole.customers.update(book.customers)
    return whole
