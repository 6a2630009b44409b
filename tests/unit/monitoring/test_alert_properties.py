"""What must hold of every warning whatever happens to its figure."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from services.monitoring.domain.watching.alerts import Alert, Step, Transition, next_step
from tests.unit.monitoring.warning_builders import a_finding, an_occasion, on_day

VALUES = st.one_of(st.none(), st.integers(min_value=0, max_value=120).map(float))
OBSERVATIONS = st.lists(st.tuples(VALUES, st.booleans()), max_size=40)


def lived(observations: Sequence[tuple[float | None, bool]]) -> list[tuple[float | None, Step]]:
    steps: list[tuple[float | None, Step]] = []
    alert: Alert | None = None
    for day, (value, closing) in enumerate(observations):
        finding = a_finding(value, on=on_day(day))
        step = next_step(alert, finding, an_occasion(day, closing=closing))
        steps.append((value, step))
        alert = step.alert
    return steps


@given(OBSERVATIONS)
def test_a_missing_figure_never_clears_or_steps_down(
    observations: list[tuple[float | None, bool]],
) -> None:
    better = {Transition.CLEAR, Transition.DEESCALATE}
    for value, step in lived(observations):
        assert value is not None or step.transition not in better


@given(OBSERVATIONS)
def test_only_a_close_clears_or_steps_down(observations: list[tuple[float | None, bool]]) -> None:
    better = {Transition.CLEAR, Transition.DEESCALATE}
    for (_, closing), (_, step) in zip(observations, lived(observations), strict=True):
        assert closing or step.transition not in better


@given(OBSERVATIONS)
def test_every_warning_is_raised_once_and_cleared_at_most_once(
    observations: list[tuple[float | None, bool]],
) -> None:
    is_open = False
    for _, step in lived(observations):
        if step.transition is Transition.RAISE:
            assert not is_open
            is_open = True
        elif step.transition.changes:
            assert is_open
            is_open = step.transition is not Transition.CLEAR
        assert is_open is (step.alert is not None)


@given(OBSERVATIONS)
def test_an_alert_is_never_milder_than_what_was_just_measured(
    observations: list[tuple[float | None, bool]],
) -> None:
    for value, step in lived(observations):
        severity = a_finding(value).severity
        if severity is not None:
            assert step.alert is not None
            assert step.alert.severity.rank >= severity.rank
