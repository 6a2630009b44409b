"""A day ends: what fell due by itself, arrears, defaults and cures, month-end reports."""

from bisect import bisect_right
from datetime import date, timedelta

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.conduct.closing import conduct_wakes_on, end_day, end_month
from services.monitoring.domain.figures.ageing import Aged, Ageing
from services.monitoring.domain.figures.exposure import horizon_days
from services.monitoring.domain.figures.measured import month_purchases
from services.monitoring.domain.learning.outcomes import OutcomeKind
from services.monitoring.domain.outside.profile import Profile, profile_wakes_on
from services.monitoring.domain.policies.ledger import LedgerPolicy
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.bills import bill_days, counts
from services.monitoring.domain.receivables.history import purchased_within
from services.monitoring.domain.receivables.promises import promise_days
from services.monitoring.domain.standing import fingerprint, limit_days
from services.monitoring.domain.watching.foreseen import Ahead, foreseen
from services.monitoring.domain.watching.watch import note_month, wakes_on
from services.monitoring.storage.book import Book, Customer
from services.monitoring.usecases.affiliates import (
    looks_at_others,
    note_member,
    note_whether_linked,
    wake_linked,
)
from services.monitoring.usecases.defaulting import cure_due_on, decide_default, say_default
from services.monitoring.usecases.figures import View, major, view_of
from services.monitoring.usecases.observing import (
    MONTH_END,
    MonitoringWork,
    report_behaviour,
    say_exposure,
    watch_close,
)
from services.monitoring.usecases.outcomes import note_long_overdue, note_outcome
from services.monitoring.usecases.posting import release_due
from services.monitoring.usecases.sectors import note_month_of
from shared.contracts.monitoring import (
    MAX_LISTED,
    ArrearsChanged,
    ArrearsTotal,
    MonitoringDayClosed,
    OverdueInvoice,
    ReceivablesTotal,
)
from shared.kernel.caches import once_each
from shared.kernel.dates import add_months, is_month_end, month_end, next_day
from shared.kernel.values import replace


def close_day(day: date, book: Book, work: MonitoringWork) -> MonitoringDayClosed:
    """Close a day for everyone it concerns, in order of their ids; then say the totals."""
    wake_linked(book, day)
    for customer in book.waking(day):
        book.changed.add(customer.customer_id)
        release_due(customer, book, work)
        _close_customer(customer, book, work)
    sums = {name: (total.open, total.customers) for name, total in book.totals.items()}
    book.day_totals.close(day, sums)
    totals = tuple(
        ReceivablesTotal(
            currency=currency, open_amount=major(total.open, currency), customers=total.customers
        )
        for currency, total in sorted(book.totals.items())
    )
    return MonitoringDayClosed(date=day, receivables=totals)


def _close_customer(customer: Customer, book: Book, work: MonitoringWork) -> None:
    day, policy = work.business_day, work.policy
    account = customer.ledger.unfold(policy.ledger)
    view = replace(view_of(account, policy.ledger, as_of=day), newest_fact=book.newest_fact)
    say_exposure(customer, view, book, work)
    _say_arrears(customer, view, work)
    conduct, rules = customer.watch.conduct, policy.warnings
    end_day(conduct, account, day, rules)
    if is_month_end(day):
        _sense_month(customer, account, work)
        end_month(conduct, account, view.ageings, rules)
        note_month_of(customer, view, book)
    decided = decide_default(customer, view, work)
    note_whether_linked(customer, book, day)
    watch_close(customer, view, book, work)
    note_member(customer, view, book, policy)
    say_default(customer, view, work, decided)
    if decided is not None:
        kind = OutcomeKind.DEFAULT if decided.in_default else OutcomeKind.CURE
        note_outcome(customer, kind, view, book)
    note_long_overdue(customer, view, book, policy)
    if is_month_end(day) and is_active(account, policy.ledger, as_of=day):
        report_behaviour(customer, view, work, occasion=MONTH_END)
    customer.wake_on = next_wake(customer, view, policy)


def _say_arrears(customer: Customer, view: View, work: MonitoringWork) -> None:
    mark = fingerprint(view.ageings)
    if mark == customer.standing.arrears:
        return
    customer.standing.arrears = mark
    listed = [_overdue(ageing, aged) for ageing in view.ageings for aged in ageing.past_due]
    totals = tuple(
        ArrearsTotal(
            currency=ageing.currency,
            invoices=len(ageing.past_due),
            overdue_amount=major(ageing.overdue, ageing.currency),
            undisputed_overdue_amount=major(ageing.counted_overdue, ageing.currency),
        )
        for ageing in view.ageings
        if ageing.past_due
    )
    work.announce(
        ArrearsChanged(
            customer_id=customer.customer_id,
            as_of=view.as_of,
            invoices=tuple(listed[:MAX_LISTED]),
            totals=totals,
        ),
        customer_id=customer.customer_id,
    )


