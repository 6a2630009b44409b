"""Lists come in pages: `{items, next_cursor}`, and the cursor says where to go on."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Generic, TypeVar

import msgspec
from fastapi import Depends, Query
from pydantic import BaseModel

from shared.kernel.errors import InvalidInputError

RowT = TypeVar("RowT")
OutT = TypeVar("OutT")
CursorPart = str | int
LARGEST_PAGE = 200
_USUAL_PAGE = 50


class Page(BaseModel, Generic[OutT]):
    """One page of a list; `next_cursor` is null on the last one."""

    items: list[OutT]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is wanted: up to `limit` rows after those that `after` names."""

    limit: int = _USUAL_PAGE
    after: tuple[CursorPart, ...] | None = None

    @property
    def fetch(self) -> int:
        """How many rows to read: one more than shown, to know whether there is a next page."""
        return self.limit + 1

    def after_number(self) -> int | None:
        """The cursor's only part, where rows are ordered by a number."""
        match self.after:
            case None:
                return None
            case (int(number),):
                return number
            case _:
                raise UnreadableCursorError

    def after_text(self) -> str | None:
        """The cursor's only part, where rows are ordered by a text."""
        match self.after:
            case None:
                return None
            case (str(word),):
                return word
            case _:
                raise UnreadableCursorError

    def after_moment(self) -> tuple[datetime, str] | None:
        """The cursor's two parts, where rows are ordered by a moment and then an id."""
        match self.after:
            case None:
                return None
            case (str(moment), str(name)):
                return _moment(moment), name
            case _:
                raise UnreadableCursorError

    def page(
        self,
        rows: Sequence[RowT],
        *,
        cursor: Callable[[RowT], tuple[CursorPart, ...]],
        out: Callable[[RowT], OutT],
    ) -> Page[OutT]:
        """The page of up to `fetch` rows read: at most `limit` shown, a cursor if more follow."""
        shown = rows[: self.limit]
        more = len(rows) > len(shown)
        return Page(
            items=[out(row) for row in shown],
            next_cursor=write_cursor(cursor(shown[-1])) if more else None,
        )


class UnreadableCursorError(InvalidInputError):
    """The cursor is not one that this list gave out."""

    def __init__(self) -> None:
        super().__init__(field="cursor", value="…", rule="must be a next_cursor of this list")


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise UnreadableCursorError from error
    if found.tzinfo is None:
        raise UnreadableCursorError
    return found


def write_cursor(parts: tuple[CursorPart, ...]) -> str:
    """An opaque text for where a page ended."""
    return urlsafe_b64encode(msgspec.json.encode(parts)).decode().rstrip("=")


def read_cursor(text: str) -> tuple[CursorPart, ...]:
    """Where a page ended. Raises `UnreadableCursorError`."""
    try:
        padded = text.encode() + b"=" * (-len(text) % 4)
        return msgspec.json.decode(urlsafe_b64decode(padded), type=tuple[CursorPart, ...])
    except (ValueError, msgspec.DecodeError) as error:
        raise UnreadableCursorError from error


async def page_request(
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = _USUAL_PAGE,
) -> PageRequest:
    """Read `?cursor=&limit=`."""
    return PageRequest(limit=limit, after=None if cursor is None else read_cursor(cursor))


PageQuery = Annotated[PageRequest, Depends(page_request)]
