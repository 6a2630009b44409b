"""Looking at a customer after something changed: exposure said, indicators measured, report given."""

from dataclasses import replace
from datetime import date

from services.monitoring.domain.conduct.closing import Use, note_use
from services.monitoring.domain.conduct.figures import conduct_facts
from services.monitoring.domain.divergence import cloaking
from services.monitoring.domain.facts import Fact, FactKind
from services.monitoring.domain.financial_standing import financial_facts
from services.monitoring.domain.indicator_facts.everything import IndicatorFacts
from services.monitoring.domain.indicator_facts.financials import FinancialFacts
from services.monitoring.domain.indicator_facts.receivables import ConcentrationFacts
from services.monitoring.domain.measured import currency_facts
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.profile import Profile
from services.monitoring.domain.standing import limit_measured, note_exposures
from services.monitoring.domain.watch import detector_facts
from services.monitoring.storage.book import Book, Customer
from services.monitoring.usecases.affiliates import with_group
from services.monitoring.usecases.figures import (
    View,
    customer_figures,
    exposure_figures,
    quality_of,
)
from services.monitoring.usecases.outside import with_outside
from services.monitoring.usecases.warnings import observe
from services.monitoring.usecases.watched import Watched
from shared.chassis.work import Work
from shared.contracts.monitoring import MAX_LISTED, BehaviourReported, ExposureChanged
from shared.kernel.money import Money

MonitoringWork = Work[MonitoringPolicy]
SIXTH_SETTLED = "enough_settled"
MONTH_END = "month_end"


def absorbed_orders(facts: list[Fact]) -> tuple[str, ...]:
    """The orders that the ledger now accounts for, so that their reservations can end."""
    orders = [name for fact in facts for name in (_order_of(fact),) if name is not None]
    return tuple(dict.fromkeys(orders))


def _order_of(fact: Fact) -> str | None:
    if fact.kind in {FactKind.ORDER_PLACED, FactKind.ORDER_CANCELLED}:
        return fact.document
    return fact.refers_to if fact.kind is FactKind.INVOICE_ISSUED else None


def watched(customer: Customer, view: View, book: Book, work: MonitoringWork) -> Watched:
    """The customer as its warnings see it."""
    policy = work.policy
    return Watched(
        customer_id=customer.customer_id,
        watch=customer.watch,
        changed=book.warnings,
        figures=lambda: customer_figures(customer, view, policy),
        exposure=lambda: tuple(
            Money(each.total, each.currency) for each in view.exposures if each.total
        ),
    )


def watch_over(
    customer: Customer, view: View, book: Book, work: MonitoringWork, *, closing: bool
) -> None:
    """Measure the customer's indicators and say what changed, after a fact or at a day's close.

    What the outside says is looked at only when a day closes: a transaction changes none of it,
    whatever else its batch has loaded.
    """
    _note_use(customer, view, work)
    facts = indicator_facts(customer, view, work, customer.profile if closing else None)
    if closing:
        facts = with_group(facts, customer, view, book, work.policy)
        facts = with_portfolio(with_outside(facts, customer, book), view, book)
    observe(watched(customer, view, book, work), facts, work, closing=closing)
    _note_divergence(customer, facts, work)


def with_portfolio(facts: IndicatorFacts, view: View, book: Book) -> IndicatorFacts:
    """The facts with our receivables in all, of the newest complete day before, by currency."""
    found = ((each, book.day_totals.before(facts.as_of, each.currency)) for each in view.exposures)
    concentration = tuple(
        ConcentrationFacts(exposure=Money(each.total, each.currency), portfolio=whole)
        for each, whole in found
        if whole is not None
    )
    return replace(facts, concentration=concentration)


def watch_news(customer: Customer, view: View, book: Book, work: MonitoringWork) -> None:
    """Measure the customer's indicators, those of its profile too, after the outside has spoken."""
    facts = with_outside(indicator_facts(customer, view, work, customer.profile), customer, book)
    observe(watched(customer, view, book, work), facts, work, closing=False)
    _note_divergence(customer, facts, work)


