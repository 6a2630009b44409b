"""Where a batch begins and ends changes nothing."""

from datetime import timedelta

import pytest

from shared.contracts.envelope import Event
from shared.contracts.tiering import TieringDayClosed
from shared.testing.database import TestServer
from tests.component.tiering.bench import SUNDAY, Tiering, cleared, limit_of, owing
from tests.component.tiering.conftest import tiering_on
from tests.unit.tiering.events import day_closed, grade_answer

TABLES = ("account", "tier_history", "limit_history", "portfolio_total", "credit_check")
STORY: tuple[Event, ...] = (
    cleared(),
    limit_of(10_000),
    owing(1, 500),
    day_closed(SUNDAY, 1_000),
    limit_of(10_000),
    cleared("other"),
    grade_answer("CCC", customer_id="other"),
    owing(2, 700, "O-1"),
    limit_of(2_000),
    owing(2, 999),
    limit_of(2_000, "third"),
)


async def tell(tiering: Tiering, *, events_per_batch: int) -> dict[str, list[object]]:
    """Work the story off in batches of a size; returns the tables it leaves."""
    for start in range(0, len(STORY), events_per_batch):
        await tiering.work(*STORY[start : start + events_per_batch])
    await tiering.work(closing=SUNDAY + timedelta(days=1))
    return {table: await tiering.rows(table) for table in TABLES}


@pytest.mark.parametrize("size", [1, 3, 4])
async def test_small_batches_leave_the_same_tables_as_one(postgres: TestServer, size: int) -> None:
    async with tiering_on(postgres) as whole, tiering_on(postgres) as split:
        expected = await tell(whole, events_per_batch=len(STORY))
        assert await tell(split, events_per_batch=size) == expected
        assert expected["tier_history"]


async def test_a_batch_that_fails_leaves_nothing(tiering: Tiering) -> None:
    await tiering.work(cleared(), limit_of(10_000), closing=SUNDAY)
    before = await tiering.rows("account")
    with pytest.raises(KeyError):
        await tiering.work(limit_of(2_000), owing(9, 1), TieringDayClosed(date=SUNDAY))
    assert await tiering.rows("account") == before
