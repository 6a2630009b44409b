"""Loads what a batch may touch and saves what it changed, set-wise."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date

import msgspec
from sqlalchemy import bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tiering.storage.book import (
    Account,
    Book,
    Portfolio,
    TotalRow,
    UnannouncedCheck,
)
from services.tiering.storage.tables import (
    ACCOUNT,
    CHASSIS,
    CREDIT_CHECK,
    LIMIT_HISTORY,
    PORTFOLIO_TOTAL,
    TIER_HISTORY,
)
from shared.chassis.service import Scope
from shared.contracts import catalogue
from shared.contracts.figures import ReasonGiven
from shared.db.bulk import among, insert_rows, upsert_rows
from shared.db.tables import one_of
from shared.kernel.money import Money

_MOST_CHECKS = 500
_STATE = CHASSIS.work.partition_state
_CLOSED_ON = select(_STATE.c.closed_on).where(_STATE.c.partition == bindparam("place"))
_HOW_MANY = select(func.count()).select_from(_STATE)
_DAY = PORTFOLIO_TOTAL.c.day
_COMPLETE = (
    select(_DAY)
    .where(PORTFOLIO_TOTAL.c.day <= bindparam("until"))
    .group_by(_DAY)
    .having(func.count(PORTFOLIO_TOTAL.c.partition.distinct()) >= bindparam("partitions"))
    .order_by(_DAY.desc())
    .limit(1)
)
_TOTALS = select(PORTFOLIO_TOTAL).where(_DAY.between(bindparam("first"), bindparam("last")))
_ACCOUNTS = select(ACCOUNT).where(one_of(ACCOUNT.c.customer_id, "customers"))
_LOCKED = (
    select(ACCOUNT.c.customer_id)
    .where(one_of(ACCOUNT.c.customer_id, "customers"))
    .order_by(ACCOUNT.c.customer_id)
    .with_for_update()
)
_UNANNOUNCED = (
    select(CREDIT_CHECK)
    .where(CREDIT_CHECK.c.partition == bindparam("place"), ~CREDIT_CHECK.c.announced)
    .order_by(CREDIT_CHECK.c.decided_at, CREDIT_CHECK.c.check_id)
    .limit(_MOST_CHECKS)
)
_EXPIRE = (
    CREDIT_CHECK.update()
    .where(
        CREDIT_CHECK.c.partition == bindparam("place"),
        CREDIT_CHECK.c.reservation == "live",
        CREDIT_CHECK.c.reserved_until <= bindparam("closed_on"),
    )
    .values(reservation="expired")
)
# By the number of changes, not of batches: where batches end must not show in the tables.
_MOVE_ON = text(
    "UPDATE tiering.account AS a SET revision = a.revision + c.times "
    "FROM unnest(CAST(:names AS text[]), CAST(:times AS bigint[])) AS c(customer_id, times) "
    "WHERE a.customer_id = c.customer_id"
)


class TieringStorage:
    """Tiering's storage, as the chassis asks for it."""

    async def load(self, conn: AsyncConnection, scope: Scope) -> Book:
        """The accounts of the batch's customers, and checks to be announced; the portfolio if a grade came."""
        book = Book(partition=scope.partition)
        if any(each.topic == catalogue.RATING for each in scope.deliveries):
            book.portfolio = await _load_portfolio(conn, scope)
        wanted = {"customers": sorted(scope.customers)}
        for row in (await conn.execute(_ACCOUNTS, wanted)).mappings():
            book.accounts[row["customer_id"]] = read_account(dict(row))
        book.checks = await _load_unannounced(conn, scope.partition)
        return book

    async def save(self, conn: AsyncConnection, book: Book) -> None:
        """Write the batch; account rows are locked late, for orders at the door want them too."""
        key = ("day", "partition", "currency")
        await upsert_rows(conn, PORTFOLIO_TOTAL, [asdict(row) for row in book.totals], key=key)
        await insert_rows(conn, TIER_HISTORY, [asdict(row) for row in book.tier_changes])
        await insert_rows(conn, LIMIT_HISTORY, [asdict(row) for row in book.limit_changes])
        await _save_accounts(conn, book)
        await _end_absorbed(conn, book.absorbed)
        if book.closed_on is not None:
            await _expire(conn, book.partition, book.closed_on)
        await _mark_announced(conn, book.announced)


