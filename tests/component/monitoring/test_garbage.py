"""Every kind of garbage among good facts: parked or skipped with a reason, and no trace in the ledger."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from services.monitoring.handlers import SERVICE
from shared.contracts import catalogue
from shared.contracts import transactions as tx
from shared.contracts.envelope import Event
from shared.kernel.partitions import partition_of
from shared.log.append import Entry
from shared.testing.database import TestServer
from shared.testing.workers import Bench, bench, running
from tests.component.publishing import stand_in

BEGIN = date(2025, 1, 1)
CUSTOMERS = ("C1", "C2", "客户三")
STRANGERS = ("G1", "G2", "G3", "G4")
"""Who sends the garbage: what is refused tells against the quality of its sender's ledger."""
INVOICE = "invoice.issued"
LARGE = 1_000_000
NAN, HUGE = float("nan"), "9" * 400
GOOD = {
    "invoice_id": "I",
    "amount": "10.00",
    "currency": "EUR",
    "invoice_date": "2025-01-02",
    "due_date": "2025-01-12",
}


def spelled(**changes: str) -> bytes:
    """A good invoice in JSON, with some members spelled otherwise (raw JSON)."""
    members = {name: f'"{value}"' for name, value in GOOD.items()} | changes
    return ("{" + ",".join(f'"{name}":{value}' for name, value in members.items()) + "}").encode()


PARKED: dict[str, bytes] = {
    "no json": b"}{",
    "nothing": b"",
    "half of it": spelled()[:-9],
    "not text": b"\xff\xfe\x00{",
    "a list": b"[1, 2]",
    "a number that is none": spelled(amount="NaN"),
    "a number in words": spelled(amount='"NaN"'),
    "an endless number": spelled(amount='"Infinity"'),
    "a number beyond measure": spelled(amount='"1e308"'),
    "four hundred digits": spelled(amount=f'"{HUGE}"'),
    "less than nothing": spelled(amount='"-10.00"'),
    "nothing owed": spelled(amount='"0.00"'),
    "half a cent": spelled(amount='"10.005"'),
    "no such currency": spelled(currency='"EURO"'),
    "no such day": spelled(due_date='"2025-02-30"'),
    "a day with a time": spelled(due_date='"2025-01-12T00:00:00Z"'),
    "nested ten thousand deep": b'{"invoice_id":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    "a null byte": spelled(invoice_id='"a\\u0000b"'),
    "no name": spelled(invoice_id='""'),
    "five million letters": spelled(invoice_id='"' + "x" * 5_000_000 + '"'),
    "a member missing": b'{"invoice_id": "I"}',
    "nothing in place of a number": spelled(amount="null"),
}


def good_facts() -> Iterator[list[Entry]]:
    """Ten days of orders, invoices and payments, each day closed."""
    yield closes(0)
    for day in range(1, 11):
        yield [told(event, customer, name) for customer, name, event in _day(day)] + closes(day)


def _day(day: int) -> Iterator[tuple[str, str, Event]]:
    on = BEGIN + timedelta(days=day)
    for customer in CUSTOMERS:
        name = f"{customer}-{day}"
        amount = Decimal(100 * day)
        yield customer, f"o{name}", tx.OrderPlaced(order_id=name, amount=amount, currency="EUR")
        yield (
            customer,
            f"i{name}",
            tx.InvoiceIssued(
                invoice_id=name,
                amount=amount,
                currency="EUR",
                invoice_date=on,
                due_date=on + timedelta(days=2),
                order_id=name,
            ),
        )
        if day > 4 and customer != "C2":
            yield (
                customer,
                f"p{name}",
                tx.PaymentReceived(
                    payment_id=name,
                    amount=Decimal(100 * (day - 4)),
                    currency="EUR",
                    value_date=on,
                    method="transfer",
                ),
            )


def told(event: Event, customer: str, name: str) -> Entry:
    kind = catalogue.EVENT_TYPES[type(event)]
    return record(catalogue.encode(event), customer, name, kind=kind)


