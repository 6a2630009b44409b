"""The ledger's worker on a real database: what is let go, restarts, limits, and equal ends."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest

from services.monitoring.domain.receivables.ledger import Ledger
from services.monitoring.handlers import SERVICE
from services.monitoring.storage.accounts import read_state
from services.monitoring.storage.questions import account_of
from shared.contracts import catalogue
from shared.contracts import transactions as tx
from shared.contracts.envelope import Event
from shared.contracts.screening import CustomerRegistered
from shared.contracts.tiering import CreditLimitSet
from shared.log.append import Entry
from shared.policies.book import shipped
from shared.testing.database import TestServer
from shared.testing.workers import Bench, bench, running, spread, until
from tests.component.publishing import Publisher, publisher, stand_in

BEGIN = date(2025, 1, 1)
POLICY = shipped(SERVICE.policy_file, SERVICE.policy).policy.ledger


def on_day(number: int) -> date:
    return BEGIN + timedelta(days=number)


@dataclass(frozen=True, slots=True)
class Desk:
    """Monitoring's bench, and the two services that tell it things."""

    bench: Bench
    screening: Publisher
    tiering: Publisher

    def fact(self, event: Event, name: str, *, customer: str = "C1") -> Entry:
        return self.bench.entry(event, customer_id=customer, event_id=name)

    def closes(self, first: int, last: int) -> list[Entry]:
        return [
            self.bench.entry(
                tx.DayClosed(date=on_day(number)),
                customer_id="",
                event_id=f"day/{on_day(number)}/{partition}",
                partition=partition,
            )
            for number in range(first, last + 1)
            for partition in range(self.bench.partitions)
        ]

    async def work(self, *entries: Entry) -> None:
        await self.bench.append(*entries)
        async with running(self.bench.worker()):
            await self.bench.at_rest()

    async def ledger(self, customer: str = "C1") -> Ledger:
        async with self.bench.database.reading() as conn:
            kept = await account_of(conn, customer)
        assert kept is not None
        kept.ledger.unfold(POLICY)
        return kept.ledger

    async def said(self) -> list[tuple[str, str, bytes]]:
        rows = await self.bench.fetch(
            "SELECT key, headers->>'ce_type' AS type, value FROM monitoring_log.log "
            "WHERE topic = 'obligor.monitoring' ORDER BY partition, \"offset\""
        )
        return [(row.key, row.type, bytes(row.value)) for row in rows]


async def a_desk(postgres: TestServer) -> Desk:
    screening = stand_in("screening", catalogue.SCREENING)
    tiering = stand_in("tiering", catalogue.TIERING)
    rating = stand_in("rating", catalogue.FINANCIALS)
    url = await postgres.fresh([SERVICE, screening, tiering, rating])
    return Desk(bench(SERVICE, url), publisher(screening, url), publisher(tiering, url))


@pytest.fixture
async def desk(postgres: TestServer) -> AsyncIterator[Desk]:
    made = await a_desk(postgres)
    yield made
    await close(made)


async def close(made: Desk) -> None:
    for each in (made.bench, made.screening.bench, made.tiering.bench):
        await each.database.close()


def issued(name: str, on: int, *, amount: str = "100", version: int = 1) -> Event:
    return tx.InvoiceIssued(
        invoice_id=name,
        amount=Decimal(amount),
        currency="EUR",
        invoice_date=on_day(on),
        due_date=on_day(on + 10),
        version=version,
    )


def paid(name: str, on: int, *, to: str, amount: str = "100") -> Event:
    return tx.PaymentReceived(
        payment_id=name,
        amount=Decimal(amount),
        currency="EUR",
        value_date=on_day(on),
        method="transfer",
        allocations=(tx.Allocation(invoice_id=to, amount=Decimal(amount)),),
    )


def bounced(name: str, on: int) -> Event:
    return tx.PaymentBounced(payment_id=name, reason="insufficient_funds", date=on_day(on))


async def test_a_bounce_months_later_opens_what_the_account_had_let_go(desk: Desk) -> None:
    await desk.work(
        *desk.closes(-1, -1),
        desk.fact(issued("I1", 0), "e1"),
        desk.fact(paid("P1", 0, to="I1"), "e2"),
        *desk.closes(0, 150),
        desk.fact(issued("I2", 151), "e3"),
        *desk.closes(151, 151),
        desk.fact(issued("I3", 152), "e4"),
        *desk.closes(152, 152),
    )
    assert "I1" not in (await desk.ledger()).account.closed
    await desk.work(desk.fact(bounced("P1", 153), "e5"))
    account = (await desk.ledger()).account
    assert sorted(account.receivables) == ["I1", "I2", "I3"]
    assert account.receivables["I1"].due_date == on_day(10)


