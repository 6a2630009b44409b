"""Chains of events: who caused whom, how deep, and ids that a second try repeats."""

from datetime import UTC, date, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.envelope import Envelope, first_of_chain

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def a_first(subject: str = "c1", event_id: str = "e1") -> Envelope:
    return first_of_chain(
        event_id=event_id, source="test", event_type="order.placed", time=NOON, subject=subject
    )


def followed(cause: Envelope, subject: str = "c1", ordinal: int = 1) -> Envelope:
    return cause.followed_by(
        source="/obligor/rating", event_type="rating.x.v1", subject=subject, ordinal=ordinal
    )


def test_the_first_of_a_chain_names_itself() -> None:
    first = a_first()
    assert (first.correlation_id, first.causation_id, first.depth) == ("e1", "", 0)


def test_each_link_is_one_deeper() -> None:
    link = a_first()
    for depth in range(1, 6):
        link = followed(link)
        assert link.depth == depth


def test_each_link_names_the_one_before() -> None:
    first = a_first()
    second = followed(first)
    assert followed(second).causation_id == second.id


def test_the_whole_chain_has_the_firsts_name() -> None:
    link = a_first()
    for _ in range(4):
        link = followed(link)
    assert link.correlation_id == "e1"


def test_a_link_keeps_the_time_of_its_cause() -> None:
    assert followed(a_first()).time == NOON


def test_a_link_may_be_about_another_customer_and_stays_in_the_chain() -> None:
    link = followed(a_first("c1"), subject="c2")
    assert (link.subject, link.correlation_id) == ("c2", "e1")


def test_a_broadcast_begins_a_chain_for_each_customer() -> None:
    day = a_first(subject="", event_id="day/1")
    chains = {followed(day, subject=who).correlation_id for who in ("c1", "c2")}
    assert chains == {"day/1/c1", "day/1/c2"}


def test_a_broadcasts_chain_is_not_lengthened_by_further_links() -> None:
    day = a_first(subject="", event_id="day/1")
    assert followed(followed(day)).correlation_id == "day/1/c1"


def test_a_broadcast_caused_by_one_customer_stays_in_its_chain() -> None:
    assert a_first("c1").chain_of("") == "e1"


@pytest.mark.parametrize("changed", ["source", "id"])
def test_causes_that_differ_have_effects_that_differ(changed: str) -> None:
    fields = msgspec.structs.asdict(a_first()) | {changed: "other"}
    assert followed(Envelope(**fields)).id != followed(a_first()).id


def test_what_the_cause_is_about_does_not_change_the_effects_id() -> None:
    assert followed(a_first("c1"), subject="c9").id == followed(a_first("c2"), subject="c9").id


@given(st.integers(1, 50), st.integers(1, 50))
def test_ordinals_tell_effects_apart(one: int, other: int) -> None:
    first, second = followed(a_first(), ordinal=one), followed(a_first(), ordinal=other)
    assert (first.id == second.id) == (one == other)


@pytest.mark.parametrize(
    ("hours", "day"), [(0, date(2026, 3, 2)), (12, date(2026, 3, 3)), (-13, date(2026, 3, 1))]
)
def test_the_day_is_the_calendars_where_the_event_was_told(hours: int, day: date) -> None:
    zone = timezone(timedelta(hours=hours))
    envelope = first_of_chain(
        event_id="e", source="s", event_type="t", time=NOON.astimezone(zone), subject=""
    )
    assert envelope.day == day
