"""What a batch reads before it decides, and writes after: a handful of statements each way."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.domain.outside.profile import Profile
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.storage import tables
from services.monitoring.storage.accounts import ACCOUNT_COLUMNS, account_rows
from services.monitoring.storage.book import (
    Book,
    Customer,
    WaitingFact,
    document_key,
)
from services.monitoring.storage.day_totals import load_day_totals, save_day_totals
from services.monitoring.storage.feeds import newest_fact_on
from services.monitoring.storage.groups import (
    load_groups,
    named_in,
    newly_linked,
    save_groups,
)
from services.monitoring.storage.looking_back import looks_back
from services.monitoring.storage.outcomes import save_outcomes
from services.monitoring.storage.profiles import load_profiles, save_profiles
from services.monitoring.storage.reading import FactRow, fact_of, stored_fact
from services.monitoring.storage.rebuilds import (
    load_chunks,
    load_facts,
    rebuilds_in,
    save_chunks,
)
from services.monitoring.storage.remembering import load_customers, recalled, remember
from services.monitoring.storage.schema import METADATA
from services.monitoring.storage.sectors import (
    exposed_to_news,
    load_sectors,
    save_indices,
    save_members,
    save_months,
)
from services.monitoring.storage.totals import load_totals, save_totals
from services.monitoring.storage.warnings import recall_warnings, save_warnings
from shared.chassis.service import Delivery, Scope
from shared.chassis.tables import chassis_tables
from shared.contracts import catalogue
from shared.db.bulk import among, copy_records, insert_rows, upsert_records
from shared.db.engine import driver_of
from shared.kernel.errors import ObligorError
from shared.log.append import append

_LOG = chassis_tables("monitoring", METADATA).log
_VERSIONS = """
SELECT customer_id, kind, document, version, source FROM monitoring.fact
WHERE customer_id = ANY($1::text[]) AND document = ANY($2::text[])
"""
_PROFILE_TOPICS = frozenset({catalogue.SIGNALS, catalogue.FINANCIALS, catalogue.SCREENING})


class MonitoringStorage:
    """Loads and saves the customers of one batch."""

    async def load(self, conn: AsyncConnection, scope: Scope) -> Book:
        """Accounts of everyone in the batch and of everyone who wakes in it, and what they need."""
        book = Book(partition=scope.partition)
        book.rebuilds = await load_chunks(conn, rebuilds_in(scope.commands))
        rebuilt = {name for chunk in book.rebuilds.values() for name in chunk.customers}
        exposed = await exposed_to_news(conn, scope)
        linked = await newly_linked(conn, scope)
        scope = replace(scope, customers=scope.customers | rebuilt | exposed | linked)
        await _load_customers(conn, book, scope)
        await _load_profiles(conn, book, scope)
        if _looks_outside(scope):
            book.sectors = await load_sectors(conn, scope.partition)
            names = linked | named_in(scope) | book.linked()
            book.groups = await load_groups(conn, scope.partition, names)
        if scope.closing_through is not None:
            book.day_totals = await load_day_totals(conn, scope.partition)
        book.totals = await load_totals(conn, book.partition, book.memory)
        if scope.closing_through is not None:
            book.newest_fact = await newest_fact_on(conn, scope.partition)
        told = _told(scope.deliveries, book)
        await _load_versions(conn, book, told)
        await _load_histories(conn, book, told)
        for customer_id, facts in (await load_facts(conn, rebuilt)).items():
            book.customers[customer_id].history = facts
        book.recalled = await recall_warnings(conn, scope.commands)
        return book

    async def save(self, conn: AsyncConnection, book: Book) -> None:
        """Write what changed."""
        changed = [book.customers[name] for name in sorted(book.changed)]
        rows = account_rows(changed, partition=book.partition)
        await upsert_records(conn, tables.account, ACCOUNT_COLUMNS, rows, key=("customer_id",))
        await copy_records(conn, tables.fact, FactRow._fields, book.facts)
        await _drop_released(conn, book.released)
        waiting = list(book.kept_waiting.values())
        await copy_records(conn, tables.waiting, FactRow._fields, waiting)
        profiles = {name: book.profile(name) for name in sorted(book.profiles)}
        await save_profiles(conn, profiles, partition=book.partition)
        await save_warnings(conn, book.warnings.values(), partition=book.partition)
        await save_outcomes(conn, book.outcomes, partition=book.partition)
        await insert_rows(conn, tables.signal, book.signals, ignore_existing=True)
        await save_sectors(conn, book)
        await save_groups(conn, book.groups, partition=book.partition)
        if book.totals_moved:
            await save_totals(conn, book.totals, partition=book.partition)
        await save_day_totals(conn, book.day_totals, partition=book.partition)
        await append(conn, _LOG, await save_chunks(conn, book.rebuilds))
        remember(book.memory, book.customers.values(), totals=book.totals)


def _looks_outside(scope: Scope) -> bool:
    """Whether what the outside says is measured in the batch: it spoke, or a day closes."""
    spoken = any(each.topic in _PROFILE_TOPICS for each in scope.deliveries)
    return spoken or scope.closing_through is not None


async def save_sectors(conn: AsyncConnection, book: Book) -> None:
    """Write what the batch learned of sectors."""
    where = book.partition
    await save_indices(conn, book.sectors, book.index_news, partition=where)
    await save_members(conn, book.members, partition=where)
    await save_months(conn, book.sectors, book.month_ends, partition=where)


def _told(deliveries: Sequence[Delivery], book: Book) -> dict[str, list[Fact]]:
    """The batch's ledger facts by customer; what makes no sense is left to the handler to refuse."""
    told: dict[str, list[Fact]] = defaultdict(list)
    for delivery in deliveries:
        if delivery.topic != catalogue.TRANSACTIONS or not delivery.envelope.subject:
            continue
        cause = delivery.envelope
        try:
            fact = fact_of(delivery.event, day=cause.day, source=cause.source)
        except ObligorError:
            continue
        told[cause.subject].append(fact)
        book.read[id(delivery.event)] = (fact, delivery.value)
    return told


