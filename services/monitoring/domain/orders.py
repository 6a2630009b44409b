"""What orders do to an account, and what invoices do to orders."""

from dataclasses import replace
from datetime import date

from services.monitoring.domain.account import Account, Order, Receivable
from services.monitoring.domain.facts import Fact, minor_of
from services.monitoring.domain.history import days_before

KEPT_DAYS = 60
"""How long the state holds what is over and done with; older documents are read from the facts."""


def place_order(account: Account, fact: Fact) -> None:
    """An order is open until invoices take it up; one invoiced already counts only the rest."""
    known = live_order(account, fact.document, on=fact.on)
    if known and known.version:
        return
    currency = fact.currency or ""
    account.history(currency)
    account.orders[fact.document] = Order(
        order_id=fact.document,
        placed_on=fact.on,
        amount=minor_of(fact.amount, currency),
        currency=currency,
        planned_delivery=fact.delivery,
        invoiced=known.invoiced if known else 0,
        version=1,
    )


def change_order(account: Account, fact: Fact, order: Order) -> None:
    """The highest version of an order counts."""
    if fact.version <= order.version:
        return
    account.orders[order.order_id] = replace(
        order,
        amount=minor_of(fact.amount, order.currency),
        planned_delivery=fact.delivery or order.planned_delivery,
        version=fact.version,
    )


def cancel_order(account: Account, _fact: Fact, order: Order) -> None:
    """Nothing more of it will be delivered."""
    account.orders[order.order_id] = replace(order, cancelled=True)


def deliver(account: Account, receivable: Receivable, *, on: date, sign: int = 1) -> None:
    """An invoice takes up part of its order (`sign` -1: gives it back).

    An invoice may come before its order: a placeholder of no value remembers how much of it is done.
    """
    if receivable.order_id is None:
        return
    order = live_order(account, receivable.order_id, on=on)
    if order is None:
        if sign < 0:
            return
        order = Order(
            order_id=receivable.order_id, placed_on=on, amount=0, currency=receivable.currency
        )
    if order.currency == receivable.currency:
        invoiced = order.invoiced + sign * receivable.amount
        account.orders[order.order_id] = replace(order, invoiced=invoiced)


def live_order(account: Account, order_id: str, *, on: date) -> Order | None:
    """An order that can still matter on a day: open, or placed lately."""
    order = account.orders.get(order_id)
    if order is None or (order.open == 0 and order.placed_on < days_before(on, KEPT_DAYS)):
        return None
    return order
