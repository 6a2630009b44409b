"""Accounts that went wrong are rebuilt from their facts, online, while facts go on coming in."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest

from services.monitoring.api import router
from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.ledger import Ledger, fold
from services.monitoring.domain.watching.watch import Watch
from services.monitoring.handlers import SERVICE
from services.monitoring.storage import rebuilds
from services.monitoring.storage.accounts import read_state, write_ledger, write_state
from services.monitoring.storage.book import Customer
from services.monitoring.storage.questions import facts_of
from services.monitoring.storage.rebuilds import RebuildAccounts, job_of
from shared.auth.principals import Role
from shared.contracts import catalogue
from shared.contracts import transactions as tx
from shared.contracts.envelope import Event
from shared.log.append import Entry
from shared.policies.book import shipped
from shared.testing.database import TestServer
from shared.testing.http import Caller, bearer, calling, settings_for
from shared.testing.workers import NOON, Bench, bench, running, until
from tests.component.publishing import stand_in

BEGIN = date(2026, 2, 20)
POLICY = shipped(SERVICE.policy_file, SERVICE.policy).policy.ledger
NAMES = tuple(f"C{number}" for number in range(20))
REBUILDS = "/monitoring/v1/rebuilds"


def on_day(number: int) -> date:
    return BEGIN + timedelta(days=number)


class Shown(msgspec.Struct):
    """How far a rebuild has come."""

    status: str
    customers: int
    differed: int
    figures: dict[str, int]
    examples: list[dict[str, str | None]]


@dataclass(frozen=True, slots=True)
class Shop:
    """Monitoring's bench and its doors."""

    bench: Bench
    caller: Caller

    def fact(self, event: Event, name: str, *, customer: str) -> Entry:
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

    async def ask_for_rebuild(self) -> str:
        answer = await self.caller.client.post(REBUILDS, headers=bearer())
        assert answer.status_code == 202, answer.text
        return str(answer.json()["rebuild_id"])

    async def progress(self, rebuild_id: str) -> Shown:
        answer = await self.caller.client.get(f"{REBUILDS}/{rebuild_id}", headers=bearer())
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=Shown)


@pytest.fixture
async def shop(postgres: TestServer) -> AsyncIterator[Shop]:
    publishers = [
        stand_in(name, topic)
        for name, topic in (
            ("screening", catalogue.SCREENING),
            ("tiering", catalogue.TIERING),
            ("rating", catalogue.FINANCIALS),
        )
    ]
    url = await postgres.fresh([SERVICE, *publishers])
    made = bench(SERVICE, url)
    async with calling(SERVICE, settings_for(url), router=router) as caller:
        yield Shop(made, caller)
    await made.database.close()


def issued(name: str, on: int, amount: str = "100") -> Event:
    return tx.InvoiceIssued(
        invoice_id=name,
        amount=Decimal(amount),
        currency="EUR",
        invoice_date=on_day(on),
        due_date=on_day(on + 10),
    )


def paid(name: str, on: int, *, to: str, amount: str) -> Event:
    return tx.PaymentReceived(
        payment_id=name,
        amount=Decimal(amount),
        currency="EUR",
        value_date=on_day(on),
        method="transfer",
        allocations=(tx.Allocation(invoice_id=to, amount=Decimal(amount)),),
    )


def story(shop: Shop, on: int, customers: Sequence[str]) -> list[Entry]:
    """An invoice and part of its money for each, that day."""
    return [
        shop.fact(event, f"{customer}/{kind}/{on}", customer=customer)
        for customer in customers
        for kind, event in (
            ("i", issued(f"I{on}", on)),
            ("p", paid(f"P{on}", on, to=f"I{on}", amount=str(10 + on))),
        )
    ]


async def begun(shop: Shop) -> None:
    entries = shop.closes(-1, -1)
    for on in (0, 1, 2):
        entries += story(shop, on, NAMES) + shop.closes(on, on)
    await shop.work(*entries)


async def spoil(shop: Shop, customer: str, spoilt: Account) -> None:
    """Write a wrong account into the table, its standing untouched."""
    row = (
        await shop.bench.fetch(
            "SELECT state FROM monitoring.account WHERE customer_id = :name", name=customer
        )
    )[0]
    kept = read_state(bytes(row.state))
    wrong = Customer(
        customer_id=customer,
        ledger=Ledger(earlier=spoilt, account=spoilt),
        standing=kept.standing,
        watch=kept.watch,
    )
    await shop.bench.fetch(
        "UPDATE monitoring.account SET state = :state WHERE customer_id = :name RETURNING 1",
        state=write_state(wrong),
        name=customer,
    )


