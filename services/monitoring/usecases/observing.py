"""Looking at a customer after something changed: exposure said, indicators measured, report given."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.conduct.closing import Use, note_use
from services.monitoring.domain.conduct.figures import conduct_facts
from services.monitoring.domain.conduct.forecast import limits_reached_on
from services.monitoring.domain.figures.measured import currency_facts
from services.monitoring.domain.formulas.limits import is_recent
from services.monitoring.domain.indicator_facts.everything import IndicatorFacts
from services.monitoring.domain.indicator_facts.receivables import (
    ConcentrationFacts,
    CurrencyFacts,
)
from services.monitoring.domain.indicators import (
    MEASURED,
    ON_CONDUCT,
    ON_DETECTORS,
    ON_LEDGERS,
    ON_STATEMENTS,
    to_measure_outside,
)
from services.monitoring.domain.outside.financial_standing import financial_facts
from services.monitoring.domain.outside.profile import Profile
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.receivables.facts import Fact, FactKind
from services.monitoring.domain.standing import limits_measured, note_exposures
from services.monitoring.domain.watching.divergence import cloaking, failing_signs
from services.monitoring.domain.watching.glance import Glance
from services.monitoring.domain.watching.stirring import SIGNS_OF_LEDGER, worth_measuring
from services.monitoring.domain.watching.touched import touched_by
from services.monitoring.domain.watching.watch import detector_facts
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
from shared.kernel.values import replace

MonitoringWork = Work[MonitoringPolicy]
EVERY_SIGN: Final = frozenset(MEASURED)
_STAYS_CALM: Final = ON_STATEMENTS - {Indicator.STATEMENTS_LATE, Indicator.COVENANT_BREACH}
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


def watch_facts(
    customer: Customer, view: View, facts: Sequence[Fact], book: Book, work: MonitoringWork
) -> None:
    """Measure what facts may have moved, and say what changed.

    Most facts move nothing that matters: a glance says so, and no figure is put together. The signs
    that these facts are not about, and what the outside says, wait for the close of the day.
    """
    _note_use(customer, view, work)
    touched = touched_by(fact.kind for fact in facts)
    moved = worth_measuring(touched, _glance(customer, view, work), customer.watch.alerts)
    if moved:
        found = indicator_facts(customer, view, work, None, only=frozenset(moved))
        observe(watched(customer, view, book, work), found, work, closing=False, only=moved)
    _note_divergence(customer, view, work)


def watch_close(customer: Customer, view: View, book: Book, work: MonitoringWork) -> None:
    """Look at all of the customer's signs as a day closes, and say what changed."""
    _note_use(customer, view, work)
    alerts = customer.watch.alerts
    moved = worth_measuring(SIGNS_OF_LEDGER, _glance(customer, view, work), alerts)
    facts = indicator_facts(customer, view, work, customer.profile, only=frozenset(moved))
    facts = with_group(facts, customer, view, book, work.policy)
    facts = with_portfolio(
        with_outside(facts, customer, book, work.policy), view, book, work.policy
    )
    moved += _unread(to_measure_outside(facts, alerts), facts, customer, work)
    if moved:
        seen = watched(customer, view, book, work)
        observe(seen, facts, work, closing=True, only=sorted(moved))
    _note_divergence(customer, view, work)


def _unread(
    told: Sequence[Indicator], facts: IndicatorFacts, customer: Customer, work: MonitoringWork
) -> Sequence[Indicator]:
    """What the outside says, without the calm signs of statements that were measured before.

    Time alone makes none of them worse, but for a late statement and a covenant that is not cured.
    """
    if facts.financials is None:
        return told
    reading = (work.policy_version, replace(facts.financials, as_of=date.min))
    if reading != customer.read_before:
        customer.read_before = reading
        return told
    alerts = customer.watch.alerts
    return [each for each in told if each in alerts or each not in _STAYS_CALM]


