"""Customers that stand or fall together: relationships told, and how each of them stands at a close."""

from datetime import date

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.indicator_facts.everything import IndicatorFacts
from services.monitoring.domain.outside.group_reach import group_facts
from services.monitoring.domain.outside.group_standing import (
    MemberAmount,
    MemberDay,
    note_relationships,
)
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.standing import limit_measured
from services.monitoring.domain.watching.watch import early_warning_of
from services.monitoring.storage.book import Book, Customer
from services.monitoring.storage.sectors import Member
from services.monitoring.usecases.figures import View
from shared.contracts.screening import CustomerRegistered
from shared.kernel.values import replace

FROM_THE_FIRST = date.min
"""Since when what was told before the ledger began counts."""
FROM_OTHERS = frozenset({Indicator.AFFILIATE_CONTAGION, Indicator.GROUP_UTILISATION})
_DIGITS = 1  # of a score that others are told: it fades a little every day


def note_links(event: CustomerRegistered, book: Book, *, on: date) -> None:
    """Take over the relationships that the register names; who is linked is looked at when days close."""
    customer_id, groups = event.customer_id, book.groups
    standing = book.profile(customer_id).group
    standing.since = standing.since or on
    groups.since.setdefault(customer_id, standing.since)
    given = [(each.type, each.party, each.share) for each in event.relationships]
    if note_relationships(standing, customer_id, given, on=on):
        groups.changed[customer_id] = standing.edges
        for edge in standing.edges:
            groups.note_edge(edge)


def note_membership(customer: Customer, book: Book) -> None:
    """Write down where a registered customer belongs, for whoever asks by sector, country or link."""
    standing, since = customer.standing, book.groups.since.get(customer.customer_id)
    if since is not None and standing.country is not None:
        place = Member(standing.industry, standing.country, since, standing.linked)
        book.members[customer.customer_id] = place


def note_whether_linked(customer: Customer, book: Book, day: date) -> None:
    """See at a close whether the customer is linked to another one."""
    linked = book.groups.is_linked(customer.customer_id, day)
    if linked != customer.standing.linked:
        customer.standing.linked = linked
        note_membership(customer, book)


def looks_at_others(customer: Customer) -> bool:
    """Whether other customers concern this one when a day closes, or did until now."""
    return customer.standing.linked or not FROM_OTHERS.isdisjoint(customer.watch.alerts)


def wake_linked(book: Book, day: date) -> None:
    """Have those looked at that were linked since they were last."""
    for _, customer in sorted(book.customers.items()):
        if not customer.standing.linked and book.groups.is_linked(customer.customer_id, day):
            customer.wake_by(day)


def with_group(
    facts: IndicatorFacts, customer: Customer, view: View, book: Book, policy: MonitoringPolicy
) -> IndicatorFacts:
    """The facts with what is known at a close of those linked to the customer.

    One that is linked no more is looked at until nothing is said of it for others' sake.
    """
    if not looks_at_others(customer):
        return facts
    own = _amounts(customer, view, policy)
    name, rules = customer.customer_id, policy.warnings
    return replace(facts, groups=group_facts(book.groups, name, own, rules, as_of=view.as_of))


def note_member(customer: Customer, view: View, book: Book, policy: MonitoringPolicy) -> None:
    """Leave word of how a linked customer stands at the close, for those linked to it."""
    name, standing = customer.customer_id, customer.standing
    if not standing.linked:
        return
    alerts = {k: v for k, v in customer.watch.alerts.items() if k not in FROM_OTHERS}
    alone = replace(customer.watch, alerts=alerts)
    score = early_warning_of(alone, policy.warnings, as_of=view.as_of)
    book.groups.note_member(
        MemberDay(
            customer_id=name,
            day=view.as_of,
            ews=round(score.ews, _DIGITS),
            in_default=standing.defaulted_on is not None,
            amounts=_amounts(customer, view, policy),
        )
    )


def _amounts(customer: Customer, view: View, policy: MonitoringPolicy) -> tuple[MemberAmount, ...]:
    """The customer's exposure, and the limit it is measured against, by currency."""
    standing, as_of = customer.standing, view.as_of
    exposures = {each.currency: each.total for each in view.exposures}
    return tuple(
        MemberAmount(
            currency=currency,
            exposure=exposures.get(currency, 0),
            limit=limit_measured(standing, currency, as_of=as_of, policy=policy.ledger),
        )
        for currency in sorted({*exposures, *standing.limits})
    )
