"""One batch of one partition: one transaction, from the lock to the last append."""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from time import monotonic, thread_time
from typing import Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bus.port import Record
from shared.chassis.agenda import Agenda, DayEnd, Step
from shared.chassis.answering import run_command
from shared.chassis.conflicts import sift
from shared.chassis.idempotency.commands import Answer
from shared.chassis.keeping import Keeping
from shared.chassis.memory import Memory
from shared.chassis.outcome import Outcome
from shared.chassis.provenance import believed
from shared.chassis.scope import scope_of
from shared.chassis.service import Delivery, Service
from shared.chassis.sieve import NOT_SUBSCRIBED, Sieve, Sifted, parked
from shared.chassis.waking import CLOSE_AT_MOST, ClosePlan, Waking, plan_close
from shared.chassis.work import Work
from shared.contracts.envelope import Envelope, Event
from shared.kernel.errors import ConflictError, ObligorError, PoisonError
from shared.log import checkpoints as cp
from shared.log import dead_letters, partitions, seen
from shared.log.append import Entry, append, entry_of
from shared.log.tables import LogTables, WorkTables
from shared.policies.book import PolicyBook

BookT = TypeVar("BookT")
PolicyT = TypeVar("PolicyT")
WORK_SECONDS = 1.0
# One for the whole process: more would only queue for the interpreter, ahead of the event loop.
_DECIDING = ThreadPoolExecutor(1, thread_name_prefix="deciding")
_INLINE_RECORDS = 64
_NOWHERE = (0, -1)
_NO_CAUSE = Envelope(
    id="",
    source="",
    type="",
    time=datetime(1970, 1, 1, tzinfo=UTC),
    subject="",
    correlation_id="",
    causation_id="",
)


