"""One batch on a real PostgreSQL: what it writes, counts and leaves for the next."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from time import thread_time

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from shared.bus.port import Record
from shared.chassis.batch import WORK_SECONDS, Batch
from shared.chassis.outcome import Outcome
from shared.chassis.runtime import ServiceKeeping
from shared.chassis.service import Scope, Subscription
from shared.chassis.sieve import REPLAY_TYPE, Sieve, parked
from shared.chassis.tables import chassis_tables
from shared.chassis.work import Work
from shared.contracts import catalogue
from shared.contracts.envelope import Event
from shared.contracts.transactions import DayClosed
from shared.kernel.errors import PoisonError
from shared.log import partitions
from shared.log.checkpoints import Checkpoint, all_checkpoints, load_checkpoints
from shared.log.dead_letters import wrap
from shared.testing.toy import ToyBook, ToyPolicy, ToyStorage
from shared.testing.workers import Bench
from tests.unit.chassis.records import (
    HOME,
    ONE,
    TWO,
    a_record,
    an_envelope,
    an_order,
    toy_sieve,
)


class Locked(ToyStorage):
    """Rooms that nobody may enter."""

    @override
    async def load(self, conn: AsyncConnection, scope: Scope) -> ToyBook:
        """Raise: nothing is to be read."""
        raise AssertionError(scope)


async def take(
    toy: Bench, *records: Record, epoch: int | None = None, sieve: Sieve | None = None
) -> Outcome:
    """Run one batch over records, in a transaction of its own."""
    tables = chassis_tables("monitoring", toy.service.metadata)
    keeping = ServiceKeeping(toy.service, tables)
    batch: Batch[ToyBook, ToyPolicy] = Batch(
        toy.service, keeping, sieve or toy_sieve(), log=tables.log, tables=tables.work
    )
    async with toy.database.transaction() as conn:
        mine = epoch or await partitions.take_over(
            conn, tables.work, HOME, owner="me", transport="postgres"
        )
        state = await partitions.lock(conn, tables.work, HOME, mine)
        checkpoints = await load_checkpoints(conn, tables.work, HOME)
        return await batch.run(conn, state, checkpoints, records)


def order(name: str, position: int = 0) -> Record:
    return a_record(an_order(name), an_envelope(id=name), position=position, log_offset=position)


def day_end(day: date, position: int, event_id: str | None = None) -> Record:
    name = event_id or f"{day}/{HOME}"
    envelope = an_envelope("day.closed", id=name, subject="")
    return a_record(DayClosed(date=day), envelope, position=position, key="")


def command(name: str = "forget", position: int = 0) -> Record:
    envelope = an_envelope(f"command.{name}", id="cmd-1")
    return a_record(envelope=envelope, topic=catalogue.COMMANDS, value=b"{}", position=position)


async def orders(toy: Bench) -> list[str]:
    rows = await toy.fetch("SELECT orders FROM monitoring.tally")
    return [name for row in rows for name in row.orders]


async def column(toy: Bench, name: str, table: str) -> list[object]:
    return [row[0] for row in await toy.fetch(f"SELECT {name} FROM monitoring.{table} ORDER BY 1")]


async def test_a_batch_counts_what_it_took_and_what_it_was_offered(toy: Bench) -> None:
    outcome = await take(toy, order("a", 0), order("b", 1))
    assert outcome.records == outcome.offered == {catalogue.TRANSACTIONS: 2}


async def test_the_transport_goes_on_behind_the_last_record(toy: Bench) -> None:
    outcome = await take(toy, order("a", 7), order("b", 8))
    assert outcome.positions == {catalogue.TRANSACTIONS: 9}


async def test_a_batch_names_the_logs_it_wrote_to(toy: Bench) -> None:
    outcome = await take(toy, order("a"))
    assert outcome.appended == {(catalogue.MONITORING, HOME)}


async def test_a_batch_remembers_when_its_oldest_record_was_written(toy: Bench) -> None:
    record = order("a")
    outcome = await take(toy, record)
    assert outcome.oldest == {catalogue.TRANSACTIONS: record.appended_at}


async def test_a_long_batch_decides_beside_the_event_loop_with_the_same_result(toy: Bench) -> None:
    names = [f"o{number}" for number in range(65)]
    await take(toy, *(order(name, number) for number, name in enumerate(names)))
    assert await orders(toy) == names


async def test_a_second_batch_goes_on_with_what_the_first_one_left(toy: Bench) -> None:
    await take(toy, order("a", 0))
    await take(toy, order("b", 1))
    assert await orders(toy) == ["a", "b"]


def busy_for(seconds: float) -> Callable[[Event, ToyBook, Work[ToyPolicy]], None]:
    """A handler that works so long for each event; waiting would not count."""

    def handler(_event: Event, _book: ToyBook, _work: Work[ToyPolicy]) -> None:
        ended = thread_time() + seconds
        while thread_time() < ended:
            pass

    return handler


async def test_a_batch_ends_after_a_second_of_work_and_says_so(toy: Bench) -> None:
    slow = replace(toy.service, handlers={"order.placed": busy_for(WORK_SECONDS / 2.5)})
    busy = replace(toy, service=slow)
    records = [order(f"o{number}", number) for number in range(5)]
    first = await take(busy, *records)
    assert (first.records.total(), first.cut_short) == (3, True)
    rest = await take(busy, *records[3:])
    assert (rest.records.total(), rest.cut_short) == (2, False)


async def test_a_record_that_a_handler_refuses_is_parked_and_marked(toy: Bench) -> None:
    outcome = await take(toy, order("poison"))
    assert outcome.parked == {"poison_order": 1}
    assert await column(toy, "status", "seen") == ["parked"]
    assert await orders(toy) == []


async def test_a_bug_rolls_everything_back(toy: Bench) -> None:
    with pytest.raises(ZeroDivisionError):
        await take(toy, order("a"), order("bug", 1))
    assert await orders(toy) == []
    assert await column(toy, "topic", "checkpoint") == []
    assert await toy.fetch("SELECT 1 FROM monitoring_log.log") == []


async def test_a_zombies_batch_writes_nothing(toy: Bench) -> None:
    await take(toy, order("a"))  # epoch 1
    await take(toy, order("b", 1))  # another worker took over: epoch 2
    with pytest.raises(partitions.FencedError):
        await take(toy, order("c", 2), epoch=1)
    assert await orders(toy) == ["a", "b"]
    assert await column(toy, "position", "checkpoint") == [2]


async def test_duplicates_are_counted_by_topic(toy: Bench) -> None:
    outcome = await take(toy, order("a"), order("a", 1))
    assert outcome.skipped == {("duplicate", catalogue.TRANSACTIONS): 1}


async def test_a_type_that_is_known_but_not_handled_is_skipped(toy: Bench) -> None:
    envelope = an_envelope("order.cancelled", id="x")
    record = a_record(envelope=envelope, value=b'{"order_id": "a"}')
    outcome = await take(toy, record)
    assert outcome.skipped == {("not_subscribed", catalogue.TRANSACTIONS): 1}


async def test_past_what_nobody_looks_at_only_the_checkpoint_moves(toy: Bench) -> None:
    """Nothing is loaded for it; with one record among it that somebody looks at, all is."""
    heard = (Subscription(catalogue.MONITORING),)
    deaf = replace(toy.service, subscriptions=heard, handlers={}, storage=Locked())
    between = an_envelope("monitoring.arrears_changed.v1")
    passed = [
        a_record(
            envelope=between, topic=catalogue.MONITORING, position=at, log_offset=at, value=b""
        )
        for at in range(2)
    ]
    sieve = toy_sieve(subscriptions=heard, handlers={})
    outcome = await take(replace(toy, service=deaf), *passed, sieve=sieve)
    assert outcome.skipped == {("not_subscribed", catalogue.MONITORING): 2}
    assert outcome.moved == {catalogue.MONITORING: Checkpoint(2, 1)}
    assert await column(toy, "version", "partition_state WHERE epoch > 0") == [1]
    with pytest.raises(AssertionError):
        await take(replace(toy, service=deaf), *passed, command(), sieve=sieve)


async def test_a_day_is_closed_and_told(toy: Bench) -> None:
    outcome = await take(toy, day_end(ONE, 0), day_end(TWO, 1))
    assert outcome.closed == [ONE, TWO]
    assert await column(toy, "closed_on", "partition_state WHERE epoch > 0") == [TWO]


@pytest.mark.parametrize("day", [ONE, TWO])
async def test_a_day_that_closed_before_is_passed_over(toy: Bench, day: date) -> None:
    await take(toy, day_end(TWO, 0))
    outcome = await take(toy, day_end(day, 1, f"again/{HOME}"))
    assert outcome.closed == []
    assert outcome.skipped == {("day_closed_before", catalogue.TRANSACTIONS): 1}


async def test_records_behind_a_days_end_belong_to_the_next_day(toy: Bench) -> None:
    await take(toy, day_end(ONE, 0), order("a", 1), day_end(TWO, 2), order("b", 3))
    rows = await toy.fetch(
        "SELECT convert_from(value, 'UTF8')::json->>'as_of' AS day FROM monitoring_log.log "
        "WHERE headers->>'ce_type' = 'monitoring.arrears_changed.v1' ORDER BY \"offset\""
    )
    assert [row.day for row in rows] == ["2026-03-02", "2026-03-03"]


async def test_a_command_is_carried_out_and_answered(toy: Bench) -> None:
    await take(toy, order("a"))
    outcome = await take(toy, command())
    assert outcome.answered == ["cmd-1"]
    assert await orders(toy) == []


async def test_an_unknown_command_is_answered_too(toy: Bench) -> None:
    assert (await take(toy, command("dance"))).answered == ["cmd-1"]


def replay_of(record: Record, position: int) -> Record:
    letter = parked(record, PoisonError())
    envelope = an_envelope(REPLAY_TYPE, id=f"job/{position}")
    return a_record(envelope=envelope, topic=catalogue.JOBS, value=wrap(letter), position=position)


async def test_a_replayed_letter_that_fits_by_now_is_applied_and_noted(toy: Bench) -> None:
    await take(toy, order("poison"))
    await toy.fetch(
        "UPDATE monitoring.dead_letter SET code = 'was wrong' RETURNING 1",
    )
    good = order("good")
    letter = parked(good, PoisonError())
    assert await column(toy, "dead_letter_id", "dead_letter") == [letter.dead_letter_id]
    await take(toy, replay_of(good, 0))
    assert await orders(toy) == ["good"]
    assert await column(toy, "status", "dead_letter") == ["replayed"]


async def test_a_replayed_letter_that_is_refused_again_stays_parked(toy: Bench) -> None:
    await take(toy, order("poison"))
    await take(toy, replay_of(order("poison"), 0))
    assert await column(toy, "status", "dead_letter") == ["parked"]


async def test_an_offset_seen_again_does_not_bring_the_checkpoint_back(toy: Bench) -> None:
    await take(toy, order("a", 0), order("b", 1))
    await take(toy, order("a", 0))
    tables = chassis_tables("monitoring", toy.service.metadata)
    async with toy.database.transaction() as conn:
        found = await all_checkpoints(conn, tables.work)
    assert found[catalogue.TRANSACTIONS, HOME].log_offset == 1
