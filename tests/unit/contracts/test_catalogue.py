"""Every event is a contract: it has a type, a topic, an owner, and reads back as it was written."""

from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pytest

from shared.contracts import catalogue
from shared.contracts.catalogue import MalformedEventError, decode, encode
from shared.contracts.envelope import Envelope, Event, first_of_chain
from shared.contracts.transactions import Allocation, InvoiceIssued, PaymentReceived

ALL = [(topic, name) for topic, events in catalogue.EVENTS.items() for name in events]
INVOICE = InvoiceIssued(
    invoice_id="i1",
    amount=Decimal("1.20"),
    currency="EUR",
    invoice_date=date(2026, 1, 1),
    due_date=date(2026, 1, 31),
)


def an_envelope(subject: str = "c1") -> Envelope:
    return first_of_chain(
        event_id="e1",
        source="erp",
        event_type="invoice.issued",
        time=datetime(2026, 1, 1, tzinfo=UTC),
        subject=subject,
    )


def test_an_event_reads_back_as_it_was_written() -> None:
    assert decode("invoice.issued", encode(INVOICE)) == INVOICE


def test_decimals_travel_as_strings() -> None:
    assert b'"amount":"1.20"' in encode(INVOICE)


def test_nested_parts_read_back() -> None:
    payment = PaymentReceived(
        payment_id="p1",
        amount=Decimal(5),
        currency="EUR",
        value_date=date(2026, 2, 1),
        method="transfer",
        allocations=(Allocation(invoice_id="i1", amount=Decimal(5)),),
    )
    assert decode("payment.received", encode(payment)) == payment


def test_an_unknown_type_is_nobodys_business() -> None:
    assert decode("weather.changed", b"{}") is None


def test_unknown_fields_are_ignored() -> None:
    value = encode(INVOICE)[:-1] + b',"colour":"blue"}'
    assert decode("invoice.issued", value) == INVOICE


def test_a_backslash_before_the_word_is_no_nul() -> None:
    found = decode("invoice.issued", encode(INVOICE).replace(b'"EUR"', rb'"\\u0000"'))
    assert getattr(found, "currency", None) == r"\u0000"


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"{not json",
        b'{"invoice_id":1}',
        b"[" * 20_000,
        encode(INVOICE).replace(b'"1.20"', b'"many"'),
        encode(INVOICE).replace(b"2026-01-31", b"2026-02-31"),
        encode(INVOICE).replace(b'"EUR"', b'"EU\\u0000R"'),
        encode(INVOICE).replace(b'"EUR"', b'"\\\\\\u0000"'),
    ],
)
def test_garbage_is_poison_with_a_reason(value: bytes) -> None:
    with pytest.raises(MalformedEventError, match=r"invoice\.issued"):
        decode("invoice.issued", value)


@pytest.mark.parametrize(("topic", "name"), ALL)
def test_every_type_is_published_on_one_topic(topic: str, name: str) -> None:
    assert catalogue.TOPIC_OF[name] == topic


@pytest.mark.parametrize("topic", catalogue.EVENTS)
def test_every_topic_has_a_publisher(topic: str) -> None:
    assert catalogue.PUBLISHER_OF[topic]


@pytest.mark.parametrize(("topic", "name"), ALL)
def test_the_publisher_is_in_the_type(topic: str, name: str) -> None:
    """Facts of outside systems have plain names; our own carry publisher and version."""
    if topic in {catalogue.TRANSACTIONS, catalogue.FINANCIALS, catalogue.SIGNALS}:
        assert name.count(".") == 1
    else:
        assert name.startswith(f"{catalogue.PUBLISHER_OF[topic]}.")
        assert name.endswith(".v1")


def test_no_struct_serves_two_types() -> None:
    assert len(catalogue.EVENT_TYPES) == len(ALL)


@pytest.mark.parametrize("struct", catalogue.EVENT_TYPES)
def test_every_event_is_frozen(struct: type[Event]) -> None:
    assert struct.__struct_config__.frozen


def test_what_an_event_causes_names_its_cause_and_chain() -> None:
    after = an_envelope().followed_by(source="m", event_type="t", subject="c1", ordinal=1)
    assert (after.causation_id, after.correlation_id, after.depth) == ("e1", "e1", 1)


def test_the_same_cause_gives_the_same_id() -> None:
    first, again = (
        an_envelope().followed_by(source="m", event_type="t", subject="c1", ordinal=1)
        for _ in range(2)
    )
    assert first == again


def test_two_effects_of_one_cause_have_two_ids() -> None:
    ids = {
        an_envelope().followed_by(source="m", event_type="t", subject="c1", ordinal=n).id
        for n in range(5)
    }
    assert len(ids) == 5


def test_a_days_end_begins_one_chain_per_customer() -> None:
    marker = msgspec.structs.replace(
        an_envelope(""), id="day/2026-01-01/0", correlation_id="day/2026-01-01/0"
    )
    after = marker.followed_by(source="m", event_type="t", subject="c7", ordinal=1)
    assert after.correlation_id == "day/2026-01-01/0/c7"


def test_a_broadcast_that_follows_a_broadcast_stays_in_its_chain() -> None:
    marker = msgspec.structs.replace(an_envelope(""), correlation_id="day/2026-01-01/0")
    after = marker.followed_by(source="m", event_type="t", subject="", ordinal=1)
    assert after.correlation_id == "day/2026-01-01/0"
