"""What monitoring publishes: warnings, behaviour, arrears, exposure. Topic `obligor.monitoring`."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from shared.contracts.envelope import Event
from shared.contracts.figures import CustomerFigures, ExposureFigures

MAX_LISTED = 200


class WarningEvidence(Struct, frozen=True, kw_only=True):
    """What a credit manager can check by hand: figures by name and the documents behind them."""

    figures: dict[str, float | str | None]
    documents: tuple[str, ...] = ()
    window: str | None = None


class WarningChanged(Event, frozen=True, kw_only=True):
    """What every change of a warning says. Severity watch|amber|red.

    `case_id` joins what came together; `transition` is raise|escalate|realert|deescalate|return|clear.
    """

    customer_id: str
    warning_id: str
    as_of: date
    indicator: str
    severity: str
    previous_severity: str | None
    value: float
    threshold: float
    raised_on: date
    evidence: WarningEvidence
    policy_version: str
    figures: CustomerFigures
    case_id: str | None = None
    transition: str | None = None


class WarningRaised(WarningChanged, frozen=True, kw_only=True):
    """A dated sign of deterioration has appeared (or came back after it had cleared)."""


class WarningEscalated(WarningChanged, frozen=True, kw_only=True):
    """An open warning changed severity, worsened enough to be said again, or is back from a snooze."""


class WarningResolved(WarningChanged, frozen=True, kw_only=True):
    """A warning cleared by itself or was resolved by a person (`label`)."""

    label: str | None = None


class BehaviourReported(Event, frozen=True, kw_only=True):
    """How an active customer stands: at each month end, and at its sixth settled invoice."""

    customer_id: str
    as_of: date
    occasion: str
    figures: CustomerFigures


class OverdueInvoice(Struct, frozen=True, kw_only=True):
    """One invoice in arrears; `disputed_amount` is the part that dunning leaves out."""

    invoice_id: str
    invoice_date: date
    due_date: date
    amount: Decimal
    open_amount: Decimal
    disputed_amount: Decimal
    currency: str


class ArrearsTotal(Struct, frozen=True, kw_only=True):
    """All overdue invoices of a customer in one currency, listed or not."""

    currency: str
    invoices: int
    overdue_amount: Decimal
    undisputed_overdue_amount: Decimal


class ArrearsChanged(Event, frozen=True, kw_only=True):
    """The overdue invoices of a customer at the close of `as_of`; none = cured. At most 200 listed."""

    customer_id: str
    as_of: date
    invoices: tuple[OverdueInvoice, ...]
    totals: tuple[ArrearsTotal, ...]


class ExposureChanged(Event, frozen=True, kw_only=True):
    """Exposure after the facts up to here; `absorbed_orders` are in it now, end their reservations."""

    customer_id: str
    as_of: date
    version: int
    exposures: tuple[ExposureFigures, ...]
    absorbed_orders: tuple[str, ...] = ()
    oldest_days_past_due: int = 0


class DefaultFlagged(Event, frozen=True, kw_only=True):
    """More than 90 days past due on a material amount, or unlikely to pay (domain.md §6.7).

    `cause` is default_past_due or default_unlikely_to_pay: insolvency, liquidation or a payment stop.
    """

    customer_id: str
    as_of: date
    cause: str
    days_past_due: int
    figures: CustomerFigures


class CustomerCured(Event, frozen=True, kw_only=True):
    """The default and its probation are over."""

    customer_id: str
    as_of: date
    figures: CustomerFigures


class ReceivablesTotal(Struct, frozen=True, kw_only=True):
    """This partition's receivables in one currency, at the close."""

    currency: str
    open_amount: Decimal
    customers: int


class MonitoringDayClosed(Event, frozen=True, kw_only=True):
    """Monitoring has said all it had to say for `date` in this partition."""

    date: date
    receivables: tuple[ReceivablesTotal, ...] = ()
