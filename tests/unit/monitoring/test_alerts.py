"""The life of a warning: the golden timeline, every hysteresis bound, and what may never clear."""

from dataclasses import replace

import pytest

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.policies.warnings import Severity
from services.monitoring.domain.watching.alerts import (
    Alert,
    Label,
    Step,
    Transition,
    exit_level,
    labelled,
    next_step,
)
from tests.unit.monitoring.warning_builders import (
    AMBER,
    GOLDEN,
    RED,
    SHIPPED,
    WATCH,
    a_finding,
    an_occasion,
    on_day,
)

SEVERITY_OF = {"WATCH": WATCH, "AMBER": AMBER, "RED": RED, "OK": None}
Evaluation = tuple[int, float | None]


def taken(alert: Alert | None, day: int, value: float | None, *, closing: bool = True) -> Step:
    finding = a_finding(value, on=on_day(day))
    return next_step(alert, finding, an_occasion(day, closing=closing))


def after(*evaluations: Evaluation, closing: bool = True) -> Step:
    """The last of a row of evaluations."""
    step = Step(transition=Transition.QUIET, alert=None)
    for day, value in evaluations:
        step = taken(step.alert, day, value, closing=closing)
    return step


def an_alert(value: float = 31.0) -> Alert:
    raised = taken(None, 0, value).alert
    assert raised is not None
    return raised


def test_ew_12_the_golden_timeline() -> None:
    alert = None
    for (day, value), (_, _, severity, transition) in zip(
        GOLDEN["EW-12"]["in"]["evaluations"], GOLDEN["EW-12"]["out"]["timeline"], strict=True
    ):
        step = taken(alert, day, float(value))
        assert step.transition.name == transition, f"day {day}"
        assert (step.alert.severity if step.alert else None) == SEVERITY_OF[severity]
        alert = step.alert


@pytest.mark.parametrize(
    ("days", "severity"),
    [(6, None), (7, None), (8, WATCH), (30, WATCH), (31, AMBER), (60, AMBER), (61, RED)],
)
def test_more_than_a_threshold_raises(days: int, severity: Severity | None) -> None:
    step = taken(None, 0, float(days))
    assert (step.alert.severity if step.alert else None) == severity
    assert step.transition is (Transition.RAISE if severity else Transition.QUIET)


def test_nothing_is_raised_on_a_missing_figure() -> None:
    assert taken(None, 0, None) == Step(transition=Transition.QUIET, alert=None)


def test_a_higher_severity_is_said_at_once_and_on_any_event() -> None:
    assert taken(an_alert(8.0), 0, 31.0, closing=False).transition is Transition.ESCALATE


@pytest.mark.parametrize(
    ("day", "value", "transition"),
    [
        (6, 20.0, Transition.SUPPRESS),
        (7, 12.0, Transition.REALERT),
        (7, 11.9, Transition.SUPPRESS),
        (8, 12.1, Transition.REALERT),
    ],
)
def test_it_is_said_again_after_a_week_if_a_fifth_worse(
    day: int, value: float, transition: Transition
) -> None:
    assert taken(an_alert(10.0), day, value).transition is transition


def test_being_said_again_starts_the_week_anew() -> None:
    again = taken(an_alert(10.0), 7, 12.0).alert
    assert again is not None
    assert (again.said_on, again.said_value) == (on_day(7), 12.0)
    assert taken(again, 13, 20.0).transition is Transition.SUPPRESS
    assert taken(again, 14, 20.0).transition is Transition.REALERT


@pytest.mark.parametrize(("severity", "bound"), [(WATCH, 5.6), (AMBER, 24.0), (RED, 48.0)], ids=str)
def test_a_severity_is_left_at_four_fifths_of_its_own_threshold(
    severity: Severity, bound: float
) -> None:
    assert exit_level(severity, an_occasion()) == pytest.approx(bound)


@pytest.mark.parametrize(
    ("value", "transition"),
    [(5.5, Transition.CLEAR), (5.6, Transition.CLEAR), (5.7, Transition.SUPPRESS)],
)
def test_a_watch_clears_at_its_exit_level(value: float, transition: Transition) -> None:
    step = after((0, 8.0), (1, value), (2, value))
    assert step.transition is transition


def test_one_calm_close_is_not_enough() -> None:
    assert after((0, 8.0), (1, 0.0)).transition is Transition.SUPPRESS


def test_two_calm_closes_must_follow_one_another() -> None:
    assert after((0, 8.0), (1, 0.0), (2, 6.0), (3, 0.0)).transition is Transition.SUPPRESS
    assert after((0, 8.0), (1, 0.0), (2, 6.0), (3, 0.0), (4, 0.0)).alert is None


