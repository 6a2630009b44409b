"""Policy versions on their way: drafted by one, decided by another, in force from a later day."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.chassis.service import AnyService
from shared.chassis.tables import chassis_tables
from shared.db.engine import Database, DatabaseSettings
from shared.kernel.errors import InvalidInputError, NotFoundError
from shared.policies.book import ALWAYS, PolicyBook, PolicyVersion
from shared.policies.versions import (
    PolicyDecidedError,
    PolicyDraft,
    PolicyExistsError,
    PolicyState,
    PolicyTooLateError,
    SecondPersonNeededError,
    Verdict,
    decide_on_draft,
    draft_policy,
    find_policy,
    list_policies,
    load_policies,
    policy_table,
)
from shared.testing.database import TestServer
from shared.testing.toy import toy_service

DAY = date(2026, 3, 10)
NO_OTHERS: PolicyBook[object] = PolicyBook([])
TOY: AnyService = toy_service()
TABLE: Table = chassis_tables(TOY.name, TOY.metadata).policy


@pytest.fixture
async def conn(postgres: TestServer) -> AsyncIterator[AsyncConnection]:
    database = Database(DatabaseSettings(await postgres.fresh([TOY])), TOY.name)
    async with database.transaction() as opened:
        yield opened
    await database.close()


def a_draft(version: str = "v1", day: date = DAY, most: int = 5) -> PolicyDraft:
    return PolicyDraft(version, day, f"most_orders: {most}", "ada", "stricter")


def yes(version: str = "v1", approver: str = "bob") -> Verdict:
    return Verdict(version, approver, approved=True, note="fine")


async def approve(conn: AsyncConnection, draft: PolicyDraft) -> None:
    await draft_policy(conn, TABLE, draft, NO_OTHERS)
    await decide_on_draft(conn, TABLE, yes(draft.version), business_day=None)


def test_a_table_of_policies_is_declared_once() -> None:
    assert policy_table(TOY.metadata) is TABLE


async def test_a_draft_is_kept_as_it_was_written(conn: AsyncConnection) -> None:
    kept = await draft_policy(conn, TABLE, a_draft(), NO_OTHERS)
    assert (kept.version, kept.state, kept.author) == ("v1", PolicyState.DRAFT, "ada")
    assert (kept.body, kept.note, kept.approver) == ("most_orders: 5", "stricter", None)
    assert await find_policy(conn, TABLE, "v1") == kept


async def test_a_name_is_given_once(conn: AsyncConnection) -> None:
    await draft_policy(conn, TABLE, a_draft(), NO_OTHERS)
    with pytest.raises(PolicyExistsError, match="'v1' exists already"):
        await draft_policy(conn, TABLE, a_draft(most=9), NO_OTHERS)


@pytest.mark.parametrize("name", ["current", "shipped-1"])
async def test_the_default_and_the_current_one_give_no_draft_their_name(
    conn: AsyncConnection, name: str
) -> None:
    others = PolicyBook[object]([PolicyVersion("shipped-1", ALWAYS, object())])
    with pytest.raises(PolicyExistsError):
        await draft_policy(conn, TABLE, a_draft(name), others)


async def test_a_version_that_is_not_there_is_not_found(conn: AsyncConnection) -> None:
    with pytest.raises(NotFoundError):
        await find_policy(conn, TABLE, "nope")


async def test_a_second_person_approves(conn: AsyncConnection) -> None:
    await draft_policy(conn, TABLE, a_draft(), NO_OTHERS)
    kept = await decide_on_draft(conn, TABLE, yes(), business_day=None)
    assert (kept.state, kept.approver) == (PolicyState.APPROVED, "bob")
    assert (kept.approval_note, kept.decided_at is None) == ("fine", False)


async def test_the_author_cannot_approve(conn: AsyncConnection) -> None:
    await draft_policy(conn, TABLE, a_draft(), NO_OTHERS)
    with pytest.raises(SecondPersonNeededError):
        await decide_on_draft(conn, TABLE, yes(approver="ada"), business_day=None)


async def test_a_draft_is_decided_once(conn: AsyncConnection) -> None:
    await approve(conn, a_draft())
    with pytest.raises(PolicyDecidedError, match="is approved already"):
        await decide_on_draft(conn, TABLE, yes(), business_day=None)


@pytest.mark.parametrize("today", [DAY, date(2026, 3, 11)])
async def test_a_day_that_has_begun_is_too_late(conn: AsyncConnection, today: date) -> None:
    await draft_policy(conn, TABLE, a_draft(), NO_OTHERS)
    with pytest.raises(PolicyTooLateError, match="2026-03-10"):
        await decide_on_draft(conn, TABLE, yes(), business_day=today)


async def test_the_day_before_is_early_enough(conn: AsyncConnection) -> None:
    await draft_policy(conn, TABLE, a_draft(), NO_OTHERS)
    kept = await decide_on_draft(conn, TABLE, yes(), business_day=date(2026, 3, 9))
    assert kept.state is PolicyState.APPROVED


async def test_a_draft_can_be_rejected_however_late(conn: AsyncConnection) -> None:
    await draft_policy(conn, TABLE, a_draft(), NO_OTHERS)
    no = Verdict("v1", "bob", approved=False, note="no")
    kept = await decide_on_draft(conn, TABLE, no, business_day=date(2027, 1, 1))
    assert kept.state is PolicyState.REJECTED


async def test_without_versions_the_shipped_policy_is_in_force(conn: AsyncConnection) -> None:
    assert (await load_policies(conn, TOY)).in_force(DAY).version == "toy"


async def test_a_draft_is_never_in_force(conn: AsyncConnection) -> None:
    await draft_policy(conn, TABLE, a_draft(), NO_OTHERS)
    assert (await load_policies(conn, TOY)).in_force(DAY).version == "toy"


@pytest.mark.parametrize(("day", "version"), [(9, "toy"), (10, "v1"), (11, "v1")])
async def test_an_approved_version_is_in_force_from_its_day(
    conn: AsyncConnection, day: int, version: str
) -> None:
    await approve(conn, a_draft())
    book = await load_policies(conn, TOY)
    assert book.in_force(date(2026, 3, day)).version == version


async def test_an_approved_version_says_what_was_drafted(conn: AsyncConnection) -> None:
    await approve(conn, a_draft(most=5))
    assert (await load_policies(conn, TOY)).in_force(DAY).policy.most_orders == 5


async def test_versions_follow_one_another_by_their_days(conn: AsyncConnection) -> None:
    await approve(conn, a_draft("late", date(2026, 3, 20)))
    await approve(conn, a_draft("early", date(2026, 3, 12)))
    book = await load_policies(conn, TOY)
    days = [date(2026, 3, day) for day in (11, 12, 19, 20)]
    assert [book.in_force(day).version for day in days] == ["toy", "early", "early", "late"]


async def test_versions_are_listed_by_name_in_pages(conn: AsyncConnection) -> None:
    for name in ("c", "a", "b"):
        await draft_policy(conn, TABLE, a_draft(name), NO_OTHERS)
    first = await list_policies(conn, TABLE, after=None, limit=2)
    rest = await list_policies(conn, TABLE, after=first[-1].version, limit=2)
    assert [each.version for each in [*first, *rest]] == ["a", "b", "c"]


async def test_a_stored_body_that_no_longer_fits_is_refused_by_name(conn: AsyncConnection) -> None:
    await approve(conn, PolicyDraft("old", DAY, "fewest_orders: 1", "ada", ""))
    with pytest.raises(InvalidInputError, match="fewest_orders"):
        await load_policies(conn, TOY)