def record(value: bytes, customer: str, name: str, *, kind: str = INVOICE) -> Entry:
    headers = {
        "ce_specversion": "1.0",
        "ce_id": name,
        "ce_type": kind,
        "ce_source": "erp",
        "ce_time": "2025-01-02T12:00:00Z",
        "ce_subject": customer,
    }
    partition = partition_of(customer, 4)
    return Entry(catalogue.TRANSACTIONS, partition, customer, headers, value)


def closes(day: int) -> list[Entry]:
    event = tx.DayClosed(date=BEGIN + timedelta(days=day))
    entries = []
    for partition in range(4):
        name = f"day/{event.date}/{partition}"
        entry = record(catalogue.encode(event), "", name, kind=catalogue.DAY_CLOSED)
        entries.append(replace(entry, partition=partition))
    return entries


def with_garbage(facts: Sequence[Entry], dice: Random, day: int) -> Iterator[Entry]:
    """The facts, and between them all that should leave no trace."""
    garbage = [
        record(value, dice.choice(STRANGERS), f"{name}/{day}")
        for name, value in PARKED.items()
        if day == 1 or len(value) < LARGE
    ]
    signal = b'{"account":"DE\\u0000","date":"2025-01-02","name_matches":false}'
    bank = record(signal, "G1", f"a null byte in a signal/{day}", kind="bank_account.changed")
    garbage.append(replace(bank, topic=catalogue.SIGNALS))
    garbage += [
        record(body, "G1", f"new/{day}", kind="invoice.dreamed_of")
        for body in (b"{}", b'{"more": 1}')  # the same id, another body
    ]
    for each in facts:
        for _ in range(dice.randrange(4)):
            if garbage:
                yield garbage.pop()
        yield each
        if each.key and dice.random() < 0.3:
            yield each  # an exact repetition
    yield from garbage


@asynccontextmanager
async def a_ledger(postgres: TestServer) -> AsyncIterator[Bench]:
    others = [
        stand_in("screening", catalogue.SCREENING),
        stand_in("tiering", catalogue.TIERING),
        stand_in("rating", catalogue.FINANCIALS),
    ]
    url = await postgres.fresh([SERVICE, *others])
    made = bench(SERVICE, url)
    try:
        yield made
    finally:
        await made.database.close()


async def ends(made: Bench) -> dict[str, list[tuple[str, ...]]]:
    queries = {
        "account": "SELECT customer_id, wake_on, state FROM monitoring.account "
        "WHERE customer_id NOT LIKE 'G%'",
        "fact": "SELECT customer_id, kind, document, event_id, payload FROM monitoring.fact",
        "total": "SELECT * FROM monitoring.partition_total",
        "said": "SELECT key, value FROM monitoring_log.log WHERE topic = 'obligor.monitoring' "
        "AND headers->>'ce_type' NOT LIKE '%exposure_changed%' AND key NOT LIKE 'G%'",
    }
    return {
        name: sorted(tuple(str(each) for each in row) for row in await made.fetch(query))
        for name, query in queries.items()
    }


@pytest.mark.timeout(240)
async def test_garbage_is_parked_and_leaves_no_trace(postgres: TestServer) -> None:
    days, dice = list(good_facts()), Random(11)
    async with a_ledger(postgres) as clean:
        async with running(clean.worker()):
            for day in days:
                await clean.append(*day)
                await clean.at_rest()
        expected = await ends(clean)
    async with a_ledger(postgres) as dirty:
        worker = dirty.worker()
        async with running(worker):
            for number, day in enumerate(days):
                await dirty.append(*with_garbage(day, dice, number))
                await dirty.at_rest()
        assert worker.tripped is None
        assert await ends(dirty) == expected
        letters = await dirty.fetch(
            "SELECT code, reason, headers, value FROM monitoring.dead_letter"
        )
    parked = {str(each.headers["ce_id"]).rsplit("/", 1)[0]: each for each in letters}
    assert {*PARKED, "a null byte in a signal"} <= set(parked)
    assert {name for name, value in PARKED.items() if parked[name].value != value} == set()
    assert all(each.code and each.reason for each in letters)
    assert "conflicting_duplicate" in {each.code for each in letters}
