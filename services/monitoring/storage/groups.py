"""Relationships and linked customers, in tables that every partition reads and each writes its part of."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    Row,
    Table,
    Text,
    or_,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.domain.learning.links import Links
from services.monitoring.domain.outside.group_standing import Edge, Groups, MemberAmount, MemberDay
from services.monitoring.storage.schema import METADATA
from services.monitoring.storage.sectors import closed_elsewhere, membership
from shared.chassis.service import Scope
from shared.contracts.screening import CustomerRegistered
from shared.db.bulk import among, delete_rows, insert_rows, upsert_rows

SLACK = timedelta(days=7)
"""How long records are kept beyond what any partition may still ask for."""

relationship = Table(
    "relationship",
    METADATA,
    Column("customer_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("party", Text, primary_key=True, comment="another customer's id, or a name"),
    Column("share", Float(53)),
    Column("from_day", Date, nullable=False, comment="the business day on which it was told"),
    Column("until", Date, comment="the day from which it counts no more"),
    Index(None, "party"),
)
member_day = Table(
    "member_day",
    METADATA,
    Column("customer_id", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("partition", Integer, nullable=False),
    Column("ews", Float(53), nullable=False, comment="its own, without what others add"),
    Column("in_default", Boolean, nullable=False),
    Column("amounts", Text, nullable=False, comment="exposure and limit by currency, as JSON"),
    comment="how a linked customer stood at a close, until its next such row",
)
_PRUNE = text(
    "DELETE FROM monitoring.member_day AS m USING unnest(CAST(:names AS text[])) AS n(name) "
    "WHERE m.customer_id = n.name AND m.day < (SELECT max(k.day) FROM monitoring.member_day AS k "
    "WHERE k.customer_id = m.customer_id AND k.day <= :horizon)"
)
_REACHED = text(
    "WITH RECURSIVE reached (name) AS (SELECT unnest(CAST(:names AS text[])) UNION "
    "SELECT near.name FROM reached CROSS JOIN LATERAL ("
    "SELECT party AS name FROM monitoring.relationship WHERE customer_id = reached.name UNION ALL "
    "SELECT customer_id FROM monitoring.relationship WHERE party = reached.name) AS near "
    "JOIN monitoring.membership AS known ON known.customer_id = near.name) "
    "SELECT name FROM reached"
)
"""Customers and all registered ones that relationships lead to from them, one after another."""
_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(tuple[MemberAmount, ...])


async def newly_linked(conn: AsyncConnection, scope: Scope) -> frozenset[str]:
    """The partition's customers that are linked to others and do not know it, where a day may close.

    Those too that a batch's register entries name, or that named who is registered only now: they are
    linked before the day closes in it.
    """
    if scope.closing_through is None:
        return frozenset()
    here, there = membership.alias("here"), membership.alias("there")
    mine = here.c.partition == scope.partition
    registered = among(relationship.c.party, sorted(_registered_in(scope)))
    naming = await conn.scalars(select(relationship.c.customer_id).where(registered))
    names = sorted({*named_in(scope), *naming})
    told_of = select(here.c.customer_id).where(mine, among(here.c.customer_id, names))
    found = set(await conn.scalars(told_of))
    for near, far in (("customer_id", "party"), ("party", "customer_id")):
        query = select(here.c.customer_id).where(
            mine,
            ~here.c.linked,
            here.c.customer_id == relationship.c[near],
            there.c.customer_id == relationship.c[far],
            relationship.c.until.is_(None),
        )
        found.update(await conn.scalars(query))
    return frozenset(found)


def named_in(scope: Scope) -> frozenset[str]:
    """The customers that the register speaks of in a batch, and those it names beside them."""
    told = [each.event for each in scope.deliveries if isinstance(each.event, CustomerRegistered)]
    parties = {edge.party for each in told for edge in each.relationships}
    return frozenset(parties | _registered_in(scope))


def _registered_in(scope: Scope) -> set[str]:
    told = (each.event for each in scope.deliveries)
    return {each.customer_id for each in told if isinstance(each, CustomerRegistered)}


async def load_groups(conn: AsyncConnection, partition: int, names: Iterable[str]) -> Groups:
    """All relationships by which some customers hang together with others, and how everyone stood.

    However far: how many of them away anyone looks is the policy's to say.
    """
    groups = Groups(complete_on=await closed_elsewhere(conn, partition))
    wanted = sorted(names)
    if not wanted:
        return groups
    reached = set(await conn.scalars(_REACHED, {"names": wanted}))
    edges = await _edges_of(conn, reached)
    for each in edges:
        groups.note_edge(each)
    await _load_since(conn, groups, reached | _ends(edges))
    await _load_members(conn, groups, reached)
    return groups


async def all_links(conn: AsyncConnection) -> Links:
    """Every relationship between registered customers, and since when each of these is registered."""
    near, far, table = membership.alias("near"), membership.alias("far"), relationship
    known = table.join(near, near.c.customer_id == table.c.customer_id)
    known = known.join(far, far.c.customer_id == table.c.party)
    query = select(table, near.c.since.label("near"), far.c.since.label("far")).select_from(known)
    found = list(await conn.execute(query.order_by(*table.primary_key.columns)))
    since = {row.customer_id: row.near for row in found} | {row.party: row.far for row in found}
    return Links(edges=tuple(_edge(row) for row in found), since=since)


async def save_groups(conn: AsyncConnection, groups: Groups, *, partition: int) -> None:
    """Write relationships that changed and how linked customers stand; drop what nobody asks for."""
    await delete_rows(conn, relationship, "customer_id", sorted(groups.changed))
    told = [_edge_row(each) for _, edges in sorted(groups.changed.items()) for each in edges]
    await insert_rows(conn, relationship, told)
    rows = [_member_row(each, partition) for each in groups.news]
    await upsert_rows(conn, member_day, rows, key=("customer_id", "day"))
    if groups.news and groups.complete_on is not None:
        newest = max(each.day for each in groups.news)
        horizon = min(newest, groups.complete_on) - SLACK
        names = sorted({each.customer_id for each in groups.news})
        await conn.execute(_PRUNE, {"names": names, "horizon": horizon})


async def _edges_of(conn: AsyncConnection, names: Iterable[str]) -> list[Edge]:
    wanted, table = sorted(names), relationship
    touches = or_(among(table.c.customer_id, wanted), among(table.c.party, wanted))
    found = await conn.execute(select(table).where(touches))
    return [_edge(row) for row in found]


def _edge(row: Row[Any]) -> Edge:
    """An edge of its row.  Any: columns of several types."""
    return Edge(
        customer_id=row.customer_id,
        kind=row.kind,
        party=row.party,
        share=row.share,
        from_day=row.from_day,
        until=row.until,
    )


async def _load_since(conn: AsyncConnection, groups: Groups, names: Iterable[str]) -> None:
    columns = (membership.c.customer_id, membership.c.since)
    wanted = among(membership.c.customer_id, sorted(names))
    for row in await conn.execute(select(*columns).where(wanted)):
        groups.since[row.customer_id] = row.since


async def _load_members(conn: AsyncConnection, groups: Groups, names: Iterable[str]) -> None:
    wanted = sorted(names)
    if not wanted:
        return
    query = select(member_day).where(among(member_day.c.customer_id, wanted))
    for row in await conn.execute(query.order_by(member_day.c.customer_id, member_day.c.day)):
        record = MemberDay(
            customer_id=row.customer_id,
            day=row.day,
            ews=row.ews,
            in_default=row.in_default,
            amounts=_decoder.decode(row.amounts),
        )
        groups.members.setdefault(row.customer_id, []).append(record)


def _ends(edges: Sequence[Edge]) -> set[str]:
    return {name for each in edges for name in (each.customer_id, each.party)}


def _edge_row(edge: Edge) -> Mapping[str, object]:
    return {
        "customer_id": edge.customer_id,
        "kind": edge.kind,
        "party": edge.party,
        "share": edge.share,
        "from_day": edge.from_day,
        "until": edge.until,
    }


def _member_row(record: MemberDay, partition: int) -> Mapping[str, object]:
    return {
        "customer_id": record.customer_id,
        "day": record.day,
        "partition": partition,
        "ews": record.ews,
        "in_default": record.in_default,
        "amounts": _encoder.encode(record.amounts).decode(),
    }
