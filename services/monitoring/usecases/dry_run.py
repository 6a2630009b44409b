"""A chunk of a dry run: two policies over the same customers, in a process of its own."""

import os
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from services.monitoring.domain.learning.past import Era, Past
from services.monitoring.domain.learning.simulation import (
    GRACE_DAYS,
    LATE_DAYS,
    Comparison,
    PolicyTally,
    band_change,
)
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.receivables.ledger import account_as_of
from services.monitoring.usecases.shown import Shown, text
from services.monitoring.usecases.simulating import Acting, Replay, replayed

_NICENESS = 10
_LOOK_EVERY_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """What is compared, over which time, by what the service does."""

    current: MonitoringPolicy
    proposed: MonitoringPolicy
    era: Era
    acting: Acting


def step_aside() -> None:
    """Begin a process that leaves the processor to the platform, and goes when the platform goes."""
    os.nice(_NICENESS)
    threading.Thread(target=_go_with, args=(os.getppid(),), daemon=True).start()


def _go_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY_SECONDS)
    os._exit(1)


def compared(dry_run: DryRun, pasts: Sequence[Past]) -> Comparison:
    """Replay some customers under both policies, those that hang together with one another."""
    comparison = Comparison()
    for together in _together(pasts):
        now = _replays(together, dry_run.current, dry_run)
        then = _replays(together, dry_run.proposed, dry_run)
        for past in together:
            if past.counted:
                comparison.crowded += past.crowded
                name = past.customer_id
                _count(comparison, dry_run, now[name], then[name])
    return comparison


def _together(pasts: Sequence[Past]) -> Iterable[list[Past]]:
    """The pasts by who hangs together."""
    found: dict[str, list[Past]] = {}
    for past in pasts:
        found.setdefault(min(past.links.since, default=past.customer_id), []).append(past)
    return found.values()


def _replays(
    together: Sequence[Past], policy: MonitoringPolicy, dry_run: DryRun
) -> dict[str, Replay]:
    """The replays of those that are counted.

    First each by itself, to leave word of how it stands: what a customer says of itself leaves out what it
    got from others, so a second time, with the word of all the others, is as they would have lived it.
    """
    acting, era = dry_run.acting, dry_run.era
    counted = [past for past in together if past.counted]
    if len(together) == 1:
        return {past.customer_id: replayed(past, policy, acting, era) for past in counted}
    words = [each for past in together for each in replayed(past, policy, acting, era).word_left]
    words.sort(key=lambda each: (each.day, each.customer_id))
    found = {}
    for past in counted:
        others = (each for each in words if each.customer_id != past.customer_id)
        found[past.customer_id] = replayed(past, policy, acting, era, others=others)
    return found


def _count(comparison: Comparison, dry_run: DryRun, now: Replay, then: Replay) -> None:
    era = dry_run.era
    for tally, replay, policy in (
        (comparison.current, now, dry_run.current),
        (comparison.proposed, then, dry_run.proposed),
    ):
        account = account_as_of(replay.customer.history or [], era.through, policy.ledger)
        tally.add(replay.run, account, since=era.since, through=era.through)
    comparison.note(band_change(now.customer.customer_id, now.run, then.run))


def shown_comparison(comparison: Comparison) -> Shown:
    """Both policies side by side, as the door shows them."""
    return {
        "current": _shown(comparison.current),
        "proposed": _shown(comparison.proposed),
        "customers_changing_band": comparison.changed,
        "customers_without_links": comparison.crowded,
        "band_changes": [asdict(each) for each in comparison.changes],
        "late_days": LATE_DAYS,
        "grace_days": GRACE_DAYS,
    }


def _shown(tally: PolicyTally) -> Shown:
    indicators: dict[str, dict[str, int]] = {}
    for (indicator, severity), count in sorted(tally.raised.items()):
        indicators.setdefault(indicator, {})[severity] = count
    return {
        "warnings": indicators,
        "alerts": sum(tally.raised.values()),
        "customer_months": tally.months,
        "alerts_per_customer_month": tally.alerts_per_month,
        "late_invoices": tally.late,
        "late_invoices_warned": tally.late_warned,
        "late_invoices_warned_share": tally.late_share,
        "defaults": tally.defaults,
        "defaults_warned": len(tally.leads),
        "median_lead_days": tally.median_lead,
        "money": [
            {
                "currency": currency,
                "late_amount": text(amount, currency),
                "warned_amount": text(tally.warned_amount[currency], currency),
            }
            for currency, amount in sorted(tally.late_amount.items())
        ],
    }
