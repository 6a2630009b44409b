"""What was known when, and the portfolio's key figures, through the doors of a real ledger."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import msgspec
import pytest

from services.monitoring.api import router
from services.monitoring.domain.receivables.ledger import fold
from services.monitoring.handlers import SERVICE
from services.monitoring.storage.known_facts import facts_by_customer
from services.monitoring.storage.portfolio import PortfolioQuestion, all_holders
from services.monitoring.storage.questions import facts_of
from services.monitoring.storage.reading import FactRow, stored_fact
from services.monitoring.storage.tables import fact
from shared.contracts import catalogue
from shared.db.bulk import insert_rows
from shared.kernel.partitions import partition_of
from shared.policies.book import shipped
from shared.testing.database import TestServer
from shared.testing.http import bearer, calling, settings_for
from shared.testing.workers import bench, running
from tests.component.monitoring.test_ledger_doors import (
    DAY,
    V1,
    Counter,
    a_fact,
    a_payment,
    an_invoice,
)
from tests.component.publishing import stand_in

_encoder = msgspec.json.Encoder(decimal_format="string")
POLICY = shipped(SERVICE.policy_file, SERVICE.policy).policy.ledger


@pytest.fixture
async def desk(postgres: TestServer) -> AsyncIterator[Counter]:
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
    async with (
        calling(SERVICE, settings_for(url), router=router) as caller,
        running(made.worker()),
    ):
        yield Counter(caller, made)
    await made.database.close()


def after(days: int) -> str:
    return str(DAY + timedelta(days=days))


async def owed(desk: Counter, **query: str) -> str:
    return str((await desk.ask("/customers/C1/receivables", **query))["open_amount"])


async def test_a_late_fact_shows_only_from_when_it_was_learned(desk: Counter) -> None:
    await desk.close(DAY - timedelta(days=1))
    await desk.send(an_invoice("I1"))
    for passed in range(3):
        await desk.close(DAY + timedelta(days=passed))
    await desk.send(a_payment("P1", "30.00"))
    assert await owed(desk, as_of=after(0)) == "70.00"
    assert await owed(desk, as_of=after(0), known_at=after(2)) == "100.00"
    assert await owed(desk, as_of=after(0), known_at=after(3)) == "70.00"
    assert await owed(desk, known_at=after(2)) == "100.00"
    exposure = await desk.ask("/customers/C1/exposure", known_at=after(2))
    behaviour = await desk.ask("/customers/C1/behaviour", known_at=after(2))
    portfolio = await desk.ask("/portfolio/ageing", as_of=after(0), known_at=after(2))
    assert (exposure["total"], exposure["known_at"]) == ("100.00", f"{after(2)}T23:59:59.999999Z")
    assert behaviour["purchases_12m"] == "100.00"
    assert portfolio["currencies"][0]["open_amount"] == "100.00"


async def test_before_its_correction_was_learned_an_invoice_has_its_first_version(
    desk: Counter,
) -> None:
    await desk.close(DAY - timedelta(days=1))
    await desk.send(an_invoice("I1"))
    await desk.close(DAY)
    await desk.send(an_invoice("I1", "90.00", version=2, event_id="v2"))
    await desk.close(DAY + timedelta(days=1))
    assert await owed(desk, as_of=after(1), known_at=f"{DAY}T23:00:00Z") == "100.00"
    assert await owed(desk, as_of=after(0), known_at=after(1)) == "90.00"


async def test_before_anything_was_known_a_customer_has_no_figures(desk: Counter) -> None:
    await desk.close(DAY - timedelta(days=1))
    await desk.send(an_invoice("I1"))
    found = await desk.ask("/customers/C1/receivables", known_at=f"{DAY}T09:59:59Z")
    assert (found["currencies"], found["open_amount"]) == ([], None)
    assert await owed(desk, known_at=f"{DAY}T12:00:00+02:00") == "100.00"


@pytest.mark.parametrize("written", ["soon", "2025-03-03T10:00:00", "2025-13-01", "1969-01-01"])
async def test_a_moment_that_is_none_is_refused(desk: Counter, written: str) -> None:
    query = {"known_at": written}
    path = f"{V1}/customers/C1/receivables"
    answer = await desk.caller.client.get(path, params=query, headers=bearer())
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "known_at"


def _row(number: int, dice: Random) -> FactRow:
    """A fact of one of three customers, learned up to nine days after it happened."""
    happened = DAY + timedelta(days=dice.randrange(20))
    learned = datetime.fromisoformat(f"{happened + timedelta(days=dice.randrange(10))}T12:00:00Z")
    amount = Decimal(dice.randrange(1, 90))
    invoice = f"I{dice.randrange(6)}"
    if dice.random() < 0.6:
        data: dict[str, Any] = {
            "invoice_id": invoice,
            "amount": amount,
            "currency": "EUR",
            "invoice_date": happened,
            "due_date": happened + timedelta(days=5),
            "version": dice.randrange(1, 4),
        }
        kind, name, version = "invoice.issued", invoice, data["version"]
    else:
        name, kind, version = f"P{number}", "payment.received", 1
        data = {
            "payment_id": name,
            "amount": amount,
            "currency": "EUR",
            "value_date": happened,
            "method": "transfer",
            "allocations": [{"invoice_id": invoice, "amount": amount}],
        }
    return FactRow(
        customer_id=f"C{number % 3}",
        kind=kind,
        document=name,
        version=version,
        source="erp",
        event_id=f"e{number}",
        partition=partition_of(f"C{number % 3}", 4),
        event_date=happened,
        recorded_at=learned,
        payload=_encoder.encode(data),
    )


async def test_every_moment_has_the_fold_of_what_was_recorded_by_then(desk: Counter) -> None:
    dice = Random(11)
    rows = {(row.customer_id, *row[1:5]): row for row in (_row(n, dice) for n in range(400))}
    async with desk.bench.database.transaction() as conn:
        await conn.exec_driver_sql("SELECT 1")
        await insert_rows(conn, fact, [row._asdict() for row in rows.values()])
    async with desk.bench.database.reading() as conn:
        for days in range(30):
            moment = datetime.fromisoformat(f"{after(days)}T12:00:00Z")
            for customer in ("C0", "C1", "C2"):
                found = await facts_of(conn, customer, known_at=moment)
                known = [
                    stored_fact(row)
                    for row in rows.values()
                    if row.customer_id == customer and row.recorded_at <= moment  # type: ignore[operator]  # a datetime here
                ]
                assert fold(found, POLICY) == fold(known, POLICY)


async def test_key_figures_come_by_country_and_add_no_currencies(desk: Counter) -> None:
    await desk.close(DAY - timedelta(days=1))
    await desk.send(
        an_invoice("I1", "60.00"),
        an_invoice("I2", "40.00"),
        a_fact(
            "invoice.issued",
            "e-X",
            customer="C2",
            invoice_id="X",
            amount="300",
            currency="JPY",
            invoice_date=str(DAY),
            due_date=str(DAY),
        ),
        a_payment("P1", "25.00"),
    )
    for passed in range(200):
        await desk.close(DAY + timedelta(days=passed))
    found = await desk.ask("/portfolio/kpis", by="country", as_of=after(90))
    euros, yen = found["items"]
    assert (found["days"], found["by"], euros["group"]) == (91, "country", None)
    assert (euros["currency"], euros["open_amount"], euros["sales"]) == ("EUR", "75.00", "100.00")
    assert euros["ageing"]["61-90"] == "75.00"
    assert yen["ageing"]["61-90"] == "300"
    assert euros["days_sales_outstanding"] == pytest.approx(0.75 * 91)
    assert euros["collection_effectiveness"] == pytest.approx(25.0)
    assert (euros["hhi"], euros["top_10_share"], euros["overdue_share"]) == (1.0, 1.0, 1.0)
    later = (await desk.ask("/portfolio/kpis", as_of=after(199)))["items"][0]
    assert (later["sales"], later["days_sales_outstanding"]) == ("0.00", None)
    assert later["opening_amount"] == "75.00"


async def test_chunks_of_one_customer_see_what_a_single_chunk_sees(desk: Counter) -> None:
    await desk.close(DAY - timedelta(days=1))
    names = [f"K{number}" for number in range(7)]
    facts = [
        a_fact(
            "order.placed", f"o-{name}", customer=name, order_id=name, amount="1", currency="EUR"
        )
        for name in names
    ]
    await desk.send(*facts)
    question = PortfolioQuestion(settled_by=date(2000, 1, 1))
    async with desk.bench.database.reading() as conn:
        chunks = [chunk async for chunk in all_holders(conn, question, chunk=3)]
        found = await facts_by_customer(conn, names)
    assert [len(chunk) for chunk in chunks] == [3, 3, 1]
    assert [each.customer_id for chunk in chunks for each in chunk] == names
    assert all(len(each.rows or ()) == len(found[each.customer_id]) == 1 for each in chunks[0])
