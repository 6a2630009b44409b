"""What each fact adds to a customer's conduct, after the ledger has taken it."""

from collections.abc import Callable
from math import log
from typing import Final

from services.monitoring.domain.amounts import minor_of
from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.conduct import receipts
from services.monitoring.domain.conduct.discounts import Discounts, Offer
from services.monitoring.domain.conduct.rules import number
from services.monitoring.domain.conduct.state import Conduct
from services.monitoring.domain.conduct.tally import Series, add
from services.monitoring.domain.conduct.trends import Swing
from services.monitoring.domain.policies.warnings import WarningPolicy
from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.facts import Fact, FactKind
from services.monitoring.domain.streaming.seasons import Rhythm
from shared.kernel.money import Money

REBATE, RETURN = "rebate", "return"


def note_fact(conduct: Conduct, fact: Fact, account: Account, policy: WarningPolicy) -> None:
    """Take a fact down, dated by its own day whenever it came; many kinds add nothing.

    `account` holds the fact already. What is about a document that has not come yet is not counted.
    """
    note = _NOTES.get(fact.kind)
    if note is not None:
        note(conduct, fact, account, policy)


def _order_placed(conduct: Conduct, fact: Fact, account: Account, policy: WarningPolicy) -> None:
    del account
    currency = fact.currency or ""
    amount = minor_of(fact.amount, currency)
    add(conduct.tallies, Series.ORDERED, currency, fact.on, amount)
    _bought(conduct, fact, policy)
    if amount > 0:
        _swing(conduct, Money(amount, currency), policy)
    told = None if fact.particulars is None else fact.particulars.liquid
    if told is not None:
        add(conduct.tallies, Series.MIXED, currency, fact.on, amount)
        add(conduct.tallies, Series.LIQUID, currency, fact.on, minor_of(told, currency))


def _swing(conduct: Conduct, amount: Money, policy: WarningPolicy) -> None:
    numbers = policy.indicators[Indicator.ORDER_VOLATILITY].numbers
    before = conduct.swings.get(amount.currency) or Swing()
    conduct.swings[amount.currency] = before.after(
        log(float(amount.amount)),
        short=numbers["short_weight"],
        long=numbers["long_weight"],
        first_variance=policy.orders.segment_variance,
    )


def _bought(conduct: Conduct, fact: Fact, policy: WarningPolicy) -> None:
    """A purchase is a sign of life."""
    rhythm = conduct.rhythm or Rhythm()
    weight = number(policy, Indicator.SILENCE, "weight")
    conduct.rhythm = rhythm.after(fact.on, weight=weight)


def _order_cancelled(conduct: Conduct, fact: Fact, account: Account, policy: WarningPolicy) -> None:
    """What had been neither delivered nor invoiced of the order is cancelled."""
    del policy
    order = account.orders.get(fact.refers_to or "")
    left = 0 if order is None else order.amount - max(order.invoiced, order.delivered)
    if order is None or left <= 0:
        return
    add(conduct.tallies, Series.CANCELLED, order.currency, fact.on, left, fact.document)


def _delivered(conduct: Conduct, fact: Fact, account: Account, policy: WarningPolicy) -> None:
    del account, policy
    currency = fact.currency or ""
    add(conduct.tallies, Series.DELIVERED, currency, fact.on, minor_of(fact.amount, currency))


def _returned(conduct: Conduct, fact: Fact, account: Account, policy: WarningPolicy) -> None:
    del account, policy
    currency = fact.currency or ""
    amount = minor_of(fact.amount, currency)
    add(conduct.tallies, Series.RETURNED, currency, fact.on, amount, fact.document)


def _invoiced(conduct: Conduct, fact: Fact, account: Account, policy: WarningPolicy) -> None:
    del account
    if fact.refers_to is None:  # an order's invoice is no other purchase
        _bought(conduct, fact, policy)
    told = fact.particulars
    if told is not None and told.discount_until is not None and told.discount is not None:
        amount = minor_of(told.discount, fact.currency or "")
        offer = Offer(until=told.discount_until, amount=amount)
        known = conduct.discounts or Discounts()
        conduct.discounts = known.offered(fact.document, offer)


def _credited(conduct: Conduct, fact: Fact, account: Account, policy: WarningPolicy) -> None:
    """A contractual rebate is no dilution; yet all that is given back lowers net purchases."""
    del policy
    receivable = account.receivable(fact.refers_to or "")
    if receivable is None or fact.currency not in {None, receivable.currency}:
        return
    currency, tallies = receivable.currency, conduct.tallies
    amount = minor_of(fact.amount, currency)
    add(tallies, Series.GIVEN_BACK, currency, receivable.invoice_date, amount)
    if fact.reason != REBATE:
        add(tallies, Series.CREDITED, currency, fact.on, amount, fact.document)
    if fact.reason == RETURN:
        add(tallies, Series.CREDITED_RETURNS, currency, fact.on, amount, fact.document)
    conduct.claims.pop(receivable.invoice_id, None)


def _disputed(conduct: Conduct, fact: Fact, account: Account, policy: WarningPolicy) -> None:
    receivable = account.receivable(fact.refers_to or "")
    if receivable is None:
        return
    amount = min(minor_of(fact.amount, receivable.currency), receivable.amount)
    add(conduct.tallies, Series.DISPUTED, receivable.currency, fact.on, amount, fact.document)
    late_after = number(policy, Indicator.DISPUTE_RATE, "late_after_days")
    if (fact.on - receivable.due_date).days > late_after:
        add(conduct.tallies, Series.DISPUTED_LATE, receivable.currency, fact.on, amount)


_NOTES: Final[dict[FactKind, Callable[[Conduct, Fact, Account, WarningPolicy], None]]] = {
    FactKind.ORDER_PLACED: _order_placed,
    FactKind.ORDER_CANCELLED: _order_cancelled,
    FactKind.DELIVERY_MADE: _delivered,
    FactKind.GOODS_RETURNED: _returned,
    FactKind.INVOICE_ISSUED: _invoiced,
    FactKind.CREDIT_NOTE_ISSUED: _credited,
    FactKind.DISPUTE_OPENED: _disputed,
    FactKind.PAYMENT_RECEIVED: receipts.payment_received,
    FactKind.BILL_RECEIVED: receipts.bill_received,
    FactKind.BILL_SETTLED: receipts.bill_settled,
    FactKind.BILL_DISHONOURED: receipts.bill_dishonoured,
}
