"""One batch of one partition: one transaction, from the lock to the last append."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from time import thread_time
from typing import Generic, Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bus.port import Place, Record
from shared.chassis.agenda import Agenda, DayEnd
from shared.chassis.answering import COMMAND_PREFIX, run_command
from shared.chassis.idempotency.commands import Answer
from shared.chassis.service import Scope, Service
from shared.chassis.sieve import Sieve, Sifted, parked
from shared.chassis.work import Work
from shared.contracts.envelope import Envelope
from shared.decisions.stored import StoredDecision
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
_NO_CAUSE = Envelope(
    id="",
    source="",
    type="",
    time=datetime(1970, 1, 1, tzinfo=UTC),
    subject="",
    correlation_id="",
    causation_id="",
)


class Keeping(Protocol[PolicyT]):
    """What a batch reads and writes beside the service's own tables."""

    async def policies(self, conn: AsyncConnection) -> PolicyBook[PolicyT]:
        """All approved policy versions."""
        ...

    async def save_decisions(
        self, conn: AsyncConnection, decided: Sequence[StoredDecision]
    ) -> None:
        """Keep the decisions taken."""
        ...

    async def save_answers(self, conn: AsyncConnection, answers: Sequence[Answer]) -> None:
        """Tell the senders of commands what became of them."""
        ...


@dataclass(slots=True)
class Outcome:
    """What a batch did, for the transport and the metrics; true once its transaction committed."""

    records: Counter[str] = field(default_factory=Counter)
    oldest: dict[str, datetime] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)
    appended: set[Place] = field(default_factory=set)
    skipped: Counter[tuple[str, str]] = field(default_factory=Counter)
    parked: Counter[str] = field(default_factory=Counter)
    decided: Counter[str] = field(default_factory=Counter)
    answered: list[str] = field(default_factory=list)
    closed: list[date] = field(default_factory=list)
    offered: Counter[str] = field(default_factory=Counter)


class Batch(Generic[BookT, PolicyT]):
    """One batch while it runs: made, run once, thrown away."""

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
        self._keeping = keeping
        self._sieve = sieve
        self._log = log
        self._tables = tables
        self._letters: list[dead_letters.DeadLetter] = []
        self._replayed: set[str] = set()
        self._entries: list[Entry] = []
        self._seen: list[seen.Seen] = []
        self._answers: list[Answer] = []
        self._moved: dict[str, cp.Checkpoint] = {}
        self.outcome = Outcome()

    async def run(
        self,
        conn: AsyncConnection,
        state: partitions.PartitionState,
        checkpoints: Mapping[str, cp.Checkpoint],
        records: Sequence[Record],
    ) -> Outcome:
        """Sift, load, decide, save, append. The caller holds the partition's lock and commits."""
        self.outcome.offered.update(record.topic for record in records)
        known = await seen.load_seen(conn, self._tables, self._sieve.names(records))
        sifted = self._sieve.sift(records, checkpoints, known)
        agenda = Agenda(self._service, sifted)
        work = Work(
            service=self._service.name,
            topic=self._service.topic,
            partition=state.partition,
            policies=await self._keeping.policies(conn),
            closed_on=state.closed_on,
            cause=_NO_CAUSE,
        )
        scope = _scope(state.partition, sifted, agenda.last_day)
        book = await self._service.storage.load(conn, scope)
        if len(records) > _INLINE_RECORDS or agenda.last_day is not None:
            # long work goes beside the event loop, which has leases to renew and doors to answer
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(_DECIDING, self._decide, agenda, book, work)
        else:
            self._decide(agenda, book, work)
        await self._service.storage.save(conn, book)
        await self._keep(conn, state, work, checkpoints)
        return self.outcome

    def _decide(self, agenda: Agenda, book: BookT, work: Work[PolicyT]) -> None:
        """Take the agenda's steps, for a second of work at the most; the rest waits."""
        deadline = thread_time() + WORK_SECONDS  # own time: a busy machine makes no smaller batches
        for step in agenda.steps():
            if isinstance(step, DayEnd):
                self._close(step, book, work)
            else:
                self._apply(step, book, work)
            if thread_time() > deadline:
                return

    def _apply(self, sifted: Sifted, book: BookT, work: Work[PolicyT]) -> None:
        self._pass(sifted)
        mark = sifted.seen
        if sifted.letter is not None:
            self._letters.append(sifted.letter)
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
            self.outcome.skipped["not_subscribed", sifted.record.topic] += 1
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
        work.begin(cause.envelope)
        work.closing = end.day
        work.announce(self._service.close_day(end.day, book, work))
        work.closing = None
        work.closed_on = end.day
        self.outcome.closed.append(end.day)

    def _pass(self, sifted: Sifted) -> None:
        """Count a record as taken: the checkpoint stands behind it."""
        record = sifted.record
        before = self._moved.get(record.topic, cp.Checkpoint())
        offset = before.log_offset if record.log_offset is None else record.log_offset
        self._moved[record.topic] = cp.Checkpoint(
            position=max(before.position, record.position + 1),
            log_offset=max(before.log_offset, offset),
        )
        self.outcome.records[record.topic] += 1
        self.outcome.oldest.setdefault(record.topic, record.appended_at)

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
        await seen.save_seen(conn, self._tables, self._seen)
        moved = {
            topic: cp.Checkpoint(
                each.position,
                max(each.log_offset, checkpoints.get(topic, cp.Checkpoint()).log_offset),
            )
            for topic, each in self._moved.items()
        }
        await cp.save_checkpoints(conn, self._tables, state.partition, moved)
        await partitions.advance(conn, self._tables, state, closed_on=work.closed_on)
        await self._append(conn, work)
        self._sum_up(work, moved)

    async def _append(self, conn: AsyncConnection, work: Work[PolicyT]) -> None:
        self._entries += [
            entry_of(envelope, event, topic=work.topic, partition=work.partition)
            for envelope, event in work.announced
        ]
        await append(conn, self._log, self._entries)

    def _sum_up(self, work: Work[PolicyT], moved: Mapping[str, cp.Checkpoint]) -> None:
        outcome = self.outcome
        outcome.positions = {topic: each.position for topic, each in moved.items()}
        outcome.appended = {(entry.topic, entry.partition) for entry in self._entries}
        outcome.parked.update(letter.code for letter in self._letters)
        outcome.decided.update(decision.kind for decision in work.decided)
        outcome.answered = [answer.command_id for answer in self._answers]


def _scope(partition: int, sifted: Sequence[Sifted], last_day: date | None) -> Scope:
    subjects = {each.delivery.envelope.subject for each in sifted if each.delivery is not None}
    taken = (each for each in sifted if each.letter is None and each.skipped is None)
    subjects |= {each.record.key for each in taken if each.record.key}
    return Scope(
        partition=partition,
        customers=frozenset(subjects - {""}),
        closing_through=last_day,
        deliveries=tuple(each.delivery for each in sifted if each.delivery is not None),
        commands=tuple(
            (each.envelope.type.removeprefix(COMMAND_PREFIX), each.record.value)
            for each in sifted
            if each.envelope is not None
        ),
    )