def read_account(row: Mapping[str, object]) -> Account:
    """The account in a row."""
    plain = {each.name: row[each.name] for each in fields(Account) if each.name != "limit"}
    minor, currency = row["limit_minor"], row["limit_currency"]
    limit = None if minor is None else {"minor": minor, "currency": currency}
    return msgspec.convert(plain | {"limit": limit}, Account)


async def _load_portfolio(conn: AsyncConnection, scope: Scope) -> Portfolio:
    """Totals from the newest day that is complete and closed here, to the last the batch may close."""
    own = await conn.execute(_CLOSED_ON, {"place": scope.partition})
    closed_on: date | None = own.scalar_one_or_none()
    partitions = (await conn.execute(_HOW_MANY)).scalar_one()
    first = await _newest_complete(conn, partitions, until=closed_on)
    last = scope.closing_through or closed_on
    days = {"first": first or date.min, "last": last or date.max}
    found = (await conn.execute(_TOTALS, days)).mappings()
    return Portfolio(partitions, [TotalRow(**row) for row in found])


async def _newest_complete(
    conn: AsyncConnection, partitions: int, *, until: date | None
) -> date | None:
    """The newest day, up to the last one closed here, that all partitions know the end of.

    None before any day is closed: then what others are ahead by must not hide what comes first.
    """
    if until is None:
        return None
    newest = await conn.execute(_COMPLETE, {"until": until, "partitions": partitions})
    found: date | None = newest.scalar_one_or_none()
    return found


async def _load_unannounced(conn: AsyncConnection, partition: int) -> list[UnannouncedCheck]:
    return [
        UnannouncedCheck(
            check_id=row.check_id,
            decision_id=row.decision_id,
            customer_id=row.customer_id,
            order_id=row.order_id,
            action=row.action,
            amount=Money(row.amount_minor, row.currency),
            reasons=msgspec.convert(row.answer["reasons"], tuple[ReasonGiven, ...]),
            decided_at=row.decided_at,
        )
        for row in await conn.execute(_UNANNOUNCED, {"place": partition})
    ]


async def _save_accounts(conn: AsyncConnection, book: Book) -> None:
    changed = sorted(book.changed)
    if not changed:
        return
    await conn.execute(_LOCKED, {"customers": changed})
    rows = [_account_row(book.accounts[name], book.partition) for name in changed]
    await upsert_rows(conn, ACCOUNT, rows, key=("customer_id",))
    await conn.execute(_MOVE_ON, {"names": changed, "times": [book.changed[n] for n in changed]})


def _account_row(account: Account, partition: int) -> dict[str, object]:
    row: dict[str, object] = {
        each.name: getattr(account, each.name) for each in fields(Account) if each.name != "limit"
    }
    limit = account.limit
    return row | {
        "partition": partition,
        "limit_minor": None if limit is None else limit.minor,
        "limit_currency": None if limit is None else limit.currency,
        "hard_triggers": msgspec.json.encode(account.hard_triggers).decode(),
        "exposures": msgspec.json.encode(account.exposures).decode(),
    }


async def _end_absorbed(conn: AsyncConnection, absorbed: Sequence[tuple[str, str]]) -> None:
    """End exactly the reservations whose orders the new exposure contains."""
    if not absorbed:
        return
    await conn.execute(
        text(
            "UPDATE tiering.credit_check AS c SET reservation = 'absorbed' "
            "FROM unnest(CAST(:customers AS text[]), CAST(:orders AS text[])) "
            "AS a(customer_id, order_id) WHERE c.customer_id = a.customer_id "
            "AND c.order_id = a.order_id AND c.reservation = 'live'"
        ),
        {
            "customers": [customer for customer, _ in absorbed],
            "orders": [order for _, order in absorbed],
        },
    )


async def _expire(conn: AsyncConnection, partition: int, closed_on: date) -> None:
    """Reservations that were valid through the closed day or less are over."""
    await conn.execute(_EXPIRE, {"place": partition, "closed_on": closed_on})


async def _mark_announced(conn: AsyncConnection, announced: Sequence[UnannouncedCheck]) -> None:
    """A check decided again since it was loaded stays to be announced."""
    if not announced:
        return
    decisions = [check.decision_id for check in announced]
    said = among(CREDIT_CHECK.c.decision_id, decisions)
    ids = among(CREDIT_CHECK.c.check_id, [check.check_id for check in announced])
    await conn.execute(CREDIT_CHECK.update().where(ids, said).values(announced=True))
