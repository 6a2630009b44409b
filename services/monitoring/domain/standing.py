"""What monitoring has said of a customer, and what others said to it: register facts and limits."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import blake2b

from services.monitoring.domain.figures.ageing import Ageing
from services.monitoring.domain.figures.exposure import Exposure
from services.monitoring.domain.policies.ledger import LedgerPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitStep:
    """A credit limit in minor units, and the day from which it counts.

    `before` is what use was measured against until then; None for a first limit.
    """

    effective_from: date
    amount: int
    before: int | None = None


@dataclass(slots=True, kw_only=True)
class Standing:
    """The customer's standing; changes in place, its parts are frozen.

    `exposures` are as last announced under `exposure_version`, `rose_on` the day exposure last rose, by
    currency. `open` is what the partition's totals hold of the customer, in minor units. `arrears` is
    the fingerprint of the arrears last announced, empty when there were none. `industry` is the
    register's code after its scheme, as in `NACE/C25`. `linked` says that a relationship leads to another
    customer, or from one. `forborne_on` is the last day on which an invoice was extended in difficulty or
    too late, `grace_ends_on` the latest day granted: the invoices themselves go when they are paid.
    """

    registered: bool = False
    country: str | None = None
    segment: str | None = None
    industry: str | None = None
    linked: bool = False
    exposure_version: int = 0
    exposures: tuple[Exposure, ...] = ()
    rose_on: dict[str, date] = field(default_factory=dict)
    open: dict[str, int] = field(default_factory=dict)
    arrears: str = ""
    defaulted_on: date | None = None
    clear_since: date | None = None
    enough_settled: bool = False
    limits: dict[str, tuple[LimitStep, ...]] = field(default_factory=dict)
    forborne_on: date | None = None
    grace_ends_on: date | None = None


def fingerprint(ageings: tuple[Ageing, ...]) -> str:
    """What identifies the arrears: each overdue invoice with its open and disputed amounts."""
    lines = [
        f"{each.receivable.invoice_id}|{each.open}|{each.counted}"
        for ageing in ageings
        for each in ageing.past_due
    ]
    return blake2b("\n".join(lines).encode(), digest_size=12).hexdigest() if lines else ""


def note_forbearance(standing: Standing, ageings: tuple[Ageing, ...]) -> None:
    """Remember the extensions of the open invoices that stop no count of days."""
    for ageing in ageings:
        for each in ageing.aged:
            granted, until = each.receivable.forborne_on, each.receivable.extended_to
            if granted is not None and until is not None:
                standing.forborne_on = max(granted, standing.forborne_on or granted)
                standing.grace_ends_on = max(until, standing.grace_ends_on or until)


def note_exposures(standing: Standing, exposures: tuple[Exposure, ...], *, on: date) -> bool:
    """Remember the exposures of now; answers whether they differ from those before."""
    before = {each.currency: each for each in standing.exposures}
    for exposure in exposures:
        was = before.get(exposure.currency)
        if exposure.total > (was.total if was else 0):
            standing.rose_on[exposure.currency] = on
    if exposures == standing.exposures:
        return False
    standing.exposures = exposures
    standing.exposure_version += 1
    return True


def note_limit(
    standing: Standing, currency: str, amount: int, *, effective_from: date, policy: LedgerPolicy
) -> None:
    """Keep a new limit beside the one it follows; older ones have no say any more."""
    steps = standing.limits.get(currency, ())
    before = limit_measured(standing, currency, as_of=effective_from, policy=policy)
    step = LimitStep(effective_from=effective_from, amount=amount, before=before)
    earlier = [each for each in steps if each.effective_from < effective_from]
    standing.limits[currency] = (*earlier[-1:], step)


def limit_measured(
    standing: Standing, currency: str, *, as_of: date, policy: LedgerPolicy
) -> int | None:
    """The limit that use is measured against; None if there is none yet.

    A cut is no evidence against the customer: the old limit goes on counting until exposure next
    rises or the policy's days are over.
    """
    steps = [each for each in standing.limits.get(currency, ()) if each.effective_from <= as_of]
    if not steps:
        return None
    step = steps[-1]
    if step.before is None or step.before <= step.amount:
        return step.amount
    over = as_of >= step.effective_from + timedelta(days=policy.limit_cut_counts_after_days)
    rose_on = standing.rose_on.get(currency)
    rose = rose_on is not None and rose_on >= step.effective_from
    return step.amount if over or rose else step.before


def limits_measured(standing: Standing, *, as_of: date, policy: LedgerPolicy) -> dict[str, int]:
    """The limits that use is measured against, by currency; none where there is none yet."""
    found = {
        currency: limit_measured(standing, currency, as_of=as_of, policy=policy)
        for currency in standing.limits
    }
    return {currency: limit for currency, limit in found.items() if limit is not None}


def limit_days(standing: Standing, *, after: date, policy: LedgerPolicy) -> list[date]:
    """The days after `after` on which a limit begins to count, or a cut one at last does."""
    spell = timedelta(days=policy.limit_cut_counts_after_days)
    starts = [step.effective_from for steps in standing.limits.values() for step in steps]
    return [day for start in starts for day in (start, start + spell) if day > after]
