"""The table of simulations: dry runs of a policy, how far they have come and what they found."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Column, Integer, Table, Text, select, update
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.storage.schema import METADATA

simulation = Table(
    "simulation",
    METADATA,
    Column("simulation_id", Text, primary_key=True),
    Column("status", Text, nullable=False, comment="running|done|failed"),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", TIMESTAMP(timezone=True), nullable=False),
    Column("moved_at", TIMESTAMP(timezone=True), nullable=False, comment="when it last got on"),
    Column("wish", JSONB, nullable=False, comment="the policy to try and over what"),
    Column("customers", Integer, nullable=False, comment="customers replayed so far"),
    Column("outcome", JSONB, comment="both policies side by side"),
    Column("reason", Text, comment="why it failed"),
    comment="dry runs of policies over the stored history",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """One dry run; status running|done|failed."""

    simulation_id: str
    status: str
    asked_by: str
    asked_at: datetime
    moved_at: datetime
    wish: Mapping[str, object]
    customers: int = 0
    outcome: Mapping[str, object] | None = None
    reason: str | None = None


async def add_simulation(conn: AsyncConnection, kept: Simulation) -> None:
    """Keep a dry run that begins."""
    await conn.execute(simulation.insert().values(**asdict(kept)))


async def move_simulation(
    conn: AsyncConnection, simulation_id: str, moved_at: datetime, **changed: object
) -> None:
    """Write how far a dry run has come, or how it ended."""
    table = simulation
    await conn.execute(
        update(table)
        .where(table.c.simulation_id == simulation_id)
        .values(moved_at=moved_at, **changed)
    )


async def find_simulation(conn: AsyncConnection, simulation_id: str) -> Simulation | None:
    """One dry run, if there ever was one of that id."""
    found = await conn.execute(
        select(simulation).where(simulation.c.simulation_id == simulation_id)
    )
    row = found.mappings().one_or_none()
    return None if row is None else Simulation(**{str(key): value for key, value in row.items()})
