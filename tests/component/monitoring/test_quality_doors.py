"""How far a ledger can be relied on, at the door."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.monitoring.api import router
from services.monitoring.handlers import SERVICE as MONITORING
from services.rating.handlers import SERVICE as RATING
from services.screening.handlers import SERVICE as SCREENING
from services.tiering.handlers import SERVICE as TIERING
from shared.contracts.envelope import Event
from shared.contracts.transactions import DayClosed, InvoiceIssued, PaymentReceived
from shared.testing.database import TestServer
from shared.testing.http import Caller, bearer, calling, settings_for
from shared.testing.workers import Bench, bench, running

BEGUN = date(2026, 3, 1)


@dataclass(frozen=True, slots=True)
class Desk:
    """Monitoring with its worker running, as a test sees it."""

    bench: Bench
    caller: Caller

    async def say(self, event: Event, name: str) -> None:
        """Append a transaction of c1, and wait until it is worked off."""
        await self.bench.append(self.bench.entry(event, customer_id="c1", event_id=name))
        await self.bench.at_rest()

    async def close(self, day: date) -> None:
        """Close a day in every partition."""
        closed = DayClosed(date=day)
        await self.bench.append(
            *(
                self.bench.entry(
                    closed, customer_id="", event_id=f"day/{day}/{index}", partition=index
                )
                for index in range(self.bench.partitions)
            )
        )
        await self.bench.at_rest()

    async def ask(self, path: str) -> tuple[int, Any]:
        """A question's answer."""
        answer = await self.caller.client.get(f"/monitoring/v1/{path}", headers=bearer())
        return answer.status_code, answer.json()


@pytest.fixture
async def desk(postgres: TestServer) -> AsyncIterator[Desk]:
    url = await postgres.fresh([SCREENING, TIERING, RATING, MONITORING])
    made = bench(MONITORING, url)
    async with (
        calling(MONITORING, settings_for(url), router=router) as caller,
        running(made.worker()),
    ):
        desk = Desk(made, caller)
        await desk.close(BEGUN)
        yield desk
    await made.database.close()


def _invoice(amount: int = 1000) -> InvoiceIssued:
    return InvoiceIssued(
        invoice_id="I1",
        amount=Decimal(amount),
        currency="EUR",
        invoice_date=date(2026, 3, 2),
        due_date=date(2026, 3, 31),
    )


def _payment(amount: int, *, currency: str = "EUR") -> PaymentReceived:
    return PaymentReceived(
        payment_id=f"P{amount}",
        amount=Decimal(amount),
        currency=currency,
        value_date=date(2026, 3, 2),
        method="transfer",
    )


async def test_what_speaks_against_a_ledger_is_listed_and_scored(desk: Desk) -> None:
    await desk.say(_invoice(), "invoice")
    await desk.say(_invoice(), "invoice-again")
    await desk.say(_invoice(2000), "invoice")
    await desk.say(_payment(-5), "negative")
    await desk.say(_payment(7, currency="USD"), "dollars")
    status, found = await desk.ask("customers/c1/quality")
    assert status == 200
    assert {each["doubt"]: each["takes"] for each in found["doubts"]} == {
        "unregistered_customer": 0.1,
        "duplicate_documents": 0.01,
        "refused_facts": 0.04,
        "conflicting_facts": 0.04,
        "currency_never_invoiced": 0.2,
    }
    assert found["doubts"][-1]["documents"] == ["P7"]
    assert found["score"] == pytest.approx(0.9 * 0.99 * 0.96 * 0.96 * 0.8)
    assert found["parked"] == {"conflicting_duplicate": 1, "invalid_input": 1}
    assert found["as_of"] == "2026-03-02"


async def test_nobody_has_no_ledger(desk: Desk) -> None:
    status, problem = await desk.ask("customers/nobody/quality")
    assert (status, problem["code"]) == (404, "unknown_customer")


async def test_a_score_without_statements_knows_no_divergence(desk: Desk) -> None:
    await desk.say(_invoice(), "invoice")
    status, score = await desk.ask("customers/c1/ews")
    assert (status, score["divergence"]) == (200, None)
