"""The policies that doors decide by: read once, and again when another version has been approved."""

from weakref import WeakKeyDictionary

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tiering.domain.policy import TieringPolicy
from services.tiering.storage.checks import count_policies
from shared.chassis.doors import Doors
from shared.db.engine import Database
from shared.policies.book import PolicyBook
from shared.policies.versions import load_policies

_Shelf = WeakKeyDictionary[Database, tuple[int, PolicyBook[TieringPolicy]]]
_shelf: _Shelf = WeakKeyDictionary()


async def policies_of(
    doors: Doors, conn: AsyncConnection, driver: asyncpg.Connection
) -> PolicyBook[TieringPolicy]:
    """All approved versions; approved ones never change, so their number tells whether one is new."""
    approved = await count_policies(driver)
    known = _shelf.get(doors.database)
    if known is not None and known[0] == approved:
        return known[1]
    book: PolicyBook[TieringPolicy] = await load_policies(conn, doors.service)
    _shelf[doors.database] = (approved, book)
    return book