async def watches(shop: Shop) -> dict[str, Watch]:
    """The watch over every customer."""
    rows = await shop.bench.fetch("SELECT customer_id, state FROM monitoring.account")
    return {row.customer_id: read_state(bytes(row.state)).watch for row in rows}


async def assert_all_folds(shop: Shop) -> None:
    """Every account, and the sums over all, are what the facts add up to."""
    owed = 0
    rows = await shop.bench.fetch("SELECT customer_id, state FROM monitoring.account")
    for row in rows:
        ledger, standing, _ = read_state(bytes(row.state))
        async with shop.bench.database.reading() as conn:
            facts = await facts_of(conn, row.customer_id)
        fresh = Ledger()
        fresh.rebuild(facts, POLICY)
        assert write_ledger(ledger) == write_ledger(fresh)
        whole = fold(facts, POLICY)
        assert ledger.unfold(POLICY).receivables == whole.receivables
        open_now = sum(each.open for each in whole.receivables.values())
        assert standing.open == {"EUR": open_now}
        owed += open_now
    totals = await shop.bench.fetch("SELECT sum(open_minor) FROM monitoring.partition_total")
    assert totals[0][0] == owed


async def test_a_sound_ledger_is_left_as_it_is(shop: Shop) -> None:
    await begun(shop)
    before = await shop.bench.fetch("SELECT * FROM monitoring.account ORDER BY 1")
    rebuild_id = await shop.ask_for_rebuild()
    assert (await shop.progress(rebuild_id)).status == "waiting"
    await shop.work()
    found = await shop.progress(rebuild_id)
    assert (found.status, found.customers, found.differed) == ("done", len(NAMES), 0)
    assert await shop.bench.fetch("SELECT * FROM monitoring.account ORDER BY 1") == before


async def test_spoilt_accounts_are_put_right_while_facts_flow_in(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilds, "CUSTOMERS_AT_ONCE", 2)
    await begun(shop)
    await spoil(shop, "C3", Account())
    half = fold([], POLICY)
    await spoil(shop, "C4", half)
    async with running(shop.bench.worker()):
        rebuild_id = await shop.ask_for_rebuild()
        for on in (3, 4, 5):
            await shop.bench.append(*story(shop, on, NAMES[5:]), *shop.closes(on, on))
        await shop.bench.at_rest()
        await until(lambda: _is_done(shop, rebuild_id))
    found = await shop.progress(rebuild_id)
    assert (found.customers, found.differed) == (len(NAMES), 2)
    assert found.figures["open"] == 2
    assert {each["customer_id"] for each in found.examples} == {"C3", "C4"}
    by_figure = {each["figure"]: each for each in found.examples if each["customer_id"] == "C3"}
    assert (by_figure["open"]["before"], by_figure["open"]["after"]) == ("0", "267.00")
    await assert_all_folds(shop)
    again = await shop.ask_for_rebuild()
    await shop.work()
    assert (await shop.progress(again)).differed == 0


async def _is_done(shop: Shop, rebuild_id: str) -> bool:
    return (await shop.progress(rebuild_id)).status == "done"


async def test_sums_over_all_customers_are_put_right_too_and_once(shop: Shop) -> None:
    await begun(shop)
    await shop.bench.fetch(
        "UPDATE monitoring.partition_total SET open_minor = open_minor + 700, customers = 1 "
        "WHERE partition = 1 RETURNING 1"
    )
    lost = await shop.bench.fetch(
        "DELETE FROM monitoring.partition_total WHERE partition = 2 RETURNING 1"
    )
    assert lost
    first, second = await shop.ask_for_rebuild(), await shop.ask_for_rebuild()
    await shop.work()
    found = [await shop.progress(each) for each in (first, second)]
    assert [each.figures for each in found] == [{"portfolio_total": 2}, {}]
    assert [each.differed for each in found] == [0, 0]
    assert found[0].examples[0]["customer_id"] == ""
    await assert_all_folds(shop)


async def test_what_a_customer_is_said_to_owe_is_put_right_too(shop: Shop) -> None:
    await begun(shop)
    row = (await shop.bench.fetch("SELECT state FROM monitoring.account WHERE customer_id = 'C3'"))[
        0
    ]
    ledger, standing, watch = read_state(bytes(row.state))
    standing.open = {"EUR": 1}
    await shop.bench.fetch(
        "UPDATE monitoring.account SET state = :state WHERE customer_id = 'C3' RETURNING 1",
        state=write_state(
            Customer(customer_id="C3", ledger=ledger, standing=standing, watch=watch)
        ),
    )
    rebuild_id = await shop.ask_for_rebuild()
    await shop.work()
    found = await shop.progress(rebuild_id)
    assert (found.differed, found.figures) == (1, {"portfolio_total": 1, "state": 1})
    await assert_all_folds(shop)


