"""Pages hold every row once, whatever the page size."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.chassis.paging import (
    CursorPart,
    PageRequest,
    UnreadableCursorError,
    page_request,
    read_cursor,
    write_cursor,
)

parts = st.lists(st.one_of(st.text(), st.integers(-(2**63), 2**63 - 1)), max_size=4).map(tuple)


def page_after(*after: CursorPart) -> PageRequest:
    return PageRequest(after=after)


@given(parts)
def test_a_cursor_is_read_as_it_was_written(place: tuple[CursorPart, ...]) -> None:
    assert read_cursor(write_cursor(place)) == place


@given(parts)
def test_a_cursor_needs_no_escaping_in_an_address(place: tuple[CursorPart, ...]) -> None:
    assert write_cursor(place).replace("-", "").replace("_", "").isalnum() or not place


@given(st.text(max_size=60))
def test_a_made_up_cursor_is_refused_or_read_but_never_breaks(text: str) -> None:
    with suppress(UnreadableCursorError):
        assert isinstance(read_cursor(text), tuple)


@given(st.lists(st.integers(), unique=True, max_size=40), st.integers(1, 10))
def test_walking_through_the_pages_meets_every_row_once(rows: list[int], limit: int) -> None:
    rows = sorted(rows)
    met: list[int] = []
    cursor: str | None = None
    while True:
        page = asyncio.run(page_request(cursor, limit))
        after = page.after_number()
        rest = [row for row in rows if after is None or row > after]
        found = page.page(rest[: page.fetch], cursor=lambda row: (row,), out=lambda row: row)
        assert len(found.items) <= limit
        met += found.items
        if found.next_cursor is None:
            break
        cursor = found.next_cursor
    assert met == rows


@pytest.mark.parametrize(("count", "more"), [(1, False), (2, False), (3, True)])
def test_only_a_page_with_rows_behind_it_has_a_next_one(count: int, *, more: bool) -> None:
    found = PageRequest(limit=2).page(
        list(range(count)), cursor=lambda row: (row,), out=lambda row: row
    )
    assert (found.next_cursor is not None) is more


def test_an_empty_list_is_one_empty_page() -> None:
    rows: list[int] = []
    found = PageRequest().page(rows, cursor=lambda row: (row,), out=lambda row: row)
    assert (found.items, found.next_cursor) == ([], None)


def test_the_first_page_comes_after_nothing() -> None:
    page = PageRequest()
    assert page.after_number() is None
    assert page.after_text() is None
    assert page.after_moment() is None


def test_a_moment_and_an_id_come_back() -> None:
    moment = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert page_after(moment.isoformat(), "d1").after_moment() == (moment, "d1")


@pytest.mark.parametrize(
    "page", [page_after("x", "d1"), page_after("2026-03-02T12:00:00", "d1"), page_after("d1")]
)
def test_another_lists_cursor_is_no_moment(page: PageRequest) -> None:
    with pytest.raises(UnreadableCursorError):
        page.after_moment()


def test_another_lists_cursor_is_no_number() -> None:
    with pytest.raises(UnreadableCursorError):
        page_after("a").after_number()


def test_another_lists_cursor_is_no_text() -> None:
    with pytest.raises(UnreadableCursorError):
        page_after(1).after_text()
