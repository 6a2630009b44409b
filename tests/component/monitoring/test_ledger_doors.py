"""The ledger through its doors, with a worker on a real database."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from services.monitoring.api import router
from services.monitoring.handlers import SERVICE
from shared.contracts import catalogue
from shared.testing.database import TestServer
from shared.testing.http import Caller, bearer, calling, settings_for
from shared.testing.workers import Bench, bench, running
from tests.component.publishing import stand_in

DAY = date(2025, 3, 3)
V1 = "/monitoring/v1"


@dataclass(frozen=True, slots=True)
class Counter:
    """Monitoring's doors with a worker behind them, and its tables."""

    caller: Caller
    bench: Bench

    async def send(self, *facts: dict[str, object]) -> dict[str, Any]:
        answer = await self.caller.client.post(
            f"{V1}/transactions", json=list(facts), headers=bearer()
        )
        assert answer.status_code == 202, answer.text
        await self.bench.at_rest()
        outcome: dict[str, Any] = answer.json()
        return outcome

    async def close(self, day: date) -> int:
        answer = await self.caller.client.post(f"{V1}/days/{day}/close", headers=bearer())
        await self.bench.at_rest()
        return answer.status_code

    async def ask(self, path: str, **query: str) -> dict[str, Any]:
        answer = await self.caller.client.get(f"{V1}{path}", params=query, headers=bearer())
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def status(self, event_id: str, source: str = "erp") -> str:
        return str((await self.ask(f"/transactions/{source}/{event_id}"))["status"])


@pytest.fixture
async def counter(postgres: TestServer) -> AsyncIterator[Counter]:
    publishers = [
        stand_in("screening", catalogue.SCREENING),
        stand_in("tiering", catalogue.TIERING),
        stand_in("rating", catalogue.FINANCIALS),
    ]
    url = await postgres.fresh([SERVICE, *publishers])
    made = bench(SERVICE, url)
    async with (
        calling(SERVICE, settings_for(url), router=router) as caller,
        running(made.worker()),
    ):
        yield Counter(caller, made)
    await made.database.close()


def a_fact(
    kind: str, event_id: str, /, *, customer: str = "C1", **data: object
) -> dict[str, object]:
    return {
        "id": event_id,
        "source": "erp",
        "type": kind,
        "time": f"{DAY}T10:00:00Z",
        "customer_id": customer,
        "data": data,
    }


def an_invoice(
    name: str,
    amount: str = "100.00",
    *,
    event_id: str | None = None,
    currency: str = "EUR",
    version: int = 1,
) -> dict[str, object]:
    return a_fact(
        "invoice.issued",
        event_id or f"e-{name}",
        invoice_id=name,
        amount=amount,
        currency=currency,
        version=version,
        invoice_date=str(DAY),
        due_date=str(DAY + timedelta(days=2)),
    )


def a_payment(name: str, amount: str, *, on: date = DAY) -> dict[str, object]:
    return a_fact(
        "payment.received",
        f"e-{name}",
        payment_id=name,
        amount=amount,
        currency="EUR",
        value_date=str(on),
        method="transfer",
    )


async def test_what_is_sent_can_be_asked_for_as_of_any_day(counter: Counter) -> None:
    assert await counter.close(DAY - timedelta(days=1)) == 202
    await counter.send(an_invoice("I1"), an_invoice("I2", "50.00"), a_payment("P1", "30.00"))
    for passed in range(5):
        assert await counter.close(DAY + timedelta(days=passed)) == 202
    then = await counter.ask("/customers/C1/receivables", as_of=str(DAY))
    now = await counter.ask("/customers/C1/receivables", as_of=str(DAY + timedelta(days=4)))
    before = await counter.ask("/customers/C1/receivables", as_of=str(DAY - timedelta(days=1)))
    assert (then["open_amount"], then["overdue_amount"]) == ("120.00", "0.00")
    assert (now["open_amount"], now["overdue_amount"]) == ("120.00", "120.00")
    assert now["ageing"] == {
        "current": "0.00",
        "1-30": "120.00",
        "31-60": "0.00",
        "61-90": "0.00",
        "91+": "0.00",
    }
    assert now["max_days_past_due"] == 2
    assert [each["invoice_id"] for each in now["invoices"]] == ["I1", "I2"]
    assert (before["open_amount"], before["currency"]) == ("0.00", "EUR")
    assert await counter.status("e-I1") == "applied"


