"""What the outside says, over the log and a real database, across partitions."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import pytest

from services.monitoring.domain.outside.group_standing import Edge, Groups, MemberDay
from services.monitoring.domain.outside.industry_standing import SectorTotal, note_days_late
from services.monitoring.handlers import SERVICE
from services.monitoring.storage.groups import load_groups, save_groups
from services.monitoring.storage.sectors import Member, load_sectors, save_members, save_months
from shared.contracts import catalogue, signals
from shared.contracts import transactions as tx
from shared.contracts.envelope import Event
from shared.contracts.monitoring import WarningRaised
from shared.contracts.screening import CustomerRegistered, Industry, Relationship
from shared.kernel.partitions import partition_of
from shared.log.append import Entry
from shared.testing.database import TestServer
from shared.testing.workers import Bench, bench, running
from tests.component.publishing import Publisher, publisher, stand_in

BEGIN = date(2025, 1, 6)
ONE, OTHER = "C1", "C3"


def on_day(number: int) -> date:
    return BEGIN + timedelta(days=number)


@dataclass(frozen=True, slots=True)
class Desk:
    """Monitoring's bench, and the register that tells it who there is."""

    bench: Bench
    screening: Publisher

    def told(self, event: Event, name: str, *, customer: str = "", partition: int = 0) -> Entry:
        if customer:
            return self.bench.entry(event, customer_id=customer, event_id=name)
        return self.bench.entry(event, customer_id="", event_id=name, partition=partition)

    def closes(self, first: int, last: int) -> list[Entry]:
        return [
            self.told(tx.DayClosed(date=day), f"day/{day}/{partition}", partition=partition)
            for day in (on_day(number) for number in range(first, last + 1))
            for partition in range(self.bench.partitions)
        ]

    async def register(self, name: str, *edges: Relationship) -> None:
        event = CustomerRegistered(
            customer_id=name,
            legal_names=(),
            country="DE",
            industry=Industry(scheme="NACE", code="C25.1"),
            relationships=edges,
        )
        await self.screening.say(event, customer_id=name)

    async def work(self, *entries: Entry) -> None:
        await self.bench.append(*entries)
        async with running(self.bench.worker()):
            await self.bench.at_rest()

    async def day_by_day(self, first: int, last: int) -> None:
        for number in range(first, last + 1):
            await self.work(*self.closes(number, number))

    async def raised(self) -> list[tuple[str, str, str, date, float]]:
        rows = await self.bench.fetch(
            "SELECT value FROM monitoring_log.log WHERE topic = 'obligor.monitoring' "
            "AND headers->>'ce_type' = 'monitoring.warning_raised.v1'"
        )
        events = [catalogue.decode("monitoring.warning_raised.v1", bytes(r.value)) for r in rows]
        return sorted(
            (each.customer_id, each.indicator, each.severity, each.as_of, each.figures.ews)
            for each in events
            if isinstance(each, WarningRaised)
        )


@pytest.fixture
async def desk(postgres: TestServer) -> AsyncIterator[Desk]:
    screening = stand_in("screening", catalogue.SCREENING)
    others = [stand_in("tiering", catalogue.TIERING), stand_in("rating", catalogue.FINANCIALS)]
    url = await postgres.fresh([SERVICE, screening, *others])
    made = Desk(bench(SERVICE, url), publisher(screening, url))
    yield made
    for each in (made.bench, made.screening.bench):
        await each.database.close()


def a_listing() -> Event:
    return signals.LegalProceedingFiled(proceeding_id="D1", kind="dishonest_debtor", date=on_day(0))


def an_index(value: float, *, on: int = 0) -> Event:
    return signals.IndustryIndexPublished(
        scheme="NACE", code="C25", index="pmi", date=on_day(on), value=value
    )


def test_the_two_customers_live_in_different_partitions() -> None:
    assert partition_of(ONE, 4) != partition_of(OTHER, 4)


async def test_a_listing_lifts_the_score_at_once(desk: Desk) -> None:
    await desk.register(ONE)
    await desk.work(*desk.closes(-1, -1))
    await desk.work(desk.told(a_listing(), "s1", customer=ONE))
    assert await desk.raised() == [(ONE, "E04", "red", on_day(0), 90.0)]
    kept = await desk.bench.fetch("SELECT kind FROM monitoring.signal")
    assert [row.kind for row in kept] == ["legal_proceeding.filed"]


