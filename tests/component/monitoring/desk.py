"""Monitoring with its worker running, as the tests of its doors see it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from services.monitoring.api import router
from services.monitoring.handlers import SERVICE as MONITORING
from services.rating.handlers import SERVICE as RATING
from services.screening.handlers import SERVICE as SCREENING
from services.tiering.handlers import SERVICE as TIERING
from shared.contracts.envelope import Event
from shared.contracts.transactions import Allocation, DayClosed, InvoiceIssued, PaymentReceived
from shared.testing.database import TestServer
from shared.testing.http import Caller, bearer, calling, settings_for
from shared.testing.workers import Bench, bench, running

BEGUN = date(2026, 2, 28)
WARNINGS = "/monitoring/v1/warnings"


@dataclass(frozen=True, slots=True)
class Desk:
    """Monitoring with its worker running, as a test sees it."""

    bench: Bench
    caller: Caller

    async def say(self, event: Event, *, customer_id: str, name: str) -> None:
        """Append a transaction, and wait until it is worked off."""
        await self.bench.append(self.bench.entry(event, customer_id=customer_id, event_id=name))
        await self.bench.at_rest()

    async def close(self, day: date) -> None:
        """Close a day in every partition, and wait until it is closed."""
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

    async def let_lapse(
        self, customer_id: str, *, amount: int = 1000, due: date = date(2026, 1, 31)
    ) -> None:
        """An invoice that is late on the first business day, 1 March 2026: 29 days if not said."""
        issued = InvoiceIssued(
            invoice_id=f"I-{customer_id}",
            amount=Decimal(amount),
            currency="EUR",
            invoice_date=date(2025, 12, 1),
            due_date=due,
        )
        await self.say(issued, customer_id=customer_id, name=f"issued-{customer_id}")

    async def pay(self, customer_id: str, *, amount: int = 1000) -> None:
        """Pay that invoice."""
        paid = PaymentReceived(
            payment_id=f"P-{customer_id}",
            amount=Decimal(amount),
            currency="EUR",
            value_date=date(2026, 3, 1),
            method="transfer",
            allocations=(Allocation(invoice_id=f"I-{customer_id}", amount=Decimal(amount)),),
        )
        await self.say(paid, customer_id=customer_id, name=f"paid-{customer_id}")

    async def get(self, path: str, headers: dict[str, str] | None = None) -> Any:
        """A question's answer, which must be 200."""
        answer = await self.caller.client.get(path, headers=headers or bearer())
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def the_warning(self, customer_id: str = "c1") -> Any:
        """The customer's only warning."""
        (found,) = (await self.get(f"{WARNINGS}?customer_id={customer_id}"))["items"]
        return found

    async def post(self, path: str, body: object, headers: dict[str, str]) -> tuple[int, Any]:
        """Submit a wish."""
        answer = await self.caller.client.post(path, json=body, headers=headers)
        return answer.status_code, answer.json()


@asynccontextmanager
async def open_desk(postgres: TestServer) -> AsyncIterator[Desk]:
    """A fresh database, a worker, and a ledger that has begun."""
    url = await postgres.fresh([SCREENING, RATING, TIERING, MONITORING])
    made = bench(MONITORING, url)
    settings = settings_for(url, command_wait_seconds=10.0)
    async with (
        calling(MONITORING, settings, router=router) as caller,
        running(made.worker()),
    ):
        desk = Desk(made, caller)
        await desk.close(BEGUN)
        yield desk
    await made.database.close()
