"""How early, and at what noise, monitoring warns of late payers on the IBM ledger.

Run `python -m benchmarks.warnings_on_ibm`. It replays every customer fact by fact and close by close
through the ledger and the warnings, without a database, and counts:

- invoices that ended more than 15 days late whose customer had a warning open at the close of the
  due date plus 3 days, and those whose customer had one at the close of the due date already, when
  nothing about the invoice itself could tell;
- warnings raised per customer-month, from each customer's first invoice to its last payment.

Beside it stands the naive rule, to warn on the first day that anything is late. With limits, each
month's end sets one by the need formula of domain.md §3.11, so that L01 speaks too.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.ibm_ledger import (
    CURRENCY,
    PaidInvoice,
    Portfolio,
    days_from,
    facts_of,
    lifetime,
    read_portfolio,
)
from services.monitoring.domain.ageing import age
from services.monitoring.domain.alerts import Transition
from services.monitoring.domain.exposure import exposure_of
from services.monitoring.domain.indicator_facts import CurrencyFacts, IndicatorFacts
from services.monitoring.domain.ledger import Ledger
from services.monitoring.domain.measured import currency_facts, month_purchases
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.policy_warnings import Indicator
from services.monitoring.domain.risk_warning import WarningFacts, decide_warning
from services.monitoring.domain.watch import Watch, detector_facts, note_month
from shared.kernel.dates import is_month_end
from shared.policies.book import shipped

POLICY_FILE = Path(__file__).parents[1] / "services" / "monitoring" / "policy.yaml"
LATE_DAYS = 15
GRACE_DAYS = 3
TERMS_AND_GRACE = 40
NEED_MARGIN = 1.25


@dataclass(slots=True, kw_only=True)
class Tally:
    """What was said, and on which days (customer, day) a warning stood open at the close."""

    said: Counter[Transition] = field(default_factory=Counter)
    raised: Counter[Indicator] = field(default_factory=Counter)
    standing: set[tuple[str, date]] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class Replay:
    """One customer under watch, with or without a credit limit."""

    policy: MonitoringPolicy
    with_limits: bool
    tally: Tally
    ledger: Ledger = field(default_factory=Ledger)
    watch: Watch = field(default_factory=Watch)
    limit: int | None = None

    def run(self, customer_id: str, invoices: tuple[PaidInvoice, ...]) -> None:
        """Live through the customer's days."""
        facts = facts_of(invoices)
        first, last = lifetime(invoices)
        for day in days_from(first, last):
            while facts and facts[0].on == day:
                self.ledger.post(facts.pop(0), self.policy.ledger)
                self._observe(day, closing=False)
            self._close(day)
            if any(alert.label is None for alert in self.watch.alerts.values()):
                self.tally.standing.add((customer_id, day))

    def _close(self, day: date) -> None:
        if is_month_end(day):
            bought, count = month_purchases(self.ledger.account, CURRENCY, month=day)
            note_month(self.watch, bought, purchases=count, on=day, policy=self.policy.warnings)
        figures = self._observe(day, closing=True)
        if self.with_limits and is_month_end(day):
            yearly = figures.purchases_12m.minor
            self.limit = int(NEED_MARGIN * yearly * TERMS_AND_GRACE / 365)

    def _observe(self, day: date, *, closing: bool) -> CurrencyFacts:
        ledger = self._figures(day)
        facts = IndicatorFacts(
            as_of=day,
            currencies=(ledger,),
            detectors=detector_facts(self.watch, self.policy.warnings, as_of=day),
        )
        for indicator in Indicator:
            alert = self.watch.alerts.pop(indicator, None)
            asked = WarningFacts(indicator=indicator, facts=facts, alert=alert, closing=closing)
            decision = decide_warning(asked, self.policy, as_of=day)
            if decision.alert is not None:
                self.watch.alerts[indicator] = decision.alert
            self.tally.said[decision.transition] += 1
            self.tally.raised[indicator] += decision.transition is Transition.RAISE
        return ledger

    def _figures(self, day: date) -> CurrencyFacts:
        rules, account = self.policy.ledger, self.ledger.account
        ageing = age(account, CURRENCY, as_of=day, policy=rules)
        exposure = exposure_of(account, ageing, rules)
        windows = self.policy.warnings.windows
        return currency_facts(account, ageing, exposure, windows, limit=self.limit)


def replay(portfolio: Portfolio, policy: MonitoringPolicy, *, with_limits: bool) -> Tally:
    """Replay every customer by the policy."""
    tally = Tally()
    for customer_id, invoices in portfolio.customers.items():
        Replay(policy=policy, with_limits=with_limits, tally=tally).run(customer_id, invoices)
    return tally


def naive(portfolio: Portfolio) -> Tally:
    """Warn whenever a customer who had nothing late at the last close has something late at this."""
    tally = Tally()
    for customer_id, invoices in portfolio.customers.items():
        late_before = False
        for day in days_from(*lifetime(invoices)):
            late = any(invoice.is_late(day) for invoice in invoices)
            tally.said[Transition.RAISE] += late and not late_before
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
    policy = shipped(POLICY_FILE, MonitoringPolicy).policy
    tallies = {
        "warnings": replay(portfolio, policy, with_limits=False),
        "warnings, with limits by need": replay(portfolio, policy, with_limits=True),
        "naive: first late day": naive(portfolio),
    }
    months = portfolio.customer_months
    console.print(_table(portfolio, tallies, months))
    for name, tally in tallies.items():
        raised = {each.value: count for each, count in tally.raised.items() if count}
        if raised:
            console.print(f"{name}, raised by indicator: {raised}")
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
    warned, late = shares_warned(portfolio, tally, _ends_late, after_days=GRACE_DAYS)
    early, _ = shares_warned(portfolio, tally, _ends_late, after_days=0)
    false, paid = shares_warned(portfolio, tally, _ends_in_time, after_days=0)
    raised = tally.said[Transition.RAISE]
    again = sum(
        tally.said[each]
        for each in (Transition.ESCALATE, Transition.REALERT, Transition.DEESCALATE)
    )
    return [
        f"{warned} of {late} ({warned / late:.1%})",
        f"{early} ({early / late:.1%})",
        f"{raised / months:.3f} ({raised})",
        f"{again / months:.3f} ({again})",
        f"{false / paid:.1%}",
    ]


def _ends_late(invoice: PaidInvoice) -> bool:
    return invoice.days_late > LATE_DAYS


def _ends_in_time(invoice: PaidInvoice) -> bool:
    return invoice.days_late <= 0


if __name__ == "__main__":
    main()
