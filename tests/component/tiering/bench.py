"""Tiering on a real PostgreSQL: batches of events worked as a worker would, and the door beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx
import msgspec
from sqlalchemy import text

from services.tiering.domain.policy import TieringPolicy
from services.tiering.handlers import SERVICE
from services.tiering.storage.tables import METADATA
from shared.chassis.service import Delivery, Scope
from shared.chassis.work import Work
from shared.contracts.catalogue import EVENT_TYPES, TOPIC_OF
from shared.contracts.envelope import Event, first_of_chain
from shared.contracts.screening import CustomerCleared
from shared.decisions.storage import save_decisions
from shared.testing.http import Caller, bearer
from shared.testing.workers import NOON
from tests.unit.tiering.building import DAY
from tests.unit.tiering.events import (
    CUSTOMER,
    a_work,
    customer_figures,
    exposure_changed,
    exposure_figures,
    grade_answer,
    purchase_figures,
)

CHECKS = "/tiering/v1/credit-checks"
SUNDAY, MONDAY = date(2025, 6, 1), date(2025, 6, 2)


def cleared(customer_id: str = CUSTOMER) -> CustomerCleared:
    return CustomerCleared(
        customer_id=customer_id,
        as_of=DAY,
        decision_id="s-1",
        outcome="pass",
        points=0,
        reasons=(),
        not_checked=(),
        policy_version="p",
    )


def limit_of(amount: float, customer_id: str = CUSTOMER, grade: str = "BB") -> Event:
    """An answer that ends in tier medium and a limit of this amount."""
    month = purchase_figures(best_month=amount / 0.8 / 2)
    figures = customer_figures(purchases=(month,), band="yellow", ews=30.0)
    return grade_answer(grade, figures=figures, customer_id=customer_id)


def owing(version: int, amount: float, *orders: str) -> Event:
    return exposure_changed(
        version, exposures=(exposure_figures(amount),), absorbed_orders=tuple(orders)
    )


@dataclass
class Tiering:
    """The service as a test sees it: its door, and its worker's batches by hand."""

    caller: Caller
    partition: int = 0
    events: int = 0

    async def work(self, *events: Event, closing: date | None = None) -> Work[TieringPolicy]:
        """One batch: load, handle, close if asked, save; as the chassis does."""
        work = a_work(partition=self.partition)
        work.closed_on = await self.closed_on()
        doors = self.caller.doors
        async with doors.transaction() as conn:
            book = await SERVICE.storage.load(conn, _scope(events, self.partition, closing))
            for event in events:
                self.events += 1
                work.begin(msgspec.structs.replace(work.cause, id=f"e-{self.events}"))
                SERVICE.handlers[EVENT_TYPES[type(event)]](event, book, work)
            if closing is not None:
                work.announce(SERVICE.close_day(closing, book, work))
            await SERVICE.storage.save(conn, book)
            await save_decisions(conn, doors.tables.decision, work.decided)
            if closing is not None:
                state = doors.tables.work.partition_state
                mine = state.c.partition == self.partition
                await conn.execute(state.update().where(mine).values(closed_on=closing))
        return work

    async def closed_on(self) -> date | None:
        """The last closed day of the partition."""
        state = self.caller.doors.tables.work.partition_state
        async with self.caller.doors.reading() as conn:
            wanted = state.select().where(state.c.partition == self.partition)
            found: date | None = (await conn.execute(wanted)).one().closed_on
        return found

    async def check(self, order_id: str, amount: float | str, **more: Any) -> dict[str, Any]:
        """Ask for credit for an order."""
        answer = await self.ask(order_id=order_id, amount=str(amount), **more)
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    async def ask(self, *, key: str | None = None, **more: Any) -> httpx.Response:
        body = {
            "order_id": "O-1",
            "customer_id": CUSTOMER,
            "amount": "1000.00",
            "currency": "EUR",
            "terms_days": 30,
        }
        headers = bearer() | ({"Idempotency-Key": key} if key else {})
        return await self.caller.client.post(CHECKS, json=body | more, headers=headers)

    async def post(self, path: str, body: object = None, **more: Any) -> httpx.Response:
        return await self.caller.client.post(path, json=body, headers=more or bearer())

    async def get(self, path: str) -> Any:
        answer = await self.caller.client.get(f"/tiering/v1{path}", headers=bearer())
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def rows(self, table: str) -> list[Any]:
        """All rows of a table, in the order of its first column."""
        async with self.caller.doors.reading() as conn:
            wanted = METADATA.tables[f"tiering.{table}"].select().order_by(text("1"), text("2"))
            return list((await conn.execute(wanted)).all())

    async def live(self) -> dict[str, int]:
        """Live reservations by order, in minor units."""
        async with self.caller.doors.reading() as conn:
            rows = await conn.exec_driver_sql(
                "SELECT order_id, reserved_minor FROM tiering.credit_check WHERE reservation = 'live'"
            )
            return {row.order_id: row.reserved_minor for row in rows}


def _delivered(event: Event) -> Delivery:
    kind = EVENT_TYPES[type(event)]
    envelope = first_of_chain(event_id="", source="", event_type=kind, time=NOON, subject="")
    return Delivery(envelope, event, TOPIC_OF[kind], b"")


def _scope(events: Sequence[Event], partition: int, closing: date | None) -> Scope:
    customers = {getattr(event, "customer_id", "") for event in events}
    return Scope(
        partition=partition,
        customers=frozenset(customers - {""}),
        closing_through=closing,
        deliveries=[_delivered(event) for event in events],
    )
