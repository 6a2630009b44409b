"""Services as processes over Apache Kafka, and what stands in their database afterwards."""

import asyncio
from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from shared.contracts import catalogue
from shared.testing.kafka_server import KafkaServer
from shared.testing.processes import run_command

_NOBODY = "http://127.0.0.1:1"
Rows = list[tuple[str, ...]]


def environment_of(url: str, broker: KafkaServer) -> dict[str, str]:
    """Where processes find the database and the broker."""
    return {
        "OBLIGOR_DATABASE_URL": url,
        "OBLIGOR_TRANSPORT": "kafka",
        "OBLIGOR_KAFKA_BOOTSTRAP": broker.bootstrap,
    }


def migrate(url: str, broker: KafkaServer) -> None:
    """Topics and tables anew, as `obligor migrate` makes them."""
    asyncio.run(broker.delete_topics(sorted(catalogue.EVENTS)))
    run_command(["migrate"], url=_NOBODY, environment=environment_of(url, broker))


async def rows_of(url: str, queries: Collection[tuple[str, str]]) -> dict[str, Rows]:
    """The answers of some queries by name, each row as text, sorted."""
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://"))
    try:
        async with engine.connect() as conn:
            return {name: await _rows(conn, query) for name, query in queries}
    finally:
        await engine.dispose()


async def _rows(conn: AsyncConnection, query: str) -> Rows:
    return sorted(tuple(str(each) for each in row) for row in await conn.execute(text(query)))
