"""How early, and at what noise, monitoring warns of late payers on the IBM ledger.

Run `python -m benchmarks.warnings_on_ibm`. It replays every customer, transaction by
transaction and close by close, through monitoring's own handlers, without a database, and counts:

- invoices that ended more than 15 days late whose customer had a warning open at the close of the
  due date plus 3 days, and those whose customer had one at the close of the due date already, when
  nothing about the invoice itself could tell;
- warnings raised per customer-month, from each customer's first invoice to its last payment.

Beside it stands the naive rule, to warn on the first day that anything is late. With limits, each
month's end sets one by the need formula of domain.md §3.11, so that L01 speaks too.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from rich.console import Console
from rich.table import Table

from benchmarks.ibm_ledger import (
    PaidInvoice,
    Portfolio,
    days_from,
    lifetime,
    read_portfolio,
    transactions_of,
)
from services.monitoring.domain.policies.ledger import LedgerPolicy
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.standing import note_limit
from services.monitoring.handlers import SERVICE
from services.monitoring.storage.book import Book, Customer
from services.monitoring.usecases.figures import customer_figures, view_of
from shared.chassis.work import Work
from shared.contracts import catalogue
from shared.contracts.envelope import Envelope, Event, first_of_chain
from shared.contracts.monitoring import WarningEscalated, WarningRaised
from shared.contracts.transactions import DayClosed
from shared.kernel.dates import is_month_end, next_day, previous_day
from shared.policies.book import PolicyBook, shipped

LATE_DAYS = 15
GRACE_DAYS = 3
GRACE_OF_LIMITS = 10
NEED_MARGIN = 1.25


@dataclass(slots=True, kw_only=True)
class Tally:
    """What was announced, and on which days (customer, day) a warning stood open at the close."""

    raised: int = 0
    said_again: int = 0
    indicators: Counter[str] = field(default_factory=Counter)
    standing: set[tuple[str, date]] = field(default_factory=set)

    def count(self, events: Iterable[Event]) -> None:
        """Count what was announced."""
        for event in events:
            if isinstance(event, WarningRaised):
                self.raised += 1
                self.indicators[event.indicator] += 1
            elif isinstance(event, WarningEscalated):
                self.said_again += 1


@dataclass(slots=True, kw_only=True)
class Replay:
    """Monitoring, with one customer and no database."""

    customer_id: str
    work: Work[MonitoringPolicy]
    book: Book = field(default_factory=lambda: Book(partition=0))

    def take(self, event: Event, day: date) -> None:
        """Have a transaction handled on its day."""
        cause = _envelope(event, self.customer_id, day, number=len(self.book.facts))
        self.work.begin(cause)
        SERVICE.handlers[cause.type](event, self.book, self.work)

    def close(self, day: date) -> None:
        """Close a day."""
        self.work.begin(_envelope(DayClosed(date=day), "", day, number=0))
        self.work.closing = day
        SERVICE.close_day(day, self.book, self.work)
        self.work.closing, self.work.closed_on = None, day

    def limit_by_need(self, day: date) -> None:
        """Set the limit that the need formula gives, from the next day on."""
        figures = customer_figures(
            self.customer, view_of(self.account, self.rules, as_of=day), self.work.policy
        )
        for bought in figures.purchases:
            days = (bought.usual_terms_days or 0) + GRACE_OF_LIMITS
            need = float(bought.purchases_12m) * NEED_MARGIN * days / 365
            note_limit(
                self.customer.standing,
                bought.currency,
                int(need * 100),
                effective_from=next_day(day),
                policy=self.rules,
            )

    @property
    def customer(self) -> Customer:
        """The customer's place in the book."""
        return self.book.customer(self.customer_id)

    @property
    def account(self) -> Account:
        """The customer's account."""
        return self.customer.ledger.unfold(self.rules)

    @property
    def rules(self) -> LedgerPolicy:
        """How the ledger counts."""
        return self.work.policy.ledger


def replay(portfolio: Portfolio, *, with_limits: bool) -> Tally:
    """Replay every customer through monitoring's own handlers, by the shipped policy."""
    tally = Tally()
    policies = PolicyBook([shipped(SERVICE.policy_file, MonitoringPolicy)])
    for customer_id, invoices in portfolio.customers.items():
        _live(_begun(customer_id, invoices, policies), invoices, tally, with_limits=with_limits)
    return tally


