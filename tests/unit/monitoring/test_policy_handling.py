"""The policy of what people do with warnings refuses what makes no sense."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.monitoring.domain.catalogue import IndicatorGroup
from shared.kernel.errors import InvalidInputError
from tests.unit.monitoring.warning_builders import AMBER, HANDLING, RED, WATCH

LEVELS, QUEUE, CARD = HANDLING.service_levels, HANDLING.queue, HANDLING.scorecard


@pytest.mark.parametrize(
    ("part", "changes", "field"),
    [
        (LEVELS.working_time, {"begins_at": 17}, "working_time.begins_at"),
        (LEVELS.working_time, {"ends_at": 25}, "working_time.begins_at"),
        (LEVELS.working_time, {"weekdays": ()}, "working_time.weekdays"),
        (LEVELS.working_time, {"weekdays": (0,)}, "working_time.weekdays"),
        (LEVELS, {"acknowledge_hours": 0}, "acknowledge_hours"),
        (LEVELS, {"owners": ()}, "owners"),
        (LEVELS, {"decide_days": {RED: 1, AMBER: 2}}, "decide_days"),
        (LEVELS, {"decide_days": {RED: -1, AMBER: 2, WATCH: 5}}, "decide_days"),
        (QUEUE, {"per_analyst": 0}, "per_analyst"),
        (QUEUE, {"rates": {"EUR": 1.0, "USD": 0.0}}, "rates"),
        (QUEUE, {"rates": {"USD": 1.0}}, "rates"),
        (QUEUE, {"loss_given_default": 1.1}, "loss_given_default"),
        (QUEUE, {"chance_of_loss": {RED: 0.3}}, "chance_of_loss"),
        (QUEUE, {"next_steps": {}}, "next_steps"),
        (QUEUE, {"wording": {}}, "wording"),
        (QUEUE, {"step_in_default": "unsaid"}, "wording"),
        (CARD, {"precision": {RED: 0.3}}, "scorecard.precision"),
        (CARD, {"recall": 1.1}, "scorecard"),
        (CARD, {"horizon_days": 0}, "horizon_days"),
        (CARD, {"judged_least": 0}, "judged_least"),
        (CARD, {"retune_to": 0.04}, "retune_to"),
    ],
)
def test_what_makes_no_sense_is_refused(part: Any, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInputError, match=rf"^{re.escape(field)} is"):
        replace(part, **changes)


@pytest.mark.parametrize(("begins", "ends"), [(0, 24), (9, 10)])
def test_a_day_may_be_as_long_as_a_day(begins: int, ends: int) -> None:
    longest = replace(LEVELS.working_time, begins_at=begins, ends_at=ends)
    assert (longest.begins_at, longest.ends_at) == (begins, ends)


def test_saturday_and_holidays_are_free() -> None:
    christmas = replace(LEVELS.working_time, holidays=(date(2025, 12, 25),))
    assert christmas.is_working(date(2025, 12, 24))
    assert not christmas.is_working(date(2025, 12, 25))
    assert not christmas.is_working(date(2025, 12, 27))


@pytest.mark.parametrize("group", IndicatorGroup)
def test_every_next_step_is_said_in_both_languages(group: IndicatorGroup) -> None:
    for step in QUEUE.next_steps[group].values():
        assert set(QUEUE.wording[step]) == {"en", "zh"}
