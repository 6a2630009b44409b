"""Statements over the log: a weak one raises warnings, a better one clears them after two closes."""

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
from shared.contracts.signals import CovenantAgreed
from shared.contracts.transactions import Allocation, DayClosed, InvoiceIssued, PaymentReceived
from shared.testing.database import TestServer
from shared.testing.http import Caller, bearer, calling, settings_for
from shared.testing.workers import Bench, bench, running, until
from tests.unit.monitoring.statement_builders import filed

BEGUN = date(2026, 3, 1)


@dataclass(frozen=True, slots=True)
class Desk:
    """Monitoring with its worker running, as a test sees it."""

    bench: Bench
    publisher: Bench
    caller: Caller

    async def file(self, statement: Event, name: str) -> None:
        """File a statement of c1 with rating, and wait until monitoring has read it."""
        await self.publisher.append(
            self.publisher.entry(statement, customer_id="c1", event_id=name)
        )
        await until(self._has_read)

    async def _has_read(self) -> bool:
        behind = await self.bench.fetch(
            "SELECT 1 FROM rating_log.log_head h LEFT JOIN monitoring.checkpoint c "
            "ON c.topic = h.topic AND c.partition = h.partition "
            "WHERE h.topic = 'obligor.financials' AND h.next_offset > coalesce(c.log_offset, -1) + 1"
        )
        return not behind

    async def close(self, day: date) -> None:
        """Close a day in every partition."""
        partitions = range(self.bench.partitions)
        closed = DayClosed(date=day)
        await self.bench.append(
            *(
                self.bench.entry(
                    closed, customer_id="", event_id=f"day/{day}/{index}", partition=index
                )
                for index in partitions
            )
        )
        await self.bench.at_rest()

    async def trade(self, number: int) -> None:
        """Invoice c1 and have it pay at once."""
        today, amount = date(2026, 3, 2), Decimal(100)
        issued = InvoiceIssued(
            invoice_id=f"I{number}",
            amount=amount,
            currency="EUR",
            invoice_date=today,
            due_date=date(2026, 4, 1),
        )
        paid = PaymentReceived(
            payment_id=f"P{number}",
            amount=amount,
            currency="EUR",
            value_date=today,
            method="transfer",
            allocations=(Allocation(invoice_id=f"I{number}", amount=amount),),
        )
        for name, event in ((f"i{number}", issued), (f"p{number}", paid)):
            await self.bench.append(self.bench.entry(event, customer_id="c1", event_id=name))
        await self.bench.at_rest()

    async def get(self, path: str) -> Any:
        """A question's answer, which must be 200."""
        answer = await self.caller.client.get(path, headers=bearer())
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def warnings(self) -> dict[str, Any]:
        """The customer's warnings by indicator."""
        found = await self.get("/monitoring/v1/warnings?customer_id=c1")
        return {each["indicator"]: each for each in found["items"]}


@pytest.fixture
async def desk(postgres: TestServer) -> AsyncIterator[Desk]:
    url = await postgres.fresh([SCREENING, TIERING, RATING, MONITORING])
    made = bench(MONITORING, url)
    async with (
        calling(MONITORING, settings_for(url), router=router) as caller,
        running(made.worker()),
    ):
        desk = Desk(made, bench(RATING, url), caller)
        await desk.close(BEGUN)
        yield desk
    await desk.publisher.database.close()
    await made.database.close()


async def test_a_weak_statement_raises_and_a_better_one_clears(desk: Desk) -> None:
    await desk.file(filed(2024, TL=800, TE=200, CFO=-30), "weak")
    found = await desk.warnings()
    assert {name: each["severity"] for name, each in found.items()} == {
        "F01": "amber",
        "F04": "watch",
    }
    assert found["F01"]["evidence"]["documents"] == ["2024-12-31 12m audited"]
    assert found["F01"]["evidence"]["figures"]["TL"] == "800"
    assert found["F01"]["correlation_id"] == "weak"

    await desk.close(date(2026, 3, 2))
    await desk.file(filed(2025), "sound")
    await desk.close(date(2026, 3, 3))
    assert {each["status"] for each in (await desk.warnings()).values()} == {"open"}
    await desk.close(date(2026, 3, 4))
    assert {each["status"] for each in (await desk.warnings()).values()} == {"resolved"}


async def test_a_statement_that_cannot_be_true_is_parked_and_the_rest_flows_on(desk: Desk) -> None:
    await desk.file(filed(2024, TL=600), "unbalanced")
    await desk.file(filed(2024, TL=700, TE=300), "weak")
    assert set(await desk.warnings()) == {"F01"}
    letters = await desk.bench.fetch("SELECT code FROM monitoring.dead_letter")
    assert [letter.code for letter in letters] == ["unbalanced_statement"]


async def test_good_payment_beside_failing_statements_shows_with_the_score(desk: Desk) -> None:
    for number in range(3):
        await desk.trade(number)
    await desk.file(filed(2025, TL=950, TE=50, CA=200), "failing")
    score = await desk.get("/monitoring/v1/customers/c1/ews")
    assert score["divergence"] == {
        "kind": "cloaking",
        "since": "2026-03-02",
        "indicators": ["F01", "F02"],
        "average_days_late": 0.0,
    }


async def test_a_covenant_of_a_contract_is_held_against_the_statement(desk: Desk) -> None:
    agreed = CovenantAgreed(
        covenant_id="K7",
        date=date(2026, 3, 2),
        measure="current_ratio",
        bound="at_least",
        level=Decimal("2.5"),
    )
    await desk.bench.append(desk.bench.entry(agreed, customer_id="c1", event_id="covenant"))
    await desk.bench.at_rest()
    await desk.file(filed(2025), "sound")
    warning = (await desk.warnings())["F16"]
    assert warning["severity"] == "amber"
    assert warning["evidence"]["figures"]["current_ratio"] == 2.0
    assert warning["evidence"]["documents"] == ["K7", "2025-12-31 12m audited"]
    shown = await desk.get("/monitoring/v1/customers/c1/covenants")
    (item,) = shown["items"]
    assert (item["covenant_id"], item["state"], item["headroom"]) == ("K7", "broken", -0.2)
    stranger = await desk.caller.client.get(
        "/monitoring/v1/customers/nobody/covenants", headers=bearer()
    )
    assert (stranger.status_code, stranger.json()["code"]) == (404, "unknown_customer")
