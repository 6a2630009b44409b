"""The agenda: records in their order, days when every closing topic has come to their end."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.chassis.agenda import Agenda, DayEnd
from shared.chassis.service import Subscription
from shared.chassis.sieve import Sifted
from shared.contracts import catalogue
from shared.contracts.catalogue import MONITORING, RATING, SIGNALS, TRANSACTIONS
from tests.unit.chassis.records import (
    ONE,
    THREE,
    TWO,
    a_fact,
    a_marker,
    a_record,
    closing_service,
)

LEDGER = Subscription(TRANSACTIONS, closes_on=catalogue.DAY_CLOSED)
WATCH = Subscription(MONITORING, closes_on="monitoring.day_closed.v1")
GRADES = Subscription(RATING, closes_on="rating.day_closed.v1")
NEWS = Subscription(SIGNALS)


def an_agenda(*sifted: Sifted, closing: tuple[Subscription, ...] = (LEDGER, NEWS)) -> Agenda:
    return Agenda(closing_service(*closing), sifted)


def told(agenda: Agenda) -> list[str]:
    """The steps in short: a fact's name, or the day with the topics that closed it."""
    return [
        f"{step.day.day} ends" if isinstance(step, DayEnd) else step.record.headers["ce_id"]
        for step in agenda.steps()
    ]


def test_nothing_to_do_is_no_step() -> None:
    assert told(an_agenda()) == []


def test_facts_come_in_the_order_they_were_given() -> None:
    facts = [a_fact(TRANSACTIONS, name) for name in ("a", "b", "c")]
    assert told(an_agenda(*facts)) == ["a", "b", "c"]


def test_one_closing_topic_closes_each_day_at_its_marker() -> None:
    agenda = an_agenda(
        a_fact(TRANSACTIONS, "a"),
        a_marker(TRANSACTIONS, ONE),
        a_fact(TRANSACTIONS, "b"),
        a_marker(TRANSACTIONS, TWO),
        a_fact(TRANSACTIONS, "c"),
    )
    assert told(agenda) == ["a", "1 ends", "b", "2 ends", "c"]


def test_a_topic_that_closes_nothing_never_pauses() -> None:
    agenda = an_agenda(
        a_fact(SIGNALS, "a"),
        a_marker(TRANSACTIONS, ONE),
        a_fact(SIGNALS, "b"),
        closing=(LEDGER, WATCH, NEWS),
    )
    assert told(agenda) == ["a", "b"]


def test_a_topic_at_its_marker_waits_for_the_other() -> None:
    agenda = an_agenda(
        a_marker(TRANSACTIONS, ONE),
        a_fact(TRANSACTIONS, "tomorrow"),
        closing=(LEDGER, WATCH),
    )
    assert told(agenda) == []


def test_the_other_topic_goes_on_while_one_waits() -> None:
    agenda = an_agenda(
        a_marker(TRANSACTIONS, ONE),
        a_fact(TRANSACTIONS, "tomorrow"),
        a_fact(MONITORING, "today"),
        closing=(LEDGER, WATCH),
    )
    assert told(agenda) == ["today"]


def test_what_waited_follows_as_soon_as_the_day_has_ended() -> None:
    agenda = an_agenda(
        a_marker(TRANSACTIONS, ONE),
        a_fact(TRANSACTIONS, "b"),
        a_fact(TRANSACTIONS, "c"),
        a_marker(MONITORING, ONE),
        a_fact(MONITORING, "d"),
        closing=(LEDGER, WATCH),
    )
    assert told(agenda) == ["1 ends", "b", "c", "d"]


def test_several_days_close_though_each_topic_came_whole() -> None:
    agenda = an_agenda(
        a_fact(TRANSACTIONS, "a"),
        a_marker(TRANSACTIONS, ONE),
        a_fact(TRANSACTIONS, "b"),
        a_marker(TRANSACTIONS, TWO),
        a_fact(MONITORING, "x"),
        a_marker(MONITORING, ONE),
        a_fact(MONITORING, "y"),
        a_marker(MONITORING, TWO),
        closing=(LEDGER, WATCH),
    )
    assert told(agenda) == ["a", "x", "1 ends", "b", "y", "2 ends"]


def test_a_day_ends_with_one_marker_of_each_topic_in_the_order_of_subscription() -> None:
    agenda = an_agenda(
        a_marker(MONITORING, ONE), a_marker(TRANSACTIONS, ONE), closing=(LEDGER, WATCH)
    )
    (end,) = agenda.steps()
    assert isinstance(end, DayEnd)
    assert [each.record.topic for each in end.markers] == [TRANSACTIONS, MONITORING]


def test_a_topic_that_is_days_ahead_waits_for_the_one_behind() -> None:
    agenda = an_agenda(
        a_marker(TRANSACTIONS, THREE),
        a_fact(TRANSACTIONS, "after three"),
        a_marker(MONITORING, ONE),
        a_marker(MONITORING, TWO),
        a_marker(MONITORING, THREE),
        closing=(LEDGER, WATCH),
    )
    assert told(agenda) == ["1 ends", "2 ends", "3 ends", "after three"]


