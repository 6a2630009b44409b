"""Order credit checks at the door: one look, one conditional update of the account, its check row.

Plain asyncpg on purpose: an order must not wait for batches, nor for an object mapper.
"""

from dataclasses import dataclass
from datetime import date

import asyncpg
import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tiering.storage.book import Account
from services.tiering.storage.working import read_account
from shared.decisions.stored import StoredDecision
from shared.kernel.money import Money

_STANDING = """
SELECT a.*, a.exposures::text AS exposures_text, a.hard_triggers::text AS triggers_text, p.closed_on,
  (SELECT coalesce(sum(c.reserved_minor), 0)::bigint FROM tiering.credit_check c
    WHERE c.customer_id = a.customer_id AND c.reservation = 'live' AND c.currency = $3
      AND c.order_id <> $2 AND c.reserved_until >= coalesce(p.closed_on + 1, $4)) AS reserved_minor,
  (SELECT c.check_id FROM tiering.credit_check c
    WHERE c.customer_id = a.customer_id AND c.order_id = $2 AND c.reservation = 'live') AS live_check
FROM tiering.account a LEFT JOIN tiering.partition_state p ON p.partition = a.partition
WHERE a.customer_id = $1
"""
_LOCK = "SELECT revision FROM tiering.account WHERE customer_id = $1 FOR UPDATE"
_GUARD = """
UPDATE tiering.account SET revision = revision + 1
WHERE customer_id = $1 AND revision = $2 RETURNING revision
"""
_SUPERSEDE = """
UPDATE tiering.credit_check SET reservation = 'superseded'
WHERE customer_id = $1 AND order_id = $2 AND reservation = 'live'
"""
_KEEP = """
WITH kept AS (INSERT INTO tiering.decision (decision_id, customer_id, kind, as_of, inputs,
    outcome, policy_version, model_version, cause_id, cause_source, cause_type, correlation_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12))
INSERT INTO tiering.credit_check AS c (check_id, customer_id, partition, order_id, amount_minor,
  currency, terms_days, accepts_partial, decided_by, decision_id, action, answer, reservation,
  reserved_minor, reserved_until)
VALUES ($13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24::text::jsonb, $25, $26, $27)
ON CONFLICT (check_id) DO UPDATE SET decided_by = excluded.decided_by, decided_at = now(),
  decision_id = excluded.decision_id, action = excluded.action, answer = excluded.answer,
  reservation = excluded.reservation, reserved_minor = excluded.reserved_minor,
  reserved_until = excluded.reserved_until, announced = false
"""
_TOUCH = "UPDATE tiering.account SET revision = revision + 1 WHERE customer_id = $1"
_CANCEL = """
UPDATE tiering.credit_check SET reservation = 'cancelled'
WHERE check_id = $1 AND (reservation IS NULL OR reservation = 'live')
"""
_FIND = """
SELECT *, answer::text AS answer_text FROM tiering.credit_check WHERE check_id = $1
"""
_PARTITIONS = "SELECT count(*) FROM tiering.partition_state"
_APPROVED = "SELECT count(*) FROM tiering.policy_version WHERE state = 'approved'"


@dataclass(frozen=True, slots=True)
class Standing:
    """An account as an order finds it: `reserved` for other orders, `live_check` for this one.

    `revision` moves on with every change of the account or of its reservations.
    """

    account: Account
    partition: int
    revision: int
    business_day: date
    reserved: Money
    live_check: str | None


@dataclass(frozen=True, slots=True)
class KeptCheck:
    """A credit check as it is kept; `answer` is JSON text, `reservation` None where nothing was granted."""

    check_id: str
    customer_id: str
    partition: int
    order_id: str
    amount: Money
    terms_days: int | None
    accepts_partial: bool
    decided_by: str
    decision_id: str
    action: str
    answer: str
    reservation: str | None = None
    reserved: Money | None = None
    reserved_until: date | None = None


