"""Dead letters that come again, as jobs, are sorted as the records they were."""

from typing import Any

from shared.bus.port import Record
from shared.chassis.sieve import REPLAY_TYPE, Sifted, parked
from shared.contracts import catalogue
from shared.kernel.errors import PoisonError
from shared.log.dead_letters import DeadLetter, unwrap, wrap
from shared.log.seen import Seen, body_hash
from tests.unit.chassis.records import HOME, a_record, an_envelope, an_order, toy_sieve


def a_job(letter: DeadLetter) -> Record:
    envelope = an_envelope(REPLAY_TYPE, id="job-1", source="/obligor/monitoring")
    return a_record(envelope=envelope, topic=catalogue.JOBS, value=wrap(letter), position=3)


def again(record: Record, **known: Any) -> Sifted:
    job = a_job(parked(record, PoisonError("then")))
    (found,) = toy_sieve().sift([job], {}, known.get("seen", {}))
    return found


def test_a_letter_survives_its_wrapping() -> None:
    letter = parked(a_record(value=b"\x00\xff"), PoisonError("then"))
    assert unwrap(wrap(letter)) == letter


def test_a_letter_that_fits_by_now_is_delivered_as_what_it_was() -> None:
    found = again(a_record(an_order("late")))
    assert found.delivery is not None
    assert found.delivery.event == an_order("late")
    assert found.delivery.topic == catalogue.TRANSACTIONS


def test_the_job_is_what_counts_as_read() -> None:
    found = again(a_record())
    assert (found.record.topic, found.record.position) == (catalogue.JOBS, 3)


def test_the_original_stands_beside_the_job_without_its_old_offset() -> None:
    original = again(a_record(log_offset=77, position=77)).original
    assert original is not None
    assert (original.topic, original.position) == (catalogue.TRANSACTIONS, 77)
    assert original.log_offset is None


def test_a_letter_that_still_does_not_fit_is_parked_under_its_old_id() -> None:
    record = a_record(value=b"{}", position=77)
    letter = again(record).letter
    assert letter is not None
    assert letter.dead_letter_id == parked(record, PoisonError()).dead_letter_id
    assert letter.code == "malformed_event"


def test_a_letter_without_an_envelope_is_parked_again() -> None:
    letter = again(a_record(headers={"ce_id": None})).letter
    assert letter is not None
    assert letter.code == "broken_envelope"


def test_a_letter_whose_event_was_applied_meanwhile_is_a_duplicate() -> None:
    record = a_record()
    mark = Seen("test", "e1", body_hash(record.value), "applied", HOME)
    assert again(record, seen={("test", "e1"): mark}).skipped == "duplicate"


def test_a_letter_that_conflicts_with_what_was_applied_is_parked_again() -> None:
    mark = Seen("test", "e1", body_hash(b"other"), "applied", HOME)
    letter = again(a_record(), seen={("test", "e1"): mark}).letter
    assert letter is not None
    assert letter.code == "conflicting_duplicate"


def test_the_same_place_gives_the_same_letter_whatever_was_wrong() -> None:
    first = parked(a_record(position=5), PoisonError("one"))
    second = parked(a_record(position=5, value=b"x"), PoisonError("other"))
    assert first.dead_letter_id == second.dead_letter_id


def test_another_place_gives_another_letter() -> None:
    ids = {
        parked(a_record(**place), PoisonError()).dead_letter_id
        for place in ({"position": 5}, {"position": 6}, {"partition": 9}, {"topic": "else"})
    }
    assert len(ids) == 4


def test_what_a_letter_names_is_probed_for_duplicates() -> None:
    job = a_job(parked(a_record(), PoisonError("then")))
    assert toy_sieve().names([job]) == {("test", "e1")}
