"""The habit of taking discounts, and when it ends."""

import pytest

from services.monitoring.domain.conduct.discounts import LOST_KEPT, Discounts, Offer
from tests.unit.monitoring.warning_builders import on_day

OFFER = Offer(until=on_day(5), amount=20)


def decided(taken: int, lost: int) -> Discounts:
    state = Discounts()
    for number in range(taken + lost):
        state = state.offered(f"I{number}", OFFER)
        on = on_day(number)
        took = number < taken
        state = state.took(f"I{number}", on) if took else state.missed(f"I{number}", on)
    return state


def test_a_running_loss_does_not_wear_the_habit_down() -> None:
    state = decided(4, 3)
    assert (state.habit.value, len(state.lost), state.taken) == (1.0, 3, 4)


def test_taking_one_again_ends_the_loss_which_belongs_to_the_habit() -> None:
    state = decided(3, 2).offered("I9", OFFER).took("I9", on_day(5))
    assert state.lost == ()
    assert state.habit.value == pytest.approx(4 / 6, rel=0.01)


def test_a_decided_offer_is_open_no_more() -> None:
    state = Discounts().offered("I1", OFFER).offered("I2", OFFER)
    assert set(state.dropped("I1").offers) == {"I2"}
    assert set(state.missed("I1", on_day(6)).offers) == {"I2"}


def test_only_the_latest_losses_are_kept() -> None:
    assert len(decided(0, LOST_KEPT + 4).lost) == LOST_KEPT
