"""A batch's records, sifted; an id that comes again with another body is told to the service once."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bus.port import Record
from shared.chassis.sieve import Sieve, Sifted
from shared.db.bulk import among
from shared.kernel.values import replace
from shared.log.checkpoints import Checkpoint
from shared.log.seen import Name, load_seen
from shared.log.tables import WorkTables


async def sift(
    conn: AsyncConnection,
    tables: WorkTables,
    sieve: Sieve,
    records: Sequence[Record],
    checkpoints: Mapping[str, Checkpoint],
) -> tuple[list[Sifted], set[Name]]:
    """Sort records in their order, against what came before them; names those that nobody has seen.

    A conflict that is delivered again parks once, by where it lay; so it is told once, too.
    """
    names = sieve.names(records)
    known = await load_seen(conn, tables, names)
    unseen = names - known.keys()
    sifted = sieve.sift(records, checkpoints, known)
    named = {each.letter.dead_letter_id for each in sifted if each.conflict and each.letter}
    if not named:
        return sifted, unseen
    letters = tables.dead_letter.c.dead_letter_id
    told = set((await conn.execute(select(letters).where(among(letters, sorted(named))))).scalars())
    kept = [_unless_told(each, told) if each.conflict else each for each in sifted]
    return kept, unseen


def _unless_told(sifted: Sifted, told: set[str]) -> Sifted:
    name = sifted.letter.dead_letter_id if sifted.letter else ""
    if name in told:
        return replace(sifted, conflict=None)
    told.add(name)
    return sifted