def _overdue(ageing: Ageing, aged: Aged) -> OverdueInvoice:
    receivable, currency = aged.receivable, ageing.currency
    return OverdueInvoice(
        invoice_id=receivable.invoice_id,
        invoice_date=receivable.invoice_date,
        due_date=receivable.due_date,
        amount=major(receivable.amount, currency),
        open_amount=major(aged.open, currency),
        disputed_amount=major(aged.open - aged.counted, currency),
        currency=currency,
    )


def _sense_month(customer: Customer, account: Account, work: MonitoringWork) -> None:
    """Let the detectors see the month that ends."""
    day = work.business_day
    for currency in account.currencies:
        bought, count = month_purchases(account, currency, month=day)
        note_month(customer.watch, bought, purchases=count, on=day, policy=work.policy.warnings)


def is_active(account: Account, policy: LedgerPolicy, *, as_of: date) -> bool:
    """Whether the customer owes, has ordered, or bought anything in the policy's months."""
    if account.receivables or account.loose:
        return True
    if any(sums.open_orders or sums.uninvoiced for sums in account.outstanding.values()):
        return True
    if any(counts(bill, policy.bills, as_of) for bill in account.bills.values()):
        return True
    after = add_months(as_of, -policy.active_months)
    return any(
        purchased_within(history, after=after, through=as_of)
        for history in account.histories.values()
    )


def next_wake(customer: Customer, view: View, policy: MonitoringPolicy) -> date | None:
    """The next day whose close concerns the customer, if no fact comes before.

    The first of: an invoice comes to an age that tells something, a waiting fact is due, a limit begins
    to count, an order comes within the horizon, the warnings need it, a default may be cured, the month ends. Daily while linked to
    another customer: what happens to that one is only heard of at a close.
    Windows that figures are summed over are looked at again on those days, and with each fact.
    """
    tomorrow, rules = next_day(view.as_of), policy.ledger
    if looks_at_others(customer):
        return tomorrow
    days = _telling_days(view, policy)
    days += [waiting.fact.on for waiting in customer.waiting]
    days += limit_days(customer.standing, after=view.as_of, policy=rules)
    conduct_needs = conduct_wakes_on(
        customer.watch.conduct, view.account, policy.warnings, after=view.as_of
    )
    days += promise_days(view.account, after=view.as_of)
    days += bill_days(view.account, rules.bills, after=view.as_of)
    days += horizon_days(view.account, rules, after=view.as_of)
    changes = foreseen(
        Ahead(after=view.as_of, account=view.account, watch=customer.watch, policy=policy.warnings)
    )
    watch_needs = wakes_on(
        customer.watch, policy.warnings.lifecycle, day=tomorrow, foreseen=changes
    )
    cure_due = cure_due_on(customer.standing, rules.default)
    if cure_due is not None:
        days.append(max(tomorrow, cure_due))
    profile = customer.profile
    profile_needs = _profile_needs(profile, policy, day=tomorrow)
    days += [need for need in (watch_needs, profile_needs, conduct_needs) if need is not None]
    if is_active(view.account, rules, as_of=view.as_of):
        days.append(month_end(tomorrow))
        if is_month_end(view.as_of) and customer.standing.industry:
            days.append(tomorrow)  # the month of the sector is known then
    return max(tomorrow, min(days)) if days else None


def _profile_needs(profile: Profile | None, policy: MonitoringPolicy, *, day: date) -> date | None:
    return None if profile is None else profile_wakes_on(profile, policy.warnings, day=day)


@once_each
def _telling_ages(policy: MonitoringPolicy) -> tuple[int, ...]:
    """How many days past due an open invoice is when something asks for it, in order."""
    ages = {1, policy.ledger.default.days_past_due + 1}
    for indicator, entry in policy.warnings.indicators.items():
        ages.add(entry.requires.days_late + 1)
        if indicator is Indicator.MAX_DAYS_PAST_DUE:
            bounds = (entry.watch, entry.amber, entry.red, entry.hard_trigger)
            ages |= {int(each) + more for each in bounds if each is not None for more in (0, 1)}
    return tuple(sorted(ages))


def _telling_days(view: View, policy: MonitoringPolicy) -> list[date]:
    """For each due date of an open invoice the next day on which its age tells something."""
    ages, days = _telling_ages(policy), []
    for due in {each.receivable.due_date for ageing in view.ageings for each in ageing.aged}:
        past = (view.as_of - due).days
        following = bisect_right(ages, past)
        if following < len(ages):
            days.append(due + timedelta(days=ages[following]))
    return days
