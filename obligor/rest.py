"""When the platform has worked everything off: every reader stands at the end of what it reads."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from msgspec import Struct

from obligor.remote import SERVICES, Remote
from shared.contracts.catalogue import COMMANDS, JOBS, PUBLISHER_OF
from shared.kernel.errors import ObligorError

Place = tuple[str, str, int]
_PAUSE_SECONDS = 0.02
_LONGEST_PAUSE_SECONDS = 2.0
_RECORDS_A_SECOND = 2_000
_STUCK_SECONDS = 180.0
_SUSPICIOUS_SECONDS = 30.0


class StuckError(ObligorError):
    """The platform no longer gets on with its work."""

    code = "platform_stuck"

    def __init__(self, behind: Sequence["Behind"]) -> None:
        places = ", ".join(each.sentence for each in behind[:5])
        super().__init__(
            f"for {_STUCK_SECONDS:.0f} s no service has read any further, and these are behind: "
            f"{places}; see /healthz of each service and its log"
        )


class AilingError(ObligorError):
    """The platform itself says that it cannot go on."""

    code = "platform_ailing"

    def __init__(self, reasons: str) -> None:
        super().__init__(f"the platform says that it is not well: {reasons}")


class Checkpoint(Struct, frozen=True):
    """How far a service has applied one partition of a topic."""

    topic: str
    partition: int
    log_offset: int


class Head(Struct, frozen=True):
    """Where one partition of a topic ends."""

    topic: str
    partition: int
    next_offset: int


class PartitionClock(Struct, frozen=True):
    """A partition's last closed day."""

    partition: int
    closed_on: date | None = None


class Positions(Struct, frozen=True):
    """One service's answer to `GET /{service}/v1/positions`."""

    service: str
    checkpoints: tuple[Checkpoint, ...]
    log: tuple[Head, ...]
    partitions: tuple[PartitionClock, ...]
    reads: tuple[str, ...] = ()

    @property
    def closed_on(self) -> date | None:
        """The last day that every partition has closed; None before the ledger begins."""
        days = [each.closed_on for each in self.partitions]
        known = [day for day in days if day is not None]
        return min(known) if known and len(known) == len(days) else None


@dataclass(frozen=True, slots=True)
class Behind:
    """A service that has not yet read a log to its end."""

    service: str
    topic: str
    partition: int
    records: int

    @property
    def sentence(self) -> str:
        """`rating by 12 of obligor.monitoring/3`."""
        return f"{self.service} by {self.records} of {self.topic}/{self.partition}"


@dataclass(frozen=True, slots=True)
class Look:
    """One look at all five services, taken in the order of the chain."""

    positions: tuple[Positions, ...]

    @property
    def heads(self) -> dict[Place, int]:
        """The ends of all logs."""
        return {
            (each.service, head.topic, head.partition): head.next_offset
            for each in self.positions
            for head in each.log
        }

    def behind(self) -> list[Behind]:
        """Who has something left to read."""
        heads = self.heads
        return [found for each in self.positions for found in _behind(each, heads)]

    def closed_on(self, service: str) -> date | None:
        """The last day a service has closed."""
        return next((one.closed_on for one in self.positions if one.service == service), None)

    @property
    def chain_closed_on(self) -> date | None:
        """The last day that all five services have closed."""
        days = [each.closed_on for each in self.positions]
        known = [day for day in days if day is not None]
        return min(known) if len(known) == len(days) else None


def _behind(reader: Positions, heads: Mapping[Place, int]) -> Iterator[Behind]:
    applied = {(each.topic, each.partition): each.log_offset for each in reader.checkpoints}
    wanted = {(PUBLISHER_OF[topic], topic) for topic in reader.reads if topic in PUBLISHER_OF}
    wanted |= {(reader.service, COMMANDS), (reader.service, JOBS)}
    for (service, topic, partition), end in heads.items():
        left = end - 1 - applied.get((topic, partition), -1)
        if (service, topic) in wanted and left > 0:
            yield Behind(reader.service, topic, partition, left)


def look(remote: Remote) -> Look:
    """Ask all five where they stand."""
    return Look(tuple(remote.for_each(SERVICES, partial(_positions, remote))))


def _positions(remote: Remote, service: str) -> Positions:
    return remote.get(f"/{service}/v1/positions", Positions)


def wait_for_rest(
    remote: Remote,
    *,
    on_look: Callable[[Look], None] | None = None,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Look:
    """Return when two looks running agree that nobody is behind and no log has grown.

    Raises `AilingError` when the platform says that it is not well, `StuckError` when nothing has
    moved for three minutes.
    """
    before: Look | None = None
    moved_at = clock()
    while True:
        now = look(remote)
        if on_look is not None:
            on_look(now)
        behind = now.behind()
        if not behind and before is not None and not before.behind() and before.heads == now.heads:
            return now
        if before is None or before.positions != now.positions:
            moved_at = clock()
        else:
            _check_stuck(remote, behind, clock() - moved_at)
        if behind:
            sleep(_pause(behind))
        before = now


def _pause(behind: Sequence[Behind]) -> float:
    """Look often when little is left; looking costs the platform work, too."""
    left = sum(each.records for each in behind)
    return min(_LONGEST_PAUSE_SECONDS, max(_PAUSE_SECONDS, left / _RECORDS_A_SECOND))


def _check_stuck(remote: Remote, behind: Sequence[Behind], seconds: float) -> None:
    if seconds > _STUCK_SECONDS:
        raise StuckError(behind)
    if seconds > _SUSPICIOUS_SECONDS:
        reasons = remote.ailing()
        if reasons is not None:
            raise AilingError(reasons)