async def raw_connection(conn: AsyncConnection) -> asyncpg.Connection:
    """The asyncpg connection under a SQLAlchemy one; the caller opens its own transaction on it."""
    raw = await conn.get_raw_connection()
    driver: asyncpg.Connection = raw.driver_connection
    return driver


async def find_standing(
    driver: asyncpg.Connection, customer_id: str, order_id: str, currency: str, *, today: date
) -> Standing | None:
    """How a customer's account stands; None for one we do not know. `today` before the ledger begins."""
    row = await driver.fetchrow(_STANDING, customer_id, order_id, currency, today)
    if row is None:
        return None
    plain = dict(row)
    plain["exposures"] = msgspec.json.decode(plain["exposures_text"])
    plain["hard_triggers"] = msgspec.json.decode(plain["triggers_text"])
    closed_on = plain["closed_on"]
    return Standing(
        account=read_account(plain),
        partition=plain["partition"],
        revision=plain["revision"],
        business_day=today if closed_on is None else date.fromordinal(closed_on.toordinal() + 1),
        reserved=Money(plain["reserved_minor"], currency),
        live_check=plain["live_check"],
    )


async def lock_account(driver: asyncpg.Connection, customer_id: str) -> None:
    """Keep everybody else from changing the account until the transaction ends."""
    await driver.fetchval(_LOCK, customer_id)


async def guard_account(driver: asyncpg.Connection, customer_id: str, revision: int) -> bool:
    """Move the account's revision on, if it is still the one that was read."""
    return await driver.fetchval(_GUARD, customer_id, revision) is not None


async def supersede(driver: asyncpg.Connection, customer_id: str, order_id: str) -> None:
    """End the live reservation of an order: a new check of it has come."""
    await driver.execute(_SUPERSEDE, customer_id, order_id)


async def cancel(driver: asyncpg.Connection, check: KeptCheck) -> None:
    """End a check's reservation, or make sure that it never gets one; the account's lock comes first."""
    await driver.execute(_TOUCH, check.customer_id)
    await driver.execute(_CANCEL, check.check_id)


async def keep_check(
    driver: asyncpg.Connection, check: KeptCheck, decision: StoredDecision
) -> None:
    """Write the check (over an earlier answer to the same one) and the decision behind it."""
    await driver.execute(
        _KEEP,
        *msgspec.structs.astuple(decision),
        check.check_id,
        check.customer_id,
        check.partition,
        check.order_id,
        check.amount.minor,
        check.amount.currency,
        check.terms_days,
        check.accepts_partial,
        check.decided_by,
        check.decision_id,
        check.action,
        check.answer,
        check.reservation,
        None if check.reserved is None else check.reserved.minor,
        check.reserved_until,
    )


async def find_check(driver: asyncpg.Connection, check_id: str) -> KeptCheck | None:
    """The credit check of that id."""
    row = await driver.fetchrow(_FIND, check_id)
    if row is None:
        return None
    currency, reserved = row["currency"], row["reserved_minor"]
    return KeptCheck(
        check_id=row["check_id"],
        customer_id=row["customer_id"],
        partition=row["partition"],
        order_id=row["order_id"],
        amount=Money(row["amount_minor"], currency),
        terms_days=row["terms_days"],
        accepts_partial=row["accepts_partial"],
        decided_by=row["decided_by"],
        decision_id=row["decision_id"],
        action=row["action"],
        answer=row["answer_text"],
        reservation=row["reservation"],
        reserved=None if reserved is None else Money(reserved, currency),
        reserved_until=row["reserved_until"],
    )


async def count_partitions(driver: asyncpg.Connection) -> int:
    """How many partitions there are; at least one."""
    counted: int = await driver.fetchval(_PARTITIONS)
    return max(1, counted)


async def count_policies(driver: asyncpg.Connection) -> int:
    """How many policy versions have been approved."""
    counted: int = await driver.fetchval(_APPROVED)
    return counted
