"""A worker beside its doors: health, metrics, housekeeping."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from shared.bus.kafka.transport import KafkaTransport
from shared.bus.postgres import PostgresTransport
from shared.chassis.housekeeping import housekeeping, keep_house
from shared.chassis.outcome import Outcome
from shared.chassis.runtime import WorkerRuntime, transport_of, worker_runner
from shared.chassis.settings import TransportName
from shared.contracts.transactions import OrderPlaced
from shared.testing.http import Caller, calling, settings_for
from shared.testing.toy import ToyBook, ToyPolicy
from shared.testing.workers import Bench, until


@pytest.fixture
async def caller(toy: Bench) -> AsyncIterator[Caller]:
    async with calling(toy.service, settings_for(toy.database.settings.url)) as made:
        yield made


def runtime_of(toy: Bench, caller: Caller) -> WorkerRuntime[ToyBook, ToyPolicy]:
    return WorkerRuntime(toy.service, caller.doors)


def shown(caller: Caller, line: str) -> bool:
    return line in caller.doors.metrics.text().decode()


def an_order(name: str) -> OrderPlaced:
    return OrderPlaced(order_id=name, amount=Decimal(10), currency="EUR")


async def test_the_settings_name_the_transport(toy: Bench, caller: Caller) -> None:
    settings = caller.doors.settings
    kafka = settings.model_copy(update={"transport": TransportName.KAFKA})
    assert isinstance(transport_of(toy.service, toy.database, settings), PostgresTransport)
    assert isinstance(transport_of(toy.service, toy.database, kafka), KafkaTransport)


async def test_a_worker_beside_its_doors_applies_records(toy: Bench, caller: Caller) -> None:
    async with worker_runner(toy.service)(caller.doors):
        await toy.append(toy.entry(an_order("a"), customer_id="c1", event_id="a"))
        await toy.at_rest()
    rows = await toy.fetch("SELECT orders FROM monitoring.tally")
    assert [row.orders for row in rows] == [["a"]]


async def test_a_working_worker_is_alive(toy: Bench, caller: Caller) -> None:
    async with worker_runner(toy.service)(caller.doors):
        assert caller.doors.health.alive["worker"]() is None


async def test_a_tripped_worker_says_so_in_health_and_metrics(toy: Bench, caller: Caller) -> None:
    async with worker_runner(toy.service)(caller.doors):
        await toy.append(toy.entry(an_order("bug"), customer_id="c1", event_id="a"))
        await until(lambda: _dead(caller))
        assert "ZeroDivisionError" in str(caller.doors.health.alive["worker"]())
        assert shown(caller, 'obligor_worker_tripped{service="monitoring"} 1.0')


async def _dead(caller: Caller) -> bool:
    return caller.doors.health.alive["worker"]() is not None


async def test_a_runtime_that_never_started_stops_quietly(toy: Bench, caller: Caller) -> None:
    await runtime_of(toy, caller).stop()


async def test_a_committed_batch_is_counted(toy: Bench, caller: Caller) -> None:
    outcome = Outcome(closed=[date(1970, 1, 2)])
    outcome.records["t"] = 3
    outcome.skipped.update([("duplicate", "t"), ("applied_before", "t"), ("day_closed_before", "")])
    outcome.parked["poison"] = 1
    outcome.decided["grade"] = 2
    runtime_of(toy, caller).worker._setting.on_committed(1, outcome, 0.5)
    for line in (
        'obligor_batches_total{outcome="committed",service="monitoring"} 1.0',
        'obligor_records_total{service="monitoring",topic="t"} 3.0',
        'obligor_duplicates_total{service="monitoring",topic="t"} 2.0',
        'obligor_dead_letters_total{code="poison",service="monitoring"} 1.0',
        'obligor_decisions_total{kind="grade",service="monitoring"} 2.0',
        'obligor_closed_day_timestamp_seconds{partition="1",service="monitoring"} 86400.0',
    ):
        assert shown(caller, line), line


@pytest.mark.parametrize("ahead", [timedelta(days=400), timedelta(days=40000)])
async def test_a_clock_that_runs_behind_counts_no_negative_seconds(
    toy: Bench, caller: Caller, ahead: timedelta
) -> None:
    outcome = Outcome(oldest={"t": datetime(2099, 1, 1, tzinfo=UTC) + ahead})
    runtime_of(toy, caller).worker._setting.on_committed(0, outcome, 0.1)
    assert shown(caller, 'obligor_decision_seconds_sum{service="monitoring",topic="t"} 0.0')


async def test_keeping_house_shows_the_lag(toy: Bench, caller: Caller) -> None:
    entry = toy.entry(an_order("a"), customer_id="c1", event_id="a")
    await toy.append(entry)
    await keep_house(caller.doors, cleaning=False)
    place = f'partition="{entry.partition}",service="monitoring",topic="obligor.transactions"'
    assert shown(caller, f"obligor_lag_records{{{place}}} 1.0")


async def test_what_a_broker_still_has_counts_as_lag(caller: Caller) -> None:
    caller.doors.topic_ends.append(lambda: {("far", 2): 9})
    await keep_house(caller.doors, cleaning=False)
    assert shown(caller, 'obligor_lag_records{partition="2",service="monitoring",topic="far"} 9.0')


async def test_on_kafka_what_was_not_shipped_is_shown(toy: Bench, caller: Caller) -> None:
    entry = toy.entry(an_order("a"), customer_id="c1", event_id="a")
    await toy.append(entry)
    kafka = caller.doors.settings.model_copy(update={"transport": TransportName.KAFKA})
    await keep_house(replace(caller.doors, settings=kafka), cleaning=True)
    place = f'partition="{entry.partition}",service="monitoring",topic="obligor.transactions"'
    assert shown(caller, f"obligor_unshipped_records{{{place}}} 1.0")


async def test_housekeeping_ends_with_its_block(caller: Caller) -> None:
    before = asyncio.all_tasks()
    async with housekeeping(caller.doors):
        assert len(asyncio.all_tasks()) == len(before) + 1
    assert asyncio.all_tasks() == before
