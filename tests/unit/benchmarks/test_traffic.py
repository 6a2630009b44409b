"""The generated trade: the same each time, in a stable mix, and every document in its place."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from benchmarks.few_rules import Told
from benchmarks.traffic import (
    BOUNCE,
    FIRST_DAY,
    HISTORY_STEPS,
    Message,
    Traffic,
    customer_id,
    history,
    stream,
)
from shared.contracts import catalogue
from shared.kernel.partitions import partition_of

SMALL = Traffic(customers=50, events=600, warned=0.03)


def types(messages: list[Message]) -> Counter[str]:
    return Counter(dict(message.headers)["ce_type"] for message in messages)


def told(message: Message) -> Told:
    return msgspec.json.decode(message.value, type=Told)


def test_the_same_seed_gives_the_same_stream() -> None:
    assert list(stream(SMALL)) == list(stream(SMALL))


def test_another_seed_gives_another_stream() -> None:
    assert list(stream(SMALL)) != list(stream(replace(SMALL, seed=8)))


def test_there_are_as_many_events_as_asked_for() -> None:
    assert len(list(stream(SMALL))) == 600


def test_no_two_events_bear_the_same_id() -> None:
    ids = [dict(message.headers)["ce_id"] for message in stream(SMALL)]
    assert len(set(ids)) == len(ids)


def test_every_value_is_what_its_type_promises() -> None:
    for message in [*history(range(3), 4), *stream(SMALL)]:
        assert catalogue.decode(dict(message.headers)["ce_type"], message.value) is not None


def test_values_take_about_four_hundred_bytes() -> None:
    sizes = [len(message.value) for message in stream(SMALL)]
    assert 380 <= sum(sizes) / len(sizes) <= 420


def test_every_record_lies_in_the_partition_of_its_customer() -> None:
    for message in stream(SMALL):
        assert message.partition == partition_of(message.key, SMALL.partitions)


def test_orders_invoices_and_payments_make_up_the_trade() -> None:
    counts = types(list(stream(replace(SMALL, events=6000, customers=500, warned=0.0))))
    assert counts.keys() == {"order.placed", "invoice.issued", "payment.received"}
    assert min(counts.values()) > 1200


@pytest.mark.parametrize("share", [0.0, 0.03, 0.25])
def test_so_many_payments_bounce_as_warnings_are_wanted(share: float) -> None:
    counts = types(list(stream(replace(SMALL, customers=2000, events=4000, warned=share))))
    assert counts[BOUNCE] / 4000 == pytest.approx(share, abs=0.02)


def test_a_payment_bounces_after_it_was_received() -> None:
    received = {"PM-h2"}
    for message in stream(replace(SMALL, warned=0.2)):
        event = told(message)
        if event.type == BOUNCE:
            assert event.payment_id in received
        elif event.payment_id:
            received.add(event.payment_id)


def test_payments_settle_invoices_that_were_issued() -> None:
    issued = {"IN-h1", "IN-h4"}
    for message in stream(SMALL):
        event = told(message)
        assert {part.invoice_id for part in event.allocations} <= issued
        issued.add(event.invoice_id)


def test_skewed_trade_is_mostly_with_the_first_customers() -> None:
    even = Counter(message.key for message in stream(replace(SMALL, events=3000)))
    skewed = Counter(message.key for message in stream(replace(SMALL, events=3000, skew=1.0)))
    first = customer_id(0)
    assert skewed[first] > 4 * even[first]
    assert skewed.most_common(1)[0][0] == first


def test_days_end_in_every_partition_where_wanted() -> None:
    messages = list(stream(replace(SMALL, days=2, close_days=True)))
    assert types(messages)["day.closed"] == 2 * SMALL.partitions
    assert dict(messages[-1].headers)["ce_id"] == f"day/{SMALL.day + timedelta(days=1)}/3"


def test_every_customer_has_the_same_history() -> None:
    messages = [message for message in history([4, 5], 2) if message.key]
    assert Counter(message.key for message in messages) == {
        customer_id(4): HISTORY_STEPS,
        customer_id(5): HISTORY_STEPS,
    }


def test_the_stream_begins_the_day_after_the_history() -> None:
    ends = [m for m in history([0], 1) if dict(m.headers)["ce_type"] == "day.closed"]
    assert len(ends) == 4
    assert SMALL.day == FIRST_DAY + timedelta(days=3)
