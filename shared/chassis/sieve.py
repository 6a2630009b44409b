"""What a record is before anyone acts on it: to apply, seen before, misplaced, unknown or poison."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from shared.bus.port import PositionOutsideLogError, Record
from shared.chassis.service import Delivery, Service
from shared.contracts import catalogue
from shared.contracts.envelope import Envelope
from shared.kernel.errors import ObligorError, PoisonError
from shared.kernel.partitions import partition_of
from shared.kernel.values import quick, replace
from shared.log.append import Entry
from shared.log.checkpoints import Checkpoint
from shared.log.dead_letters import DeadLetter, unwrap
from shared.log.seen import Name, Seen, body_hash

MAX_DEPTH = 8
NOT_SUBSCRIBED = "not_subscribed"
REPLAY_TYPE = "job.replay_dead_letter"


class BrokenEnvelopeError(PoisonError):
    """A record lacks an attribute that CloudEvents requires, or it cannot be read."""

    code = "broken_envelope"


class TooDeepError(PoisonError):
    """More causes than any honest chain has: somebody feeds the loop with its own output."""

    code = "causation_too_deep"


class ConflictingDuplicateError(PoisonError):
    """The same (source, id) came again with another body: never overwrite, ask the sender."""

    code = "conflicting_duplicate"


@quick
@dataclass(frozen=True, slots=True)
class Sifted:
    """One record and what to do with it: apply, park, append elsewhere, skip; or run as a command.

    `conflict` is the envelope of a parked record whose id came before with another body.
    """

    record: Record
    delivery: Delivery | None = None
    letter: DeadLetter | None = None
    entries: tuple[Entry, ...] = ()
    skipped: str | None = None
    seen: Seen | None = None
    envelope: Envelope | None = None
    original: Record | None = None
    conflict: Envelope | None = None

    @property
    def is_passed_over(self) -> bool:
        """Whether nobody looks at the record, and nothing is left of it."""
        return self.skipped == NOT_SUBSCRIBED and self.seen is None


def parked(record: Record, error: ObligorError) -> DeadLetter:
    """A record as the dead letter it becomes."""
    return DeadLetter(
        record.topic,
        record.partition,
        record.position,
        record.key,
        record.headers,
        record.value,
        error.code,
        str(error),
    )


def envelope_of(record: Record, zone: ZoneInfo) -> Envelope:
    """The envelope in a record's headers, its time in the ledger's zone.

    Raises `BrokenEnvelopeError`.
    """
    headers = record.headers
    try:
        moment = datetime.fromisoformat(headers["ce_time"])
        event_id, source, event_type = headers["ce_id"], headers["ce_source"], headers["ce_type"]
        depth = int(headers.get("ce_causationdepth", "0"))
    except (KeyError, ValueError) as error:
        reason = f"a CloudEvents attribute is missing or unreadable: {error}"
        raise BrokenEnvelopeError(reason) from error
    if moment.tzinfo is None:
        message = f"ce_time {headers['ce_time']!r} has no offset from UTC"
        raise BrokenEnvelopeError(message)
    return Envelope(
        id=event_id,
        source=source,
        type=event_type,
        time=moment.astimezone(zone),
        subject=headers.get("ce_subject") or (record.key or ""),
        correlation_id=headers.get("ce_correlationid") or event_id,
        causation_id=headers.get("ce_causationid", ""),
        depth=depth,
    )


class Sieve:
    """Sorts the records of one partition's batch. Holds no state between batches."""

    def __init__(
        self, service: Service[Any, Any], *, index: int, partitions: int, zone: ZoneInfo
    ) -> None:
        self._service = service
        self._index = index
        self._partitions = partitions
        self._zone = zone
        self._upstream = {each.topic for each in service.subscriptions if each.upstream}
        wanted = {each.closes_on for each in service.subscriptions} | set(service.handlers)
        self._passed_over = frozenset(catalogue.TOPIC_OF) - wanted

    def names(self, records: Sequence[Record]) -> set[Name]:
        """The (source, id) pairs to probe for duplicates, of the upstream records.

        And of those that come again as dead letters: they may have been applied in the meantime.
        """
        named = [record.headers for record in records if record.topic in self._upstream]
        named += [
            unwrap(record.value).headers
            for record in records
            if record.topic == catalogue.JOBS and record.headers.get("ce_type") == REPLAY_TYPE
        ]
        return {(headers.get("ce_source", ""), headers.get("ce_id", "")) for headers in named}

    def sift(
        self,
        records: Sequence[Record],
        checkpoints: Mapping[str, Checkpoint],
        seen: Mapping[Name, Seen],
    ) -> list[Sifted]:
        """Sort records in their order; duplicates go before they count."""
        known = dict(seen)
        applied = {topic: each.log_offset for topic, each in checkpoints.items()}
        return [self._sift_one(record, applied, known) for record in records]

    def _sift_one(self, record: Record, applied: dict[str, int], known: dict[Name, Seen]) -> Sifted:
        if self._applied_before(record, applied):
            return Sifted(record, skipped="applied_before")
        if self._nobody_looks_at(record):
            return Sifted(record, skipped=NOT_SUBSCRIBED)
        try:
            envelope = envelope_of(record, self._zone)
            if envelope.depth > MAX_DEPTH:
                message = f"{envelope.depth} causes, more than {MAX_DEPTH}"
                raise TooDeepError(message)
            return self._placed(record, envelope, known)
        except ObligorError as error:
            return Sifted(record, letter=parked(record, error))

    def _nobody_looks_at(self, record: Record) -> bool:
        """Whether a record between services is of a type that this one does not ask for.

        Most are; so nothing else of them is read. Upstream, duplicates and strays count before.
        """
        if record.headers.get("ce_type") not in self._passed_over:
            return False
        return record.topic not in self._upstream and record.topic not in catalogue.LOCAL_TOPICS

    def _applied_before(self, record: Record, applied: dict[str, int]) -> bool:
        """Whether a record between services came before, in an earlier batch or in this one.

        A record that is missing must not be passed over. Upstream topics are others' too: there
        the header proves nothing, and (source, id) decides.
        """
        if record.log_offset is None or record.topic in self._upstream:
            return False
        last = applied.get(record.topic, -1)
        if 0 <= last < record.log_offset - 1:
            found = f"the next record is number {record.log_offset} of its log"
            raise PositionOutsideLogError(record.topic, record.partition, last + 1, found)
        applied[record.topic] = max(last, record.log_offset)
        return record.log_offset <= last

    def _placed(self, record: Record, envelope: Envelope, known: dict[Name, Seen]) -> Sifted:
        if envelope.type == REPLAY_TYPE:
            return self._again(record, known)
        if record.topic in catalogue.LOCAL_TOPICS:
            return Sifted(record, envelope=envelope)
        if record.topic in self._upstream:
            misplaced = self._misplaced(record, envelope)
            if misplaced:
                return Sifted(record, entries=misplaced, skipped="misplaced")
            return self._new(record, envelope, known)
        return self._decoded(record, envelope, None)

    def _again(self, job: Record, known: dict[Name, Seen]) -> Sifted:
        """A dead letter that comes again: as the record it was, without its old offset."""
        letter = unwrap(job.value)
        record = Record(*letter[:3], None, *letter[3:6], job.appended_at)
        try:
            sifted = self._placed(record, envelope_of(record, self._zone), known)
        except ObligorError as error:
            sifted = Sifted(record, letter=parked(record, error))
        return replace(sifted, record=job, original=record, conflict=None)

    def _misplaced(self, record: Record, envelope: Envelope) -> tuple[Entry, ...]:
        """The entries that put a record where it belongs, none when it is in its place."""
        if envelope.type in catalogue.BROADCAST_TYPES:
            if envelope.id.endswith(f"/{self._index}"):
                return ()
            return tuple(
                _entry(record, partition, ce_id=f"{envelope.id}/{partition}")
                for partition in range(self._partitions)
            )
        right = partition_of(record.key or envelope.subject, self._partitions)
        return () if right == self._index else (_entry(record, right, ce_id=envelope.id),)

    def _new(self, record: Record, envelope: Envelope, known: dict[Name, Seen]) -> Sifted:
        name = (envelope.source, envelope.id)
        fingerprint = body_hash(record.value)
        before = known.get(name)
        if before is not None and before.status != "parked":
            if before.body_hash == fingerprint:
                return Sifted(record, skipped="duplicate")
            message = f"{envelope.source} sent {envelope.id} before, with another body"
            letter = parked(record, ConflictingDuplicateError(message))
            return Sifted(record, letter=letter, conflict=envelope)
        mark = Seen(envelope.source, envelope.id, fingerprint, "applied", self._index)
        known[name] = mark
        try:
            return self._decoded(record, envelope, mark)
        except ObligorError as error:
            known[name] = mark._replace(status="parked")
            return Sifted(record, letter=parked(record, error), seen=known[name])

    def _decoded(self, record: Record, envelope: Envelope, mark: Seen | None) -> Sifted:
        event = catalogue.decode(envelope.type, record.value)
        if event is None:
            return Sifted(record, skipped="unknown_type", seen=mark)
        delivery = Delivery(envelope, event, record.topic, record.value)
        return Sifted(record, delivery=delivery, seen=mark)


def _entry(record: Record, partition: int, *, ce_id: str) -> Entry:
    headers = dict(record.headers) | {"ce_id": ce_id}
    return Entry(record.topic, partition, record.key or "", headers, record.value)
