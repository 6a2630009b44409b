"""What the detectors say of a customer, as of one day."""

from dataclasses import dataclass
from datetime import date

from shared.kernel.money import Money
from shared.kernel.values import quick


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class SurpriseFacts:
    """What a detector said about its last observation, of orders (or of a month's purchases).

    `z` is None until there are two observations; `observed` counts those before this one, `usual` is
    what was expected of it (major units), `ratio` the observed over the usual. `usual_documents` is
    how many purchases a month usually has, `season` how much of an average month this one usually is;
    both None where a single order is meant.
    """

    currency: str
    on: date
    amount: Money
    z: float | None
    observed: int
    usual: float | None
    ratio: float | None
    usual_documents: float | None = None
    document: str | None = None
    season: float | None = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorFacts:
    """What the detectors hold on a day: dishonours decayed to it, and the latest surprises.

    `dishonours` is the decayed count, 0.0 when no payment ever bounced (an honest zero).
    """

    dishonours: float = 0.0
    dishonoured_payments: tuple[str, ...] = ()
    orders: tuple[SurpriseFacts, ...] = ()
    months: tuple[SurpriseFacts, ...] = ()
