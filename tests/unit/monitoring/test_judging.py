"""Judging a warning: by what happened, else by what a person said, else by time."""

import pytest

from services.monitoring.domain.learning.failures import failures_of
from services.monitoring.domain.learning.judging import (
    Horizon,
    Judged,
    PastWarning,
    Verdict,
    judge,
    was_warned,
    was_warned_ahead,
)
from services.monitoring.domain.learning.outcomes import Outcome, OutcomeKind
from services.monitoring.domain.watching.alerts import Label
from tests.unit.monitoring.judged_builders import a_past_warning, happened
from tests.unit.monitoring.warning_builders import AMBER, RED, WATCH, on_day


def judged(warning: PastWarning, *outcomes: Outcome, as_of: int = 400) -> Judged:
    failures = failures_of(outcomes, horizon_days=180).get("C1", ())
    return judge(warning, failures, Horizon(days=180, as_of=on_day(as_of)))


@pytest.mark.parametrize(
    ("day", "verdict", "lead"),
    [
        (0, Verdict.TRUE, 0),
        (1, Verdict.TRUE, 1),
        (179, Verdict.TRUE, 179),
        (180, Verdict.TRUE, 180),
        (181, Verdict.FALSE, None),
    ],
)
def test_a_warning_came_true_if_the_customer_failed_within_the_horizon(
    day: int, verdict: Verdict, lead: int | None
) -> None:
    found = judged(a_past_warning(), happened(day))
    assert (found.verdict, found.lead_days) == (verdict, lead)


@pytest.mark.parametrize(
    ("as_of", "verdict"), [(179, Verdict.PENDING), (180, Verdict.FALSE), (181, Verdict.FALSE)]
)
def test_it_is_judged_once_the_horizon_is_over(as_of: int, verdict: Verdict) -> None:
    assert judged(a_past_warning(), as_of=as_of).verdict is verdict


def test_a_young_one_is_pending_though_it_came_true_already() -> None:
    found = judged(a_past_warning(), happened(20), as_of=30)
    assert (found.verdict, found.lead_days) == (Verdict.PENDING, 20)


@pytest.mark.parametrize(
    ("label", "verdict"),
    [
        (Label.TRUE, Verdict.TRUE),
        (Label.BENIGN, Verdict.FALSE),
        (Label.DATA_ERROR, Verdict.FALSE),
        (Label.DUPLICATE, Verdict.DUPLICATE),
    ],
)
def test_a_label_judges_it_at_once(label: Label, verdict: Verdict) -> None:
    assert judged(a_past_warning(label=label), as_of=3).verdict is verdict


def test_what_happened_outranks_what_was_said() -> None:
    assert judged(a_past_warning(label=Label.BENIGN), happened(90)).verdict is Verdict.TRUE


def test_a_warning_about_who_has_failed_already_tells_nothing_new() -> None:
    late = a_past_warning(20, label=Label.TRUE)
    assert judged(late, happened(19)).verdict is Verdict.AFTERWARDS
    cured = happened(19, OutcomeKind.CURE)
    assert judged(late, happened(2), cured, as_of=400).verdict is Verdict.TRUE


@pytest.mark.parametrize(
    ("changes", "worst"),
    [
        ({}, WATCH),
        ({"amber_on": on_day(3)}, AMBER),
        ({"amber_on": on_day(3), "red_on": on_day(4)}, RED),
    ],
)
def test_the_worst_it_was_is_by_the_days_it_got_there(changes: object, worst: str) -> None:
    assert isinstance(changes, dict)
    assert a_past_warning(**changes).worst == worst


@pytest.mark.parametrize(
    ("raised", "ended", "warned"),
    [(0, 19, False), (0, 20, True), (0, None, True), (200, None, True), (201, None, False)],
)
def test_a_failure_is_warned_of_by_what_stood_in_the_horizon(
    raised: int, ended: int | None, *, warned: bool
) -> None:
    (failure,) = failures_of([happened(200)], horizon_days=180)["C1"]
    warning = a_past_warning(raised, resolved_on=None if ended is None else on_day(ended))
    assert was_warned(warning, failure, 180) is warned


@pytest.mark.parametrize(
    ("amber", "ahead"), [(169, True), (170, True), (171, False), (None, False)]
)
def test_it_is_warned_of_ahead_by_an_amber_one_thirty_days_before(
    amber: int | None, *, ahead: bool
) -> None:
    (failure,) = failures_of([happened(200)], horizon_days=180)["C1"]
    warning = a_past_warning(100, amber_on=None if amber is None else on_day(amber))
    assert was_warned_ahead(warning, failure, horizon_days=180, ahead_days=30) is ahead
