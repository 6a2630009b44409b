"""The table of profiles: what the outside says of a customer, apart from what the hot path writes."""

from collections.abc import Iterable, Mapping

import msgspec
from sqlalchemy import Column, Integer, Table, Text, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.domain.outside.profile import Profile
from services.monitoring.storage.schema import METADATA
from shared.db.bulk import among, upsert_rows

profile = Table(
    "profile",
    METADATA,
    Column("customer_id", Text, primary_key=True),
    Column("partition", Integer, nullable=False),
    Column("state", Text, nullable=False, comment="Profile as JSON"),
    comment="statements, signals and sector of a customer",
)
_decoder = msgspec.json.Decoder(Profile)
_encoder = msgspec.json.Encoder(order="deterministic", decimal_format="string")


async def load_profiles(conn: AsyncConnection, customers: Iterable[str]) -> dict[str, Profile]:
    """The profiles of those customers that have one."""
    wanted = sorted(customers)
    if not wanted:
        return {}
    query = select(profile.c.customer_id, profile.c.state)
    found = await conn.execute(query.where(among(profile.c.customer_id, wanted)))
    return {row.customer_id: read_profile(row.state) for row in found}


async def save_profiles(
    conn: AsyncConnection, profiles: Mapping[str, Profile], *, partition: int
) -> None:
    """Write profiles by customer, in one statement."""
    rows = [
        {"customer_id": customer_id, "partition": partition, "state": write_profile(kept)}
        for customer_id, kept in sorted(profiles.items())
    ]
    await upsert_rows(conn, profile, rows, key=("customer_id",))


def write_profile(kept: Profile) -> str:
    """A profile as text: the same profile always gives the same text."""
    return _encoder.encode(kept).decode()


def read_profile(state: str) -> Profile:
    """A profile from its text."""
    return _decoder.decode(state)
