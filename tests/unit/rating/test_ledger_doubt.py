"""Doubts in the ledger: the behaviour read from it is believed less, and the rating says so."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rating.domain.behavioural import behaviour_credibility
from services.rating.domain.model import Component, Confidence, RatingDecision, RatingFacts
from services.rating.domain.policy import BehaviourPolicy
from services.rating.domain.rate import decide_rating
from services.rating.usecases.rate import RATING
from shared.contracts.monitoring import WarningRaised
from shared.decisions.stored import canonical_json, read_facts
from shared.kernel.errors import InvalidInputError
from shared.kernel.reasons import Reason
from tests.unit.rating.builders import (
    DAY,
    POLICY,
    a_behaviour,
    a_book,
    a_statement,
    a_work,
    an_opinion,
    figures,
    hear,
    rated,
)
from tests.unit.rating.test_handlers import warning

FULL = RatingFacts(statement=a_statement(), behaviour=a_behaviour())


def doubted(quality: float | None, facts: RatingFacts = FULL) -> RatingDecision:
    return rated(replace(facts, data_quality=quality))


def behaviour_in(decision: RatingDecision) -> Component | None:
    return next((each for each in decision.components if each.name == "behaviour"), None)


def told(decision: RatingDecision) -> list[Reason]:
    return [each for each in decision.reasons if each.code == "R23"]


@pytest.mark.parametrize(("quality", "z"), [(None, 30 / 42), (1.0, 30 / 42), (0.6, 18 / 42)])
def test_behaviour_is_believed_as_far_as_its_ledger(quality: float | None, z: float) -> None:
    part = behaviour_in(doubted(quality))
    assert part is not None
    assert part.credibility == pytest.approx(z)


def test_a_doubtful_ledger_lowers_confidence() -> None:
    known = replace(FULL, opinions=(an_opinion(),))
    assert doubted(1.0, known).confidence is Confidence.HIGH
    assert doubted(0.1, known).confidence is Confidence.MEDIUM


def test_a_ledger_not_to_be_relied_on_at_all_says_nothing_of_behaviour() -> None:
    decision = doubted(0.0)
    assert behaviour_in(decision) is None
    assert told(decision) == [Reason("R23", 0.0, 1.0)]


def test_the_quality_is_shown_as_a_reason() -> None:
    assert told(doubted(0.6)) == [Reason("R23", 0.6, 1.0)]


@pytest.mark.parametrize("quality", [None, 1.0])
def test_a_ledger_without_doubts_gives_no_reason(quality: float | None) -> None:
    assert told(doubted(quality)) == []


def test_a_ledger_that_no_behaviour_was_read_from_gives_no_reason() -> None:
    assert told(doubted(0.6, RatingFacts(statement=a_statement()))) == []


def test_a_ledger_nobody_judged_is_rated_as_before() -> None:
    assert canonical_json(doubted(None)) == canonical_json(doubted(1.0))


def test_a_policy_from_before_doubts_counted_takes_nothing_off() -> None:
    before = BehaviourPolicy(least_settled=6, half_weight=12)
    decision = decide_rating(
        replace(FULL, data_quality=0.6), replace(POLICY, behaviour=before), as_of=DAY
    )
    assert canonical_json(decision) == canonical_json(doubted(None))


def test_a_policy_may_count_doubts_by_half() -> None:
    half = replace(POLICY.behaviour, doubt_weight=0.5)
    assert behaviour_credibility(12, half, data_quality=0.6) == pytest.approx(0.4)


@pytest.mark.parametrize("weight", [-0.1, 1.1])
def test_what_doubts_take_off_is_a_share(weight: float) -> None:
    with pytest.raises(InvalidInputError, match="doubt_weight"):
        replace(POLICY.behaviour, doubt_weight=weight)


@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 500))
def test_a_worse_ledger_is_never_believed_more(one: float, other: float, settled: int) -> None:
    worse, better = (
        behaviour_credibility(settled, POLICY.behaviour, data_quality=quality)
        for quality in sorted((one, other))
    )
    assert 0 <= worse <= better <= 1


def test_the_quality_comes_with_the_figures_and_is_stored_with_the_decision() -> None:
    book, work = a_book(), a_work()
    hear(warning(WarningRaised, msgspec.structs.replace(figures(), data_quality=0.6)), book, work)
    facts = read_facts(RATING, work.decided[0].inputs)
    assert facts.data_quality == 0.6
    assert told(book.ratings[0].decision) == [Reason("R23", 0.6, 1.0)]


def test_facts_stored_before_the_quality_came_are_read_and_decided_alike() -> None:
    stored = canonical_json(FULL).replace('"data_quality":null,', "")
    assert "data_quality" not in stored
    assert canonical_json(rated(read_facts(RATING, stored))) == canonical_json(rated(FULL))
