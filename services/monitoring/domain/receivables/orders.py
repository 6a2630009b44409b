"""What orders and deliveries do to an account, and what invoices do to orders."""

from datetime import date

from services.monitoring.domain.amounts import minor_of
from services.monitoring.domain.receivables.account import Account, Order, Receivable
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.history import days_before

KEPT_DAYS = 60
"""How long the state holds what is over and done with; older documents are read from the facts."""


def place_order(account: Account, fact: Fact) -> None:
    """An order is open until deliveries or invoices take it up; what was done already is not open."""
    known = live_order(account, fact.document, on=fact.on)
    if known and known.version:
        return
    currency = fact.currency or ""
    account.history(currency)
    done = known if known and known.currency == currency else None
    account.put_order(
        Order(
            order_id=fact.document,
            placed_on=fact.on,
            amount=minor_of(fact.amount, currency),
            currency=currency,
            planned_delivery=fact.delivery,
            invoiced=done.invoiced if done else 0,
            delivered=done.delivered if done else 0,
            returned=done.returned if done else 0,
            version=1,
        )
    )


def change_order(account: Account, fact: Fact, order: Order) -> None:
    """The highest version of an order counts."""
    if fact.version <= order.version:
        return
    account.put_order(
        order._replace(
            amount=minor_of(fact.amount, order.currency),
            planned_delivery=fact.delivery or order.planned_delivery,
            version=fact.version,
            touched_on=fact.on,
        )
    )


def cancel_order(account: Account, fact: Fact, order: Order) -> None:
    """Nothing more of it will be delivered."""
    account.put_order(order._replace(cancelled=True, touched_on=fact.on))


def deliver_goods(account: Account, fact: Fact) -> None:
    """What left for the customer is no longer open, and waits for its invoice."""
    currency = fact.currency or ""
    account.history(currency)
    amount = minor_of(fact.amount, currency)
    if fact.refers_to is None:
        account.loose[currency] = account.loose.get(currency, 0) + amount
        return
    order = _order_or_place(account, fact.refers_to, currency=currency, on=fact.on)
    if order.currency != currency:
        account.unmatched = (*account.unmatched, fact.document)
        return
    account.put_order(order._replace(delivered=order.delivered + amount, touched_on=fact.on))


def return_goods(account: Account, fact: Fact) -> None:
    """What came back uninvoiced waits for no invoice; what was invoiced waits for its credit note."""
    currency = fact.currency or ""
    account.history(currency)
    if fact.invoices:
        return
    amount = minor_of(fact.amount, currency)
    if fact.refers_to is None:
        _take_loose(account, currency, amount)
        return
    order = live_order(account, fact.refers_to, on=fact.on)
    if order is not None and order.currency == currency:
        returned = order.returned + min(amount, order.uninvoiced)
        account.put_order(order._replace(returned=returned, touched_on=fact.on))


def deliver(account: Account, receivable: Receivable, *, on: date, sign: int = 1) -> None:
    """An invoice takes up part of its order (`sign` -1: gives it back).

    An invoice may come before its order: a placeholder of no value remembers how much of it is done.
    """
    if receivable.order_id is None:
        _invoice_loose(account, receivable, sign=sign)
        return
    order = live_order(account, receivable.order_id, on=on)
    if order is None:
        if sign < 0:
            return
        order = _order_or_place(account, receivable.order_id, currency=receivable.currency, on=on)
    if order.currency == receivable.currency:
        invoiced = order.invoiced + sign * receivable.amount
        account.put_order(order._replace(invoiced=invoiced, touched_on=on))


def live_order(account: Account, order_id: str, *, on: date) -> Order | None:
    """An order that can still matter on a day: open, waiting for an invoice, or touched lately."""
    order = account.orders.get(order_id)
    if order is None or is_done(order, before=days_before(on, KEPT_DAYS)):
        return None
    return order


def is_done(order: Order, *, before: date) -> bool:
    """Whether nothing is open of an order, and nothing has happened to it since a day."""
    return order.last_on < before and not order.open and not order.uninvoiced


def uninvoiced(account: Account, currency: str) -> int:
    """What was delivered and not invoiced in one currency, in minor units (DNI, domain.md §1.6)."""
    sums = account.outstanding.get(currency)
    return account.loose.get(currency, 0) + (sums.uninvoiced if sums else 0)


def _order_or_place(account: Account, order_id: str, *, currency: str, on: date) -> Order:
    """The order, or a place of no value for one that has not come."""
    known = live_order(account, order_id, on=on)
    return known or Order(order_id=order_id, placed_on=on, amount=0, currency=currency)


def _invoice_loose(account: Account, receivable: Receivable, *, sign: int) -> None:
    """An invoice without an order takes up what was delivered without one (or gives it back)."""
    currency = receivable.currency
    if sign < 0:
        if receivable.delivered:
            account.loose[currency] = account.loose.get(currency, 0) + receivable.delivered
        return
    taken = _take_loose(account, currency, receivable.amount)
    if taken:
        account.put(receivable._replace(delivered=taken))


def _take_loose(account: Account, currency: str, amount: int) -> int:
    before = account.loose.get(currency, 0)
    taken = min(before, amount)
    if taken:
        account.loose[currency] = before - taken
    if before and taken == before:
        del account.loose[currency]
    return taken