def indicator_facts(
    customer: Customer, view: View, work: MonitoringWork, profile: Profile | None
) -> IndicatorFacts:
    """Everything the indicators are measured on; without a profile the outside is left out."""
    policy, today = work.policy, view.as_of
    aged = tuple(zip(view.ageings, view.exposures, strict=True))
    currencies = tuple(
        currency_facts(
            view.account,
            ageing,
            exposure,
            policy.warnings.windows,
            limit=limit_measured(
                customer.standing, ageing.currency, as_of=view.as_of, policy=policy.ledger
            ),
        )
        for ageing, exposure in aged
    )
    return IndicatorFacts(
        as_of=today,
        data_quality=quality_of(customer, view, policy).score,
        currencies=currencies,
        detectors=detector_facts(customer.watch, policy.warnings, as_of=today),
        conduct=conduct_facts(customer.watch.conduct, view.account, policy, aged=aged, as_of=today),
        financials=None if profile is None else _financials(customer, profile, policy, as_of=today),
    )


def _note_use(customer: Customer, view: View, work: MonitoringWork) -> None:
    """Let the watch see how far the limits are used."""
    standing, policy, today = customer.standing, work.policy, view.as_of
    if not standing.limits:
        return
    uses = [
        Use(
            currency=each.currency,
            exposure=each.total,
            limit=limit_measured(standing, each.currency, as_of=today, policy=policy.ledger),
        )
        for each in view.exposures
    ]
    note_use(customer.watch.conduct, uses, today, policy.warnings)


def _note_divergence(customer: Customer, facts: IndicatorFacts, work: MonitoringWork) -> None:
    watch, rules = customer.watch, work.policy.warnings.cloaking
    watch.divergence = cloaking(
        watch.alerts, facts.currencies, rules, before=watch.divergence, as_of=facts.as_of
    )


def _financials(
    customer: Customer, profile: Profile, policy: MonitoringPolicy, *, as_of: date
) -> FinancialFacts:
    rules, industry = policy.warnings.statements, customer.standing.industry
    return financial_facts(profile.financials, rules, as_of=as_of, industry=industry)


def say_exposure(
    customer: Customer,
    view: View,
    book: Book,
    work: MonitoringWork,
    *,
    absorbed: tuple[str, ...] = (),
) -> None:
    """Announce the exposure if it changed; of one batch and day, only the last one leaves.

    What was announced before in the same batch is said anew in its place: the figures are those of
    now, and the orders absorbed are those of both.
    """
    changed = note_exposures(customer.standing, view.exposures, on=view.as_of)
    if not changed and not absorbed:
        return
    place = book.coalesced.get((customer.customer_id, view.as_of))
    if place is not None:
        envelope, earlier = work.announced[place]
        if isinstance(earlier, ExposureChanged):
            together = tuple(dict.fromkeys((*earlier.absorbed_orders, *absorbed)))
            if len(together) <= MAX_LISTED:
                work.announced[place] = (envelope, _exposure(customer, view, together))
                return
    book.coalesced[customer.customer_id, view.as_of] = len(work.announced)
    work.announce(_exposure(customer, view, absorbed), customer_id=customer.customer_id)


def _exposure(customer: Customer, view: View, absorbed: tuple[str, ...]) -> ExposureChanged:
    return ExposureChanged(
        customer_id=customer.customer_id,
        as_of=view.as_of,
        version=customer.standing.exposure_version,
        exposures=exposure_figures(view.exposures),
        absorbed_orders=absorbed,
        oldest_days_past_due=view.oldest_days_past_due,
    )


def report_behaviour(
    customer: Customer, view: View, work: MonitoringWork, *, occasion: str
) -> None:
    """Say how the customer stands."""
    work.announce(
        BehaviourReported(
            customer_id=customer.customer_id,
            as_of=view.as_of,
            occasion=occasion,
            figures=customer_figures(customer, view, work.policy),
        ),
        customer_id=customer.customer_id,
    )
