"""The write path as fast as this language allows: the product's yardstick, not a product.

One batch of one partition is one transaction: lock the partition, post to the ledger, judge eight
rules, write the ledger's rows, the facts verbatim, warnings, checkpoint, and append what is said to
the gapless log. Duplicates, by (source, id) and by business key, are found by the keys of the fact
table: a batch that meets one is rolled back and run again with a probe first. The accounts of the
partition stay in memory for as long as its version is the one written here; while one partition's
batch is being written, the next one is decided.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from hashlib import blake2b
from typing import NamedTuple

import asyncpg
import msgspec

from benchmarks import prototype_tables as sql
from benchmarks.few_rules import RULES, Account, Finding, Told, step

_decode = msgspec.json.Decoder(Told).decode
_write_state = msgspec.msgpack.Encoder().encode
_read_state = msgspec.msgpack.Decoder(Account).decode
_write_event = msgspec.json.Encoder().encode
_DOCUMENT = {
    "order.placed": "order_id",
    "invoice.issued": "invoice_id",
    "payment.received": "payment_id",
    "payment.bounced": "payment_id",
}


class Write(StrEnum):
    """How a batch gets into the tables."""

    CTE = "cte"
    COPY = "copy"
    MERGE = "copy+merge"


class Incoming(NamedTuple):
    """One record, as far as a batch reads it."""

    position: int
    customer_id: str
    event_id: str
    source: str
    event_type: str
    time: str
    value: bytes


class ExposureSaid(msgspec.Struct, gc=False):
    """What is announced when a customer's exposure has changed."""

    customer_id: str
    as_of: date
    version: int
    open_minor: int
    overdue_minor: int
    total_minor: int


class WarningSaid(msgspec.Struct, gc=False):
    """What is announced when a rule has become worse."""

    customer_id: str
    warning_id: str
    as_of: date
    indicator: str
    severity: int
    value: float
    threshold: float
    open_minor: int
    overdue_minor: int
    total_minor: int
    documents: tuple[str, ...]


class FencedError(Exception):
    """Somebody else owns the partition, or has written it: what is in memory is void."""


class Batch:
    """What one batch of one partition adds up to, before it is written."""

    __slots__ = ("accounts", "facts", "partition", "position", "said", "warnings")

    def __init__(self, partition: int, position: int) -> None:
        self.partition = partition
        self.position = position
        self.accounts: dict[str, Account] = {}
        self.facts: list[tuple[object, ...]] = []
        self.warnings: list[tuple[object, ...]] = []
        self.said: list[tuple[str, str, bytes]] = []


class Partition:
    """One owned partition: its fence, its version, and its accounts in memory."""

    def __init__(self, number: int, *, write: Write = Write.COPY) -> None:
        self.number = number
        self.epoch = 0
        self.version = -1
        self.careful = 0
        self._write = write
        self._accounts: dict[str, Account] = {}

    async def take_over(self, conn: asyncpg.Connection) -> int:
        """Own the partition; returns the position to go on from."""
        await conn.execute("SET search_path TO prototype")
        self.epoch = await conn.fetchval(
            "INSERT INTO partition_state VALUES ($1, 1) ON CONFLICT (partition) "
            "DO UPDATE SET epoch = partition_state.epoch + 1 RETURNING epoch",
            self.number,
        )
        if self._write is Write.MERGE:
            await conn.execute(sql.STAGE_FACTS)
        found = await conn.fetchval(
            "SELECT position FROM checkpoint WHERE partition = $1", self.number
        )
        return found or 0

    async def run(self, conn: asyncpg.Connection, records: Sequence[Incoming], today: date) -> int:
        """Take one batch, in one transaction; returns how many events it warned of."""
        try:
            return await self._run(conn, records, records, today)
        except asyncpg.UniqueViolationError:
            self._accounts.clear()
        self.careful += 1
        new = await _without_duplicates(conn, records)
        return await self._run(conn, records, new, today)

    async def _run(
        self,
        conn: asyncpg.Connection,
        records: Sequence[Incoming],
        new: Sequence[Incoming],
        today: date,
    ) -> int:
        async with conn.transaction():
            await self._lock(conn)
            await self._load(conn, {record.customer_id for record in new})
            batch = self._decided(new, records[-1].position + 1, today)
            await _WRITERS[self._write](conn, batch)
        self.version += 1
        return len(batch.warnings)

    async def _lock(self, conn: asyncpg.Connection) -> None:
        state = await conn.fetchrow(sql.LOCK, self.number)
        if state is None or state["epoch"] != self.epoch:
            raise FencedError
        if state["version"] != self.version:
            self._accounts.clear()
            self.version = state["version"]

    async def _load(self, conn: asyncpg.Connection, names: set[str]) -> None:
        missing = list(names - self._accounts.keys())
        if missing:
            for name, state in await conn.fetch(sql.LOAD, missing):
                self._accounts[name] = _read_state(state)

    def _decided(self, records: Iterable[Incoming], position: int, today: date) -> Batch:
        """The pure pass. It changes the accounts in memory: a failed write makes them void."""
        batch, accounts, ordinal = Batch(self.number, position), self._accounts, today.toordinal()
        number, recorded = self.number, datetime(today.year, today.month, today.day, tzinfo=UTC)
        for record in records:
            told = _decode(record.value)
            name = record.customer_id
            account = accounts.get(name)
            if account is None:
                account = accounts[name] = Account()
            findings = step(account, told, ordinal)
            batch.accounts[name] = account
            kind = record.event_type
            batch.facts.append(
                (
                    name,
                    kind,
                    getattr(told, _DOCUMENT[kind]),
                    1,
                    record.source,
                    record.event_id,
                    number,
                    today,
                    recorded,
                    blake2b(record.value, digest_size=16).digest(),
                    record.value,
                )
            )
            if findings:
                _warn(batch, record, account, findings, today)
        _say_exposures(batch, today)
        return batch