async def test_a_worker_that_starts_again_goes_on_where_the_other_stopped(desk: Desk) -> None:
    await desk.work(*desk.closes(-1, -1), desk.fact(issued("I1", 0), "e1"))
    await desk.work(desk.fact(paid("P1", 0, to="I1", amount="40"), "e2"), *desk.closes(0, 3))
    assert (await desk.ledger()).account.receivables["I1"].open == 6000


async def test_everything_sent_twice_changes_nothing(desk: Desk) -> None:
    story = [
        *desk.closes(-1, -1),
        desk.fact(issued("I1", 0), "e1"),
        desk.fact(paid("P1", 0, to="I1", amount="40"), "e2"),
        *desk.closes(0, 15),
    ]
    await desk.work(*story)
    before, told = await desk.ledger(), await desk.said()
    await desk.work(*story)
    assert (await desk.ledger()) == before
    assert await desk.said() == told


async def test_small_and_large_batches_come_to_the_same_end(
    desk: Desk, postgres: TestServer
) -> None:
    other = await a_desk(postgres)
    try:
        for each, size in ((desk, 10_000), (other, 7)):
            for portion in spread(_story(each), size):
                await each.bench.append(*portion)
                if size < 100:
                    await each.work()
            await each.work()
        assert await _accounts(desk) == await _accounts(other)
        quiet = "monitoring.exposure_changed.v1"
        one = [each for each in await desk.said() if each[1] != quiet]
        two = [each for each in await other.said() if each[1] != quiet]
        assert one == two
    finally:
        await close(other)


def _story(desk: Desk) -> Sequence[Entry]:
    entries = desk.closes(-1, -1)
    for number in range(24):
        customer = f"C{number % 5}"
        on = number // 4 * 4
        name = f"I{number}"
        entries.append(desk.fact(issued(name, on), f"i{number}", customer=customer))
        if number % 3:
            payment = paid(f"P{number}", on + 1, to=name, amount="60")
            entries.append(desk.fact(payment, f"p{number}", customer=customer))
        if number % 7 == 0:
            correction = issued(name, on, amount="90", version=2)
            entries.append(desk.fact(correction, f"v{number}", customer=customer))
        if number % 4 == 3:
            entries += desk.closes(on, on + 3)
    return entries


async def _accounts(desk: Desk) -> dict[str, tuple[bytes, date | None]]:
    rows = await desk.bench.fetch("SELECT customer_id, state, wake_on FROM monitoring.account")
    return {row.customer_id: (bytes(row.state), row.wake_on) for row in rows}


async def test_the_register_and_limits_are_kept(desk: Desk) -> None:
    registered = CustomerRegistered(customer_id="C1", legal_names=(), country="GB")
    limit = CreditLimitSet(
        customer_id="C1",
        as_of=on_day(0),
        decision_id="d",
        amount=Decimal(500),
        previous_amount=None,
        currency="EUR",
        binding_cap="NEED",
        reasons=(),
        policy_version="t",
    )
    await desk.screening.say(registered, customer_id="C1")
    await desk.tiering.say(limit, customer_id="C1")

    async def known() -> bool:
        return bool(await desk.bench.fetch("SELECT 1 FROM monitoring.account"))

    async with running(desk.bench.worker()):
        await until(known)
        await until(lambda: _has_limit(desk))


async def _has_limit(desk: Desk) -> bool:
    rows = await desk.bench.fetch("SELECT state FROM monitoring.account")
    standing = read_state(bytes(rows[0].state)).standing
    return standing.registered and "EUR" in standing.limits


async def test_totals_of_all_partitions_add_up_to_all_accounts(desk: Desk) -> None:
    facts = [
        desk.fact(issued(f"I{number}", 0), f"e{number}", customer=f"C{number}")
        for number in range(9)
    ]
    await desk.work(*desk.closes(-1, -1), *facts, *desk.closes(0, 0))
    rows = await desk.bench.fetch(
        "SELECT sum(open_minor), sum(customers) FROM monitoring.partition_total"
    )
    assert tuple(rows[0]) == (90_000, 9)
    closed = [value for _, kind, value in await desk.said() if kind == "monitoring.day_closed.v1"]
    amounts = [msgspec.json.decode(value)["receivables"] for value in closed]
    last = [each[0]["open_amount"] for each in amounts if each]
    assert sum(Decimal(amount) for amount in last) == Decimal(900)