async def test_one_index_reaches_exposed_customers_of_every_partition(desk: Desk) -> None:
    for name in (ONE, OTHER):
        await desk.register(name)
    await desk.work(*desk.closes(-1, -1))
    await desk.work(desk.told(an_index(44.0), "pmi-1"))
    await desk.work(*desk.closes(0, 0))
    assert [each[:4] for each in await desk.raised()] == [
        (ONE, "I01", "red", on_day(0)),
        (OTHER, "I01", "red", on_day(0)),
    ]
    copies = await desk.bench.fetch("SELECT partition FROM monitoring.index_series")
    assert sorted(row.partition for row in copies) == list(range(desk.bench.partitions))


async def test_an_index_and_the_close_may_come_in_one_batch(desk: Desk) -> None:
    for name in (ONE, OTHER):
        await desk.register(name)
    await desk.work(*desk.closes(-1, -1))
    copies = [
        desk.told(an_index(44.0), f"pmi-1/{partition}", partition=partition)
        for partition in range(desk.bench.partitions)
    ]
    await desk.work(*copies, *desk.closes(0, 0))
    assert {each[:2] for each in await desk.raised()} == {(ONE, "I01"), (OTHER, "I01")}


async def test_a_failure_is_heard_of_in_another_partition_the_day_after(desk: Desk) -> None:
    await desk.register(ONE, Relationship(type="controls", party=OTHER))
    await desk.register(OTHER)
    await desk.work(*desk.closes(-1, -1))
    await desk.day_by_day(0, 0)
    await desk.work(desk.told(a_listing(), "s1", customer=ONE))
    await desk.day_by_day(1, 2)
    assert [each[:4] for each in await desk.raised()] == [
        (ONE, "E04", "red", on_day(1)),
        (OTHER, "E11", "amber", on_day(2)),
    ]


async def test_records_that_nobody_asks_for_any_more_go(desk: Desk) -> None:
    """The score of a listed customer fades day by day: a record each, kept for a week."""
    await desk.register(ONE, Relationship(type="controls", party=OTHER))
    await desk.register(OTHER)
    media = signals.AdverseMediaReported(
        report_id="M1", date=on_day(0), severity=0.9, credibility=1
    )
    await desk.work(*desk.closes(-1, -1))
    await desk.work(desk.told(media, "s1", customer=ONE))
    await desk.day_by_day(0, 15)
    days = await desk.bench.fetch(
        "SELECT count(*) AS days FROM monitoring.member_day WHERE customer_id = :name", name=ONE
    )
    assert 1 < days[0].days <= 10


async def test_a_batch_knows_the_whole_chain_of_those_in_it(desk: Desk) -> None:
    names = [f"C{number}" for number in range(9)]
    edges: dict[str, tuple[Edge, ...]] = {
        name: (Edge(customer_id=name, kind="controls", party=party, from_day=BEGIN),)
        for name, party in pairwise([*names, "a name only"])
    }
    stood = [MemberDay(customer_id=name, day=BEGIN, ews=1.0, in_default=False) for name in names]
    members = dict.fromkeys([*names, "alone"], Member(None, "DE", BEGIN, linked=True))
    async with desk.bench.database.transaction() as conn:
        await save_members(conn, members, partition=0)
        await save_groups(conn, Groups(changed=edges, news=stood), partition=0)
        from_one_end = await load_groups(conn, 0, ["C0"])
        from_both = await load_groups(conn, 0, ["C0", "C8"])
    assert from_one_end == from_both
    assert sorted(from_one_end.members) == sorted(from_one_end.since) == names
    assert len(from_one_end.edges) == len(names)


async def test_who_is_registered_in_the_batch_of_a_close_is_linked_by_it(desk: Desk) -> None:
    names = [name for number in range(40) if partition_of(name := f"K{number}", 4) == 0][:2]
    await desk.register(names[0], Relationship(type="controls", party=names[1]))
    await desk.work(*desk.closes(-1, -1))
    await desk.day_by_day(0, 0)
    await desk.register(names[1])
    await desk.day_by_day(1, 1)
    linked = await desk.bench.fetch("SELECT customer_id FROM monitoring.membership WHERE linked")
    assert sorted(row.customer_id for row in linked) == sorted(names)


async def test_a_months_parts_are_added_to_whatever_others_have_closed(desk: Desk) -> None:
    month, sector = date(2025, 1, 31), "NACE/C25"
    async with desk.bench.database.transaction() as conn:
        for partition, late in ((0, 4.0), (1, 10.0), (2, 1.0)):
            sectors = await load_sectors(conn, partition)
            note_days_late(sectors, sector, late, month_end=month)
            await save_months(conn, sectors, [month], partition=partition)
        found = await load_sectors(conn, 0)
    assert found.complete_on is None
    assert found.mine == {(sector, month): SectorTotal(customers=1, micro_days_late=4_000_000)}
    assert found.others == {(sector, month): SectorTotal(customers=2, micro_days_late=11_000_000)}
