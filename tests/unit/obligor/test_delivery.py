import json
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from threading import Lock

import httpx
import pytest

from obligor.delivery import Delivery, Manner, OlderThanLedgerError, Progress
from obligor.facts import History, Registration, Statement, Transaction, history_of
from obligor.remote import Remote
from shared.contracts.financials import FinancialStatementFiled
from shared.contracts.screening import LegalName
from shared.contracts.transactions import OrderPlaced

FIRST, LAST = date(2026, 1, 5), date(2026, 1, 7)


class APlatform:
    """Takes what is sent and says at once that it has worked everything off."""

    def __init__(self, *, closed_on: date | None = None, known: Sequence[str] = ()) -> None:
        self.closed_on = closed_on
        self.known = set(known)
        self.registered: dict[str, object] = {}
        self.log: list[str] = []
        self.invalid: set[str] = set()
        self._turn = Lock()

    def remote(self) -> Remote:
        transport = httpx.MockTransport(self._answer)
        return Remote(httpx.Client(transport=transport, base_url="http://there"))

    @property
    def sent(self) -> list[str]:
        """What was written, without the questions in between."""
        return [one for one in self.log if one != "rest?"]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        with self._turn:
            path = request.url.path
            if path.endswith("/positions"):
                return self._positions(path)
            if path.startswith("/screening"):
                return self._customer(request)
            if path.startswith("/rating"):
                self.log.append(f"statement {json.loads(request.content)['filed_on']}")
                return httpx.Response(202, json={})
            if request.method == "GET":
                fact = path.rsplit("/", 1)[1]
                return httpx.Response(200 if fact in self.known else 404, json={"status": "x"})
            return self._facts(json.loads(request.content))

    def _positions(self, path: str) -> httpx.Response:
        if path.startswith("/screening"):
            self.log.append("rest?")
        closed_on = None if self.closed_on is None else self.closed_on.isoformat()
        return httpx.Response(
            200,
            json={
                "service": path.split("/")[1],
                "reads": [],
                "checkpoints": [],
                "log": [],
                "partitions": [{"partition": 0, "closed_on": closed_on}],
            },
        )

    def _customer(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rsplit("/", 1)[1]
        if request.method == "PUT":
            self.registered[name] = json.loads(request.content)
            self.log.append(f"customer {name}")
            return httpx.Response(201, json={})
        if name in self.registered:
            return httpx.Response(200, json=self.registered[name])
        return httpx.Response(404, json={})

    def _facts(self, batch: list[dict[str, object]]) -> httpx.Response:
        names = [str(one["id"]) for one in batch]
        self.log.append(" ".join(re.sub(r"order.placed:|2026-01-", "", name) for name in names))
        items = [
            {"id": name, "outcome": "invalid" if name in self.invalid else "accepted"}
            for name in names
        ]
        return httpx.Response(202, json={"items": items})


def an_order(number: int, day: date) -> Transaction:
    return Transaction(
        id=f"order.placed:{number}",
        source="test",
        customer_id="C1",
        day=day,
        event=OrderPlaced(order_id=str(number), amount=Decimal("10.00"), currency="EUR"),
    )


def a_history() -> History:
    filed = FinancialStatementFiled(
        period_end=date(2025, 12, 31), months=12, basis="audited", currency="EUR", lines={}
    )
    return history_of(
        [Registration("C1", (LegalName(name="Ferrero"),), "IT")],
        [an_order(1, FIRST), an_order(2, LAST)],
        statements=[Statement("C1", LAST, filed)],
    )


def send(platform: APlatform, manner: Manner | None = None) -> Delivery:
    delivery = Delivery(platform.remote(), source="test")
    delivery.send(a_history(), manner or Manner())
    return delivery


def test_an_empty_ledger_begins_by_closing_the_day_before_the_first_date() -> None:
    platform = APlatform()
    send(platform)

    assert platform.sent[0] == "day/04"


def test_customers_come_first_then_facts_and_closes_in_order() -> None:
    platform = APlatform()
    send(platform)

    assert platform.sent == [
        "day/04",
        "customer C1",
        "statement 2026-01-07",
        "1 day/05 day/06 2 day/07",
    ]


def test_statements_of_many_days_go_together_but_each_customers_in_order() -> None:
    platform = APlatform()
    days = [date(2026, 1, 5 + number) for number in range(6)]
    filed = a_history().days[-1].statements[0].filed
    history = history_of(
        [],
        [an_order(1, days[0])],
        statements=[Statement("C1", day, filed) for day in days],
    )
    Delivery(platform.remote(), source="test").send(history, Manner())

    assert platform.sent[1:-1] == [f"statement {day}" for day in days]
    assert platform.sent[-1].startswith("1 day/05")


def test_with_the_day_barrier_every_step_waits_for_rest() -> None:
    platform = APlatform()
    send(platform, Manner(barrier=True))

    steps = [one for one in platform.log if one != "rest?"]
    assert steps == [
        "day/04",
        "customer C1",
        "1",
        "day/05",
        "day/06",
        "statement 2026-01-07",
        "2",
        "day/07",
    ]
    for step in steps:
        following = platform.log[platform.log.index(step) + 1 :][:2]
        assert following == ["rest?", "rest?"], step


def test_no_wait_returns_without_looking_for_rest_at_the_end() -> None:
    platform = APlatform()
    send(platform, Manner(wait=False))

    assert platform.log[-1] == "1 day/05 day/06 2 day/07"


def test_waiting_ends_with_two_looks_that_agree() -> None:
    platform = APlatform()
    send(platform)

    assert platform.log[-2:] == ["rest?", "rest?"]


def test_days_that_the_ledger_has_still_to_close_come_before_the_first_fact() -> None:
    platform = APlatform(closed_on=date(2026, 1, 2))
    send(platform)

    assert platform.sent[-1] == "day/03 day/04 1 day/05 day/06 2 day/07"


def test_a_file_older_than_the_ledger_is_refused() -> None:
    platform = APlatform(closed_on=date(2026, 1, 6))

    with pytest.raises(OlderThanLedgerError, match="does not know 1 of its facts"):
        send(platform)
    assert platform.sent == []


def test_a_file_older_than_the_ledger_may_come_as_late_facts() -> None:
    platform = APlatform(closed_on=date(2026, 1, 6))
    send(platform, Manner(late=True))

    assert platform.sent[-1] == "1 2 day/07"


def test_a_file_that_was_sent_before_is_sent_again_without_harm() -> None:
    platform = APlatform(closed_on=LAST, known=["order.placed:1", "order.placed:2"])
    send(platform)

    assert platform.sent[-1] == "1 2"


def test_an_import_that_broke_off_goes_on_where_it_stood() -> None:
    platform = APlatform(closed_on=FIRST, known=["order.placed:1"])
    send(platform)

    assert platform.sent[-1] == "1 day/06 2 day/07"


def test_a_registered_customer_is_not_registered_again() -> None:
    platform = APlatform()
    send(platform)
    platform.closed_on = LAST
    platform.known = {"order.placed:1", "order.placed:2"}
    again = send(platform)

    assert platform.sent.count("customer C1") == 1
    assert again.delivered.registered == 0


def test_a_customer_under_another_name_is_registered_anew() -> None:
    platform = APlatform()
    platform.registered["C1"] = {"country": "IT", "legal_names": [{"name": "Old"}]}
    send(platform)

    assert "customer C1" in platform.sent


def test_what_was_delivered_is_counted() -> None:
    delivered = send(APlatform()).delivered

    assert (delivered.registered, delivered.statements, delivered.transactions) == (1, 1, 2)


def test_what_the_door_refused_is_counted_and_named() -> None:
    platform = APlatform()
    platform.invalid = {"order.placed:2"}
    delivered = send(platform).delivered

    assert (delivered.transactions, delivered.invalid) == (1, 1)
    assert delivered.first_invalid.startswith("order.placed:2")


def test_progress_is_told_fact_by_fact() -> None:
    told: list[int] = []
    delivery = Delivery(APlatform().remote(), source="test", progress=Progress(on_sent=told.append))
    delivery.send(a_history(), Manner())

    assert sum(told) == len(a_history())


def test_no_batch_is_larger_than_the_door_allows() -> None:
    platform = APlatform()
    facts = [an_order(number, FIRST) for number in range(12_000)]
    Delivery(platform.remote(), source="test").send(history_of([], facts), Manner())

    sizes = [len(one.split()) for one in platform.sent]
    assert sizes == [1, 5000, 5000, 2001]
