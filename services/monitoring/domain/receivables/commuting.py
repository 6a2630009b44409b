"""Facts of one day that may be posted in either order: the account comes out the same.

It errs on the side of order: whatever it does not know, does not commute.
"""

from typing import Final

from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.facts import Fact, FactKind
from services.monitoring.domain.receivables.payments import bill_kind, due_order
from services.monitoring.domain.receivables.promises import is_awaited
from services.monitoring.domain.receivables.references import begun_by, missing, pending_name

_ON_ORDERS: Final = frozenset(
    {FactKind.ORDER_PLACED, FactKind.ORDER_CHANGED, FactKind.DELIVERY_MADE}
)
_OF_ORDERS: Final = frozenset({*_ON_ORDERS, FactKind.INVOICE_ISSUED})


def may_come_late(account: Account, fact: Fact) -> bool:
    """Whether a fact, posted to an account as it is, touches nothing but the documents it names."""
    if missing(account, fact) or any(
        pending_name(name) in account.pending for name in begun_by(fact)
    ):
        return False
    match fact.kind:
        case FactKind.ORDER_PLACED | FactKind.ORDER_CHANGED:
            return True
        case FactKind.DELIVERY_MADE:
            order = account.orders.get(fact.refers_to or "")
            return order is not None and order.currency == fact.currency
        case FactKind.INVOICE_ISSUED:
            return fact.refers_to is not None or not account.loose.get(fact.currency or "")
        case FactKind.PAYMENT_RECEIVED:
            return _is_plain(fact) and _finds_its_invoices(account, fact)
        case _:
            return False


def commutes(account: Account, fact: Fact, later: Fact) -> bool:
    """Whether a fact that may come late can be posted after one that stands behind it in the order.

    `account` holds the later one, and not yet the fact.
    """
    if later.kind is FactKind.PAYMENT_RECEIVED:
        return _before_money(account, fact, later)
    if later.kind is FactKind.PAYMENT_BOUNCED:
        return _before_bounce(account, fact, later)
    if later.kind not in _OF_ORDERS or _order_of(fact) == _order_of(later):
        return False
    if fact.kind is FactKind.INVOICE_ISSUED and later.kind is FactKind.INVOICE_ISSUED:
        return _terms(fact) == _terms(later) or fact.currency != later.currency
    return True


def _before_money(account: Account, fact: Fact, money: Fact) -> bool:
    if fact.kind in _ON_ORDERS:
        return bill_kind(money) is None
    if not _is_plain(money):
        invoiced = fact.kind is FactKind.INVOICE_ISSUED
        return invoiced and _is_spent_before(account, money, fact)
    mine = {fact.document} if not fact.portions else {each.invoice_id for each in fact.portions}
    return not any(each.invoice_id in mine for each in money.portions)


def _before_bounce(account: Account, fact: Fact, bounce: Fact) -> bool:
    """A bounce touches the payment and the invoices that had shares of it, and nothing else."""
    payment = account.payments.get(bounce.refers_to or "")
    if payment is None or not payment.bounced:
        return False
    if fact.kind is FactKind.PAYMENT_RECEIVED:
        return not any(each.invoice_id in payment.gave_back for each in fact.portions)
    return fact.document not in payment.gave_back


def _order_of(fact: Fact) -> str:
    """The order that a fact changes; of an invoice without one, the invoice stands for it."""
    if fact.kind is FactKind.INVOICE_ISSUED and fact.refers_to is None:
        return f"/{fact.document}"
    return fact.refers_to or fact.document


def _is_plain(fact: Fact) -> bool:
    """Whether a payment is money (no bill) and says which invoices it is for."""
    return bool(fact.portions) and bill_kind(fact) is None


def _finds_its_invoices(account: Account, fact: Fact) -> bool:
    """Whether its invoices are there, and no promise waits for it: the first money keeps the first one."""
    if is_awaited(account, fact.currency or "", on=fact.on):
        return False
    found = [account.receivable(each.invoice_id) for each in fact.portions]
    return all(each is not None and each.currency == fact.currency for each in found)


def _is_spent_before(account: Account, money: Fact, invoice: Fact) -> bool:
    """Whether money that nobody said anything of is all with invoices due before another invoice."""
    payment = account.payments.get(money.document)
    if payment is None or bill_kind(money) is not None or payment.bounced or payment.unapplied:
        return False
    due = invoice.counts_from or invoice.due or invoice.on
    place = (due, invoice.on, invoice.document)
    paid = [account.receivable(share.invoice_id) for share in payment.shares]
    return all(each is not None and due_order(each) < place for each in paid)


def _terms(invoice: Fact) -> int:
    return ((invoice.due or invoice.on) - invoice.on).days
