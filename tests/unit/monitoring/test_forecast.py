"""The day on which a limit will be reached, if its use goes on rising as it did."""

from datetime import date

import pytest

from services.monitoring.domain.conduct.forecast import limits_reached_on
from services.monitoring.domain.conduct.state import Conduct
from services.monitoring.domain.conduct.usage import Usage
from services.monitoring.domain.streaming.averages import TimedAverage
from tests.unit.monitoring.warning_builders import SHIPPED, on_day


def forecast(level: float, *, rise: float | None, since: int = 0) -> date | None:
    """The forecast on day 100 of a use that is steady now and rose by so much in 84 days."""
    then = () if rise is None else ((on_day(since), level - rise),)
    average = TimedAverage(mean=level, level=level, on=on_day(100))
    conduct = Conduct(usage={"EUR": Usage(average=average, weeks=then)})
    return limits_reached_on(conduct, SHIPPED, as_of=on_day(100)).get("EUR")


@pytest.mark.parametrize(
    ("level", "rise", "ahead"),
    [(0.8, 0.2, 84), (0.9, 0.2, 42), (0.79, 0.2, 89), (0.5, 0.4, 105), (0.5, 0.116, 363)],
)
def test_the_pace_of_the_window_leads_to_the_limit(level: float, rise: float, ahead: int) -> None:
    assert forecast(level, rise=rise) == on_day(100 + ahead)


@pytest.mark.parametrize(
    ("level", "rise"),
    [(0.8, 0.0), (0.8, -0.1), (1.0, 0.2), (1.2, 0.4), (0.5, 0.115), (0.5, None)],
)
def test_there_is_none_without_a_rise_beyond_the_limit_or_far_ahead(
    level: float, rise: float | None
) -> None:
    assert forecast(level, rise=rise) is None


def test_a_use_that_is_young_has_no_pace() -> None:
    assert forecast(0.8, rise=0.2, since=50) is None
