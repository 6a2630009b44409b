"""Decisions as they are kept: bit for bit, found by customer, chain, cause and kind."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import msgspec
import pytest
from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.chassis.tables import chassis_tables
from shared.decisions.storage import (
    DecisionQuestion,
    decision_table,
    find_decision,
    find_decisions,
    save_decisions,
)
from shared.decisions.stored import StoredDecision
from shared.kernel.errors import NotFoundError
from shared.testing.workers import Bench


def a_decision(number: int = 0, **changed: object) -> StoredDecision:
    plain = StoredDecision(
        decision_id=f"d{number}",
        customer_id="c1",
        kind="grade",
        as_of=date(2026, 3, 2),
        inputs='{"b":1.0,"a":"ä"}',
        outcome="{}",
        policy_version="v1",
        model_version="m1",
        cause_id="e1",
        cause_source="test",
        cause_type="order.placed",
        correlation_id="chain",
    )
    return msgspec.structs.replace(plain, **changed)


def table_of(toy: Bench) -> Table:
    return chassis_tables("monitoring", toy.service.metadata).decision


@pytest.fixture
async def conn(toy: Bench) -> AsyncIterator[AsyncConnection]:
    async with toy.database.transaction() as opened:
        await opened.execute(text("SELECT 1"))
        yield opened


async def found(toy: Bench, conn: AsyncConnection, question: DecisionQuestion) -> list[str]:
    kept = await find_decisions(conn, table_of(toy), question)
    return [each.decision.decision_id for each in kept]


def test_a_table_of_decisions_is_declared_once(toy: Bench) -> None:
    assert decision_table(toy.service.metadata) is table_of(toy)


async def test_a_decision_reads_back_letter_for_letter(toy: Bench, conn: AsyncConnection) -> None:
    await save_decisions(conn, table_of(toy), [a_decision()])
    assert (await find_decision(conn, table_of(toy), "d0")).decision == a_decision()


async def test_a_decision_that_is_not_there_is_not_found(toy: Bench, conn: AsyncConnection) -> None:
    with pytest.raises(NotFoundError, match="decision 'nope'"):
        await find_decision(conn, table_of(toy), "nope")


async def test_no_decisions_are_nothing_to_keep(toy: Bench, conn: AsyncConnection) -> None:
    await save_decisions(conn, table_of(toy), [])
    assert await found(toy, conn, DecisionQuestion()) == []


@pytest.mark.parametrize("name", ["customer_id", "correlation_id", "cause_id", "kind"])
async def test_decisions_are_found_by_what_they_are_about(
    toy: Bench, conn: AsyncConnection, name: str
) -> None:
    mine, other = a_decision(1, **{name: "mine"}), a_decision(2)
    await save_decisions(conn, table_of(toy), [mine, other])
    assert await found(toy, conn, msgspec.convert({name: "mine"}, DecisionQuestion)) == ["d1"]


async def test_conditions_hold_together(toy: Bench, conn: AsyncConnection) -> None:
    rows = [a_decision(1), a_decision(2, kind="limit"), a_decision(3, customer_id="c2")]
    await save_decisions(conn, table_of(toy), rows)
    question = DecisionQuestion(customer_id="c1", kind="grade")
    assert await found(toy, conn, question) == ["d1"]


async def test_the_newest_come_first(toy: Bench, conn: AsyncConnection) -> None:
    await save_decisions(conn, table_of(toy), [a_decision(number) for number in range(3)])
    await conn.execute(
        text("UPDATE monitoring.decision SET recorded_at = :then WHERE decision_id = 'd2'"),
        {"then": datetime(2020, 1, 1, tzinfo=UTC)},
    )
    assert await found(toy, conn, DecisionQuestion()) == ["d1", "d0", "d2"]


async def test_pages_follow_one_another_without_a_gap(toy: Bench, conn: AsyncConnection) -> None:
    await save_decisions(conn, table_of(toy), [a_decision(number) for number in range(5)])
    page = await find_decisions(conn, table_of(toy), DecisionQuestion(limit=2))
    last = page[-1]
    place = (last.recorded_at, last.decision.decision_id)
    rest = await found(toy, conn, DecisionQuestion(older_than=place))
    assert [each.decision.decision_id for each in page] + rest == ["d4", "d3", "d2", "d1", "d0"]
