"""The ledger's figures that indicators are measured on, as of one day.

The ledger fills `CurrencyFacts`, one per currency the customer has anything in; amounts of different
currencies are never added. Windows end with the day asked for, and their lengths are policy
(`WarningPolicy.windows`). Nothing here is ever 0 because it is unknown: unknown is None.
"""

from dataclasses import dataclass
from datetime import date

from shared.kernel.money import Money
from shared.kernel.values import quick


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioFacts:
    """All our receivables in one currency, and how many owe any of it, at the close of day `on`.

    `since` is the first day that was ever closed: before some weeks the whole is not the whole.
    """

    on: date
    since: date
    open_amount: Money
    customers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcentrationFacts:
    """A customer's exposure in one currency, and the whole it is a part of (L06)."""

    exposure: Money
    portfolio: PortfolioFacts


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyFacts:
    """A customer's receivables in one currency at the end of a day.

    Arrears (T01, T02, T06). `open_amount` is everything open, disputed parts included;
    `overdue_amount` the part past due that is not disputed. `max_days_past_due` is that of the oldest
    undisputed invoice above the de-minimis after unapplied cash, `longest_days_late` of the oldest
    undisputed one of any size; both 0 when nothing is late. `overdue_count` undisputed invoices are past due;
    `overdue_invoices` are their ids, oldest due first (the first twenty will do). `open_orders`
    orders are in the exposure.

    Habit. `wadd` is the amount-weighted average days late of what was settled in
    `windows.wadd_days` (T03), None if nothing was, resting on `wadd_invoices` invoices worth
    `wadd_amount`. `wadd_documents` are those settled late. `settled_invoices` were settled in
    `windows.parts_days`, `settled_in_parts` of them in two payments or more (T07).

    Volume. `purchases_12m` is invoiced (credit notes off) in 365 days, `sales` in
    `windows.sales_days`. `exposure` is domain.md §1.6's; `limit` the one L01 measures against: the
    higher of old and new after a cut, until exposure next rises or 30 days pass; None if there is
    none yet. `limit_reached_on` is the day on which it will be, if its use goes on rising as it does.
    """

    currency: str
    open_amount: Money
    overdue_amount: Money
    open_invoices: int
    overdue_count: int
    max_days_past_due: int
    longest_days_late: int
    purchases_12m: Money
    sales: Money
    exposure: Money
    open_orders: int = 0
    overdue_invoices: tuple[str, ...] = ()
    wadd: float | None = None
    wadd_invoices: int = 0
    wadd_amount: Money | None = None
    wadd_documents: tuple[str, ...] = ()
    settled_invoices: int = 0
    settled_in_parts: int = 0
    parts_documents: tuple[str, ...] = ()
    limit: Money | None = None
    limit_reached_on: date | None = None