async def _without_duplicates(
    conn: asyncpg.Connection, records: Sequence[Incoming]
) -> list[Incoming]:
    """The records that nobody has sent before, under their id or as the same document.

    Nobody else writes the partition, so what the probe finds stays true for the batch.
    """
    documents = [_document(each) for each in records]
    found = await conn.fetch(
        sql.PROBE, [each.event_id for each in records], [each.source for each in records]
    )
    known = {tuple(row) for row in found}
    found = await conn.fetch(sql.PROBE_KEYS, *_arrays(documents, 4))
    known |= {tuple(row) for row in found}
    new = []
    for record, document in zip(records, documents, strict=True):
        names = {(record.event_id, record.source), document}
        if not names & known:
            new.append(record)
        known |= names
    return new


def _document(record: Incoming) -> tuple[str, str, str, str]:
    document = getattr(_decode(record.value), _DOCUMENT[record.event_type])
    return record.customer_id, document, record.event_type, record.source


def _warn(
    batch: Batch, record: Incoming, account: Account, findings: Sequence[Finding], today: date
) -> None:
    for finding in findings:
        rule = RULES[finding.rule]
        name = record.customer_id
        warning_id = f"{record.event_id}/{rule}"
        batch.warnings.append((warning_id, name, rule, finding.severity, today, finding.value))
        said = WarningSaid(
            name,
            warning_id,
            today,
            rule,
            finding.severity,
            finding.value,
            finding.threshold,
            account.open,
            account.overdue,
            account.exposure,
            tuple(account.invoices),
        )
        headers = _headers(warning_id, "monitoring.warning_raised.v1", record.event_id, name, today)
        batch.said.append((name, headers, _write_event(said)))


def _say_exposures(batch: Batch, today: date) -> None:
    for name, account in batch.accounts.items():
        said = ExposureSaid(
            name, today, account.version, account.open, account.overdue, account.exposure
        )
        event_id = f"{name}/{account.version}"
        headers = _headers(event_id, "monitoring.exposure_changed.v1", event_id, name, today)
        batch.said.append((name, headers, _write_event(said)))


def _headers(event_id: str, event_type: str, cause: str, customer: str, today: date) -> str:
    return (
        f'{{"ce_specversion":"1.0","ce_id":"{event_id}","ce_source":"/monitoring",'
        f'"ce_type":"{event_type}","ce_time":"{today}T10:00:00+00:00","ce_subject":"{customer}",'
        f'"ce_correlationid":"{cause}","ce_causationid":"{cause}","ce_causationdepth":"1",'
        '"content-type":"application/json"}'
    )


def _account_arrays(batch: Batch) -> tuple[list[object], ...]:
    accounts = batch.accounts.values()
    return (
        list(batch.accounts),
        [each.open for each in accounts],
        [each.overdue for each in accounts],
        [each.exposure for each in accounts],
        [_write_state(each) for each in accounts],
    )


def _arrays(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[]] * width


async def _write_by_cte(conn: asyncpg.Connection, batch: Batch) -> None:
    facts = _arrays(batch.facts, len(sql.FACT_COLUMNS))
    del facts[6]  # the partition is a parameter of its own
    await conn.execute(
        sql.EVERYTHING,
        batch.partition,
        batch.position,
        len(batch.said),
        *_account_arrays(batch),
        *facts,
        *_arrays(batch.warnings, len(sql.WARNING_COLUMNS)),
        *_arrays(batch.said, 3),
    )


async def _write_by_copy(conn: asyncpg.Connection, batch: Batch) -> None:
    await _copy(conn, "fact", sql.FACT_COLUMNS, batch.facts)
    await _write_the_rest(conn, batch)


async def _write_by_merge(conn: asyncpg.Connection, batch: Batch) -> None:
    await conn.copy_records_to_table("staged", records=batch.facts, columns=sql.FACT_COLUMNS)
    await conn.execute(sql.MERGE_FACTS)
    await _write_the_rest(conn, batch)


async def _write_the_rest(conn: asyncpg.Connection, batch: Batch) -> None:
    if batch.warnings:
        await _copy(conn, "warning", sql.WARNING_COLUMNS, batch.warnings)
    arguments = (batch.partition, batch.position, len(batch.said))
    first = await conn.fetchval(sql.MOVE_AND_ACCOUNTS, *arguments, *_account_arrays(batch))
    entries = [
        ("obligor.monitoring", batch.partition, offset, *said)
        for offset, said in enumerate(batch.said, start=first)
    ]
    await _copy(conn, "log", sql.LOG_COLUMNS, entries)


async def _copy(
    conn: asyncpg.Connection,
    table: str,
    columns: Sequence[str],
    rows: Iterable[tuple[object, ...]],
) -> None:
    await conn.copy_records_to_table(table, schema_name=sql.SCHEMA, columns=columns, records=rows)


_WRITERS = {Write.CTE: _write_by_cte, Write.COPY: _write_by_copy, Write.MERGE: _write_by_merge}


async def make_tables(
    conn: asyncpg.Connection, accounts: Mapping[str, tuple[int, Account]]
) -> None:
    """The prototype's tables, with accounts that are there already (partition and ledger)."""
    await conn.execute(sql.TABLES)
    rows = [
        (name, partition, each.open, each.overdue, each.exposure, _write_state(each))
        for name, (partition, each) in accounts.items()
    ]
    await conn.copy_records_to_table("account", schema_name=sql.SCHEMA, records=rows)
    await conn.execute("VACUUM ANALYZE prototype.account")
