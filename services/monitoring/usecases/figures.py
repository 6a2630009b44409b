"""Every figure of a customer at one moment, as it travels with monitoring's events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from services.monitoring.domain.figures.ageing import Ageing, age_all
from services.monitoring.domain.figures.behaviour import (
    Behaviour,
    Purchases,
    behaviour_of,
    purchases_of,
)
from services.monitoring.domain.figures.exposure import Exposure, exposure_of
from services.monitoring.domain.figures.feed_quality import Feed, FeedQuality, feed_quality
from services.monitoring.domain.policies.ledger import LedgerPolicy
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.promises import promises_within
from services.monitoring.domain.watching.early_warning import EarlyWarning
from services.monitoring.domain.watching.watch import early_warning_of, has_open_red
from services.monitoring.storage.book import Customer
from shared.contracts.figures import (
    ArrearsFigures,
    BehaviourFigures,
    CustomerFigures,
    ExposureFigures,
    PurchaseFigures,
)
from shared.kernel.dates import add_months
from shared.kernel.money import Money
from shared.kernel.values import quick


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A customer's receivables at the end of a day, the main currency first.

    `newest_fact` is the day of the newest fact of anyone in the partition, where a day closes.
    """

    as_of: date
    account: Account
    ageings: tuple[Ageing, ...]
    exposures: tuple[Exposure, ...]
    newest_fact: date | None = None

    @property
    def open(self) -> dict[str, int]:
        """Open amounts by currency, in minor units, those that are not nothing."""
        return {ageing.currency: ageing.open for ageing in self.ageings if ageing.open}

    @property
    def oldest_days_past_due(self) -> int:
        """Days past due of the oldest invoice that is not wholly disputed."""
        return max((ageing.undisputed_days_past_due for ageing in self.ageings), default=0)


def view_of(account: Account, policy: LedgerPolicy, *, as_of: date) -> View:
    """Look at an account at the end of a day."""
    ageings = age_all(account, as_of=as_of, policy=policy)
    exposures = tuple(exposure_of(account, ageing, policy) for ageing in ageings)
    return View(as_of=as_of, account=account, ageings=ageings, exposures=exposures)


def customer_figures(customer: Customer, view: View, policy: MonitoringPolicy) -> CustomerFigures:
    """All of it, from the account, the standing and the watch."""
    score: EarlyWarning = early_warning_of(customer.watch, policy.warnings, as_of=view.as_of)
    standing = customer.standing
    main = view.ageings[0] if view.ageings else None
    return CustomerFigures(
        as_of=view.as_of,
        ews=score.ews,
        band=score.band.value,
        hard_triggers=score.hard_triggers,
        in_default=standing.defaulted_on is not None,
        exposures=exposure_figures(view.exposures),
        arrears=tuple(arrears_figures(ageing) for ageing in view.ageings),
        behaviour=None if main is None else _behaviour(view.account, main, policy.ledger),
        purchases=tuple(
            purchase_figures(purchases_of(view.account, ageing, policy.ledger))
            for ageing in view.ageings
        ),
        open_red_warning=has_open_red(customer.watch),
        exposure_version=standing.exposure_version,
        data_quality=quality_of(customer, view, policy).score,
    )


def quality_of(customer: Customer, view: View, policy: MonitoringPolicy) -> FeedQuality:
    """How far the customer's ledger can be relied on."""
    feed = Feed(
        as_of=view.as_of,
        account=view.account,
        registered=customer.standing.registered,
        counted=customer.watch.doubts,
        waiting=tuple(each.fact.on for each in customer.waiting),
        newest=view.newest_fact,
    )
    return feed_quality(feed, policy.warnings.feed)


def exposure_figures(exposures: Sequence[Exposure]) -> tuple[ExposureFigures, ...]:
    """Exposures as they are published."""
    return tuple(
        ExposureFigures(
            currency=each.currency,
            open_amount=major(each.open, each.currency),
            overdue_amount=major(each.overdue, each.currency),
            disputed_amount=major(each.disputed, each.currency),
            open_orders=major(each.open_orders, each.currency),
            unapplied_cash=major(each.unapplied, each.currency),
            total=major(each.total, each.currency),
            dni=major(each.uninvoiced, each.currency),
            bills=major(each.bills, each.currency),
        )
        for each in exposures
    )


def arrears_figures(ageing: Ageing) -> ArrearsFigures:
    """What is past due in one currency, as it is published."""
    return ArrearsFigures(
        currency=ageing.currency,
        overdue_amount=major(ageing.overdue, ageing.currency),
        undisputed_overdue_amount=major(ageing.counted_overdue, ageing.currency),
        oldest_days_past_due=ageing.undisputed_days_past_due,
        material_days_past_due=ageing.material_days_past_due,
        overdue_share=ageing.counted_overdue / ageing.open if ageing.open else None,
    )


def behaviour_figures(behaviour: Behaviour, *, broken_promises: int = 0) -> BehaviourFigures:
    """How the customer pays, as it is published."""
    return BehaviourFigures(
        settled_24m=behaviour.settled,
        wadd_12m=behaviour.wadd,
        late_over_30_share_12m=behaviour.late_over_30_share,
        max_days_past_due_6m=behaviour.max_days_past_due,
        wadd_trend=behaviour.wadd_trend,
        dishonours_12m=behaviour.dishonours,
        broken_promises_12m=broken_promises,
    )


def purchase_figures(purchases: Purchases) -> PurchaseFigures:
    """What the customer bought, as it is published."""
    return PurchaseFigures(
        currency=purchases.currency,
        purchases_12m=major(purchases.purchases, purchases.currency),
        largest_month_paid_on_time=major(purchases.largest_month_paid_on_time, purchases.currency),
        usual_terms_days=purchases.usual_terms_days,
    )


def _behaviour(account: Account, main: Ageing, policy: LedgerPolicy) -> BehaviourFigures:
    after = add_months(main.as_of, -policy.behaviour.dishonour_months)
    promises = promises_within(account, policy.promises, after=after, through=main.as_of)
    return behaviour_figures(
        behaviour_of(account, main, policy), broken_promises=len(promises.broken)
    )


@lru_cache(maxsize=8192)
def major(minor: int, currency: str) -> Decimal:
    """Minor units as an amount in major units."""
    return Money(minor, currency).amount
