"""The sieve: what becomes of each record before anyone acts on it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.port import PositionOutsideLogError, Record
from shared.chassis.service import Subscription
from shared.chassis.sieve import MAX_DEPTH, Sieve, Sifted, parked
from shared.contracts import catalogue
from shared.contracts.monitoring import MonitoringDayClosed
from shared.kernel.errors import PoisonError
from shared.log.checkpoints import Checkpoint
from shared.log.seen import Seen, body_hash
from tests.unit.chassis.records import (
    CUSTOMER,
    HOME,
    TWO,
    a_record,
    an_envelope,
    an_order,
    toy_sieve,
)


def sifted(record: Record, sieve: Sieve | None = None, **known: Any) -> Sifted:
    (only,) = (sieve or toy_sieve()).sift([record], {}, known.get("seen", {}))
    return only


def seen_before(record: Record, status: str = "applied") -> dict[tuple[str, str], Seen]:
    name = (record.headers["ce_source"], record.headers["ce_id"])
    return {name: Seen(*name, body_hash(record.value), status, HOME)}


def code_of(found: Sifted) -> str | None:
    return found.letter.code if found.letter else None


def test_a_good_record_is_delivered() -> None:
    found = sifted(a_record())
    assert found.delivery is not None
    assert found.delivery.event == an_order()
    assert found.letter is None
    assert found.skipped is None


def test_a_delivered_upstream_record_is_marked_as_seen() -> None:
    record = a_record()
    assert sifted(record).seen == Seen("test", "e1", body_hash(record.value), "applied", HOME)


def test_a_broken_envelope_becomes_a_dead_letter() -> None:
    assert code_of(sifted(a_record(headers={"ce_id": None}))) == "broken_envelope"


def test_the_deepest_chain_allowed_is_delivered() -> None:
    deep = a_record(envelope=an_envelope(depth=MAX_DEPTH))
    assert sifted(deep).delivery is not None


def test_one_cause_more_than_allowed_is_parked() -> None:
    deep = a_record(envelope=an_envelope(depth=MAX_DEPTH + 1))
    assert code_of(sifted(deep)) == "causation_too_deep"


def test_a_dead_letter_keeps_the_record_whole() -> None:
    record = a_record(headers={"ce_time": "never"}, value=b"\x00", position=17)
    letter = sifted(record).letter
    assert letter is not None
    assert (letter.topic, letter.partition, letter.position) == (record.topic, HOME, 17)
    assert (letter.key, letter.headers, letter.value) == (CUSTOMER, record.headers, b"\x00")


def test_a_parked_record_says_why_in_a_code_and_a_sentence() -> None:
    letter = parked(a_record(), PoisonError("cannot be"))
    assert (letter.code, letter.reason) == ("poison", "cannot be")


def test_a_value_that_does_not_fit_its_type_is_parked_and_remembered_as_parked() -> None:
    found = sifted(a_record(value=b"{}"))
    assert code_of(found) == "malformed_event"
    assert found.seen is not None
    assert found.seen.status == "parked"


def test_the_same_body_again_is_a_duplicate() -> None:
    record = a_record()
    assert sifted(record, seen=seen_before(record)).skipped == "duplicate"


def test_another_body_under_the_same_id_is_parked() -> None:
    before = seen_before(a_record(an_order("o1")))
    assert code_of(sifted(a_record(an_order("o2")), seen=before)) == "conflicting_duplicate"


def test_a_conflict_leaves_the_first_mark_alone() -> None:
    before = seen_before(a_record(an_order("o1")))
    assert sifted(a_record(an_order("o2")), seen=before).seen is None


def test_a_corrected_body_after_a_parked_one_is_delivered() -> None:
    before = seen_before(a_record(value=b"{}"), status="parked")
    assert sifted(a_record(), seen=before).delivery is not None


@pytest.mark.parametrize("status", ["applied", "duplicate", "conflict", "waiting"])
def test_whatever_became_of_it_a_repetition_counts_once(status: str) -> None:
    record = a_record()
    assert sifted(record, seen=seen_before(record, status)).skipped == "duplicate"


def test_a_repetition_within_the_batch_counts_once() -> None:
    records = [a_record(), a_record(position=1, log_offset=1)]
    first, second = toy_sieve().sift(records, {}, {})
    assert first.delivery is not None
    assert second.skipped == "duplicate"


def test_the_same_id_of_another_source_is_another_event() -> None:
    other = an_envelope(source="elsewhere")
    first, second = toy_sieve().sift([a_record(), a_record(envelope=other)], {}, {})
    assert first.delivery is not None
    assert second.delivery is not None


def test_what_was_known_before_the_batch_is_not_changed() -> None:
    known: dict[tuple[str, str], Seen] = {}
    toy_sieve().sift([a_record()], {}, known)
    assert known == {}


def test_a_customer_of_another_partition_is_sent_where_it_belongs() -> None:
    elsewhere = toy_sieve(index=(HOME + 1) % 4)
    found = sifted(a_record(), elsewhere)
    assert found.skipped == "misplaced"
    assert [(each.partition, each.headers["ce_id"]) for each in found.entries] == [(HOME, "e1")]


def test_a_misplaced_record_is_not_remembered_where_it_does_not_belong() -> None:
    assert sifted(a_record(), toy_sieve(index=(HOME + 1) % 4)).seen is None


def test_a_record_without_a_key_belongs_where_its_subject_does() -> None:
    found = sifted(a_record(key=None))
    assert found.delivery is not None


def a_broadcast(event_id: str) -> Record:
    envelope = an_envelope("day.closed", id=event_id, subject="")
    return a_record(envelope=envelope, key="", value=b'{"date":"2026-03-02"}')


def test_a_broadcast_without_a_suffix_goes_to_every_partition() -> None:
    found = sifted(a_broadcast("day/2026-03-02"))
    assert found.skipped == "misplaced"
    assert [each.partition for each in found.entries] == [0, 1, 2, 3]


def test_each_copy_of_a_broadcast_names_its_partition() -> None:
    found = sifted(a_broadcast("day"))
    ids = [each.headers["ce_id"] for each in found.entries]
    assert ids == ["day/0", "day/1", "day/2", "day/3"]


def test_a_broadcast_with_this_partitions_suffix_is_delivered() -> None:
    assert sifted(a_broadcast(f"day/{HOME}")).delivery is not None


def test_a_type_that_nobody_knows_is_skipped_but_remembered() -> None:
    found = sifted(a_record(headers={"ce_type": "weather.changed"}))
    assert found.skipped == "unknown_type"
    assert found.seen is not None


def between_services(**changed: Any) -> Record:
    event = MonitoringDayClosed(date=TWO)
    return a_record(event, **changed)


def monitoring_reader() -> Sieve:
    closing = Subscription(catalogue.MONITORING, closes_on="monitoring.day_closed.v1")
    return toy_sieve(subscriptions=(closing,))


def test_a_record_of_a_service_is_delivered_without_a_mark() -> None:
    found = sifted(between_services(), monitoring_reader())
    assert found.delivery is not None
    assert found.seen is None


def test_a_known_type_that_nobody_here_handles_is_not_even_read() -> None:
    nobody = toy_sieve(subscriptions=(Subscription(catalogue.MONITORING),), handlers={})
    found = sifted(between_services(value=b"{not json"), nobody)
    assert found.skipped == "not_subscribed"


def test_nor_is_the_rest_of_its_envelope() -> None:
    nobody = toy_sieve(subscriptions=(Subscription(catalogue.MONITORING),), handlers={})
    record = between_services()
    broken = record._replace(headers={**record.headers, "ce_time": "some day"})
    assert sifted(broken, nobody).skipped == "not_subscribed"
    assert sifted(broken, monitoring_reader()).letter is not None


def test_a_command_is_left_to_its_runner() -> None:
    found = sifted(a_record(topic=catalogue.COMMANDS, headers={"ce_type": "command.forget"}))
    assert found.envelope is not None
    assert found.delivery is None


def after(offset: int) -> dict[str, Checkpoint]:
    return {catalogue.MONITORING: Checkpoint(offset + 1, offset)}


@pytest.mark.parametrize("offset", [0, 4, 5])
def test_an_offset_at_or_before_the_checkpoint_was_applied_before(offset: int) -> None:
    record = between_services(log_offset=offset)
    (found,) = monitoring_reader().sift([record], after(5), {})
    assert found.skipped == "applied_before"


def test_the_offset_right_behind_the_checkpoint_is_new() -> None:
    (found,) = monitoring_reader().sift([between_services(log_offset=6)], after(5), {})
    assert found.delivery is not None


def test_a_missing_record_is_not_passed_over() -> None:
    with pytest.raises(PositionOutsideLogError, match=r"should go on at 6, .* number 7"):
        monitoring_reader().sift([between_services(log_offset=7)], after(5), {})


def test_a_missing_record_within_a_batch_is_not_passed_over_either() -> None:
    records = [between_services(log_offset=0), between_services(log_offset=2)]
    with pytest.raises(PositionOutsideLogError):
        monitoring_reader().sift(records, {}, {})


def test_a_reader_that_has_read_nothing_may_begin_anywhere() -> None:
    (found,) = monitoring_reader().sift([between_services(log_offset=40)], {}, {})
    assert found.delivery is not None


def test_offsets_upstream_prove_nothing() -> None:
    done = {catalogue.TRANSACTIONS: Checkpoint(10, 9)}
    (found,) = toy_sieve().sift([a_record(log_offset=0)], done, {})
    assert found.delivery is not None


def test_a_record_without_an_offset_is_never_taken_for_an_old_one() -> None:
    (found,) = monitoring_reader().sift([between_services(log_offset=None)], after(5), {})
    assert found.delivery is not None


def test_names_to_probe_are_those_of_upstream_records() -> None:
    records = [a_record(), between_services()]
    assert toy_sieve().names(records) == {("test", "e1")}


def test_a_record_without_a_name_is_probed_by_an_empty_one() -> None:
    nameless = a_record(headers={"ce_id": None, "ce_source": None})
    assert toy_sieve().names([nameless]) == {("", "")}


@given(st.lists(st.integers(0, 7), max_size=12))
def test_every_redelivery_applies_each_offset_once(offsets: list[int]) -> None:
    """Offsets may come again in runs that begin anywhere at or before the next one."""
    runs, following = [], 0
    for start in offsets:
        begin = min(start, following)
        runs += list(range(begin, begin + 3))
        following = max(following, begin + 3)
    records = [between_services(log_offset=offset) for offset in runs]
    found = monitoring_reader().sift(records, {}, {})
    taken = [each.record.log_offset for each in found if each.delivery]
    assert taken == list(range(following))


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=8)), st.binary(max_size=40))
def test_whatever_comes_in_is_sorted_without_an_exception(
    headers: dict[str, str], value: bytes
) -> None:
    record = a_record(value=value)._replace(headers=headers)
    assert code_of(sifted(record)) == "broken_envelope"


@given(st.binary(max_size=60))
def test_whatever_body_comes_in_is_delivered_or_parked(value: bytes) -> None:
    found = sifted(a_record(value=value))
    assert (found.delivery is None) == (code_of(found) == "malformed_event")
