"""Envelopes in headers: complete, readable, in the ledger's zone; else the record is poison."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from shared.chassis.sieve import BrokenEnvelopeError, envelope_of
from shared.kernel.errors import PoisonError
from shared.log.append import headers_of
from tests.unit.chassis.records import NOON, a_record, an_envelope

UTC_ZONE = ZoneInfo("UTC")


def test_an_envelope_reads_back_as_it_was_written() -> None:
    envelope = an_envelope(correlation_id="first", causation_id="before", depth=3)
    assert envelope_of(a_record(envelope=envelope), UTC_ZONE) == envelope


@pytest.mark.parametrize("name", ["ce_id", "ce_source", "ce_type", "ce_time"])
def test_what_cloudevents_requires_must_be_there(name: str) -> None:
    with pytest.raises(BrokenEnvelopeError, match=name):
        envelope_of(a_record(headers={name: None}), UTC_ZONE)


@pytest.mark.parametrize("moment", ["", "yesterday", "2026-13-01T00:00:00Z", "25:00"])
def test_a_time_that_is_none_breaks_the_envelope(moment: str) -> None:
    with pytest.raises(BrokenEnvelopeError, match="unreadable"):
        envelope_of(a_record(headers={"ce_time": moment}), UTC_ZONE)


@pytest.mark.parametrize("moment", ["2026-03-02T12:00:00", "2026-03-02"])
def test_a_time_without_an_offset_could_be_any_day_and_is_refused(moment: str) -> None:
    with pytest.raises(BrokenEnvelopeError, match="no offset from UTC"):
        envelope_of(a_record(headers={"ce_time": moment}), UTC_ZONE)


@pytest.mark.parametrize("depth", ["", "many", "1.5"])
def test_a_depth_that_is_no_whole_number_breaks_the_envelope(depth: str) -> None:
    with pytest.raises(BrokenEnvelopeError, match="unreadable"):
        envelope_of(a_record(headers={"ce_causationdepth": depth}), UTC_ZONE)


def test_a_broken_envelope_is_poison() -> None:
    assert issubclass(BrokenEnvelopeError, PoisonError)
    assert BrokenEnvelopeError.code == "broken_envelope"


def test_the_time_is_told_in_the_zone_of_the_ledger() -> None:
    late = a_record(headers={"ce_time": "2026-03-02T23:30:00+00:00"})
    assert envelope_of(late, UTC_ZONE).day == date(2026, 3, 2)
    assert envelope_of(late, ZoneInfo("Europe/Berlin")).day == date(2026, 3, 3)


def test_west_of_greenwich_the_day_is_still_yesterdays() -> None:
    early = a_record(headers={"ce_time": "2026-03-02T01:00:00Z"})
    assert envelope_of(early, ZoneInfo("America/New_York")).day == date(2026, 3, 1)


def test_a_time_with_any_offset_is_the_same_moment() -> None:
    record = a_record(headers={"ce_time": "2026-03-02T17:30:00+05:30"})
    assert envelope_of(record, UTC_ZONE).time == datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_the_moment_survives_the_change_of_zone() -> None:
    assert envelope_of(a_record(), ZoneInfo("Asia/Tokyo")).time == NOON


def test_without_a_subject_the_key_is_the_customer() -> None:
    record = a_record(headers={"ce_subject": None}, key="c7")
    assert envelope_of(record, UTC_ZONE).subject == "c7"


def test_an_empty_subject_is_no_subject() -> None:
    record = a_record(headers={"ce_subject": ""}, key="c7")
    assert envelope_of(record, UTC_ZONE).subject == "c7"


def test_the_subject_wins_over_the_key() -> None:
    record = a_record(headers={"ce_subject": "c8"}, key="c7")
    assert envelope_of(record, UTC_ZONE).subject == "c8"


def test_without_subject_and_key_it_is_about_nobody() -> None:
    record = a_record(headers={"ce_subject": None}, key=None)
    assert envelope_of(record, UTC_ZONE).subject == ""


def test_without_a_correlation_it_is_the_first_of_its_chain() -> None:
    record = a_record(headers={"ce_correlationid": None, "ce_id": "e9"})
    assert envelope_of(record, UTC_ZONE).correlation_id == "e9"


def test_an_outside_event_has_no_cause_and_no_depth() -> None:
    record = a_record(headers={"ce_causationid": None, "ce_causationdepth": None})
    envelope = envelope_of(record, UTC_ZONE)
    assert (envelope.causation_id, envelope.depth) == ("", 0)


def test_headers_name_the_version_of_cloudevents_and_the_kind_of_content() -> None:
    headers = headers_of(an_envelope())
    assert headers["ce_specversion"] == "1.0"
    assert headers["content-type"] == "application/json"
