"""Builders of ledger facts for monitoring's tests: each names only what matters."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TypedDict, Unpack

from services.monitoring.domain.policies.ledger import BehaviourWindows, DefaultPolicy, LedgerPolicy
from services.monitoring.domain.policies.undertakings import BillPolicy, PromisePolicy
from services.monitoring.domain.receivables.facts import Fact, FactKind, Portion

START = date(2025, 1, 1)

DEFAULTS = DefaultPolicy(
    days_past_due=90,
    material_amount={"otherwise": Decimal(500), "CNY": Decimal(5000)},
    material_share=0.01,
    cure_months=3,
    cure_months_forborne=12,
    forborne_months=24,
)
WINDOWS = BehaviourWindows(
    settled_months=24, lateness_months=12, trend_months=3, worst_months=6, dishonour_months=12
)
LEDGER = LedgerPolicy(
    oldest_due_first=True,
    order_conversion_factor=0.5,
    dispute_pauses_within_days=10,
    terms_change_moves_within_days=10,
    de_minimis={"otherwise": Decimal(5)},
    limit_cut_counts_after_days=30,
    purchase_months=12,
    active_months=12,
    report_at_settled=6,
    behaviour=WINDOWS,
    default=DEFAULTS,
    promises=PromisePolicy(kept_share=0.9, grace_business_days=2),
    bills=BillPolicy(longest_tenor_days=184, recourse_days=30),
    order_horizon_days=60,
)


def day(number: int) -> date:
    """The day some days after the start."""
    return START + timedelta(days=number)


class InvoiceMore(TypedDict, total=False):
    """What an invoice may have besides."""

    currency: str
    version: int
    refers_to: str | None


def an_invoice(
    name: str = "I1",
    amount: str = "100",
    on: int = 0,
    terms: int = 30,
    **more: Unpack[InvoiceMore],
) -> Fact:
    plain = Fact(
        on=day(on),
        kind=FactKind.INVOICE_ISSUED,
        document=name,
        amount=Decimal(amount),
        currency="EUR",
        due=day(on + terms),
    )
    return replace(plain, **more)


def a_payment(
    name: str = "P1", amount: str = "100", on: int = 10, *, to: dict[str, str] | None = None
) -> Fact:
    return Fact(
        on=day(on),
        kind=FactKind.PAYMENT_RECEIVED,
        document=name,
        amount=Decimal(amount),
        currency="EUR",
        portions=tuple(
            Portion(invoice_id=invoice, amount=Decimal(part))
            for invoice, part in (to or {}).items()
        ),
    )


def a_bounce(payment: str = "P1", on: int = 20, reason: str = "insufficient_funds") -> Fact:
    return Fact(
        on=day(on),
        kind=FactKind.PAYMENT_BOUNCED,
        document=payment,
        refers_to=payment,
        reason=reason,
    )


def a_credit(
    invoice: str = "I1", amount: str = "10", on: int = 5, name: str = "C1", currency: str = "EUR"
) -> Fact:
    return Fact(
        on=day(on),
        kind=FactKind.CREDIT_NOTE_ISSUED,
        document=name,
        amount=Decimal(amount),
        currency=currency,
        refers_to=invoice,
    )


def a_cancellation(invoice: str = "I1", on: int = 7) -> Fact:
    return Fact(on=day(on), kind=FactKind.INVOICE_CANCELLED, document=invoice, refers_to=invoice)


def a_dispute(invoice: str = "I1", amount: str = "40", on: int = 12, name: str = "D1") -> Fact:
    return Fact(
        on=day(on),
        kind=FactKind.DISPUTE_OPENED,
        document=name,
        amount=Decimal(amount),
        refers_to=invoice,
    )


def a_resolution(
    dispute: str = "D1", outcome: str = "rejected", on: int = 40, amount: str | None = None
) -> Fact:
    return Fact(
        on=day(on),
        kind=FactKind.DISPUTE_RESOLVED,
        document=dispute,
        refers_to=dispute,
        reason=outcome,
        amount=None if amount is None else Decimal(amount),
    )


def an_order(
    name: str = "O1", amount: str = "100", on: int = 0, *, planned: int | None = None
) -> Fact:
    return Fact(
        on=day(on),
        kind=FactKind.ORDER_PLACED,
        document=name,
        amount=Decimal(amount),
        currency="EUR",
        delivery=None if planned is None else day(planned),
    )


def a_change(name: str = "O1", amount: str = "50", on: int = 1, version: int = 2) -> Fact:
    return Fact(
        on=day(on),
        kind=FactKind.ORDER_CHANGED,
        document=name,
        version=version,
        amount=Decimal(amount),
        refers_to=name,
    )


def an_order_cancelled(name: str = "O1", on: int = 2) -> Fact:
    return Fact(on=day(on), kind=FactKind.ORDER_CANCELLED, document=name, refers_to=name)
