"""A drift of days late that a person has taken note of adds up anew; its warning stays as it is."""

from datetime import date

import pytest

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.detectors import UsualAmount
from services.monitoring.domain.streaming.charts import Drift
from services.monitoring.domain.watching.alerts import Alert, Label
from services.monitoring.domain.watching.seen import note_seen
from services.monitoring.domain.watching.watch import Pattern, Watch
from services.monitoring.storage.accounts import write_state
from services.monitoring.usecases.verdicts import (
    AcknowledgeWarning,
    ResolveWarning,
    acknowledge,
    resolve,
)
from tests.unit.monitoring.test_conduct_stories import Story, invoiced, paid
from tests.unit.monitoring.warning_builders import SHIPPED
from tests.unit.monitoring.watched_builders import Subject, some_work

T04 = Indicator.LATENESS_DRIFT


def pay(story: Story, *numbers: int, late: int) -> None:
    """An invoice every two weeks, due in five days, and paid so many days later."""
    for number in numbers:
        begin = number * 14
        story.on(begin, invoiced(story, f"I{number}", on=begin, terms=5))
        story.on(begin + 5 + late, paid(story, f"P{number}", on=begin + 5 + late, to=f"I{number}"))


def a_drifter() -> Story:
    """A day late for seven months, then nine."""
    story = Story()
    pay(story, *range(14), late=1)
    pay(story, *range(14, 24), late=8)
    return story


def watch_of(story: Story) -> Watch:
    return story.monitoring.customer("C1").watch


def drift_of(story: Story) -> Drift:
    return watch_of(story).conduct.trends["EUR"].drift


def alert_of(story: Story) -> Alert:
    return watch_of(story).alerts[T04]


def see(story: Story, label: Label | None) -> None:
    """A person acknowledges the warning or, with a label, resolves it."""
    customer = story.monitoring.customer("C1")
    watch = customer.watch
    subject, work = Subject(watch=watch), some_work(0, actor="Ann")
    name = watch.warnings[T04].warning_id
    if label is None:
        acknowledge(subject.watched(date.max), AcknowledgeWarning(warning_id=name), work)
    else:
        wish = ResolveWarning(warning_id=name, label=label)
        resolve(subject.watched(story.day(story.today)), wish, work)
    story.monitoring.accounts["C1"] = (write_state(customer), customer.wake_on)


@pytest.mark.parametrize("label", [None, *Label])
def test_whoever_sees_a_drift_has_it_add_up_anew(label: Label | None) -> None:
    story = a_drifter()
    usual = drift_of(story).usual
    see(story, label)
    assert drift_of(story) == Drift(usual=usual, heard=True)


def test_seeing_a_drift_does_not_end_its_warning() -> None:
    story = a_drifter()
    before = alert_of(story)
    see(story, None)
    story.on(story.today + 5)
    assert (alert_of(story).severity, alert_of(story).known) == (before.severity, False)
    assert T04 in watch_of(story).warnings


def test_months_that_are_punctual_again_end_the_warning() -> None:
    story = a_drifter()
    see(story, None)
    pay(story, *range(25, 29), late=0)
    assert T04 not in watch_of(story).warnings


def test_months_that_are_late_again_count_alone() -> None:
    story = a_drifter()
    height = drift_of(story).sum.height
    see(story, None)
    pay(story, *range(25, 28), late=8)
    assert 0 < drift_of(story).sum.height <= height
    assert not drift_of(story).heard
    assert T04 in watch_of(story).warnings


def test_seeing_another_warning_leaves_a_drift_alone() -> None:
    watch = watch_of(a_drifter())
    drift = watch.conduct.trends["EUR"].drift
    note_seen(watch, Indicator.MAX_DAYS_PAST_DUE, SHIPPED)
    assert watch.conduct.trends["EUR"].drift == drift


@pytest.mark.parametrize(
    ("seen", "orders", "months"),
    [("B01", 3, 3), ("B02", 1, 3), ("T04", 1, 1)],
)
def test_seeing_a_surprise_ends_the_freeze_of_the_amounts_it_is_about(
    seen: str, orders: int, months: int
) -> None:
    frozen = Pattern(usual=UsualAmount(seen=9, mean=4.0, frozen=1))
    watch = Watch(orders={"EUR": frozen}, months={"EUR": frozen})
    note_seen(watch, Indicator(seen), SHIPPED)
    assert watch.orders["EUR"].usual.frozen == orders
    assert watch.months["EUR"].usual.frozen == months
