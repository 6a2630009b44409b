"""A service's way to PostgreSQL: one small pool, transactions that only the chassis opens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

_CONNECTIONS_PER_SERVICE = 6  # of the 8 a service may hold; one is for leases, one listens
_STATEMENT_TIMEOUT_MS = "60000"
_OPENING = text("SELECT 1")


def role_of(service: str) -> str:
    """The database role a service works as."""
    return f"obligor_{service}"


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """Where PostgreSQL is and how a service may use it.

    `roles` False means the login of `url` is used as it is (its owner manages rights elsewhere);
    `pgbouncer` switches prepared statements off, as transaction pooling needs.
    """

    url: str
    roles: bool = True
    pgbouncer: bool = False


class Database:
    """One service's pool. `transaction()` commits on success and rolls back on any exception."""

    def __init__(self, settings: DatabaseSettings, service: str) -> None:
        self.settings = settings
        self.service = service
        self.url = make_url(settings.url).set(drivername="postgresql+asyncpg")
        self._engine = self._pool(_CONNECTIONS_PER_SERVICE)
        self._vital = self._pool(1)

    def _pool(self, size: int) -> AsyncEngine:
        engine = create_async_engine(
            self.url,
            pool_size=size,
            max_overflow=0,
            pool_timeout=20,
            connect_args=self._connect_args(),
        )
        event.listen(engine.sync_engine, "checkout", _refuse_closed)
        return engine

    def _connect_args(self) -> dict[str, object]:
        server = {
            "application_name": f"obligor-{self.service}",
            "jit": "off",
            "timezone": "UTC",
            "statement_timeout": _STATEMENT_TIMEOUT_MS,
        }
        if self.settings.roles:
            server["role"] = role_of(self.service)
        arguments: dict[str, object] = {"server_settings": server, "timeout": 10}
        if self.settings.pgbouncer:
            arguments |= {"statement_cache_size": 0, "prepared_statement_cache_size": 0}
        return arguments

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """One transaction, READ COMMITTED: committed at the end of the block, or not at all."""
        async with self._engine.begin() as conn:
            yield conn

    @asynccontextmanager
    async def vital_transaction(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that must not wait behind the work: leases are renewed in it."""
        async with self._vital.begin() as conn:
            yield conn

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """One consistent read-only look at the database (REPEATABLE READ)."""
        async with self._engine.connect() as conn:
            steady = await conn.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            yield steady

    async def listener(self) -> asyncpg.Connection:
        """A connection of its own for LISTEN; the caller closes it."""
        query = self.url.query
        host = query.get("host", self.url.host)
        return await asyncpg.connect(
            host=host if isinstance(host, str) else None,
            port=self.url.port,
            user=self.url.username,
            password=self.url.password,
            database=self.url.database,
            timeout=10,
        )

    async def close(self) -> None:
        """Give all connections back."""
        await self._engine.dispose()
        await self._vital.dispose()


async def driver_of(conn: AsyncConnection) -> asyncpg.Connection:
    """The asyncpg connection under a SQLAlchemy one, inside the same transaction.

    SQLAlchemy begins lazily: where nothing was asked before, the transaction is opened first, or raw
    calls would run outside it.
    """
    raw = await conn.get_raw_connection()
    driver: asyncpg.Connection = raw.driver_connection
    if not driver.is_in_transaction():
        await conn.execute(_OPENING)
    return driver


def _refuse_closed(
    connection: DBAPIConnection, _entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    """Have the pool replace a connection that the server has closed.

    The socket has told by then, so there is no need to ask the server with every transaction.
    """
    driver: asyncpg.Connection = connection.driver_connection
    if driver.is_closed():
        raise DisconnectionError