def test_a_day_that_only_one_topic_has_ends_with_that_ones_marker() -> None:
    agenda = an_agenda(
        a_marker(TRANSACTIONS, TWO), a_marker(MONITORING, ONE), closing=(LEDGER, WATCH)
    )
    (end,) = agenda.steps()
    assert isinstance(end, DayEnd)
    assert end.day == ONE
    assert [each.record.topic for each in end.markers] == [MONITORING]


def test_the_same_day_marked_twice_ends_twice_and_the_batch_passes_over_the_second() -> None:
    agenda = an_agenda(a_marker(TRANSACTIONS, ONE), a_marker(TRANSACTIONS, ONE))
    assert told(agenda) == ["1 ends", "1 ends"]


def test_a_day_waits_for_the_last_of_three_topics() -> None:
    closing = (LEDGER, WATCH, GRADES)
    two = [a_marker(TRANSACTIONS, ONE), a_marker(MONITORING, ONE)]
    assert told(an_agenda(*two, closing=closing)) == []
    assert told(an_agenda(*two, a_marker(RATING, ONE), closing=closing)) == ["1 ends"]


def test_a_marker_that_was_skipped_ends_nothing() -> None:
    skipped = Sifted(a_marker(TRANSACTIONS, ONE).record, skipped="duplicate")
    (step,) = an_agenda(skipped).steps()
    assert step is skipped


def test_a_skipped_record_behind_a_marker_waits_like_any_other() -> None:
    skipped = Sifted(a_record(topic=TRANSACTIONS), skipped="duplicate")
    agenda = an_agenda(a_marker(TRANSACTIONS, ONE), skipped, closing=(LEDGER, WATCH))
    assert told(agenda) == []


def test_while_a_day_closes_in_parts_only_the_markers_count() -> None:
    sifted = [
        a_fact(NEWS.topic, "news"),
        a_marker(TRANSACTIONS, ONE),
        a_fact(TRANSACTIONS, "tomorrow"),
        a_marker(MONITORING, ONE),
    ]
    agenda = Agenda(closing_service(LEDGER, WATCH, NEWS), sifted, only_ends=True)
    assert told(agenda) == ["1 ends"]


def test_a_day_that_closes_in_parts_waits_for_all_its_markers() -> None:
    service = closing_service(LEDGER, WATCH)
    assert told(Agenda(service, [a_marker(TRANSACTIONS, ONE)], only_ends=True)) == []


@st.composite
def two_topics(draw: st.DrawFn) -> list[Sifted]:
    """Days 1 to n on both topics, each with facts between its markers, interleaved anyhow."""
    days = draw(st.integers(1, 4))
    lanes = {
        topic: [
            each
            for day in range(days)
            for each in (
                *(a_fact(topic, f"{topic}/{day}/{n}") for n in range(draw(st.integers(0, 2)))),
                a_marker(topic, ONE + timedelta(days=day)),
            )
        ]
        for topic in (TRANSACTIONS, MONITORING)
    }
    turns = draw(st.permutations([topic for topic, lane in lanes.items() for _ in lane]))
    return [lanes[topic].pop(0) for topic in turns]


@given(two_topics())
def test_however_topics_interleave_every_fact_comes_on_its_own_day(sifted: list[Sifted]) -> None:
    today = 0
    for step in an_agenda(*sifted, closing=(LEDGER, WATCH)).steps():
        if isinstance(step, DayEnd):
            today += 1
        else:
            assert step.record.headers["ce_id"].split("/")[1] == str(today)


@given(two_topics())
def test_however_topics_interleave_nothing_is_lost(sifted: list[Sifted]) -> None:
    steps = list(an_agenda(*sifted, closing=(LEDGER, WATCH)).steps())
    taken = Counter(
        id(each)
        for step in steps
        for each in (step.markers if isinstance(step, DayEnd) else (step,))
    )
    assert taken == Counter(id(each) for each in sifted)


@given(two_topics(), st.integers(0, 30))
def test_a_cut_agenda_takes_a_beginning_of_each_topic(sifted: list[Sifted], cut: int) -> None:
    steps = an_agenda(*sifted[:cut], closing=(LEDGER, WATCH)).steps()
    taken: dict[str, list[Sifted]] = {TRANSACTIONS: [], MONITORING: []}
    for step in steps:
        for each in step.markers if isinstance(step, DayEnd) else (step,):
            taken[each.record.topic].append(each)
    for topic, found in taken.items():
        lane = [each for each in sifted if each.record.topic == topic]
        assert [id(each) for each in found] == [id(each) for each in lane[: len(found)]]


@given(st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=8))
def test_a_single_topic_closes_days_in_the_order_it_names_them(days: list[date]) -> None:
    steps = an_agenda(*(a_marker(TRANSACTIONS, day) for day in days)).steps()
    assert [step.day for step in steps if isinstance(step, DayEnd)] == days
