"""A worker on a real PostgreSQL: order, duplicates, poison, days, commands, ownership."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal

import pytest

from shared.contracts.transactions import DayClosed, OrderPlaced
from shared.log.append import Entry
from shared.testing.database import TestServer
from shared.testing.toy import toy_service
from shared.testing.workers import Bench, bench, running, until


@pytest.fixture
async def toy(postgres: TestServer) -> AsyncIterator[Bench]:
    service = toy_service()
    made = bench(service, await postgres.fresh([service]))
    yield made
    await made.database.close()


def an_order(name: str) -> OrderPlaced:
    return OrderPlaced(order_id=name, amount=Decimal(10), currency="EUR")


async def tallies(toy: Bench) -> dict[str, list[str]]:
    return {
        row.customer_id: row.orders
        for row in await toy.fetch("SELECT customer_id, orders FROM monitoring.tally")
    }


async def test_records_are_applied_in_the_order_of_their_partition(toy: Bench) -> None:
    names = [f"o{number}" for number in range(50)]
    for name in names:
        await toy.append(toy.entry(an_order(name), customer_id="c1", event_id=name))
    async with running(toy.worker()):
        await toy.at_rest()
    assert await tallies(toy) == {"c1": names}


async def test_each_applied_record_is_announced_once(toy: Bench) -> None:
    await toy.append(toy.entry(an_order("o1"), customer_id="c1", event_id="e1"))
    async with running(toy.worker()):
        await toy.at_rest()
    rows = await toy.fetch(
        "SELECT headers FROM monitoring_log.log WHERE topic = 'obligor.monitoring'"
    )
    assert [row.headers["ce_causationid"] for row in rows] == ["e1"]


async def test_the_same_id_with_the_same_body_counts_once(toy: Bench) -> None:
    entry = toy.entry(an_order("o1"), customer_id="c1", event_id="e1")
    await toy.append(entry, entry)
    await toy.append(entry)
    async with running(toy.worker()):
        await toy.at_rest()
    assert await tallies(toy) == {"c1": ["o1"]}


async def test_the_same_id_with_another_body_is_parked(toy: Bench) -> None:
    await toy.append(toy.entry(an_order("o1"), customer_id="c1", event_id="e1"))
    await toy.append(toy.entry(an_order("o2"), customer_id="c1", event_id="e1"))
    async with running(toy.worker()):
        await toy.at_rest()
    assert await tallies(toy) == {"c1": ["o1"]}
    parked = await toy.fetch("SELECT code FROM monitoring.dead_letter")
    assert [row.code for row in parked] == ["conflicting_duplicate"]


async def test_poison_is_parked_and_the_rest_flows_on(toy: Bench) -> None:
    good = [toy.entry(an_order(f"o{n}"), customer_id="c1", event_id=f"e{n}") for n in range(3)]
    bad = toy.entry(an_order("poison"), customer_id="c1", event_id="bad")
    headers = dict(bad.headers) | {"ce_id": "junk"}
    garbage = Entry(bad.topic, bad.partition, "c1", headers, b"\x00{not json")
    await toy.append(good[0], bad, good[1], garbage, good[2])
    async with running(toy.worker()):
        await toy.at_rest()
    assert await tallies(toy) == {"c1": ["o0", "o1", "o2"]}
    parked = await toy.fetch("SELECT code, value FROM monitoring.dead_letter ORDER BY code")
    assert [row.code for row in parked] == ["malformed_event", "poison_order"]
    assert bytes(parked[0].value) == b"\x00{not json"


async def test_a_record_without_an_envelope_is_parked(toy: Bench) -> None:
    entry = toy.entry(an_order("o1"), customer_id="c1", event_id="e1")
    await toy.append(Entry(entry.topic, entry.partition, "c1", {"who": "knows"}, entry.value))
    async with running(toy.worker()):
        await toy.at_rest()
    parked = await toy.fetch("SELECT code FROM monitoring.dead_letter")
    assert [row.code for row in parked] == ["broken_envelope"]


async def test_a_chain_that_feeds_itself_is_parked(toy: Bench) -> None:
    entry = toy.entry(an_order("o1"), customer_id="c1", event_id="e1")
    deep = dict(entry.headers) | {"ce_causationdepth": "9"}
    await toy.append(Entry(entry.topic, entry.partition, "c1", deep, entry.value))
    async with running(toy.worker()):
        await toy.at_rest()
    parked = await toy.fetch("SELECT code FROM monitoring.dead_letter")
    assert [row.code for row in parked] == ["causation_too_deep"]


async def test_a_record_on_the_wrong_partition_is_moved_to_the_right_one(toy: Bench) -> None:
    right = toy.entry(an_order("o1"), customer_id="c1", event_id="e1")
    wrong = (right.partition + 1) % toy.partitions
    await toy.append(Entry(right.topic, wrong, "c1", right.headers, right.value))
    async with running(toy.worker()):
        await toy.at_rest()
        await until(lambda: _has(toy, {"c1": ["o1"]}))
    rows = await toy.fetch("SELECT partition FROM monitoring.tally")
    assert [row.partition for row in rows] == [right.partition]


async def _has(toy: Bench, wanted: dict[str, list[str]]) -> bool:
    return await tallies(toy) == wanted


async def test_a_broadcast_without_a_suffix_reaches_every_partition_once(toy: Bench) -> None:
    day = DayClosed(date=date(2026, 3, 1))
    entry = toy.entry(day, customer_id="", event_id="day/2026-03-01", partition=0)
    await toy.append(entry)
    async with running(toy.worker()):
        await until(lambda: _closed(toy, 4))
    states = await toy.fetch("SELECT closed_on FROM monitoring.partition_state")
    assert {row.closed_on for row in states} == {date(2026, 3, 1)}


async def _closed(toy: Bench, partitions: int) -> bool:
    rows = await toy.fetch(
        "SELECT 1 FROM monitoring_log.log WHERE topic = 'obligor.monitoring' "
        "AND headers->>'ce_type' = 'monitoring.day_closed.v1'"
    )
    return len(rows) == partitions


async def test_many_days_in_one_batch_close_one_by_one(toy: Bench) -> None:
    days = [date(2026, 3, number) for number in range(1, 29)]
    for day in days:
        event_id = f"day/{day}/2"
        await toy.append(
            toy.entry(DayClosed(date=day), customer_id="", event_id=event_id, partition=2)
        )
    async with running(toy.worker()):
        await toy.at_rest()
    rows = await toy.fetch(
        "SELECT convert_from(value, 'UTF8')::json->>'date' AS day FROM monitoring_log.log "
        "WHERE topic = 'obligor.monitoring' ORDER BY \"offset\""
    )
    assert [row.day for row in rows] == [day.isoformat() for day in days]


async def test_a_day_closes_once(toy: Bench) -> None:
    for event_id in ("day/2026-03-01/2", "again/2026-03-01/2"):
        day = DayClosed(date=date(2026, 3, 1))
        await toy.append(toy.entry(day, customer_id="", event_id=event_id, partition=2))
    async with running(toy.worker()):
        await toy.at_rest()
    assert await _closed(toy, 1)


async def test_an_event_type_nobody_knows_is_skipped(toy: Bench) -> None:
    entry = toy.entry(an_order("o1"), customer_id="c1", event_id="e1")
    unknown = dict(entry.headers) | {"ce_type": "weather.changed"}
    await toy.append(Entry(entry.topic, entry.partition, "c1", unknown, b"{}"))
    async with running(toy.worker()):
        await toy.at_rest()
    assert await toy.fetch("SELECT 1 FROM monitoring.dead_letter") == []


async def test_a_bug_of_ours_trips_the_worker_and_writes_nothing(toy: Bench) -> None:
    await toy.append(toy.entry(an_order("bug"), customer_id="c1", event_id="e1"))
    worker = toy.worker()
    async with running(worker):
        await until(lambda: _tripped(worker))
    assert await tallies(toy) == {}
    assert worker.tripped is not None
    assert "ZeroDivisionError" in worker.tripped


async def _tripped(worker: object) -> bool:
    return getattr(worker, "tripped", None) is not None


async def test_a_restarted_worker_goes_on_where_the_last_one_stopped(toy: Bench) -> None:
    await toy.append(toy.entry(an_order("o1"), customer_id="c1", event_id="e1"))
    async with running(toy.worker()):
        await toy.at_rest()
    await toy.append(toy.entry(an_order("o2"), customer_id="c1", event_id="e2"))
    async with running(toy.worker()):
        await toy.at_rest()
    assert await tallies(toy) == {"c1": ["o1", "o2"]}


async def test_two_workers_share_the_partitions_evenly(toy: Bench) -> None:
    first, second = toy.transport(), toy.transport()
    async with running(toy.worker(first), toy.worker(second)):
        await until(lambda: _even(first.indices(), second.indices()), seconds=15)
        assert first.indices() | second.indices() == {0, 1, 2, 3}
        assert not first.indices() & second.indices()


async def _even(first: frozenset[int], second: frozenset[int]) -> bool:
    return len(first) == len(second) == 2
