"""What a customer of the sample orders, and what we invoice for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import cos, pi
from random import Random

from obligor.sample.customers import SampleCustomer
from obligor.sample.stories import Story
from shared.contracts.envelope import Event
from shared.contracts.transactions import (
    InvoiceIssued,
    OrderCancelled,
    OrderChanged,
    OrderPlaced,
)

SATURDAY = 5
_DAYS_A_MONTH = 30.4
_SHARE_CHANGED = 0.03
_SHARE_CANCELLED = 0.02
_GROWTH = 1.1  # a growing customer buys so much more at the end of the two years
_SEASON = 0.6  # a seasonal customer's peak lies so much above its mean
_SURGE = 3.5  # a bust-out's last orders are so much larger than usual
_WITHDRAWN = 0.9  # a withdrawing customer's last orders are so much smaller


@dataclass(frozen=True, slots=True)
class Receivable:
    """An invoice of the sample, as the payer sees it."""

    invoice_id: str
    issued_on: date
    due_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Dated:
    """An event with the day it became known."""

    day: date
    event: Event


@dataclass(frozen=True, slots=True)
class Order:
    """An order on its way to an invoice."""

    order_id: str
    placed_on: date
    amount: Decimal
    delivered_on: date


@dataclass(frozen=True, slots=True)
class Trade:
    """All orders and invoices of one customer."""

    happened: tuple[Dated, ...]
    receivables: tuple[Receivable, ...]


def weekday_from(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    beyond = day.weekday() - SATURDAY
    return day if beyond < 0 else day + timedelta(days=2 - beyond)


def cents(amount: float) -> Decimal:
    """An amount to the cent."""
    return Decimal(round(amount * 100)).scaleb(-2)


def trade_of(customer: SampleCustomer, dice: Random, *, first_day: date, last_day: date) -> Trade:
    """Orders from the first day to the last, and the invoices that follow from them."""
    happened: list[Dated] = []
    receivables: list[Receivable] = []
    for order in _orders(customer, dice, first_day=first_day, last_day=last_day):
        happened.append(_placed(customer, order))
        if customer.fate.is_over(order.delivered_on) or dice.random() < _SHARE_CANCELLED:
            happened.append(_cancelled(order))
        else:
            changed = _perhaps_changed(order, dice, happened)
            receivables.append(_receivable(customer, changed))
            happened.append(_invoiced(customer, changed, receivables[-1]))
    return Trade(
        happened=tuple(one for one in happened if one.day <= last_day),
        receivables=tuple(one for one in receivables if one.issued_on <= last_day),
    )


def _orders(
    customer: SampleCustomer, dice: Random, *, first_day: date, last_day: date
) -> Iterator[Order]:
    habits, number = customer.habits, 0
    usual = habits.yearly_purchases / (12 * habits.orders_a_month)
    day = first_day
    while True:
        strain = customer.fate.strain(day)
        hurry = 1.0 + strain if customer.fate.story is Story.BUST_OUT else 1.0
        gap = _DAYS_A_MONTH / (habits.orders_a_month * hurry) * dice.uniform(0.6, 1.4)
        day = weekday_from(day + timedelta(days=max(1, round(gap))))
        if day > last_day or customer.fate.is_over(day):
            return
        number += 1
        appetite = _appetite(customer, day, first_day=first_day, last_day=last_day)
        yield Order(
            order_id=f"O-{customer.customer_id}-{number:03d}",
            placed_on=day,
            amount=cents(usual * appetite * dice.lognormvariate(0.0, 0.22)),
            delivered_on=weekday_from(day + timedelta(days=dice.randint(3, 18))),
        )


def _appetite(customer: SampleCustomer, day: date, *, first_day: date, last_day: date) -> float:
    """How much larger or smaller than usual an order is, by story and day."""
    strain = customer.fate.strain(day)
    match customer.fate.story:
        case Story.GROWING:
            return 1.0 + _GROWTH * (day - first_day).days / (last_day - first_day).days
        case Story.SEASONAL:
            return 1.0 + _SEASON * cos(2 * pi * (day.timetuple().tm_yday / 365.25))
        case Story.BUST_OUT:
            return 1.0 + _SURGE * strain
        case Story.WITHDRAWING:
            return 1.0 - _WITHDRAWN * strain
        case _:
            return 1.0


def _placed(customer: SampleCustomer, order: Order) -> Dated:
    return Dated(
        order.placed_on,
        OrderPlaced(
            order_id=order.order_id,
            amount=order.amount,
            currency=customer.currency,
            planned_delivery=order.delivered_on,
            terms_days=customer.habits.terms_days,
            liquid_amount=_liquid(customer, order),
        ),
    )


def _liquid(customer: SampleCustomer, order: Order) -> Decimal | None:
    """The resaleable part of an order, where it is told: a bust-out buys ever more of that."""
    if customer.fate.story is not Story.BUST_OUT:
        return None
    usual = 0.15 + 0.02 * (order.placed_on.toordinal() % 3)
    return cents(float(order.amount) * (usual + 0.6 * customer.fate.strain(order.placed_on)))


def _cancelled(order: Order) -> Dated:
    return Dated(
        order.delivered_on, OrderCancelled(order_id=order.order_id, reason="not delivered")
    )


def _perhaps_changed(order: Order, dice: Random, happened: list[Dated]) -> Order:
    if dice.random() >= _SHARE_CHANGED:
        return order
    amount = cents(float(order.amount) * dice.uniform(0.7, 1.2))
    changed = OrderChanged(order_id=order.order_id, version=2, amount=amount)
    happened.append(Dated(weekday_from(order.placed_on + timedelta(days=1)), changed))
    return Order(order.order_id, order.placed_on, amount, order.delivered_on)


def _receivable(customer: SampleCustomer, order: Order) -> Receivable:
    return Receivable(
        invoice_id=order.order_id.replace("O-", "I-", 1),
        issued_on=order.delivered_on,
        due_on=order.delivered_on + timedelta(days=customer.habits.terms_days),
        amount=order.amount,
    )


def _invoiced(customer: SampleCustomer, order: Order, receivable: Receivable) -> Dated:
    return Dated(
        receivable.issued_on,
        InvoiceIssued(
            invoice_id=receivable.invoice_id,
            amount=receivable.amount,
            currency=customer.currency,
            invoice_date=receivable.issued_on,
            due_date=receivable.due_on,
            order_id=order.order_id,
        ),
    )