class Batch(Generic[BookT, PolicyT]):
    """One batch while it runs: made, run once, thrown away.

    `memory` is what the worker remembers of the partition, None where it remembers nothing.
    """

    def __init__(
        self,
        service: Service[BookT, PolicyT],
        keeping: Keeping[PolicyT],
        sieve: Sieve,
        *,
        log: LogTables,
        tables: WorkTables,
    ) -> None:
        self._service = service
        self.memory: Memory | None = None
        self._plan = ClosePlan()
        self._close_topic: str | None = None
        self._keeping = keeping
        self._sieve = sieve
        self._log = log
        self._tables = tables
        self._letters: list[dead_letters.DeadLetter] = []
        self._replayed: set[str] = set()
        self._entries: list[Entry] = []
        self._seen: list[seen.Seen] = []
        self._unseen: set[seen.Name] = set()
        self._answers: list[Answer] = []
        self._moved: dict[str, tuple[int, int]] = {}
        self.outcome = Outcome()

    async def run(
        self,
        conn: AsyncConnection,
        state: partitions.PartitionState,
        checkpoints: Mapping[str, cp.Checkpoint],
        records: Sequence[Record],
        *,
        close_at_most: int = CLOSE_AT_MOST,
    ) -> Outcome:
        """Sift, load, decide, save, append. The caller holds the partition's lock and commits."""
        self.outcome.offered.update(record.topic for record in records)
        records = await believed(conn, self._log, self._service, records, checkpoints)
        sifted, self._unseen = await sift(conn, self._tables, self._sieve, records, checkpoints)
        cursor = cp.cursor_of(checkpoints.values())
        if cursor is None and all(each.is_passed_over for each in sifted):
            await self._pass_over(conn, state, checkpoints, sifted)
            return self.outcome
        steps = list(Agenda(self._service, sifted, only_ends=cursor is not None).steps())
        self._plan = await plan_close(
            Waking(conn, self._service.wakes, state.partition, close_at_most),
            [step.day for step in steps if isinstance(step, DayEnd)],
            cursor=cursor,
        )
        work = self._work(state, await self._keeping.policies(conn))
        taken = sifted if cursor is None else ()
        scope = scope_of(state.partition, taken, self._plan, self.memory)
        book = await self._service.storage.load(conn, scope)
        if len(records) > _INLINE_RECORDS or self._plan.through is not None:
            await self._decide_aside(steps, book, work)
        else:
            self._decide(steps, book, work)
        await self._service.storage.save(conn, book)
        await self._keep(conn, state, work, checkpoints)
        return self.outcome

    def _work(
        self, state: partitions.PartitionState, policies: PolicyBook[PolicyT]
    ) -> Work[PolicyT]:
        return Work(
            service=self._service.name,
            topic=self._service.topic,
            partition=state.partition,
            policies=policies,
            closed_on=state.closed_on,
            cause=_NO_CAUSE,
        )

    async def _pass_over(
        self,
        conn: AsyncConnection,
        state: partitions.PartitionState,
        checkpoints: Mapping[str, cp.Checkpoint],
        sifted: Sequence[Sifted],
    ) -> None:
        """Go past records that nobody looks at: nothing is read for them, only the checkpoints move.

        Most batches of most services are such ones while orders come in one by one.
        """
        for each in sifted:
            self._pass(each)
            self.outcome.skipped[NOT_SUBSCRIBED, each.record.topic] += 1
        await self._move_on(conn, state, checkpoints, closed_on=state.closed_on)

    async def _decide_aside(self, steps: Sequence[Step], book: BookT, work: Work[PolicyT]) -> None:
        """Long work goes beside the event loop, which has leases to renew and doors to answer."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(_DECIDING, self._decide, steps, book, work)

    def _decide(self, steps: Sequence[Step], book: BookT, work: Work[PolicyT]) -> None:
        """Take the agenda's steps, for a second of work at the most; the rest waits."""
        self.outcome.cut_short = self._steps_taken(steps, book, work) < len(steps)

    def _steps_taken(self, steps: Sequence[Step], book: BookT, work: Work[PolicyT]) -> int:
        # Own time: a busy machine makes no smaller batches. No sooner than by the clock, which is
        # asked in a twentieth of the time.
        soonest, deadline = monotonic() + WORK_SECONDS, thread_time() + WORK_SECONDS
        for number, step in enumerate(steps, start=1):
            if isinstance(step, DayEnd):
                if self._plan.cursor is None:
                    self._close(step, book, work)
                else:
                    self._close_part(step, book, work)
                if self._plan.only_one:
                    return number
            else:
                self._apply(step, book, work)
            if monotonic() > soonest and thread_time() > deadline:
                return number
        return len(steps)

    def _apply(self, sifted: Sifted, book: BookT, work: Work[PolicyT]) -> None:
        self._pass(sifted)
        mark = sifted.seen
        if sifted.letter is not None:
            self._letters.append(sifted.letter)
            if sifted.conflict is not None:
                work.begin(sifted.conflict)
                self._service.on_conflict(book, work)
        elif sifted.envelope is not None:
            self._answers += run_command(self._service, sifted, book, work)
        elif sifted.delivery is not None:
            mark = self._deliver(sifted, book, work)
        self._entries += sifted.entries
        if sifted.skipped is not None:
            self.outcome.skipped[sifted.skipped, sifted.record.topic] += 1
        if mark is not None:
            self._seen.append(mark)
        if sifted.original is not None:
            self._replayed.add(parked(sifted.original, PoisonError()).dead_letter_id)

    def _deliver(self, sifted: Sifted, book: BookT, work: Work[PolicyT]) -> seen.Seen | None:
        delivery = sifted.delivery
        if delivery is None:
            return sifted.seen
        handler = self._service.handlers.get(delivery.envelope.type)
        if handler is None:
            self.outcome.skipped[NOT_SUBSCRIBED, sifted.record.topic] += 1
            return sifted.seen
        work.begin(delivery.envelope)
        try:
            handler(delivery.event, book, work)
        except ObligorError as error:
            self._letters.append(parked(sifted.original or sifted.record, error))
            status = "conflict" if isinstance(error, ConflictError) else "parked"
            return sifted.seen._replace(status=status) if sifted.seen else None
        return sifted.seen._replace(status=work.status) if sifted.seen else None

    def _close(self, end: DayEnd, book: BookT, work: Work[PolicyT]) -> None:
        for marker in end.markers:
            self._pass(marker)
            if marker.seen is not None:
                self._seen.append(marker.seen)
        cause = end.markers[0].delivery
        if cause is None or (work.closed_on is not None and end.day <= work.closed_on):
            self.outcome.skipped["day_closed_before", cause.topic if cause else ""] += 1
            return
        work.announce(self._close_day(end.day, cause, book, work))
        work.closed_on = end.day
        self.outcome.closed.append(end.day)

    def _close_part(self, end: DayEnd, book: BookT, work: Work[PolicyT]) -> None:
        """Close a day for some of those it concerns; its markers pass with the last of them."""
        cause = end.markers[0].delivery
        if cause is not None and self._plan.customers:
            self._close_day(end.day, cause, book, work)
        self._close_topic = end.markers[0].record.topic
        self.outcome.in_close = True

    def _close_day(self, day: date, cause: Delivery, book: BookT, work: Work[PolicyT]) -> Event:
        work.begin(cause.envelope)
        work.closing = day
        ended = self._service.close_day(day, book, work)
        work.closing = None
        return ended

    def _pass(self, sifted: Sifted) -> None:
        """Count a record as taken: the checkpoint stands behind it."""
        record = sifted.record
        topic, offset = record.topic, record.log_offset
        position, last = self._moved.get(topic, _NOWHERE)
        further = max(last, -1 if offset is None else offset)
        self._moved[topic] = (max(position, record.position + 1), further)
        self.outcome.records[topic] += 1
        self.outcome.oldest.setdefault(topic, record.appended_at)

    async def _keep(
        self,
        conn: AsyncConnection,
        state: partitions.PartitionState,
        work: Work[PolicyT],
        checkpoints: Mapping[str, cp.Checkpoint],
    ) -> None:
        await self._keeping.save_decisions(conn, work.decided)
        await self._keeping.save_answers(conn, self._answers)
        await dead_letters.park(conn, self._tables, self._letters)
        parked_again = {letter.dead_letter_id for letter in self._letters}
        await dead_letters.mark_replayed(conn, self._tables, self._replayed - parked_again)
        await seen.save_seen(conn, self._tables, self._seen, new=self._unseen)
        await self._move_on(conn, state, checkpoints, closed_on=work.closed_on)
        await self._append(conn, work)
        self._sum_up(work)

    async def _move_on(
        self,
        conn: AsyncConnection,
        state: partitions.PartitionState,
        checkpoints: Mapping[str, cp.Checkpoint],
        *,
        closed_on: date | None,
    ) -> None:
        moved = {
            topic: cp.Checkpoint(
                position, max(last, checkpoints.get(topic, cp.Checkpoint()).log_offset)
            )
            for topic, (position, last) in self._moved.items()
        }
        if self._close_topic is not None:
            stands = {**checkpoints, **moved}.get(self._close_topic, cp.Checkpoint())
            moved[self._close_topic] = replace(stands, cursor=self._plan.cursor)
        await partitions.advance(conn, self._tables, state, closed_on=closed_on, moved=moved)
        self.outcome.moved = moved

    async def _append(self, conn: AsyncConnection, work: Work[PolicyT]) -> None:
        self._entries += [
            entry_of(envelope, event, topic=work.topic, partition=work.partition)
            for envelope, event in work.announced
        ]
        await append(conn, self._log, self._entries)

    def _sum_up(self, work: Work[PolicyT]) -> None:
        outcome = self.outcome
        outcome.appended = {(entry.topic, entry.partition) for entry in self._entries}
        outcome.parked.update(letter.code for letter in self._letters)
        outcome.decided.update(decision.kind for decision in work.decided)
        outcome.answered = [answer.command_id for answer in self._answers]
