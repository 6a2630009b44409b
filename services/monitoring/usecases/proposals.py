"""What becomes of a proposal: a draft of a policy version, or rest until it is made again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import msgspec

from services.monitoring.domain.learning.proposals import Proposal, ProposalKind
from services.monitoring.domain.policies.handling import ScorecardPolicy
from services.monitoring.domain.policies.warnings import SEVERITIES
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.storage.proposals import ProposalDecision
from shared.policies.book import PolicyVersion, read_policy
from shared.policies.versions import PolicyDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person asks for of the draft: None lets us choose."""

    author: str
    effective_from: date
    version: str | None = None
    note: str = ""


def rests(
    proposal: Proposal,
    decided: Iterable[ProposalDecision],
    rules: ScorecardPolicy,
    *,
    today: date,
) -> bool:
    """Whether somebody decided lately on the same indicator with the same thresholds."""
    return any(
        each.proposal.indicator is proposal.indicator
        and each.proposal.before == proposal.before
        and (today - each.decided_on).days < rules.rest_days
        for each in decided
    )


def draft_of(
    proposal: Proposal, current: PolicyVersion[MonitoringPolicy], wish: Wish
) -> PolicyDraft:
    """The policy in force with what is proposed, as a draft for a second person to approve."""
    body = msgspec.json.decode(msgspec.json.encode(current.policy))
    entry = body["warnings"]["indicators"][proposal.indicator.value]
    if proposal.kind is ProposalKind.RETIRE:
        entry["retired"] = True
    else:
        entry.update({each.value: proposal.thresholds.get(each) for each in SEVERITIES})
    text = msgspec.json.encode(body).decode()
    read_policy(text, MonitoringPolicy)
    chosen = f"{current.version}-{proposal.indicator}-{wish.effective_from:%Y%m%d}"
    return PolicyDraft(
        version=wish.version or chosen,
        effective_from=wish.effective_from,
        body=text,
        author=wish.author,
        note=wish.note or f"{proposal.kind.value} {proposal.indicator.value}: {_why(proposal)}",
    )


def _why(proposal: Proposal) -> str:
    right = f"{proposal.came_true} of {proposal.judged} warnings came true"
    if proposal.kind is ProposalKind.RETIRE:
        return f"{right}, and no threshold would have been right often enough"
    would = f"{proposal.would_come_true} of {proposal.would_be_judged}"
    return f"{right}; with the new thresholds, {would} would have"
