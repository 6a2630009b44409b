"""Ownership, marks and checkpoints: what a batch locks, moves and remembers."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.chassis.tables import ChassisTables, chassis_tables
from shared.kernel.errors import NotFoundError
from shared.log import partitions
from shared.log.checkpoints import (
    Checkpoint,
    all_checkpoints,
    load_checkpoints,
)
from shared.log.dead_letters import DeadLetter, list_parked, mark_replayed, one_parked, park
from shared.log.seen import Seen, body_hash, load_seen, save_seen
from shared.testing.workers import Bench


def tables_of(toy: Bench) -> ChassisTables:
    return chassis_tables("monitoring", toy.service.metadata)


@asynccontextmanager
async def begun(toy: Bench) -> AsyncIterator[AsyncConnection]:
    """A transaction that has begun, as a batch's has with its lock."""
    async with toy.database.transaction() as conn:
        await conn.execute(text("SELECT 1"))
        yield conn


async def close(conn: AsyncConnection, toy: Bench, index: int, day: date) -> None:
    work = tables_of(toy).work
    epoch = await partitions.take_over(conn, work, index, owner="me", transport="postgres")
    state = await partitions.lock(conn, work, index, epoch)
    await partitions.advance(conn, work, state, closed_on=day, moved={})


async def move(
    conn: AsyncConnection, toy: Bench, index: int, moved: Mapping[str, Checkpoint]
) -> None:
    work = tables_of(toy).work
    epoch = await partitions.take_over(conn, work, index, owner="me", transport="postgres")
    state = await partitions.lock(conn, work, index, epoch)
    await partitions.advance(conn, work, state, closed_on=state.closed_on, moved=moved)


async def test_each_takeover_has_a_higher_epoch(toy: Bench) -> None:
    async with begun(toy) as conn:
        taken = [
            await partitions.take_over(
                conn, tables_of(toy).work, 1, owner="me", transport="postgres"
            )
            for _ in range(3)
        ]
    assert taken == [1, 2, 3]


async def test_the_newest_epoch_gets_the_lock(toy: Bench) -> None:
    work = tables_of(toy).work
    async with begun(toy) as conn:
        epoch = await partitions.take_over(conn, work, 1, owner="me", transport="postgres")
        state = await partitions.lock(conn, work, 1, epoch)
    assert state == partitions.PartitionState(1, 1, 0, None)


async def test_an_older_epoch_is_fenced_off(toy: Bench) -> None:
    work = tables_of(toy).work
    async with begun(toy) as conn:
        old = await partitions.take_over(conn, work, 1, owner="zombie", transport="postgres")
        await partitions.take_over(conn, work, 1, owner="heir", transport="postgres")
        with pytest.raises(partitions.FencedError, match="at epoch 2, this worker had 1"):
            await partitions.lock(conn, work, 1, old)


async def test_positions_of_another_transport_are_refused(toy: Bench) -> None:
    work = tables_of(toy).work
    async with begun(toy) as conn:
        epoch = await partitions.take_over(conn, work, 1, owner="me", transport="kafka")
        state = await partitions.lock(conn, work, 1, epoch)
        await partitions.advance(conn, work, state, closed_on=None, moved={})
        with pytest.raises(partitions.TransportChangedError, match="OBLIGOR_TRANSPORT=kafka"):
            await partitions.take_over(conn, work, 1, owner="me", transport="postgres")


async def test_a_partition_without_a_batch_may_still_change_its_transport(toy: Bench) -> None:
    work = tables_of(toy).work
    async with begun(toy) as conn:
        await partitions.take_over(conn, work, 1, owner="me", transport="kafka")
        assert await partitions.take_over(conn, work, 1, owner="me", transport="postgres") == 2


async def test_a_partition_that_is_not_there_is_fenced_off(toy: Bench) -> None:
    async with begun(toy) as conn:
        with pytest.raises(partitions.FencedError, match="epoch None"):
            await partitions.lock(conn, tables_of(toy).work, 99, 1)


