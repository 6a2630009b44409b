"""What sets the whole loop in motion: bounces between calm orders, on customers with a history."""

import csv
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from benchmarks.traffic import Message, customer_id
from benchmarks.whole_loop import CALM_CUSTOMERS, EVERY, history_file, produce, stream
from shared.contracts import catalogue

DAY = date(2026, 3, 6)


def types(events: int, customers: int) -> list[str]:
    return [dict(each.headers)["ce_type"] for each in stream(events, customers, DAY)]


def test_every_eighth_event_is_a_bounce() -> None:
    found = types(80, 10)
    assert [place for place, kind in enumerate(found) if kind == "payment.bounced"] == list(
        range(0, 80, EVERY)
    )


def test_everybody_bounces_once_and_then_once_more() -> None:
    bounced = [each for each in stream(400, 5, DAY) if b"payment_id" in each.value]
    assert Counter(each.key for each in bounced) == {customer_id(number): 2 for number in range(5)}
    assert [b"-1" in each.value for each in bounced] == [True] * 5 + [False] * 5


def test_calm_customers_only_order() -> None:
    troubled = {customer_id(number) for number in range(5)}
    orders = [each for each in stream(400, 5, DAY) if each.key not in troubled]
    assert {dict(each.headers)["ce_type"] for each in orders} == {"order.placed"}


def test_every_value_is_what_its_type_promises() -> None:
    for each in stream(50, 5, DAY):
        assert catalogue.decode(dict(each.headers)["ce_type"], each.value) is not None


def test_what_bounces_was_received_before(tmp_path: Path) -> None:
    with history_file(tmp_path / "history.csv", 3).open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    received = {row["payment_id"] for row in rows if row["type"] == "payment.received"}
    for each in stream(60, 3, DAY):
        event = catalogue.decode(dict(each.headers)["ce_type"], each.value)
        assert getattr(event, "payment_id", None) in {None, *received}
    assert sum(row["type"] == "customer" for row in rows) == 3 + CALM_CUSTOMERS


async def test_events_are_sent_when_they_are_due() -> None:
    messages = list(stream(20, 2, DAY))
    sent: list[Message] = []

    async def send(portion: Sequence[Message]) -> None:
        sent.extend(portion)

    due = await produce(send, messages, 400.0)
    moments = list(due.values())
    assert moments[-1] - moments[0] == pytest.approx(19 / 400, abs=1e-5)
    assert sent == messages
