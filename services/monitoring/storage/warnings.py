"""The table of warnings: one row from the raising of a warning to its end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import msgspec
from sqlalchemy import Column, Date, Float, Index, Integer, Select, Table, Text, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.domain.policies.warnings import Severity
from services.monitoring.domain.watching.risk_warning import RiskWarning, WarningStatus
from services.monitoring.storage.schema import METADATA
from shared.db.bulk import among, upsert_rows
from shared.decisions.stored import canonical_json

warning = Table(
    "warning",
    METADATA,
    Column("warning_id", Text, primary_key=True),
    Column("customer_id", Text, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("indicator", Text, nullable=False),
    Column("severity", Text, nullable=False, comment="watch|amber|red, as last said"),
    Column("status", Text, nullable=False, comment="open|acknowledged|resolved|suppressed"),
    Column("raised_on", Date, nullable=False),
    Column("changed_on", Date, nullable=False, comment="the day it was last said or resolved"),
    Column("value", Float(53), nullable=False),
    Column("threshold", Float(53), nullable=False),
    Column("evidence", JSONB, nullable=False),
    Column("correlation_id", Text, nullable=False, comment="of the chain that raised it"),
    Column("acknowledged_by", Text),
    Column("acknowledged_on", Date),
    Column("resolved_by", Text, comment="empty if it cleared by itself"),
    Column("resolved_on", Date),
    Column("label", Text, comment="true|benign|data_error|duplicate: a person's verdict"),
    Column("labelled_by", Text),
    Column("labelled_on", Date),
    Column("note", Text),
    Column("case_id", Text, comment="joins warnings of one customer that came together"),
    Column("pending_since", Date, comment="the day it began to wait for somebody"),
    Column("pending_at", TIMESTAMP(timezone=True), comment="the moment, by the event behind it"),
    Column("amber_on", Date, comment="the first day it was amber or worse"),
    Column("red_on", Date, comment="the first day it was red"),
    Column("worst_value", Float(53)),
    Column("exposure", JSONB, nullable=False, comment="at stake when raised, in minor units"),
    Column("snooze", JSONB),
    Column("said", Integer, nullable=False, comment="announcements"),
    Column("held", Integer, nullable=False, comment="observations in breach that were held back"),
    Index(None, "customer_id", "raised_on"),
    Index(None, "case_id"),
    Index(None, "raised_on", "warning_id"),
    Index(None, "status", "raised_on"),
)


_TOLD_APART = {"partition", "indicator", "severity", "status", "label", "evidence"}
_JSON = {"exposure", "snooze"}
_PLAIN = tuple(each.name for each in warning.columns if each.name not in _TOLD_APART | _JSON)


class _Named(msgspec.Struct, frozen=True):
    """A command's payload, as far as it names a warning."""

    warning_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningQuestion:
    """Which warnings are asked for; None asks for all. `after` is the last one already seen."""

    customer_id: str | None = None
    severity: Severity | None = None
    status: WarningStatus | None = None
    case_id: str | None = None
    after: tuple[date, str] | None = None
    limit: int = 50


async def save_warnings(
    conn: AsyncConnection, warnings: Iterable[RiskWarning], *, partition: int
) -> None:
    """Write warnings as they stand now, in one statement."""
    rows = [_row(each, partition) for each in sorted(warnings, key=lambda one: one.warning_id)]
    await upsert_rows(conn, warning, rows, key=("warning_id",))


async def find_warnings(conn: AsyncConnection, question: WarningQuestion) -> list[RiskWarning]:
    """Warnings, newest first."""
    newest_first = (warning.c.raised_on.desc(), warning.c.warning_id.desc())
    query = _asked(select(warning), question).order_by(*newest_first).limit(question.limit)
    return [_warning(row) for row in (await conn.execute(query)).mappings()]


async def find_warning(conn: AsyncConnection, warning_id: str) -> RiskWarning | None:
    """One warning, if there ever was one of that id."""
    found = await conn.execute(select(warning).where(warning.c.warning_id == warning_id))
    row = found.mappings().one_or_none()
    return None if row is None else _warning(row)


async def recall_warnings(
    conn: AsyncConnection, commands: Iterable[tuple[str, bytes]]
) -> dict[str, RiskWarning]:
    """The warnings that a batch's commands speak of, by id; most batches have none."""
    wanted = sorted({named.warning_id for _, payload in commands if (named := _named(payload))})
    if not wanted:
        return {}
    found = await conn.execute(select(warning).where(among(warning.c.warning_id, wanted)))
    return {row["warning_id"]: _warning(row) for row in found.mappings()}


def _named(payload: bytes) -> "_Named | None":
    try:
        return msgspec.json.decode(payload, type=_Named)
    except msgspec.DecodeError:
        return None  # a command about something else


def _asked(query: Select[tuple[object]], question: WarningQuestion) -> Select[tuple[object]]:
    if question.customer_id is not None:
        query = query.where(warning.c.customer_id == question.customer_id)
    if question.severity is not None:
        query = query.where(warning.c.severity == question.severity.value)
    if question.status is not None:
        query = query.where(warning.c.status == question.status.value)
    if question.case_id is not None:
        query = query.where(warning.c.case_id == question.case_id)
    if question.after is not None:
        query = query.where(tuple_(warning.c.raised_on, warning.c.warning_id) < question.after)
    return query


def _row(kept: RiskWarning, partition: int) -> Mapping[str, object]:
    plain = {name: getattr(kept, name) for name in _PLAIN}
    return {
        **plain,
        "partition": partition,
        "indicator": kept.indicator.value,
        "severity": kept.severity.value,
        "status": kept.status.value,
        "label": None if kept.label is None else kept.label.value,
        "evidence": canonical_json(kept.evidence),
        "exposure": canonical_json(kept.exposure),
        "snooze": None if kept.snooze is None else canonical_json(kept.snooze),
    }


def _warning(row: RowMapping) -> RiskWarning:
    plain = {str(name): value for name, value in row.items() if name != "partition"}
    return msgspec.convert(plain, RiskWarning)
