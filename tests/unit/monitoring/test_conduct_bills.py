"""What bills say of who gives them."""

import pytest

from services.monitoring.domain.conduct.bills import LONGER, SWITCHED, Bills
from services.monitoring.domain.conduct.tally import Noted
from tests.unit.monitoring.warning_builders import on_day


def a_bill(number: int) -> Noted:
    return Noted(on=on_day(number), document=f"B{number}")


def bills_of(*tenors: int, switched: bool = False) -> Bills:
    state = Bills()
    for number, tenor in enumerate(tenors):
        state = state.received(a_bill(number), tenor, switched=switched, longer_by=60)
    return state


@pytest.mark.parametrize(("tenor", "why"), [(149, None), (150, LONGER), (151, LONGER)])
def test_a_tenor_sixty_days_longer_is_worse(tenor: int, why: str | None) -> None:
    worse = bills_of(90, 90, tenor).worse
    assert (None if worse is None else worse.why) == why


def test_a_first_bill_has_no_usual_tenor() -> None:
    assert bills_of(180).worse is None


def test_a_switch_to_commercial_bills_is_worse_whatever_the_tenor() -> None:
    worse = bills_of(30, switched=True).worse
    assert worse is not None
    assert (worse.why, worse.usual_tenor) == (SWITCHED, None)


def test_a_longer_tenor_is_not_learned_from() -> None:
    assert bills_of(90, 180).tenor.mean == 90


def test_a_bill_lapses_once() -> None:
    once = Bills().lapsed([a_bill(1), a_bill(2)])
    assert once.lapsed([a_bill(2)]) == once
    assert len(once.lapses) == 2
