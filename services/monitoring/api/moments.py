"""`?known_at=`: a question is answered from what was known at a moment of the past."""

from datetime import UTC, date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Query

from shared.chassis.doors import DoorsDep
from shared.kernel.errors import InvalidInputError

_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, tzinfo=UTC)
Written = Annotated[
    str | None,
    Query(
        max_length=40,
        description="only what was recorded by then: a date (the end of it) or a time with its offset",
        examples=["2025-06-30", "2025-06-30T12:00:00+08:00"],
    ),
]


async def known_at_of(doors: DoorsDep, known_at: Written = None) -> datetime | None:
    """Read `known_at`; a date means its last moment in the ledger's zone."""
    if known_at is None:
        return None
    try:
        moment = _moment(known_at, doors.settings.zone)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not _EARLIEST <= moment <= _LATEST:
        rule = "must be a date, or a time with its offset from UTC, between 1970 and 2199"
        raise InvalidInputError(field="known_at", value=known_at, rule=rule)
    return moment


KnownAt = Annotated[datetime | None, Depends(known_at_of)]


def _moment(written: str, zone: ZoneInfo) -> datetime:
    # a plus sign that was not escaped arrives as a blank
    whole = written.replace(" ", "+")
    if len(whole) == len("2025-06-30"):
        return datetime.combine(date.fromisoformat(whole), time.max, zone)
    return datetime.fromisoformat(whole)
