"""One contender, in a process of its own: `python -m benchmarks.contenders NAME SETTING`.

The setting is JSON; the result is one line of JSON: events, seconds, CPU seconds of the process,
warnings, and the largest resident memory in MB.
"""

import asyncio
import gc
import json
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Sequence
from datetime import date
from typing import Any, Final

import asyncpg
import msgspec
import uvloop
from aiokafka import ConsumerRecord
from sqlalchemy.engine import make_url

from benchmarks import product
from benchmarks.kafka_ends import portions
from benchmarks.peers.meter import peak_memory_mb
from benchmarks.prototype import Incoming, Partition, Write
from benchmarks.pure_pass import PurePass
from services.monitoring.handlers import SERVICE
from shared.bus.kafka.wire import records_of
from shared.contracts import catalogue
from shared.db.engine import Database, DatabaseSettings


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """Where everything is; `seconds` is the time after which a slow contender stops.

    `workers` of one `group` share the partitions, where it is served rather than run to an end.
    """

    bootstrap: str = ""
    topic: str = catalogue.TRANSACTIONS
    url: str = ""
    events: int
    partitions: int
    day: date
    seconds: float = 30.0
    group: str = "obligor.monitoring"
    workers: int = 1


class Result(msgspec.Struct, kw_only=True):
    """What came of it."""

    events: int
    seconds: float
    cpu_seconds: float = 0.0
    postgres_seconds: float = 0.0
    warnings: int = 0
    memory_mb: float = 0.0
    note: str = ""


class Clock:
    """Wall and CPU time from its making on."""

    def __init__(self, setting: Setting) -> None:
        self._limit = setting.seconds
        self._began = time.perf_counter()
        self._cpu = time.process_time()

    def is_up(self) -> bool:
        """Whether a slow contender has had its time."""
        return time.perf_counter() - self._began > self._limit

    def result(self, events: int, *, warnings: int = 0) -> Result:
        """The result as of now."""
        seconds, cpu = time.perf_counter() - self._began, time.process_time() - self._cpu
        return Result(events=events, seconds=seconds, cpu_seconds=cpu, warnings=warnings)


async def raw(setting: Setting) -> Result:
    """Consume, and look at nothing."""
    return await _read(setting, len)


async def decode(setting: Setting) -> Result:
    """Consume, and decode each value into the published type: the floor."""

    def decoded(records: Sequence[ConsumerRecord[bytes, bytes]]) -> int:
        for record in records:
            catalogue.decode(type_of(record), record.value or b"")
        return len(records)

    return await _read(setting, decoded)


def type_of(record: ConsumerRecord[bytes, bytes]) -> str:
    """The event type in a record's headers."""
    return next((value for name, value in record.headers if name == "ce_type"), b"").decode()


async def _read(
    setting: Setting, take: Callable[[Sequence[ConsumerRecord[bytes, bytes]]], int]
) -> Result:
    clock, taken = Clock(setting), 0
    async for found in portions(setting.bootstrap, setting.partitions):
        taken += sum(take(records) for records in found.values())
        if taken >= setting.events or clock.is_up():
            break
    return clock.result(taken)


async def rules(setting: Setting) -> Result:
    """Consume, decode, and every rule of the shipped policy on accounts in memory; no database."""
    passing = await PurePass.prepared(setting.url, setting.partitions)
    clock, taken = Clock(setting), 0
    async for found in portions(setting.bootstrap, setting.partitions):
        for place, records in found.items():
            taken += passing.take(place.partition, records_of(records))
        if taken >= setting.events or clock.is_up():
            break
    return clock.result(taken, warnings=passing.warned)


def prototype(write: Write) -> Callable[[Setting], Coroutine[Any, Any, Result]]:
    """The prototype's write path over Kafka, all partitions side by side."""

    async def run(setting: Setting) -> Result:
        conns = [await _connected(setting.url) for _ in range(setting.partitions)]
        owned = [Partition(number, write=write) for number in range(setting.partitions)]
        for each, conn in zip(owned, conns, strict=True):
            await each.take_over(conn)
        gc.freeze()
        gc.disable()
        clock, taken, warned = Clock(setting), 0, 0
        writing: dict[int, asyncio.Task[int]] = {}
        async for found in portions(setting.bootstrap, setting.partitions):
            for place, records in found.items():
                number = place.partition
                if number in writing:
                    warned += await writing.pop(number)
                batch = [incoming(record) for record in records]
                run_one = owned[number].run(conns[number], batch, setting.day)
                writing[number] = asyncio.create_task(run_one)
                taken += len(batch)
            if taken >= setting.events or clock.is_up():
                break
        warned += sum([await each for each in writing.values()])
        return clock.result(taken, warnings=warned)

    return run


def incoming(record: ConsumerRecord[bytes, bytes]) -> Incoming:
    """A record, as the prototype reads it."""
    headers = dict(record.headers)
    return Incoming(
        record.offset,
        (record.key or b"").decode(),
        headers["ce_id"].decode(),
        headers["ce_source"].decode(),
        headers["ce_type"].decode(),
        headers["ce_time"].decode(),
        record.value or b"",
    )


async def _connected(url: str) -> asyncpg.Connection:
    at = make_url(url)
    host = str(at.query.get("host", at.host))
    return await asyncpg.connect(host=host, user=at.username, database=at.database)


def whole_product(*, kafka: bool) -> Callable[[Setting], Coroutine[Any, Any, Result]]:
    """The product's worker, on Kafka or on the publishers' logs."""

    async def run(setting: Setting) -> Result:
        cpu = time.process_time()
        tally = await product.consume(
            setting.url,
            expected=setting.events,
            partitions=setting.partitions,
            kafka=setting.bootstrap if kafka else None,
            seconds=setting.seconds,
        )
        return Result(
            events=tally.taken,
            seconds=tally.seconds,
            cpu_seconds=time.process_time() - cpu,
            warnings=await product.warnings_in(setting.url),
            note=f"{sum(tally.parked.values())} parked" if tally.parked else "",
        )

    return run


async def serve(setting: Setting) -> Result:
    """The product's worker on Kafka, until it is told to stop; says when it owns its partitions."""
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    partitions = setting.partitions
    database = Database(DatabaseSettings(setting.url), SERVICE.name)
    transport = product.over_kafka(
        database, setting.bootstrap, partitions=partitions, group=setting.group
    )
    share = partitions // setting.workers
    await product.serve(database, transport, partitions=partitions, share=share, until=stopping)
    await database.close()
    return Result(events=0, seconds=0.0)


CONTENDERS: Final[dict[str, Callable[[Setting], Coroutine[Any, Any, Result]]]] = {
    "raw": raw,
    "decode": decode,
    "rules": rules,
    "prototype-cte": prototype(Write.CTE),
    "prototype-copy": prototype(Write.COPY),
    "prototype-merge": prototype(Write.MERGE),
    "serve": serve,
    "product-kafka": whole_product(kafka=True),
    "product-postgres": whole_product(kafka=False),
}


def main() -> None:
    """Run the contender that the command line names."""
    name, text = sys.argv[1:3]
    setting = msgspec.json.decode(text, type=Setting)
    result = uvloop.run(CONTENDERS[name](setting))
    result.memory_mb = peak_memory_mb()
    sys.stdout.write(json.dumps(msgspec.to_builtins(result)) + "\n")


if __name__ == "__main__":
    main()