async def _load_customers(conn: AsyncConnection, book: Book, scope: Scope) -> None:
    """Those remembered as they were left, the others from their rows, waiting facts included."""
    book.memory = scope.memory
    wanted = sorted(scope.customers)
    for customer in recalled(scope.memory, wanted):
        book.customers[customer.customer_id] = customer
    unknown = [name for name in wanted if name not in book.customers]
    for customer in await load_customers(conn, unknown):
        book.customers[customer.customer_id] = customer
    await _load_waiting(conn, book, unknown)


async def _load_profiles(conn: AsyncConnection, book: Book, scope: Scope) -> None:
    """Profiles of those about whom the outside speaks in the batch; of everyone when a day closes.

    A fact of the same batch may wake a customer for that close, so all in the batch are asked for.
    """
    wanted = {each.envelope.subject for each in scope.deliveries if each.topic in _PROFILE_TOPICS}
    if scope.closing_through is not None:
        wanted |= {*book.customers, *scope.customers}
    found = await load_profiles(conn, wanted - {""})
    for customer_id in sorted(wanted - {""}):
        _customer(book, customer_id).profile = found.get(customer_id) or Profile()


async def _load_versions(
    conn: AsyncConnection, book: Book, told: Mapping[str, Sequence[Fact]]
) -> None:
    """Which versions of the batch's documents came before."""
    documents = {fact.document for facts in told.values() for fact in facts}
    if not documents:
        return
    driver = await driver_of(conn)
    for name, kind, document, version, source in await driver.fetch(
        _VERSIONS, list(told), list(documents)
    ):
        key = document_key(kind, document, version)
        _customer(book, name).versions.setdefault(key, set()).add((source, version))


async def _load_waiting(conn: AsyncConnection, book: Book, customers: Iterable[str]) -> None:
    for row in await _fact_rows(conn, tables.waiting, customers):
        customer = _customer(book, row.customer_id)
        fact = stored_fact(row)
        customer.waiting.append(WaitingFact(fact=fact, row=row))
        customer.remember(fact)


async def _load_histories(
    conn: AsyncConnection, book: Book, told: Mapping[str, Sequence[Fact]]
) -> None:
    backwards = [
        customer_id
        for customer_id in sorted({*book.customers, *told})
        if looks_back(_customer(book, customer_id), told.get(customer_id, ()))
    ]
    for customer_id in backwards:
        book.customers[customer_id].history = []
    for row in await _fact_rows(conn, tables.fact, backwards):
        history = book.customers[row.customer_id].history
        if history is not None:
            history.append(stored_fact(row))


async def _fact_rows(
    conn: AsyncConnection, table: Table, customers: Iterable[str]
) -> list[FactRow]:
    wanted = sorted(customers)
    if not wanted:
        return []
    columns = [table.c[name] for name in FactRow._fields]
    found = await conn.execute(select(*columns).where(among(table.c.customer_id, wanted)))
    return [FactRow(*row) for row in found]


def _customer(book: Book, customer_id: str) -> Customer:
    """The customer, without marking it as changed."""
    found = book.customers.get(customer_id)
    if found is None:
        found = book.customers[customer_id] = Customer(customer_id=customer_id)
    return found


async def _drop_released(conn: AsyncConnection, released: Sequence[FactRow]) -> None:
    if not released:
        return
    table = tables.waiting
    await conn.execute(
        table.delete().where(
            among(table.c.customer_id, sorted({row.customer_id for row in released})),
            among(table.c.document, sorted({row.document for row in released})),
            among(table.c.source, sorted({row.source for row in released})),
            among(table.c.event_id, sorted({row.event_id for row in released})),
        )
    )
