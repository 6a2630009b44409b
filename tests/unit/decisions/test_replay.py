"""A stored decision is taken again from its own facts, policy and day."""

from dataclasses import dataclass
from datetime import date

import pytest

from shared.decisions.kinds import DecisionKind
from shared.decisions.replay import Difference, PolicyGoneError, replay
from shared.decisions.stored import StoredDecision, canonical_json
from shared.kernel.errors import NotFoundError
from shared.kernel.money import Money
from shared.kernel.reasons import Reason
from shared.policies.book import ALWAYS, PolicyBook, PolicyVersion

DAY = date(2026, 3, 2)


@dataclass(frozen=True, slots=True)
class LimitPolicy:
    share: float


@dataclass(frozen=True, slots=True)
class LimitFacts:
    turnover: Money
    late_shares: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class LimitDecision:
    limit: Money
    decided_for: date
    reasons: tuple[Reason, ...]


def decide_limit(facts: LimitFacts, policy: LimitPolicy, *, as_of: date) -> LimitDecision:
    late = sum(facts.late_shares)
    reason = Reason("late_share", value=late / 3, threshold=policy.share)
    return LimitDecision(facts.turnover.times(policy.share), as_of, (reason,))


KIND: DecisionKind[LimitFacts, LimitPolicy, LimitDecision] = DecisionKind(
    "limit", decide_limit, LimitFacts, LimitDecision, model_version="2"
)
BOOK = PolicyBook(
    [
        PolicyVersion("v1", ALWAYS, LimitPolicy(0.1)),
        PolicyVersion("v2", date(2026, 3, 1), LimitPolicy(0.2)),
    ]
)
FACTS = LimitFacts(Money(100_00, "EUR"), (0.1, 0.2, 0.3))


def a_stored_decision(
    *,
    facts: LimitFacts = FACTS,
    policy_version: str = "v1",
    model_version: str = "2",
    outcome: str | None = None,
    kind: str = "limit",
) -> StoredDecision:
    version = BOOK.version(policy_version) or BOOK.in_force(DAY)
    decided = decide_limit(facts, version.policy, as_of=DAY)
    return StoredDecision(
        decision_id="d1",
        customer_id="c1",
        kind=kind,
        as_of=DAY,
        inputs=canonical_json(facts),
        outcome=outcome or canonical_json(decided),
        policy_version=policy_version,
        model_version=model_version,
        cause_id="e1",
        cause_source="/test",
        cause_type="t",
        correlation_id="e1",
    )


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_same_code_on_the_same_facts_is_identical(version: str) -> None:
    found = replay(a_stored_decision(policy_version=version), [KIND], BOOK)
    assert found.identical
    assert found.differences == ()


def test_the_policy_of_then_decides_not_the_one_in_force_now() -> None:
    found = replay(a_stored_decision(policy_version="v1"), [KIND], BOOK)
    assert isinstance(found.outcome_now, dict)
    assert found.outcome_now["limit"] == {"currency": "EUR", "minor": 1000}


def test_another_outcome_is_shown_place_by_place() -> None:
    other = canonical_json(LimitDecision(Money(999, "EUR"), DAY, (Reason("late_share", 0.1, 0.1),)))
    found = replay(a_stored_decision(outcome=other), [KIND], BOOK)
    assert not found.identical
    assert found.differences == (
        Difference("limit.minor", 999, 1000),
        Difference("reasons[0].value", 0.1, 0.2),
    )


def test_a_missing_reason_is_a_difference() -> None:
    other = canonical_json(LimitDecision(Money(1000, "EUR"), DAY, ()))
    found = replay(a_stored_decision(outcome=other), [KIND], BOOK)
    assert [difference.path for difference in found.differences] == ["reasons"]


def test_newer_code_claims_no_identity_even_if_nothing_differs() -> None:
    found = replay(a_stored_decision(model_version="1"), [KIND], BOOK)
    assert not found.identical
    assert found.differences == ()
    assert (found.model_version_then, found.model_version_now) == ("1", "2")


def test_figures_that_differ_beyond_the_twelfth_digit_are_the_same() -> None:
    noisy = LimitFacts(FACTS.turnover, (0.1 + 1e-16, 0.2, 0.3))
    assert replay(a_stored_decision(facts=noisy), [KIND], BOOK).identical


def test_a_kind_nobody_decides_any_more_says_so() -> None:
    with pytest.raises(NotFoundError, match="kind of decision 'grade'"):
        replay(a_stored_decision(kind="grade"), [KIND], BOOK)


def test_a_policy_that_is_gone_says_so() -> None:
    with pytest.raises(PolicyGoneError, match="'v9'"):
        replay(a_stored_decision(policy_version="v9"), [KIND], BOOK)
