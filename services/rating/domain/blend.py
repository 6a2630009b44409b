"""Several PDs to one: a credibility-weighted mean of log-odds, around the segment's prior (§3.7)."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.rating.domain.model import Component, Confidence
from services.rating.domain.policy import BlendPolicy
from shared.kernel.maths import expit, logit
from shared.kernel.values import quick

PRIOR = "prior"


@quick
@dataclass(frozen=True, slots=True)
class Evidence:
    """One source: its PD (0..1), its policy weight and how far it is believed (0..1)."""

    name: str
    pd: float
    weight: float
    credibility: float
    score: float | None = None

    @property
    def pull(self) -> float:
        """Weight times credibility."""
        return self.weight * self.credibility


@quick
@dataclass(frozen=True, slots=True)
class Blend:
    """The blended PD, what each source contributed, and how much to trust it."""

    pd: float
    components: tuple[Component, ...]
    confidence: Confidence
    divergent: bool


def blend(prior_pd: float, evidence: Sequence[Evidence], policy: BlendPolicy) -> Blend:
    """Blend the prior with what is known of this customer."""
    heard = [each for each in evidence if each.pull > 0]
    total = policy.prior_weight + sum(each.pull for each in heard)
    prior = logit(prior_pd)
    components = tuple(
        Component(
            name=each.name,
            pd=each.pd,
            credibility=each.credibility,
            share=each.pull / total,
            contribution=each.pull * (logit(each.pd) - prior) / total,
            score=each.score,
        )
        for each in heard
    )
    weighted = policy.prior_weight * prior + sum(each.pull * logit(each.pd) for each in heard)
    divergent = _spread(heard) > policy.divergence_limit
    known = Component(PRIOR, prior_pd, 1.0, policy.prior_weight / total, 0.0)
    return Blend(
        pd=expit(weighted / total),
        components=(known, *components),
        confidence=_confidence(heard, policy, divergent=divergent),
        divergent=divergent,
    )


def _spread(heard: Sequence[Evidence]) -> float:
    odds = [logit(each.pd) for each in heard]
    return max(odds) - min(odds) if odds else 0.0


def _confidence(heard: Sequence[Evidence], policy: BlendPolicy, *, divergent: bool) -> Confidence:
    """High, medium or low by the pull of all evidence; sources that disagree make it low."""
    pull = sum(each.pull for each in heard)
    if divergent or pull < policy.confidence_medium:
        return Confidence.LOW
    return Confidence.HIGH if pull >= policy.confidence_high else Confidence.MEDIUM
