"""The worker of one service: a task per owned partition, a batch at a time, fenced and patient."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Generic, TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bus.port import Record, Transport
from shared.chassis.batch import Batch
from shared.chassis.collector import relax
from shared.chassis.keeping import Keeping
from shared.chassis.memory import REMEMBER_AT_MOST, Memory
from shared.chassis.outcome import Outcome
from shared.chassis.service import Service
from shared.chassis.sieve import Sieve
from shared.chassis.waking import CLOSE_AT_MOST
from shared.contracts import catalogue
from shared.db.engine import Database
from shared.db.faults import is_transient
from shared.log import checkpoints as cp
from shared.log import partitions
from shared.log.reading import Wanted
from shared.log.tables import LogTables, WorkTables

BookT = TypeVar("BookT")
PolicyT = TypeVar("PolicyT")
log = structlog.get_logger()

MAX_RECORDS = 2000
MIN_RECORDS = 20
MAX_COMMANDS = 200
MAX_JOBS = 50
_IDLE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 5.0
_SUPERVISION_SECONDS = 0.2
_LONGEST_REST_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class WorkerSetting(Generic[BookT, PolicyT]):
    """Everything a worker works with."""

    service: Service[BookT, PolicyT]
    database: Database
    transport: Transport
    keeping: Keeping[PolicyT]
    sieve: Callable[[int], Sieve]
    log: LogTables
    tables: WorkTables
    owner: str
    on_committed: Callable[[int, Outcome, float], None]
    close_at_most: int = CLOSE_AT_MOST
    remember_at_most: int = REMEMBER_AT_MOST


class Worker(Generic[BookT, PolicyT]):
    """Runs batches for the partitions that the transport gives it.

    A lost database or broker makes it wait and try again; an unexpected exception of our own code
    trips it (`tripped` says why), because going on might do the same harm to every record.
    """

    def __init__(self, setting: WorkerSetting[BookT, PolicyT]) -> None:
        self._setting = setting
        self._stopping = asyncio.Event()
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._portion: defaultdict[int, int] = defaultdict(lambda: MAX_RECORDS)
        self._memories: dict[int, Memory] = {}
        self.tripped: str | None = None

    async def run(self) -> None:
        """Work until `stop`; leaves the transport cleanly."""
        transport = self._setting.transport
        relax()
        try:
            await transport.start()
            while not self._stopping.is_set() and self.tripped is None:
                self._supervise(transport.indices())
                await asyncio.sleep(_SUPERVISION_SECONDS)
        finally:
            self._stopping.set()
            transport.wake()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)
            await transport.stop()

    def stop(self) -> None:
        """Finish the batches in hand, begin no more."""
        self._stopping.set()
        self._setting.transport.wake()

    def _supervise(self, indices: frozenset[int]) -> None:
        for index, task in list(self._tasks.items()):
            if task.done():
                del self._tasks[index]
        for index in indices - self._tasks.keys():
            self._tasks[index] = asyncio.create_task(self._serve(index))

    async def _serve(self, index: int) -> None:
        """Take a partition over and run its batches for as long as it is this worker's."""
        epoch: int | None = None
        pause = _SUPERVISION_SECONDS
        self._memories.pop(index, None)
        while not self._stopping.is_set() and index in self._setting.transport.indices():
            began = monotonic()
            try:
                epoch = epoch if epoch is not None else await self._take_over(index)
                busy = await self._batch(index, epoch)
                pause = _SUPERVISION_SECONDS
            except partitions.FencedError as error:
                self._log("partition_lost", index, error)
                return
            except Exception as error:  # noqa: BLE001  # the breaker: sorts every failure there is
                if not is_transient(error):
                    self._trip(index, error)
                    return
                self._log("batch_put_off", index, error)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
                continue
            if not busy:
                await asyncio.sleep(_rest_after(monotonic() - began))
                await self._setting.transport.wait(index, _IDLE_SECONDS)

    async def _take_over(self, index: int) -> int:
        setting = self._setting
        async with setting.database.transaction() as conn:
            return await partitions.take_over(
                conn,
                setting.tables,
                index,
                owner=setting.owner,
                transport=setting.transport.name,
            )

    async def _batch(self, index: int, epoch: int) -> bool:
        """Run one batch; False when nothing is left to do that nobody will tell of."""
        setting = self._setting
        began = monotonic()
        memory = self._memories.pop(index, None)  # whatever goes wrong from here on, it is gone
        async with setting.database.transaction() as conn:
            state = await partitions.lock(conn, setting.tables, index, epoch)
            if memory is None or memory.version != state.version:
                checkpoints = await cp.load_checkpoints(conn, setting.tables, index)
                memory = Memory(
                    state.version, checkpoints=checkpoints, at_most=setting.remember_at_most
                )
            records, more = await self._gather(conn, index, memory.checkpoints)
            if not records:
                self._memories[index] = memory
                return False
            batch = Batch(
                setting.service,
                setting.keeping,
                setting.sieve(index),
                log=setting.log,
                tables=setting.tables,
            )
            batch.memory = memory
            outcome = await batch.run(
                conn, state, memory.checkpoints, records, close_at_most=setting.close_at_most
            )
        memory.advance(outcome.moved)
        self._memories[index] = memory
        self._portion[index] = _next_portion(self._portion[index], outcome)
        setting.on_committed(index, outcome, monotonic() - began)
        await setting.transport.committed(index, outcome.positions, appended=outcome.appended)
        more = more and outcome.records.total() > 0  # what could not be taken waits for something
        return more or outcome.in_close or outcome.cut_short

    async def _gather(
        self, conn: AsyncConnection, index: int, checkpoints: dict[str, cp.Checkpoint]
    ) -> tuple[list[Record], bool]:
        """People's commands first, then triggers; portfolio jobs only when there is nothing else.

        While a day closes in parts nothing but the markers of its end. Says, too, whether there is
        more than that: then nobody rings again, and the next batch must not wait for it.
        """
        positions = {topic: each.position for topic, each in checkpoints.items()}
        fetch, limit = self._setting.transport.fetch, self._portion[index]
        if cp.cursor_of(checkpoints.values()) is not None:  # a day is closing: its markers are next
            return await fetch(conn, index, positions, limit=1), True
        found = await fetch(conn, index, positions, limit=limit, beside=self._local(positions))
        commands = [each for each in found if each.topic == catalogue.COMMANDS]
        jobs = [each for each in found if each.topic == catalogue.JOBS]
        triggers = [each for each in found if each.topic not in catalogue.LOCAL_TOPICS]
        read = Counter(each.topic for each in triggers)
        more = len(commands) == MAX_COMMANDS or limit in read.values()
        if commands or triggers:
            return commands + triggers, more or bool(jobs)
        return jobs, len(jobs) == MAX_JOBS

    def _local(self, positions: Mapping[str, int]) -> list[Wanted]:
        schema = self._setting.service.log_schema
        limits = {catalogue.COMMANDS: MAX_COMMANDS, catalogue.JOBS: MAX_JOBS}
        return [
            Wanted(schema, topic, positions.get(topic, 0), limit) for topic, limit in limits.items()
        ]

    def _trip(self, index: int, error: Exception) -> None:
        service = self._setting.service.name
        log.critical("worker_tripped", service=service, partition=index, exc_info=error)
        self.tripped = f"partition {index}: {type(error).__name__}: {error}"

    def _log(self, event: str, index: int, error: Exception) -> None:
        service = self._setting.service.name
        log.warning(event, service=service, partition=index, error=str(error)[:300])


def _rest_after(worked: float) -> float:
    """How long to rest after a batch that read to the end, in seconds.

    As long as it worked: what comes in meanwhile makes one batch, not many small ones. A batch alone
    takes milliseconds, and so does the rest; where many crowd, each takes longer and finds more.
    """
    return min(_LONGEST_REST_SECONDS, worked)


def _next_portion(portion: int, outcome: Outcome) -> int:
    """How much of each topic to take next: somewhat more than fitted, or more where all was taken.

    A topic that waits at its day's end for another one must not keep that one's portion small, and
    one that is read to its end must not keep it large: what is not taken is read in vain.
    """
    taken, offered = outcome.records, outcome.offered
    most = max(taken.values(), default=0)
    if outcome.in_close:
        return portion
    if outcome.cut_short:
        return min(portion, max(MIN_RECORDS, most * 3 // 2))
    if any(taken[topic] >= count >= portion for topic, count in offered.items()):
        return min(MAX_RECORDS, portion * 2)
    if any(taken[topic] < count for topic, count in offered.items()):
        return min(portion, max(MIN_RECORDS, portion // 2, most * 2))
    return portion
