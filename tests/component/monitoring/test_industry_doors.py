"""Signals in and sectors out, through the doors, with a worker on a real database."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from services.monitoring.api import router
from services.monitoring.handlers import SERVICE
from shared.contracts import catalogue
from shared.contracts.screening import CustomerRegistered, Industry
from shared.testing.database import TestServer
from shared.testing.http import Caller, bearer, calling, settings_for
from shared.testing.workers import Bench, bench, running
from tests.component.publishing import Publisher, publisher, stand_in

DAY = date(2025, 3, 3)
V1 = "/monitoring/v1"


@dataclass(frozen=True, slots=True)
class Counter:
    """Monitoring's doors with a worker behind them, and the register that it listens to."""

    caller: Caller
    bench: Bench
    screening: Publisher

    async def post(self, path: str, *facts: dict[str, object]) -> dict[str, Any]:
        answer = await self.caller.client.post(f"{V1}{path}", json=list(facts), headers=bearer())
        await self.bench.at_rest()
        outcome: dict[str, Any] = answer.json()
        return outcome

    async def close(self, day: date) -> None:
        await self.caller.client.post(f"{V1}/days/{day}/close", headers=bearer())
        await self.bench.at_rest()

    async def ask(self, path: str) -> dict[str, Any]:
        answer = await self.caller.client.get(f"{V1}{path}", headers=bearer())
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
async def counter(postgres: TestServer) -> AsyncIterator[Counter]:
    screening = stand_in("screening", catalogue.SCREENING)
    others = [stand_in("tiering", catalogue.TIERING), stand_in("rating", catalogue.FINANCIALS)]
    url = await postgres.fresh([SERVICE, screening, *others])
    made = bench(SERVICE, url)
    register = publisher(screening, url)
    async with (
        calling(SERVICE, settings_for(url), router=router) as caller,
        running(made.worker()),
    ):
        yield Counter(caller, made, register)
    await made.database.close()
    await register.bench.database.close()


def said(kind: str, name: str, customer: str = "", /, **fields: object) -> dict[str, object]:
    return {
        "id": name,
        "source": "bureau",
        "type": kind,
        "time": f"{DAY}T10:00:00Z",
        "customer_id": customer,
        "data": fields,
    }


def a_pmi(value: float, *, on: date = DAY) -> dict[str, object]:
    fields = {"scheme": "NACE", "code": "C25", "index": "pmi", "date": str(on), "value": value}
    return said("industry_index.published", f"pmi/{on}", **fields)


async def test_sectors_are_listed_with_what_is_in_them(counter: Counter) -> None:
    event = CustomerRegistered(
        customer_id="C1",
        legal_names=(),
        country="DE",
        industry=Industry(scheme="NACE", code="C25.1"),
    )
    await counter.screening.say(event, customer_id="C1")
    await counter.close(DAY - timedelta(days=1))
    invoice = said(
        "invoice.issued",
        "i1",
        "C1",
        invoice_id="I1",
        amount="120.00",
        currency="EUR",
        invoice_date=str(DAY),
        due_date=str(DAY + timedelta(days=30)),
    )
    await counter.post("/transactions", invoice)
    await counter.post("/signals", a_pmi(44.0), a_pmi(52.0, on=DAY - timedelta(days=365)))
    sectors = await counter.ask("/industries")
    sector = sectors["items"][0]
    assert (sectors["as_of"], len(sectors["items"])) == (str(DAY), 1)
    assert (sector["sector"], sector["customers"], sector["exposed_customers"]) == (
        "NACE/C25",
        1,
        1,
    )
    assert sector["exposures"] == [{"currency": "EUR", "total": "120.00"}]
    assert (sector["level"], sector["quadrant"]) == ("red", "deteriorating")


async def test_nonsense_is_refused_with_its_field_and_the_rest_is_taken(counter: Counter) -> None:
    outcome = await counter.post(
        "/signals",
        said(
            "equity_pledge.reported",
            "s1",
            "C1",
            report_id="E1",
            date=str(DAY),
            pledged_share=1.5,
        ),
        said("legal_proceeding.filed", "s2", "C1", proceeding_id="L1", kind="wed", date=str(DAY)),
        said("insurer_action.reported", "s3", "C1", action_id="A", insurer="H", kind="praised"),
        said("bill_arrears.listed", "s4", "C1", listing_id="B1", date=str(DAY)),
        a_pmi(101.0),
    )
    assert (outcome["accepted"], outcome["invalid"]) == (1, 4)
    fields = [each["errors"][0]["field"] for each in outcome["items"] if "errors" in each]
    assert fields == ["data.pledged_share", "data.kind", "data", "data.value"]
