"""Figures that travel with a trigger, so that the decision behind it needs nothing else."""

from datetime import date
from decimal import Decimal

from msgspec import Struct


class ReasonGiven(Struct, frozen=True, kw_only=True):
    """A reason as published: stable code with its figures."""

    code: str
    value: float | str | None = None
    threshold: float | str | None = None
    contribution: float | None = None


class ExposureFigures(Struct, frozen=True, kw_only=True):
    """What could be lost, in one currency, at the end of `as_of` (domain.md §1.6).

    `total` is open invoices, what was delivered and not invoiced (`dni`), open orders at their
    conversion factor and `bills` of exchange that no bank answers for, less unapplied cash, never
    below zero. Orders to be delivered beyond the policy's horizon are in `open_orders` and not in it.
    Amounts in major units.
    """

    currency: str
    open_amount: Decimal
    overdue_amount: Decimal
    disputed_amount: Decimal
    open_orders: Decimal
    unapplied_cash: Decimal
    total: Decimal
    dni: Decimal = Decimal(0)
    bills: Decimal = Decimal(0)


class ArrearsFigures(Struct, frozen=True, kw_only=True):
    """What is past due, in one currency; `oldest_days_past_due` leaves disputed parts out.

    `material_days_past_due` leaves out small rests too, and what unapplied cash covers.
    """

    currency: str
    overdue_amount: Decimal
    undisputed_overdue_amount: Decimal
    oldest_days_past_due: int
    material_days_past_due: int
    overdue_share: float | None = None


class BehaviourFigures(Struct, frozen=True, kw_only=True):
    """How the customer has paid us (BS-1, domain.md §3.3). Days and shares; None = not known."""

    settled_24m: int
    wadd_12m: float | None = None
    late_over_30_share_12m: float | None = None
    max_days_past_due_6m: int | None = None
    wadd_trend: float | None = None
    dishonours_12m: int = 0
    broken_promises_12m: int = 0


class PurchaseFigures(Struct, frozen=True, kw_only=True):
    """What the limit formula needs from the ledger, in one currency (domain.md §3.11)."""

    currency: str
    purchases_12m: Decimal
    largest_month_paid_on_time: Decimal
    usual_terms_days: int | None = None


class CustomerFigures(Struct, frozen=True, kw_only=True):
    """Every time-varying figure of a customer at one moment, as monitoring knows it.

    `ews` 0..100 with its `band` green|yellow|amber|red. The first currency listed is the main one
    (largest open amount, then largest purchases). `data_quality`, 0 to 1, is how far the ledger behind
    it all can be relied on; None = not judged.
    """

    as_of: date
    ews: float
    band: str
    hard_triggers: tuple[str, ...] = ()
    in_default: bool = False
    exposures: tuple[ExposureFigures, ...] = ()
    arrears: tuple[ArrearsFigures, ...] = ()
    behaviour: BehaviourFigures | None = None
    purchases: tuple[PurchaseFigures, ...] = ()
    open_red_warning: bool = False
    exposure_version: int = 0
    data_quality: float | None = None