def test_events_never_clear_however_many() -> None:
    rows = [(0, 8.0), *((1, 0.0) for _ in range(20))]
    step = after(*rows, closing=False)
    assert step.transition is Transition.SUPPRESS
    assert step.alert is not None
    assert step.alert.calm == {}


def test_a_bad_event_between_two_calm_closes_starts_the_count_again() -> None:
    calm = after((0, 8.0), (1, 0.0)).alert
    worse = taken(calm, 2, 7.0, closing=False).alert
    assert taken(worse, 2, 0.0).transition is Transition.SUPPRESS


def test_a_calm_event_between_two_calm_closes_does_not_count() -> None:
    calm = after((0, 8.0), (1, 0.0)).alert
    same = taken(calm, 2, 0.0, closing=False).alert
    assert taken(same, 2, 0.0).transition is Transition.CLEAR


def test_red_steps_down_to_the_severity_not_yet_left() -> None:
    step = after((0, 61.0), (1, 47.0), (2, 30.0))
    assert step.transition is Transition.DEESCALATE
    assert step.alert is not None
    assert step.alert.severity is AMBER


def test_red_steps_down_past_a_severity_that_is_left_too() -> None:
    step = after((0, 61.0), (1, 20.0), (2, 20.0))
    assert step.transition is Transition.DEESCALATE
    assert step.alert is not None
    assert step.alert.severity is WATCH


def test_red_clears_at_once_when_all_severities_are_left() -> None:
    assert after((0, 61.0), (1, 0.0), (2, 0.0)).transition is Transition.CLEAR


def test_stepping_down_keeps_the_calm_closes_of_what_is_below() -> None:
    assert after((0, 31.0), (1, 20.0), (2, 5.0), (3, 5.0)).transition is Transition.CLEAR


def test_after_stepping_down_it_may_escalate_again() -> None:
    down = after((0, 31.0), (1, 20.0), (2, 20.0)).alert
    assert taken(down, 3, 31.0).transition is Transition.ESCALATE


def test_a_missing_figure_keeps_the_warning_and_its_severity() -> None:
    step = after((0, 31.0), (1, None), (2, None), (3, None))
    assert step.transition is Transition.SUPPRESS
    assert step.alert is not None
    assert (step.alert.severity, step.alert.value, step.alert.known) == (AMBER, 31.0, False)


def test_a_missing_figure_breaks_a_row_of_calm_closes() -> None:
    assert after((0, 8.0), (1, 0.0), (2, None), (3, 0.0)).transition is Transition.SUPPRESS


def test_the_last_breach_is_remembered_per_severity() -> None:
    alert = after((0, 31.0), (1, 20.0), (2, 5.0)).alert
    assert alert is not None
    assert alert.breached_on == {WATCH: on_day(1), AMBER: on_day(0)}
    assert (alert.severity, alert.last_breach_on(on_day(9))) == (WATCH, on_day(1))


def test_what_still_stands_was_last_met_today() -> None:
    alert = an_alert()
    assert alert.last_breach_on(on_day(20)) == on_day(20)
    assert not alert.goes_stale
    falling = after((0, 31.0), (1, 20.0)).alert
    assert falling is not None
    assert falling.last_breach_on(on_day(20)) == on_day(0)
    missing = after((0, 31.0), (1, None)).alert
    assert missing is not None
    assert missing.last_breach_on(on_day(20)) == on_day(0)
    told = replace(a_finding(31.0, on=on_day(0)), of_now=False)
    of_then = next_step(None, told, an_occasion(0)).alert
    assert of_then is not None
    assert (of_then.last_breach_on(on_day(20)), of_then.goes_stale) == (on_day(0), True)


def test_a_hard_trigger_never_goes_stale() -> None:
    old = replace(a_finding(91.0, on=on_day(0)), of_now=False)
    alert = next_step(None, old, an_occasion(0)).alert
    assert alert is not None
    assert not alert.goes_stale


def test_a_severity_that_a_rule_gave_ends_with_the_rule() -> None:
    by_rule = replace(a_finding(20.0, on=on_day(0)), severity=RED)
    step = next_step(None, by_rule, an_occasion(0, closing=True))
    for day in (1, 2):
        step = taken(step.alert, day, 20.0)
    assert step.transition is Transition.DEESCALATE
    assert step.alert is not None
    assert (step.alert.severity, step.alert.by_value) == (WATCH, WATCH)


