"""Records between the log and Kafka: CloudEvents attributes as headers, and the log's own offset."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from aiokafka import ConsumerRecord

from shared.bus.port import LOG_OFFSET_HEADER, Record
from shared.log.reading import LogRow

Found: TypeAlias = ConsumerRecord[bytes, bytes]

_LONGEST_OFFSET = 18  # digits that fit a bigint


def record_of(found: Found) -> Record:
    """A record as the port describes it. What is not UTF-8, or NUL, is replaced, for the worker to refuse."""
    headers = {name: _text(value) for name, value in found.headers}
    return Record(
        topic=found.topic,
        partition=found.partition,
        position=found.offset,
        log_offset=_log_offset(headers.get(LOG_OFFSET_HEADER)),
        key=None if found.key is None else _text(found.key),
        headers=headers,
        value=found.value or b"",
        appended_at=datetime.fromtimestamp(max(found.timestamp, 0) / 1000, UTC),
    )


def records_of(found: Iterable[Found]) -> list[Record]:
    """Records in their order."""
    return [record_of(each) for each in found]


def headers_of(row: LogRow) -> Sequence[tuple[str, bytes]]:
    """What a row of the log carries on Kafka: its own headers, and its offset in the log."""
    own = [
        (name, value.encode())
        for name, value in sorted(row.headers.items())
        if name != LOG_OFFSET_HEADER
    ]
    return [*own, (LOG_OFFSET_HEADER, str(row.offset).encode())]


def _text(raw: bytes | None) -> str:
    return (raw or b"").decode(errors="replace").replace("\x00", "\ufffd")


def _log_offset(shown: str | None) -> int | None:
    if shown is None or not shown.isascii() or not shown.isdigit():
        return None
    return int(shown) if len(shown) <= _LONGEST_OFFSET else None
