"""Customers in trouble are called, and say what their story says."""

from collections import Counter
from datetime import date, timedelta

import pytest

from obligor.sample.portfolio import Sample, build_sample
from obligor.sample.stories import Story
from shared.contracts.transactions import (
    ContactAttempted,
    OrderPlaced,
    PromiseMade,
    ReliefRequested,
)

LAST_DAY = date(2026, 6, 30)


@pytest.fixture(scope="module")
def sample() -> Sample:
    return build_sample(last_day=LAST_DAY)


def said_by_story(sample: Sample, kind: type[object]) -> Counter[Story]:
    stories = {truth.customer_id: truth.story for truth in sample.truths}
    return Counter(
        stories[each.customer_id]
        for day in sample.history.days
        for each in day.transactions
        if isinstance(each.event, kind)
    )


@pytest.mark.parametrize("kind", [ContactAttempted, PromiseMade, ReliefRequested])
def test_sound_customers_are_left_alone(sample: Sample, kind: type[object]) -> None:
    found = said_by_story(sample, kind)
    assert found
    assert not {Story.STEADY, Story.SLOW, Story.SEASONAL, Story.GROWING, Story.SUDDEN} & set(found)


def test_who_pays_later_and_later_promises_much(sample: Sample) -> None:
    found = said_by_story(sample, PromiseMade)
    assert found[Story.DRIFTING] > found[Story.BUST_OUT]


def test_nobody_speaks_after_failing(sample: Sample) -> None:
    failed = {truth.customer_id: truth.fails_on for truth in sample.truths if truth.fails_on}
    late = [
        each
        for day in sample.history.days
        for each in day.transactions
        if isinstance(each.event, ContactAttempted | PromiseMade | ReliefRequested)
        and day.day > failed.get(each.customer_id, LAST_DAY)
    ]
    assert late == []


def test_a_promise_is_for_an_invoice_that_is_late_and_falls_due_soon(sample: Sample) -> None:
    for day in sample.history.days:
        for each in day.transactions:
            if isinstance(each.event, PromiseMade):
                assert len(each.event.invoice_ids) == 1
                assert timedelta(0) < each.event.due_on - day.day <= timedelta(days=9)


def test_a_bust_out_buys_ever_more_that_can_be_resold(sample: Sample) -> None:
    truths = [truth for truth in sample.truths if truth.story is Story.BUST_OUT]
    for truth in truths:
        shares = [
            (day.day, float(each.event.liquid_amount / each.event.amount))
            for day in sample.history.days
            for each in day.transactions
            if each.customer_id == truth.customer_id
            and isinstance(each.event, OrderPlaced)
            and each.event.liquid_amount is not None
        ]
        before = [share for day, share in shares if truth.shows_from and day < truth.shows_from]
        assert before
        assert max(before) < 0.25
        assert max(share for _, share in shares) > 0.3