async def test_a_batch_counts_its_partitions_version(toy: Bench) -> None:
    work = tables_of(toy).work
    async with begun(toy) as conn:
        epoch = await partitions.take_over(conn, work, 0, owner="me", transport="postgres")
        for _ in range(2):
            state = await partitions.lock(conn, work, 0, epoch)
            await partitions.advance(conn, work, state, closed_on=None, moved={})
        assert (await partitions.lock(conn, work, 0, epoch)).version == 2


async def test_a_lock_waits_for_the_batch_before_it(toy: Bench) -> None:
    work = tables_of(toy).work
    async with begun(toy) as conn:
        epoch = await partitions.take_over(conn, work, 0, owner="me", transport="postgres")

    async def second() -> int:
        async with begun(toy) as conn:
            return (await partitions.lock(conn, work, 0, epoch)).version

    async with begun(toy) as conn:
        state = await partitions.lock(conn, work, 0, epoch)
        waiting = asyncio.create_task(second())
        await asyncio.sleep(0.1)
        assert not waiting.done()
        await partitions.advance(conn, work, state, closed_on=None, moved={})
    assert await waiting == 1


async def test_there_are_as_many_partitions_as_were_laid_out(toy: Bench) -> None:
    async with begun(toy) as conn:
        assert await partitions.partition_count(conn, tables_of(toy).work) == 4


@pytest.mark.parametrize("hold", [False, True])
async def test_before_the_ledger_no_day_has_closed(toy: Bench, *, hold: bool) -> None:
    async with begun(toy) as conn:
        found = await partitions.newest_closed_day(conn, tables_of(toy).work, hold=hold)
    assert found is None


async def test_the_newest_closed_day_is_the_furthest_partitions(toy: Bench) -> None:
    async with begun(toy) as conn:
        await close(conn, toy, 0, date(2026, 3, 1))
        await close(conn, toy, 2, date(2026, 3, 3))
        newest = await partitions.newest_closed_day(conn, tables_of(toy).work, hold=True)
    assert newest == date(2026, 3, 3)


async def test_checkpoints_read_back_by_topic(toy: Bench) -> None:
    moved = {"a": Checkpoint(5, 4), "b": Checkpoint(7, -1, "half")}
    async with begun(toy) as conn:
        await move(conn, toy, 1, moved)
        assert await load_checkpoints(conn, tables_of(toy).work, 1) == moved


async def test_a_checkpoint_moves_and_leaves_others_alone(toy: Bench) -> None:
    work = tables_of(toy).work
    async with begun(toy) as conn:
        await move(conn, toy, 1, {"a": Checkpoint(5, 4), "b": Checkpoint(1, 0)})
        await move(conn, toy, 2, {"a": Checkpoint(9, 8)})
        await move(conn, toy, 1, {"a": Checkpoint(6, 5)})
        assert await all_checkpoints(conn, work) == {
            ("a", 1): Checkpoint(6, 5),
            ("b", 1): Checkpoint(1, 0),
            ("a", 2): Checkpoint(9, 8),
        }


def a_mark(event_id: str, status: str = "applied", source: str = "s") -> Seen:
    return Seen(source, event_id, body_hash(event_id.encode()), status, 0)


async def test_marks_are_found_by_source_and_id(toy: Bench) -> None:
    work = tables_of(toy).work
    async with begun(toy) as conn:
        await save_seen(conn, work, [a_mark("e1"), a_mark("e2"), a_mark("e1", source="t")])
        found = await load_seen(conn, work, [("s", "e1"), ("s", "e9")])
    assert found == {("s", "e1"): a_mark("e1")}


async def test_no_names_are_no_question(toy: Bench) -> None:
    async with begun(toy) as conn:
        assert await load_seen(conn, tables_of(toy).work, []) == {}


async def test_the_last_mark_of_an_event_counts(toy: Bench) -> None:
    work = tables_of(toy).work
    async with begun(toy) as conn:
        await save_seen(conn, work, [a_mark("e1", "parked")])
        await save_seen(conn, work, [a_mark("e1", "waiting"), a_mark("e1")])
        assert await load_seen(conn, work, [("s", "e1")]) == {("s", "e1"): a_mark("e1")}