async def test_the_same_invoice_under_a_new_id_changes_nothing(counter: Counter) -> None:
    await counter.close(DAY - timedelta(days=1))
    await counter.send(an_invoice("I1"))
    await counter.send(an_invoice("I1", event_id="again"))
    assert (await counter.ask("/customers/C1/receivables"))["open_amount"] == "100.00"
    assert await counter.status("again") == "duplicate"


async def test_the_same_id_with_another_body_is_a_conflict(counter: Counter) -> None:
    await counter.close(DAY - timedelta(days=1))
    await counter.send(an_invoice("I1"))
    await counter.send(an_invoice("I9", event_id="e-I1"))
    assert (await counter.ask("/customers/C1/receivables"))["open_amount"] == "100.00"
    letters = await counter.ask("/dead-letters")
    assert letters["items"][0]["code"] == "conflicting_duplicate"


async def test_a_correction_replaces_the_invoice_also_for_past_days(counter: Counter) -> None:
    await counter.close(DAY - timedelta(days=1))
    await counter.send(an_invoice("I1"), a_payment("P1", "80.00"))
    await counter.close(DAY)
    await counter.send(an_invoice("I1", "90.00", version=2, event_id="v2"))
    for day in (DAY, DAY + timedelta(days=1)):
        found = await counter.ask("/customers/C1/receivables", as_of=str(day))
        assert found["open_amount"] == "10.00"


async def test_a_fact_of_a_later_day_waits_until_it_is_due(counter: Counter) -> None:
    await counter.close(DAY - timedelta(days=1))
    await counter.send(an_invoice("I1"), a_payment("P1", "100.00", on=DAY + timedelta(days=2)))
    assert await counter.status("e-P1") == "waiting"
    assert (await counter.ask("/customers/C1/receivables"))["open_amount"] == "100.00"
    for passed in range(3):
        await counter.close(DAY + timedelta(days=passed))
    assert await counter.status("e-P1") == "applied"
    assert (await counter.ask("/customers/C1/receivables"))["open_amount"] == "0.00"


async def test_what_comes_before_the_ledger_has_begun_waits_for_its_first_close(
    counter: Counter,
) -> None:
    await counter.send(an_invoice("I1"))
    assert await counter.status("e-I1") == "waiting"
    await counter.close(DAY)
    assert await counter.status("e-I1") == "applied"


async def test_each_member_of_a_batch_is_judged_by_itself(counter: Counter) -> None:
    answer = await counter.send(
        an_invoice("I1"),
        an_invoice("I2", "-5"),
        a_fact("invoice.issued", "e-3", invoice_id="I3"),
        a_fact("nonsense", "e-4"),
        {"id": "e-5"},
    )
    outcomes = [each["outcome"] for each in answer["items"]]
    assert outcomes == ["accepted", "invalid", "invalid", "invalid", "invalid"]
    assert answer["items"][1]["errors"][0]["field"] == "amount"
    assert [each["id"] for each in answer["items"]] == ["e-I1", "e-I2", "e-3", "e-4", "e-5"]
    assert (answer["accepted"], answer["invalid"]) == (1, 4)


async def test_days_close_one_by_one_and_each_once(counter: Counter) -> None:
    assert await counter.close(DAY) == 202
    assert await counter.close(DAY) == 409
    assert await counter.close(DAY + timedelta(days=2)) == 409
    assert await counter.close(DAY - timedelta(days=1)) == 409
    assert await counter.close(DAY + timedelta(days=1)) == 202
    clock = await counter.ask("/clock")
    assert clock["closed_on"] == str(DAY + timedelta(days=1))
    assert clock["business_day"] == str(DAY + timedelta(days=2))


