"""What becomes of a proposal: a draft that the worker could read, or rest for a while."""

from dataclasses import replace
from datetime import date

import pytest

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.learning.proposals import Proposal, ProposalKind
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.storage.proposals import ProposalDecision, ProposalVerdict
from services.monitoring.usecases.proposals import Wish, draft_of, rests
from shared.policies.book import ALWAYS, PolicyVersion, read_policy
from shared.policies.versions import PolicyDraft
from tests.unit.monitoring.warning_builders import AMBER, HANDLING, POLICY, RED, WATCH, on_day

T01, T02 = Indicator.MAX_DAYS_PAST_DUE, Indicator.OVERDUE_RATIO
CURRENT = PolicyVersion("house-1", ALWAYS, POLICY)
RETUNE = Proposal(
    proposal_id="T01-retune-1",
    indicator=T01,
    kind=ProposalKind.RETUNE,
    judged=120,
    came_true=3,
    before={WATCH: 7.0, AMBER: 30.0, RED: 60.0},
    thresholds={AMBER: 35.0, RED: 60.0},
    would_be_judged=12,
    would_come_true=3,
)
RETIRE = replace(RETUNE, kind=ProposalKind.RETIRE, thresholds={}, would_be_judged=0)


def drafted(proposal: Proposal, *, note: str = "", version: str | None = None) -> PolicyDraft:
    wish = Wish(author="Ada", effective_from=date(2026, 3, 5), version=version, note=note)
    return draft_of(proposal, CURRENT, wish)


def read(draft: PolicyDraft) -> MonitoringPolicy:
    return read_policy(draft.body, MonitoringPolicy)


def test_a_retuned_indicator_has_the_new_thresholds_and_the_others_their_own() -> None:
    indicators = read(drafted(RETUNE)).warnings.indicators
    entry = indicators[T01]
    assert (entry.watch, entry.amber, entry.red, entry.retired) == (None, 35.0, 60.0, False)
    assert indicators[T02] == POLICY.warnings.indicators[T02]


def test_a_retired_indicator_keeps_its_thresholds_and_raises_nothing() -> None:
    entry = read(drafted(RETIRE)).warnings.indicators[T01]
    assert (entry.watch, entry.retired) == (7.0, True)


def test_nothing_else_of_the_policy_changes() -> None:
    read_back = read(drafted(RETIRE))
    assert (read_back.ledger, read_back.handling) == (POLICY.ledger, POLICY.handling)


@pytest.mark.parametrize(
    ("proposal", "words"),
    [
        (RETUNE, "retune T01: 3 of 120 warnings came true; with the new thresholds, 3 of 12 would"),
        (RETIRE, "retire T01: 3 of 120 warnings came true, and no threshold would"),
    ],
)
def test_a_draft_says_why_unless_a_person_does(proposal: Proposal, words: str) -> None:
    draft = drafted(proposal)
    assert draft.note.startswith(words)
    assert (draft.version, draft.author) == ("house-1-T01-20260305", "Ada")
    assert drafted(proposal, note="season", version="mine").note == "season"
    assert drafted(proposal, version="mine").version == "mine"


def decided(proposal: Proposal = RETUNE) -> ProposalDecision:
    return ProposalDecision(
        proposal_id=proposal.proposal_id,
        decided_on=on_day(0),
        verdict=ProposalVerdict.DISMISSED,
        proposal=proposal,
        policy_version=None,
        decided_by="Ada",
        note="",
    )


@pytest.mark.parametrize(("days", "resting"), [(0, True), (179, True), (180, False), (181, False)])
def test_what_was_decided_on_rests_for_half_a_year(days: int, *, resting: bool) -> None:
    today = on_day(days)
    assert rests(RETUNE, [decided()], HANDLING.scorecard, today=today) is resting


def test_another_proposal_about_the_same_thresholds_rests_too() -> None:
    assert rests(RETIRE, [decided(RETUNE)], HANDLING.scorecard, today=on_day(1))


@pytest.mark.parametrize(
    "other",
    [replace(RETUNE, indicator=T02), replace(RETUNE, before={WATCH: 8.0, AMBER: 30.0, RED: 60.0})],
)
def test_other_indicators_and_other_thresholds_do_not_rest(other: Proposal) -> None:
    assert not rests(other, [decided()], HANDLING.scorecard, today=on_day(1))