def test_a_severity_that_a_value_met_is_left_by_its_own_exit_level() -> None:
    step = after((0, 61.0), (1, 50.0), (2, 50.0))
    assert step.transition is Transition.SUPPRESS
    assert step.alert is not None
    assert step.alert.severity is RED


def test_a_hard_trigger_needs_more_than_ninety_days() -> None:
    assert [an_alert(float(days)).hard for days in (89, 90, 91)] == [False, False, True]


def test_a_hard_trigger_goes_with_the_figure() -> None:
    step = after((0, 91.0), (1, 0.0))
    assert step.alert is not None
    assert not step.alert.hard


def test_at_least_two_decayed_dishonours_are_a_hard_trigger() -> None:
    occasion = an_occasion(indicator=Indicator.DISHONOURS)
    for value, hard in ((1.99, False), (2.0, True), (2.01, True)):
        step = next_step(None, a_finding(value, indicator=Indicator.DISHONOURS), occasion)
        assert step.alert is not None
        assert step.alert.hard is hard


@pytest.mark.parametrize(
    ("label", "counts"),
    [
        (Label.TRUE, True),
        (Label.BENIGN, False),
        (Label.DATA_ERROR, False),
        (Label.DUPLICATE, False),
    ],
)
def test_only_a_true_warning_goes_on_counting(label: Label, *, counts: bool) -> None:
    assert labelled(an_alert(), label).counts is counts


def test_a_resolved_warning_is_not_said_again() -> None:
    resolved = labelled(an_alert(10.0), Label.BENIGN)
    assert taken(resolved, 30, 29.0).transition is Transition.SUPPRESS


def test_a_resolved_warning_returns_when_it_gets_worse() -> None:
    step = taken(labelled(an_alert(10.0), Label.BENIGN), 30, 31.0)
    assert step.transition is Transition.RAISE
    assert step.alert is not None
    assert step.alert.label is None


def test_a_resolved_warning_ends_quietly_and_may_then_return() -> None:
    resolved = labelled(an_alert(10.0), Label.BENIGN)
    calm = taken(resolved, 1, 0.0)
    gone = taken(calm.alert, 2, 0.0)
    assert gone == Step(transition=Transition.QUIET, alert=None)
    assert taken(gone.alert, 3, 8.0).transition is Transition.RAISE


def test_a_resolved_warning_steps_down_without_a_word() -> None:
    resolved = labelled(an_alert(31.0), Label.TRUE)
    step = taken(taken(resolved, 1, 20.0).alert, 2, 20.0)
    assert step.transition is Transition.SUPPRESS
    assert step.alert is not None
    assert step.alert.severity is WATCH


@pytest.mark.parametrize("transition", Transition)
def test_only_changes_are_announced(transition: Transition) -> None:
    silent = {Transition.SUPPRESS, Transition.QUIET}
    assert transition.changes is (transition not in silent)


def test_confidence_is_that_of_the_latest_breach() -> None:
    unsure = replace(a_finding(31.0), confidence=0.5)
    step = next_step(an_alert(8.0), unsure, an_occasion(1, closing=True))
    assert step.alert is not None
    assert step.alert.confidence == 0.5
    calm = next_step(step.alert, a_finding(0.0), an_occasion(2, closing=True))
    assert calm.alert is not None
    assert calm.alert.confidence == 0.5


def test_becoming_a_hard_trigger_is_said_at_once_though_the_severity_stays() -> None:
    alert = next_step(None, a_finding(85), an_occasion(0)).alert
    day_before = next_step(alert, a_finding(90), an_occasion(5))
    assert day_before.transition is Transition.SUPPRESS
    step = next_step(day_before.alert, a_finding(91), an_occasion(6))
    assert step.transition is Transition.REALERT
    assert next_step(step.alert, a_finding(92), an_occasion(7)).transition is Transition.SUPPRESS


def test_a_retired_indicator_raises_nothing_and_ends_with_the_day() -> None:
    retired = replace(SHIPPED.indicators[Indicator.MAX_DAYS_PAST_DUE], retired=True)
    quiet = replace(an_occasion(1), entry=retired)
    assert next_step(None, a_finding(85), quiet).transition is Transition.QUIET
    alert = next_step(None, a_finding(85), an_occasion(0)).alert
    assert next_step(alert, a_finding(85), quiet).transition is Transition.SUPPRESS
    closing = replace(quiet, closing=True)
    assert next_step(alert, a_finding(85), closing).transition is Transition.CLEAR
    assert alert is not None
    spoken = labelled(alert, Label.TRUE)
    assert next_step(spoken, a_finding(85), closing).transition is Transition.QUIET
