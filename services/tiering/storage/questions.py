"""What doors ask: the tier on a day, the limits over time, everybody by tier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, Select, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tiering.domain.model import Tier
from services.tiering.storage.book import Account
from services.tiering.storage.tables import ACCOUNT, LIMIT_HISTORY, TIER_HISTORY
from services.tiering.storage.working import read_account
from shared.kernel.errors import NotFoundError
from shared.kernel.money import Money

ReasonRows = list[dict[str, float | str | None]]


@dataclass(frozen=True, slots=True)
class TierThen:
    """A tier as it was decided, with what it meant and why."""

    customer_id: str
    as_of: date
    decision_id: str
    tier: str
    since: date
    matrix_tier: str
    grade: str
    payment_terms_days: int
    measures: dict[str, str]
    reasons: ReasonRows
    policy_version: str


@dataclass(frozen=True, slots=True)
class LimitThen:
    """A credit limit as it was decided; `ordinal` counts a customer's limits from 1."""

    ordinal: int
    as_of: date
    decision_id: str
    amount: Money
    binding_cap: str
    reasons: ReasonRows
    policy_version: str


async def find_tier(
    conn: AsyncConnection, customer_id: str, *, as_of: date | None
) -> tuple[TierThen, LimitThen | None]:
    """Tier and limit at the end of a day, None for the newest. Raises `NotFoundError`."""
    tier = (await conn.execute(_newest(TIER_HISTORY, customer_id, as_of))).mappings().first()
    if tier is None:
        raise NotFoundError(kind="tier of customer", name=customer_id)
    limit = (await conn.execute(_newest(LIMIT_HISTORY, customer_id, as_of))).mappings().first()
    names = TierThen.__dataclass_fields__
    then = TierThen(**{name: tier[name] for name in names})
    return then, None if limit is None else _limit(limit)


async def find_limits(
    conn: AsyncConnection, customer_id: str, *, before: int | None, most: int
) -> Sequence[LimitThen]:
    """A customer's limits, newest first, from the one before `before`."""
    wanted = _newest(LIMIT_HISTORY, customer_id, None).limit(most)
    if before is not None:
        wanted = wanted.where(LIMIT_HISTORY.c.ordinal < before)
    return [_limit(row) for row in (await conn.execute(wanted)).mappings()]


async def find_accounts(
    conn: AsyncConnection, *, tier: Tier | None, after: str | None, most: int
) -> Sequence[Account]:
    """Customers that have a tier, by id, from the one after `after`."""
    wanted = select(ACCOUNT).order_by(ACCOUNT.c.customer_id).limit(most)
    wanted = wanted.where(ACCOUNT.c.tier.is_not(None) if tier is None else ACCOUNT.c.tier == tier)
    if after is not None:
        wanted = wanted.where(ACCOUNT.c.customer_id > after)
    return [read_account(dict(row)) for row in (await conn.execute(wanted)).mappings()]


def _newest(
    table: Table, customer_id: str, as_of: date | None
) -> Select[Any]:  # the table's columns
    wanted = select(table).where(table.c.customer_id == customer_id)
    if as_of is not None:
        wanted = wanted.where(table.c.as_of <= as_of)
    return wanted.order_by(table.c.ordinal.desc())


def _limit(row: RowMapping) -> LimitThen:
    return LimitThen(
        ordinal=row["ordinal"],
        as_of=row["as_of"],
        decision_id=row["decision_id"],
        amount=Money(row["amount_minor"], row["currency"]),
        binding_cap=row["binding_cap"],
        reasons=row["reasons"],
        policy_version=row["policy_version"],
    )
