"""When a worker looks for more at once, and when it waits to be told."""

from collections.abc import AsyncIterator, Mapping, Sequence

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from shared.bus.port import Record
from shared.bus.postgres import PostgresTransport
from shared.chassis.sieve import REPLAY_TYPE, parked
from shared.chassis.worker import MAX_RECORDS
from shared.contracts import catalogue
from shared.kernel.errors import PoisonError
from shared.log.append import Entry, headers_of
from shared.log.dead_letters import wrap
from shared.log.reading import Wanted
from shared.testing.database import TestServer
from shared.testing.toy import toy_service
from shared.testing.workers import Bench, bench, running
from tests.unit.chassis.records import CUSTOMER, HOME, a_record, an_envelope, an_order


@pytest.fixture
async def toy(postgres: TestServer) -> AsyncIterator[Bench]:
    service = toy_service()
    made = bench(service, await postgres.fresh([service]))
    yield made
    await made.database.close()


class Noted(PostgresTransport):
    """Keeps in mind how many triggers each fetch for one index found, and -1 for each wait."""

    def __init__(self, toy: Bench) -> None:
        logs = [(catalogue.TRANSACTIONS, "monitoring_log")]
        super().__init__(toy.database, owner="noted", topics=logs)
        self.calls: list[int] = []

    @override
    async def fetch(
        self,
        conn: AsyncConnection,
        index: int,
        positions: Mapping[str, int],
        *,
        limit: int,
        beside: Sequence[Wanted] = (),
    ) -> list[Record]:
        found = await super().fetch(conn, index, positions, limit=limit, beside=beside)
        if index == HOME:
            triggers = [each for each in found if each.topic not in catalogue.LOCAL_TOPICS]
            self.calls.append(len(triggers))
        return found

    @override
    async def wait(self, index: int, seconds: float) -> None:
        if index == HOME:
            self.calls.append(-1)
        await super().wait(index, seconds)


async def test_a_worker_that_has_read_to_the_end_waits_to_be_told(toy: Bench) -> None:
    await toy.append(toy.entry(an_order("a"), customer_id=CUSTOMER, event_id="a"))
    transport = Noted(toy)
    async with running(toy.worker(transport)):
        await toy.at_rest()
    assert transport.calls[:2] == [1, -1]


async def test_a_worker_whose_portion_was_full_looks_again_at_once(toy: Bench) -> None:
    names = [f"e{number}" for number in range(MAX_RECORDS + 1)]
    order = an_order()
    await toy.append(
        *(toy.entry(order, customer_id=CUSTOMER, event_id=event_id) for event_id in names)
    )
    transport = Noted(toy)
    async with running(toy.worker(transport)):
        await toy.at_rest()
    assert transport.calls[:3] == [MAX_RECORDS, 1, -1]


async def test_a_job_that_had_to_stand_back_is_taken_at_once_afterwards(toy: Bench) -> None:
    headers = headers_of(an_envelope(REPLAY_TYPE, id="job"))
    letter = parked(a_record(an_order("late")), PoisonError())
    job = Entry(catalogue.JOBS, HOME, CUSTOMER, headers, wrap(letter))
    await toy.append(toy.entry(an_order("a"), customer_id=CUSTOMER, event_id="a"), job)
    transport = Noted(toy)
    async with running(toy.worker(transport)):
        await toy.at_rest()
    assert transport.calls[:3] == [1, 0, -1]
    rows = await toy.fetch("SELECT orders FROM monitoring.tally")
    assert [row.orders for row in rows] == [["a", "late"]]


async def test_a_command_comes_before_what_happened(toy: Bench) -> None:
    headers = headers_of(an_envelope("command.forget", id="cmd-1"))
    command = Entry(catalogue.COMMANDS, HOME, CUSTOMER, headers, b"{}")
    await toy.append(toy.entry(an_order("a"), customer_id=CUSTOMER, event_id="a"), command)
    async with running(toy.worker(Noted(toy))):
        await toy.at_rest()
    rows = await toy.fetch("SELECT orders FROM monitoring.tally")
    assert [row.orders for row in rows] == [["a"]]
