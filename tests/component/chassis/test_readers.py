"""What of a log may go: only what is old and what every registered reader has passed."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
from sqlalchemy import text

from shared.contracts.transactions import OrderPlaced
from shared.log.readers import drop_reader, lags, prune, report_progress
from shared.testing.database import TestServer
from shared.testing.toy import toy_service
from shared.testing.workers import Bench, bench, running

LOGS = [("obligor.transactions", "monitoring_log")]


@pytest.fixture
async def toy(postgres: TestServer) -> AsyncIterator[Bench]:
    service = toy_service()
    made = bench(service, await postgres.fresh([service]))
    for number in range(3):
        order = OrderPlaced(order_id=f"o{number}", amount=Decimal(10), currency="EUR")
        await made.append(made.entry(order, customer_id="c1", event_id=f"e{number}"))
    yield made
    await made.database.close()


async def age_all(toy: Bench, *, days: int) -> None:
    async with toy.database.transaction() as conn:
        await conn.execute(
            text(
                "UPDATE monitoring_log.log SET appended_at = now() - make_interval(days => :days)"
            ),
            {"days": days},
        )


async def pruned(toy: Bench) -> int:
    async with toy.database.transaction() as conn:
        return await prune(conn, "monitoring")


async def report(toy: Bench) -> None:
    async with toy.database.transaction() as conn:
        await report_progress(conn, "monitoring", LOGS)


async def work_off(toy: Bench) -> None:
    async with running(toy.worker()):
        await toy.at_rest()


async def test_young_rows_stay(toy: Bench) -> None:
    await age_all(toy, days=13)
    assert await pruned(toy) == 0


async def test_old_rows_that_everyone_has_passed_go(toy: Bench) -> None:
    await work_off(toy)
    await report(toy)
    await age_all(toy, days=15)
    assert await pruned(toy) >= 3


async def test_a_slow_reader_holds_back_what_it_has_not_read(toy: Bench) -> None:
    await work_off(toy)
    async with toy.database.transaction() as conn:
        await conn.execute(
            text(
                "INSERT INTO monitoring_log.log_reader (group_name, topic, partition, position) "
                "SELECT 'slow', topic, partition, 1 FROM monitoring_log.log_head"
            )
        )
    await age_all(toy, days=15)
    await pruned(toy)
    left = await toy.fetch(
        "SELECT \"offset\" FROM monitoring_log.log WHERE topic = 'obligor.transactions'"
    )
    assert sorted(row.offset for row in left) == [1, 2]


async def test_a_dropped_reader_holds_nothing_back(toy: Bench) -> None:
    await test_a_slow_reader_holds_back_what_it_has_not_read(toy)
    async with toy.database.transaction() as conn:
        assert await drop_reader(conn, "monitoring", "slow") > 0
    assert await pruned(toy) >= 2


async def test_lag_counts_what_is_not_applied_yet(toy: Bench) -> None:
    async with toy.database.transaction() as conn:
        before = await lags(conn, "monitoring", LOGS)
    await work_off(toy)
    async with toy.database.transaction() as conn:
        after = await lags(conn, "monitoring", LOGS)
    assert [each.lag for each in before] == [3]
    assert [each.lag for each in after] == [0]