async def test_marks_of_events_not_seen_before_go_beside_the_others(toy: Bench) -> None:
    work = tables_of(toy).work
    names = [("s", "e1"), ("s", "e2")]
    async with begun(toy) as conn:
        await save_seen(conn, work, [a_mark("e1", "parked")], new={("s", "e1")})
        await save_seen(conn, work, [a_mark("e1"), a_mark("e2")], new={("s", "e2")})
        found = await load_seen(conn, work, names)
    assert found == {name: a_mark(name[1]) for name in names}


def a_letter(position: int = 0, **changed: object) -> DeadLetter:
    plain = DeadLetter("t", 0, position, "c1", {"ce_id": "e"}, b"\x00\xff", "poison", "never")
    return DeadLetter(*(plain._asdict() | changed).values())


async def test_a_dead_letter_reads_back_whole(toy: Bench) -> None:
    work = tables_of(toy).work
    async with begun(toy) as conn:
        await park(conn, work, [a_letter()])
        shown = await one_parked(conn, work, a_letter().dead_letter_id)
    assert (shown.letter, shown.status, shown.replayed_at) == (a_letter(), "parked", None)


async def test_the_same_record_parks_once(toy: Bench) -> None:
    work = tables_of(toy).work
    async with begun(toy) as conn:
        await park(conn, work, [a_letter(), a_letter()])
        await park(conn, work, [a_letter(code="other")])
        assert [row.letter.code for row in await list_parked(conn, work)] == ["poison"]


async def test_a_reason_with_a_null_character_is_kept_without_it(toy: Bench) -> None:
    work = tables_of(toy).work
    async with begun(toy) as conn:
        await park(conn, work, [a_letter(reason="a\x00b")])
        assert [row.letter.reason for row in await list_parked(conn, work)] == ["ab"]


async def test_a_replayed_letter_says_so(toy: Bench) -> None:
    work = tables_of(toy).work
    async with begun(toy) as conn:
        await park(conn, work, [a_letter(0), a_letter(1)])
        await mark_replayed(conn, work, {a_letter(0).dead_letter_id})
        await mark_replayed(conn, work, [])
        left = await list_parked(conn, work, matching={"status": "parked"})
        done = await one_parked(conn, work, a_letter(0).dead_letter_id)
    assert [row.letter.position for row in left] == [1]
    assert (done.status, done.replayed_at is None) == ("replayed", False)


@pytest.mark.parametrize(("name", "value"), [("code", "b"), ("key", "c2"), ("topic", "u")])
async def test_letters_are_found_by_what_they_are(toy: Bench, name: str, value: str) -> None:
    work = tables_of(toy).work
    async with begun(toy) as conn:
        await park(conn, work, [a_letter(0), a_letter(1, **{name: value})])
        found = await list_parked(conn, work, matching={name: value})
    assert [row.letter.position for row in found] == [1]


async def test_letters_are_paged_behind_a_place(toy: Bench) -> None:
    work = tables_of(toy).work
    async with begun(toy) as conn:
        await park(conn, work, [a_letter(number) for number in range(5)])
        await conn.execute(text("UPDATE monitoring.dead_letter SET parked_at = now()"))
        first = await list_parked(conn, work, limit=3)
        last = first[-1]
        rest = await list_parked(conn, work, after=(last.parked_at, last.dead_letter_id))
    ids = [row.dead_letter_id for row in [*first, *rest]]
    assert ids == sorted(a_letter(number).dead_letter_id for number in range(5))


async def test_a_letter_that_is_not_there_is_not_found(toy: Bench) -> None:
    async with begun(toy) as conn:
        with pytest.raises(NotFoundError, match="dead letter 'nope'"):
            await one_parked(conn, tables_of(toy).work, "nope")


async def test_letters_come_oldest_first(toy: Bench) -> None:
    work = tables_of(toy).work
    async with begun(toy) as conn:
        await park(conn, work, [a_letter(0), a_letter(1)])
        await conn.execute(
            text("UPDATE monitoring.dead_letter SET parked_at = :then WHERE position = 1"),
            {"then": datetime(2020, 1, 1, tzinfo=UTC)},
        )
        assert [row.letter.position for row in await list_parked(conn, work)] == [1, 0]
