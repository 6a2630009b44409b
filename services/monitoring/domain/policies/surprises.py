"""The policy of the detectors of unusual amounts."""

from dataclasses import dataclass

from services.monitoring.domain.policies.numbers import check_above_zero
from shared.kernel.maths import probability


@dataclass(frozen=True, slots=True, kw_only=True)
class SurprisePolicy:
    """A detector of unusual amounts on the ln scale (domain.md §4.2).

    `weight` λ of a new value, `segment_variance` v0, least standard deviation `floor`; an update is
    left out when |z| exceeds `freeze_over`, at most `freeze_most` times running or until
    the warning is acknowledged: the next such value is the new normal, and learning starts over from it. While fewer than
    `warm_up` values were seen the segment's variance stands in, with `warm_up_confidence`. A value
    of nothing counts as `least_share` of the usual one, since ln 0 has no size. The strongest
    surprise speaks for `hold_days`; then, or at 0, the latest one does.
    """

    weight: float
    segment_variance: float
    floor: float
    freeze_over: float
    freeze_most: int
    warm_up: int
    warm_up_confidence: float
    least_share: float
    hold_days: int

    def __post_init__(self) -> None:
        probability(self.weight, field="weight")
        probability(self.warm_up_confidence, field="warm_up_confidence")
        check_above_zero(weight=self.weight, variance=self.segment_variance, floor=self.floor)
        check_above_zero(freeze_over=self.freeze_over, least_share=self.least_share)
