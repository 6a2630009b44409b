"""Records on Kafka and in the log: the same attributes, whatever strangers put in them."""

from datetime import UTC, datetime

import pytest
from aiokafka import ConsumerRecord
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.kafka.wire import headers_of, record_of, records_of
from shared.log.reading import LogRow

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def found(
    *,
    key: bytes | None = b"C-1",
    value: bytes | None = b"{}",
    headers: tuple[tuple[str, bytes], ...] = (),
    timestamp: int = int(NOON.timestamp() * 1000),
) -> ConsumerRecord[bytes, bytes]:
    return ConsumerRecord(
        topic="obligor.rating",
        partition=3,
        offset=17,
        timestamp=timestamp,
        timestamp_type=0,
        key=key,
        value=value,
        checksum=None,
        serialized_key_size=0,
        serialized_value_size=0,
        headers=headers,
    )


def a_row(offset: int = 5, **headers: str) -> LogRow:
    return LogRow("obligor.rating", 3, offset, "C-1", headers, b"{}", NOON)


def test_a_record_keeps_its_place_and_time() -> None:
    record = record_of(found())
    assert (record.topic, record.partition, record.position) == ("obligor.rating", 3, 17)
    assert record.appended_at == NOON


def test_headers_come_as_text() -> None:
    record = record_of(found(headers=(("ce_id", "事件".encode()),)))
    assert record.headers == {"ce_id": "事件"}


def test_a_nul_that_no_text_of_the_database_may_hold_is_replaced() -> None:
    record = record_of(found(headers=(("ce_id", b"a\x00b"),)))
    assert record.headers["ce_id"] == "a\ufffdb"


def test_the_last_of_two_headers_of_one_name_counts() -> None:
    record = record_of(found(headers=(("ce_id", b"first"), ("ce_id", b"last"))))
    assert record.headers == {"ce_id": "last"}


def test_a_tombstone_has_an_empty_value() -> None:
    assert record_of(found(value=None)).value == b""


def test_a_record_without_a_key_has_none() -> None:
    assert record_of(found(key=None)).key is None


def test_a_time_before_the_epoch_is_no_time() -> None:
    assert record_of(found(timestamp=-1)).appended_at == datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shown", "offset"),
    [
        (b"0", 0),
        (b"41", 41),
        (b"999999999999999999", 999999999999999999),
        (b"1" + b"0" * 18, None),
        (b"-1", None),
        (b"", None),
        (b"4 1", None),
        ("٤".encode(), None),
        (b"\xff", None),
    ],
)
def test_only_a_plain_number_is_a_log_offset(shown: bytes, offset: int | None) -> None:
    assert record_of(found(headers=(("obligor_log_offset", shown),))).log_offset == offset


def test_an_outsiders_record_has_no_log_offset() -> None:
    assert record_of(found()).log_offset is None


def test_a_row_carries_its_headers_and_its_offset() -> None:
    assert headers_of(a_row(7, ce_id="e-1", ce_type="t")) == [
        ("ce_id", b"e-1"),
        ("ce_type", b"t"),
        ("obligor_log_offset", b"7"),
    ]


def test_an_offset_from_an_earlier_log_is_replaced() -> None:
    assert headers_of(a_row(7, obligor_log_offset="3")) == [("obligor_log_offset", b"7")]


def test_records_keep_their_order() -> None:
    assert [each.key for each in records_of([found(key=b"a"), found(key=b"b")])] == ["a", "b"]


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=8),
        st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=20),
        max_size=5,
    ),
    st.integers(0, 10**17),
)
def test_a_row_comes_back_as_it_was(headers: dict[str, str], offset: int) -> None:
    headers.pop("obligor_log_offset", None)
    record = record_of(found(headers=tuple(headers_of(a_row(offset, **headers)))))
    assert record.log_offset == offset
    assert record.headers == {**headers, "obligor_log_offset": str(offset)}


@given(st.binary(max_size=40), st.binary(max_size=40), st.binary(max_size=40))
def test_no_bytes_break_the_reader(key: bytes, value: bytes, header: bytes) -> None:
    record = record_of(found(key=key, value=value, headers=(("ce_id", header),)))
    assert record.value == value