async def test_a_day_may_close_inside_a_batch_of_facts(counter: Counter) -> None:
    marker = a_fact("day.closed", f"day/{DAY}", date=str(DAY))
    marker["customer_id"] = ""
    gap = a_fact("day.closed", "day/gap", date=str(DAY + timedelta(days=5)))
    answer = await counter.send(an_invoice("I1"), marker, gap)
    assert [each["outcome"] for each in answer["items"]] == ["accepted", "accepted", "invalid"]
    assert (await counter.ask("/clock"))["closed_on"] == str(DAY)


async def test_a_customer_with_two_currencies_gets_one_answer_each(counter: Counter) -> None:
    await counter.close(DAY - timedelta(days=1))
    await counter.send(an_invoice("I1"), an_invoice("I2", "700", currency="JPY"))
    both = await counter.ask("/customers/C1/receivables")
    yen = await counter.ask("/customers/C1/receivables", currency="JPY")
    assert [each["currency"] for each in both["currencies"]] == ["EUR", "JPY"]
    assert yen["open_amount"] == "700"


async def test_exposure_behaviour_and_lists_answer(counter: Counter) -> None:
    await counter.close(DAY - timedelta(days=1))
    order = a_fact("order.placed", "o", order_id="O1", amount="40.00", currency="EUR")
    await counter.send(an_invoice("I1"), order, a_payment("P1", "110.00"))
    exposure = await counter.ask("/customers/C1/exposure")
    behaviour = await counter.ask("/customers/C1/behaviour")
    listed = await counter.ask("/customers")
    portfolio = await counter.ask("/portfolio/ageing")
    assert (exposure["open_orders"], exposure["unapplied_cash"]) == ("40.00", "10.00")
    assert exposure["total"] == "10.00"
    assert (behaviour["settled_24m"], behaviour["wadd_12m"]) == (1, 0.0)
    assert listed["items"][0]["registered"] is False
    assert portfolio["currencies"][0]["open_amount"] == "0.00"


async def test_an_unknown_customer_is_not_found(counter: Counter) -> None:
    answer = await counter.caller.client.get(f"{V1}/customers/nobody/receivables", headers=bearer())
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_customer")


async def test_a_signal_is_kept_and_a_broadcast_reaches_every_partition(counter: Counter) -> None:
    signals = [
        a_fact("legal_proceeding.filed", "s1", proceeding_id="L1", kind="claim", date=str(DAY)),
        a_fact(
            "industry_index.published",
            "s2",
            scheme="NACE",
            code="C",
            index="pmi",
            date=str(DAY),
            value=48.5,
        ),
    ]
    answer = await counter.caller.client.post(f"{V1}/signals", json=signals, headers=bearer())
    await counter.bench.at_rest()
    rows = await counter.bench.fetch("SELECT kind, customer_id FROM monitoring.signal")
    assert answer.status_code == 202
    assert len(rows) == 1 + counter.bench.partitions


@pytest.mark.parametrize("day", ["9999-12-31", "1969-12-31"])
async def test_a_day_beyond_any_calendar_is_never_closed(counter: Counter, day: str) -> None:
    assert await counter.close(date.fromisoformat(day)) == 422
    marker = a_fact("day.closed", f"day/{day}", customer="", date=day)
    assert (await counter.send(marker))["invalid"] == 1


async def test_a_ledger_does_not_begin_in_the_future(counter: Counter) -> None:
    assert await counter.close(date(2150, 1, 1)) == 422
    marker = a_fact("day.closed", "day/2150-01-01", customer="", date="2150-01-01")
    assert (await counter.send(marker))["invalid"] == 1
    assert await counter.close(DAY) == 202
