"""What a tier means for a customer, in figures and in words (domain.md §5.3)."""

from dataclasses import dataclass

from services.tiering.domain.model import ExposureClass, Tier
from services.tiering.domain.policy import TieringPolicy
from shared.kernel.values import quick


@quick
@dataclass(frozen=True, slots=True)
class TierMeasures:
    """What is done on a tier: longest payment terms in days, review in months, the rest in words."""

    payment_terms_days: int
    review_months: int
    described: dict[str, str]


def measures_of(
    tier: Tier, policy: TieringPolicy, *, exposure_class: ExposureClass
) -> TierMeasures:
    """The measures of a tier; a small exposure (E1) only relaxes how often it is reviewed."""
    terms = policy.tiers[tier]
    small = exposure_class is ExposureClass.E1
    review = terms.small_exposure_review_months if small else terms.review_months
    described = {
        "terms": f"at most {terms.payment_terms_days} days"
        if terms.payment_terms_days
        else "prepay",
        "limit_multiplier": str(terms.limit_multiplier),
        "review": f"every {review} months",
        **terms.measures,
    }
    return TierMeasures(terms.payment_terms_days, review, described)
