"""The bodies of the ledger's doors."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field, JsonValue

from shared.chassis.schemas import In, InputErrorOut, Out


class TransactionIn(In):
    """One fact. `data` by `type`: the fields are those of the contract of that name."""

    id: str = Field(min_length=1, max_length=200, description="stable: sending again is harmless")
    source: str = Field(min_length=1, max_length=200, description="the system it comes from")
    type: str = Field(examples=["invoice.issued", "payment.received"])
    time: datetime = Field(description="when it was told, with an offset from UTC")
    customer_id: str = Field(max_length=200)
    data: dict[str, JsonValue]


class OutcomeOut(Out):
    """What became of one member of a batch at the door."""

    id: str
    outcome: Literal["accepted", "invalid"]
    detail: str | None = None
    errors: list[InputErrorOut] | None = None


class BatchOut(Out):
    """One outcome per member, in their order."""

    items: list[OutcomeOut]
    accepted: int
    invalid: int


class FactStatusOut(Out):
    """What became of a fact: applied|duplicate|conflict|parked|waiting."""

    source: str
    id: str
    status: str
    customer_id: str | None
    type: str | None
    event_date: date | None
    recorded_at: datetime | None


class PartitionClockOut(Out):
    """One partition's last closed day."""

    partition: int
    closed_on: date | None


class ClockOut(Out):
    """What day it is: `business_day` is the day after the last one that all partitions closed."""

    clock: str
    closed_on: date | None
    business_day: date | None
    partitions: list[PartitionClockOut]


class DayOut(Out):
    """A day whose close is in the log."""

    date: date


class AgeingOut(Out):
    """Open amounts by days past due, as decimal strings."""

    current: str
    to_30: str = Field(alias="1-30", serialization_alias="1-30")
    to_60: str = Field(alias="31-60", serialization_alias="31-60")
    to_90: str = Field(alias="61-90", serialization_alias="61-90")
    over_90: str = Field(alias="91+", serialization_alias="91+")


class InvoiceOut(Out):
    """One open invoice. `extended_to` was granted in difficulty: days past due count on from `due_date`."""

    invoice_id: str
    invoice_date: date
    due_date: date
    amount: str
    open_amount: str
    disputed_amount: str
    days_past_due: int
    extended_to: date | None = None
    forborne_on: date | None = None


class ReceivablesOut(Out):
    """A customer's open invoices in one currency at the end of a day.

    `max_days_past_due` is raw: disputed and small ones count; `material_days_past_due` leaves them
    out, and what `unapplied_cash` covers, the oldest first.
    A customer with several currencies has its answers in `currencies` instead, unless one was asked for.
    """

    customer_id: str
    as_of: date
    known_at: datetime | None = None
    currency: str | None = None
    open_amount: str | None = None
    overdue_amount: str | None = None
    max_days_past_due: int | None = None
    material_days_past_due: int | None = None
    unapplied_cash: str | None = None
    ageing: AgeingOut | None = None
    invoices: list[InvoiceOut] | None = None
    currencies: list["ReceivablesOut"] | None = None


class ExposureOut(Out):
    """What could be lost in one currency at the end of a day (`currencies`: see receivables).

    `dni` was delivered and is not invoiced; `bills` of exchange that no bank answers for, of them
    `bills_with_recourse` passed on.
    """

    customer_id: str
    as_of: date
    known_at: datetime | None = None
    currency: str | None = None
    open_amount: str | None = None
    overdue_amount: str | None = None
    disputed_amount: str | None = None
    open_orders: str | None = None
    unapplied_cash: str | None = None
    total: str | None = None
    dni: str | None = None
    bills: str | None = None
    bills_with_recourse: str | None = None
    currencies: list["ExposureOut"] | None = None


class BehaviourOut(Out):
    """How the customer pays in one currency (`currencies`: see receivables). Null = not known."""

    customer_id: str
    as_of: date
    known_at: datetime | None = None
    currency: str | None = None
    settled_24m: int | None = None
    wadd_12m: float | None = None
    wadd_3m: float | None = None
    wadd_trend: float | None = None
    late_share_12m: float | None = None
    late_over_30_share_12m: float | None = None
    max_days_past_due_6m: int | None = None
    dishonours_12m: int | None = None
    purchases_12m: str | None = None
    largest_month_paid_on_time: str | None = None
    usual_terms_days: int | None = None
    losses_12m: str | None = None
    days_sales_outstanding: float | None = None
    best_possible_dso: float | None = None
    average_days_delinquent: float | None = None
    countback_dso: float | None = None
    currencies: list["BehaviourOut"] | None = None


class CustomerCurrencyOut(Out):
    """One customer's receivables in one currency, in a list."""

    currency: str
    open_amount: str
    overdue_amount: str
    max_days_past_due: int


class CustomerOut(Out):
    """One customer in a list; `registered` is false for one that only the ledger knows."""

    customer_id: str
    registered: bool
    in_default: bool
    currencies: list[CustomerCurrencyOut]


class PortfolioCurrencyOut(Out):
    """All customers' receivables in one currency."""

    currency: str
    customers: int
    open_amount: str
    overdue_amount: str
    ageing: AgeingOut


class PortfolioOut(Out):
    """All receivables at the end of a day, by currency."""

    as_of: date
    known_at: datetime | None = None
    currencies: list[PortfolioCurrencyOut]


class WaitingOut(Out):
    """A fact that is not due yet."""

    source: str
    id: str
    type: str
    event_date: date
