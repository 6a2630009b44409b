"""The table of warnings: one row from the raising of a warning to its end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import msgspec
from sqlalchemy import Column, Date, Float, Index, Integer, Select, Table, Text, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.domain.policy_warnings import Severity
from services.monitoring.domain.risk_warning import RiskWarning, WarningStatus
from services.monitoring.storage.schema import METADATA
from shared.db.bulk import upsert_rows
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
    Column("note", Text),
    Index(None, "customer_id", "raised_on"),
    Index(None, "raised_on", "warning_id"),
    Index(None, "status", "raised_on"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningQuestion:
    """Which warnings are asked for; None asks for all. `after` is the last one already seen."""

    customer_id: str | None = None
    severity: Severity | None = None
    status: WarningStatus | None = None
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


def _asked(query: Select[tuple[object]], question: WarningQuestion) -> Select[tuple[object]]:
    if question.customer_id is not None:
        query = query.where(warning.c.customer_id == question.customer_id)
    if question.severity is not None:
        query = query.where(warning.c.severity == question.severity.value)
    if question.status is not None:
        query = query.where(warning.c.status == question.status.value)
    if question.after is not None:
        query = query.where(tuple_(warning.c.raised_on, warning.c.warning_id) < question.after)
    return query


def _row(kept: RiskWarning, partition: int) -> Mapping[str, object]:
    return {
        "warning_id": kept.warning_id,
        "customer_id": kept.customer_id,
        "partition": partition,
        "indicator": kept.indicator.value,
        "severity": kept.severity.value,
        "status": kept.status.value,
        "raised_on": kept.raised_on,
        "changed_on": kept.changed_on,
        "value": kept.value,
        "threshold": kept.threshold,
        "evidence": canonical_json(kept.evidence),
        "correlation_id": kept.correlation_id,
        "acknowledged_by": kept.acknowledged_by,
        "acknowledged_on": kept.acknowledged_on,
        "resolved_by": kept.resolved_by,
        "resolved_on": kept.resolved_on,
        "label": None if kept.label is None else kept.label.value,
        "note": kept.note,
    }


def _warning(row: RowMapping) -> RiskWarning:
    plain = {str(name): value for name, value in row.items() if name != "partition"}
    return msgspec.convert(plain, RiskWarning)