def _begun(
    customer_id: str, invoices: tuple[PaidInvoice, ...], policies: PolicyBook[MonitoringPolicy]
) -> Replay:
    before = previous_day(lifetime(invoices)[0])
    work = Work(
        service=SERVICE.name,
        topic=SERVICE.topic,
        partition=0,
        policies=policies,
        closed_on=before,
        cause=_envelope(DayClosed(date=before), "", before, number=0),
    )
    return Replay(customer_id=customer_id, work=work)


def _live(
    customer: Replay, invoices: tuple[PaidInvoice, ...], tally: Tally, *, with_limits: bool
) -> None:
    transactions = transactions_of(invoices)
    for day in days_from(*lifetime(invoices)):
        for event in transactions.get(day, ()):
            customer.take(event, day)
        customer.close(day)
        if with_limits and is_month_end(day):
            customer.limit_by_need(day)
        if customer.customer.watch.warnings:
            tally.standing.add((customer.customer_id, day))
    tally.count(event for _, event in customer.work.announced)


def _envelope(event: Event, customer_id: str, day: date, *, number: int) -> Envelope:
    return first_of_chain(
        event_id=f"{customer_id}/{day}/{number}",
        source="benchmark",
        event_type=catalogue.EVENT_TYPES[type(event)],
        time=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        subject=customer_id,
    )


def naive(portfolio: Portfolio) -> Tally:
    """Warn whenever a customer who had nothing late at the last close has something late at this."""
    tally = Tally()
    for customer_id, invoices in portfolio.customers.items():
        late_before = False
        for day in days_from(*lifetime(invoices)):
            late = any(invoice.is_late(day) for invoice in invoices)
            tally.raised += late and not late_before
            late_before = late
            if late:
                tally.standing.add((customer_id, day))
    return tally


def shares_warned(
    portfolio: Portfolio,
    tally: Tally,
    wanted: Callable[[PaidInvoice], bool],
    *,
    after_days: int,
) -> tuple[int, int]:
    """Of the wanted invoices, those under a warning some days after the due date; and all of them."""
    later = timedelta(days=after_days)
    asked = [invoice for invoice in portfolio.invoices if wanted(invoice)]
    warned = [each for each in asked if (each.customer_id, each.due_date + later) in tally.standing]
    return len(warned), len(asked)


def main() -> None:
    """Print one table: the policy, the policy with limits, and the naive rule."""
    console = Console()
    portfolio = read_portfolio()
    if portfolio is None:
        console.print("The IBM ledger is not beside this checkout: nothing to replay.")
        return
    tallies = {
        "warnings": replay(portfolio, with_limits=False),
        "warnings, with limits by need": replay(portfolio, with_limits=True),
        "naive: first late day": naive(portfolio),
    }
    months = portfolio.customer_months
    console.print(_table(portfolio, tallies, months))
    for name, tally in tallies.items():
        if tally.indicators:
            console.print(f"{name}, raised by indicator: {dict(sorted(tally.indicators.items()))}")
    console.print(f"{len(portfolio.customers)} customers, {months:,.0f} customer-months.")


def _table(portfolio: Portfolio, tallies: dict[str, Tally], months: float) -> Table:
    table = Table(title="Late payers on the IBM ledger")
    for heading in (
        "rule",
        f"of invoices > {LATE_DAYS} d late, warned of by due + {GRACE_DAYS} d",
        "by the due date",
        "raised per customer-month",
        "said again, worse or better, per customer-month",
        "of invoices paid in time, under a warning",
    ):
        table.add_column(heading, justify="left" if heading == "rule" else "right")
    for name, tally in tallies.items():
        table.add_row(name, *_cells(portfolio, tally, months))
    return table


def _cells(portfolio: Portfolio, tally: Tally, months: float) -> list[str]:
    warned, late = shares_warned(portfolio, tally, ends_late, after_days=GRACE_DAYS)
    early, _ = shares_warned(portfolio, tally, ends_late, after_days=0)
    false, paid = shares_warned(portfolio, tally, ends_in_time, after_days=0)
    return [
        f"{warned} of {late} ({warned / late:.1%})",
        f"{early} ({early / late:.1%})",
        f"{tally.raised / months:.3f} ({tally.raised})",
        f"{tally.said_again / months:.3f} ({tally.said_again})",
        f"{false / paid:.1%}",
    ]


def ends_late(invoice: PaidInvoice) -> bool:
    """Whether it ends so late that there should have been a warning."""
    return invoice.days_late > LATE_DAYS


def ends_in_time(invoice: PaidInvoice) -> bool:
    """Whether it ends paid by its due date."""
    return invoice.days_late <= 0


if __name__ == "__main__":
    main()