def _glance(customer: Customer, view: View, work: MonitoringWork) -> Glance:
    return Glance(
        as_of=view.as_of,
        account=view.account,
        watch=customer.watch,
        ageings=view.ageings,
        exposures=view.exposures,
        limits=limits_measured(customer.standing, as_of=view.as_of, policy=work.policy.ledger),
        policy=work.policy,
    )


def with_portfolio(
    facts: IndicatorFacts, view: View, book: Book, policy: MonitoringPolicy
) -> IndicatorFacts:
    """The facts with our receivables in all, of the newest complete day before, by currency.

    Totals that are too old stay away.
    """
    found = ((each, book.day_totals.before(facts.as_of, each.currency)) for each in view.exposures)
    concentration = tuple(
        ConcentrationFacts(exposure=Money(each.total, each.currency), portfolio=whole)
        for each, whole in found
        if whole is not None and is_recent(whole, policy.warnings, as_of=facts.as_of)
    )
    return replace(facts, concentration=concentration)


def watch_news(customer: Customer, view: View, book: Book, work: MonitoringWork) -> None:
    """Measure the customer's indicators, those of its profile too, after the outside has spoken."""
    facts = indicator_facts(customer, view, work, customer.profile)
    found = with_outside(facts, customer, book, work.policy)
    observe(watched(customer, view, book, work), found, work, closing=False)
    _note_divergence(customer, view, work)


def indicator_facts(
    customer: Customer,
    view: View,
    work: MonitoringWork,
    profile: Profile | None,
    *,
    only: AbstractSet[Indicator] = EVERY_SIGN,
) -> IndicatorFacts:
    """What the indicators are measured on, or `only` some; without a profile the outside is left out."""
    policy, today = work.policy, view.as_of
    facts = IndicatorFacts(as_of=today, data_quality=quality_of(customer, view, policy).score)
    if only & ON_LEDGERS:
        facts = replace(facts, currencies=ledger_facts(customer, view, policy))
    if only & ON_DETECTORS:
        held = detector_facts(customer.watch, policy.warnings, as_of=today)
        facts = replace(facts, detectors=held)
    if only & ON_CONDUCT:
        aged = tuple(zip(view.ageings, view.exposures, strict=True))
        noted = conduct_facts(customer.watch.conduct, view.account, policy, aged=aged, as_of=today)
        facts = replace(facts, conduct=noted)
    if profile is not None:
        rules, industry = policy.warnings.statements, customer.standing.industry
        told = financial_facts(profile.financials, rules, as_of=today, industry=industry)
        facts = replace(facts, financials=told)
    return facts


def ledger_facts(
    customer: Customer, view: View, policy: MonitoringPolicy
) -> tuple[CurrencyFacts, ...]:
    """The figures of each currency."""
    limits = limits_measured(customer.standing, as_of=view.as_of, policy=policy.ledger)
    found = tuple(
        currency_facts(
            view.account,
            ageing,
            exposure,
            policy.warnings.windows,
            limit=limits.get(ageing.currency),
        )
        for ageing, exposure in zip(view.ageings, view.exposures, strict=True)
    )
    reached = limits_reached_on(customer.watch.conduct, policy.warnings, as_of=view.as_of)
    return tuple(replace(each, limit_reached_on=reached.get(each.currency)) for each in found)


def _note_use(customer: Customer, view: View, work: MonitoringWork) -> None:
    """Let the watch see how far the limits are used."""
    standing, policy, today = customer.standing, work.policy, view.as_of
    if not standing.limits:
        return
    limits = limits_measured(standing, as_of=today, policy=policy.ledger)
    uses = [
        Use(currency=each.currency, exposure=each.total, limit=limits.get(each.currency))
        for each in view.exposures
    ]
    note_use(customer.watch.conduct, uses, today, policy.warnings)


def _note_divergence(customer: Customer, view: View, work: MonitoringWork) -> None:
    watch, rules = customer.watch, work.policy.warnings.cloaking
    failing = failing_signs(watch.alerts, rules)
    if not failing:
        watch.divergence = None
        return
    watch.divergence = cloaking(
        failing,
        ledger_facts(customer, view, work.policy),
        rules,
        before=watch.divergence,
        as_of=view.as_of,
    )


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