async def test_whoever_was_put_right_is_looked_at_when_the_day_closes(shop: Shop) -> None:
    await begun(shop)
    await spoil(shop, "C3", Account())
    query = (
        "SELECT value FROM monitoring_log.log WHERE key = 'C3' "
        "AND headers->>'ce_type' = 'monitoring.exposure_changed.v1' ORDER BY \"offset\" DESC"
    )
    before = await shop.bench.fetch(query)
    await shop.bench.fetch(
        "UPDATE monitoring.account SET wake_on = NULL WHERE customer_id = 'C3' RETURNING 1"
    )
    await shop.ask_for_rebuild()
    await shop.work()
    assert len(await shop.bench.fetch(query)) == len(before)
    woken = await shop.bench.fetch(
        "SELECT wake_on FROM monitoring.account WHERE customer_id = 'C3'"
    )
    assert woken[0].wake_on == on_day(3)


async def test_the_watch_stays_as_it_is_even_where_the_account_was_wrong(shop: Shop) -> None:
    await begun(shop)
    before = await watches(shop)
    assert len(before) == len(NAMES)
    await spoil(shop, "C3", Account())
    rebuild_id = await shop.ask_for_rebuild()
    await shop.work()
    assert (await shop.progress(rebuild_id)).differed == 1
    assert await watches(shop) == before


async def test_a_worker_that_stops_in_the_middle_is_followed_by_one_that_goes_on(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilds, "CUSTOMERS_AT_ONCE", 1)
    await begun(shop)
    rebuild_id = await shop.ask_for_rebuild()

    async def has_begun() -> bool:
        return (await shop.progress(rebuild_id)).customers > 0

    async with running(shop.bench.worker()):
        await until(has_begun)
    assert (await shop.progress(rebuild_id)).customers > 0
    await shop.work()
    found = await shop.progress(rebuild_id)
    assert (found.status, found.customers) == ("done", len(NAMES))


async def test_many_facts_make_smaller_chunks_but_never_empty_ones(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begun(shop)
    for most, expected in ((1, 1), (6, 1), (11, 1), (12, 2), (10_000, None)):
        monkeypatch.setattr(rebuilds, "FACTS_AT_ONCE", most)
        wish = RebuildAccounts(rebuild_id="r", partition=0, asked_at=NOON)
        async with shop.bench.database.reading() as conn:
            chunk = (await rebuilds.load_chunks(conn, [wish]))["r"]
        mine = await shop.bench.fetch("SELECT 1 FROM monitoring.account WHERE partition = 0")
        assert len(chunk.customers) == (expected or len(mine))


async def test_a_job_that_makes_no_sense_is_refused_and_nothing_else(shop: Shop) -> None:
    await begun(shop)
    wish = RebuildAccounts(rebuild_id="r", partition=0, asked_at=NOON)
    entry = job_of(wish)
    broken = Entry(entry.topic, entry.partition, entry.key, entry.headers, b'{"rebuild_id": 5}')
    await shop.work(broken)
    assert not await shop.bench.fetch("SELECT 1 FROM monitoring.rebuild_part")


async def test_a_rebuild_nobody_asked_for_is_not_found(shop: Shop) -> None:
    answer = await shop.caller.client.get(f"{REBUILDS}/none", headers=bearer())
    assert answer.status_code == 404


async def test_only_administrators_may_ask_for_a_rebuild(shop: Shop) -> None:
    headers = await shop.caller.key(Role.CREDIT_MANAGER)
    answer = await shop.caller.client.post(REBUILDS, headers=headers)
    assert answer.status_code == 403


async def test_a_repeated_request_rebuilds_once(shop: Shop) -> None:
    headers = bearer() | {"Idempotency-Key": "k"}
    first = await shop.caller.client.post(REBUILDS, headers=headers)
    again = await shop.caller.client.post(REBUILDS, headers=headers)
    assert (again.status_code, again.json()) == (202, first.json())
    jobs = await shop.bench.fetch("SELECT 1 FROM monitoring_log.log WHERE topic = 'jobs'")
    assert len(jobs) == shop.bench.partitions
