"""What money and bills that come in say of who sends them, and how."""

from collections.abc import Mapping
from decimal import Decimal

from services.monitoring.domain.amounts import minor_of
from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.conduct.bills import COMMERCIAL, Bills
from services.monitoring.domain.conduct.discounts import Discounts
from services.monitoring.domain.conduct.payers import METHODS, NEW, AccountChange, Accounts, Methods
from services.monitoring.domain.conduct.rules import method_rules, number
from services.monitoring.domain.conduct.state import CLAIMS_KEPT, Conduct
from services.monitoring.domain.conduct.tally import Noted, Series, add
from services.monitoring.domain.policies.warnings import WarningPolicy
from services.monitoring.domain.receivables.account import Account, Payment
from services.monitoring.domain.receivables.facts import Fact, Particulars

UNRELATED = "unrelated"
TRADE_BILL = "trade_bill"


def payment_received(conduct: Conduct, fact: Fact, account: Account, policy: WarningPolicy) -> None:
    """Money came in: how much, by which method, from whom, and for what."""
    currency = fact.currency or ""
    amount = minor_of(fact.amount, currency)
    add(conduct.tallies, Series.RECEIVED, currency, fact.on, amount)
    _method(conduct, fact, policy)
    if fact.reason == TRADE_BILL and _has_come_down(conduct):
        bill = Noted(on=fact.on, document=fact.document)
        conduct.bills = (conduct.bills or Bills()).switched(bill)
    payment = account.payments.get(fact.document)
    if payment is not None:
        if _is_on_account(fact, payment, account, policy):
            add(conduct.tallies, Series.ON_ACCOUNT, currency, fact.on, amount, fact.document)
        if conduct.discounts is not None:
            conduct.discounts = _decided(conduct, conduct.discounts, fact, payment, account)
    if fact.particulars is not None:
        _told(conduct, fact, fact.particulars, policy)


def _method(conduct: Conduct, fact: Fact, policy: WarningPolicy) -> None:
    step = METHODS.get(fact.reason or "")
    if step is not None:
        known = conduct.methods or Methods()
        conduct.methods = known.after(step, fact.on, fact.document, method_rules(policy))


def _has_come_down(conduct: Conduct) -> bool:
    """Whether the latest receipt came by a worse method than the usual one."""
    return conduct.methods is not None and conduct.methods.steps > 0


def _is_on_account(fact: Fact, payment: Payment, account: Account, policy: WarningPolicy) -> bool:
    """Whether it is a round sum sent without a word that does not come out even on what is owed.

    Money sent before anything was owed is a payment in advance, and no sign.
    """
    if fact.portions or not payment.shares or fact.amount is None:
        return False
    if fact.amount % _round_to(fact.currency or "", policy):
        return False
    last = account.receivables.get(payment.shares[-1].invoice_id)
    return payment.unapplied > 0 or last is not None


def _round_to(currency: str, policy: WarningPolicy) -> Decimal:
    """What a sum is a multiple of to be round: the currency's own figure, or that of all others."""
    numbers = policy.indicators[Indicator.ROUND_SUMS].numbers
    return Decimal(int(numbers.get(f"round_to_{currency.lower()}", numbers["round_to"])))


def _decided(
    conduct: Conduct, discounts: Discounts, fact: Fact, payment: Payment, account: Account
) -> Discounts:
    """What the payment says of the discounts on offer for the invoices that it pays.

    What is left open of an invoice by a discount taken in time is claimed, told or not.
    """
    told = fact.particulars is not None and fact.particulars.discount is not None
    for share in payment.shares:
        offer = discounts.offers.get(share.invoice_id)
        if offer is None or fact.on > offer.until:
            continue
        open_receivable = account.receivables.get(share.invoice_id)
        owed = 0 if open_receivable is None else open_receivable.open
        if owed == 0 and not told:
            discounts = discounts.dropped(share.invoice_id)
        elif owed <= offer.amount:
            discounts = discounts.took(share.invoice_id, fact.on)
            _claim(conduct, {share.invoice_id: owed} if owed else {})
    return discounts


def _told(conduct: Conduct, fact: Fact, told: Particulars, policy: WarningPolicy) -> None:
    currency = fact.currency or ""
    if told.relation == UNRELATED:
        amount = minor_of(fact.amount, currency)
        add(conduct.tallies, Series.THIRD_PARTY, currency, fact.on, amount, fact.document)
    elif told.account:
        seen = AccountChange(
            on=fact.on,
            level=NEW,
            account=told.account,
            country=told.country,
            document=fact.document,
        )
        least = number(policy, Indicator.BANK_ACCOUNT_CHANGE, "least_receipts")
        conduct.accounts = (conduct.accounts or Accounts()).after(seen, least=least)
    _claimed(conduct, fact, told)


def _claimed(conduct: Conduct, fact: Fact, told: Particulars) -> None:
    """What was kept back with a reason: a claim's code, or the discount that was on offer."""
    currency = fact.currency or ""
    claims = {
        each.invoice_id: minor_of(each.amount, currency) for each in told.deductions if each.claim
    }
    if told.discount is not None and len(fact.portions) == 1:
        claims[fact.portions[0].invoice_id] = minor_of(told.discount, currency)
    _claim(conduct, claims)


def _claim(conduct: Conduct, claims: Mapping[str, int]) -> None:
    """Keep claims, in minor units by invoice, beside the latest ones before."""
    if claims:
        kept = [*({**conduct.claims, **claims}).items()]
        conduct.claims = dict(kept[-CLAIMS_KEPT:])


def bill_received(conduct: Conduct, fact: Fact, account: Account, policy: WarningPolicy) -> None:
    """A bill came in: a method of payment, and a tenor.

    Commercial bills are a switch where money or bank bills were usual.
    """
    del account
    if fact.due is None:
        return
    _method(conduct, fact, policy)
    switched = fact.reason == COMMERCIAL and _has_come_down(conduct)
    conduct.bills = (conduct.bills or Bills()).received(
        Noted(on=fact.on, document=fact.document),
        (fact.due - fact.on).days,
        switched=switched,
        longer_by=number(policy, Indicator.BILL_QUALITY, "longer_by_days"),
    )


def bill_settled(conduct: Conduct, fact: Fact, account: Account, policy: WarningPolicy) -> None:
    """The acceptor paid; too late, the bill has lapsed all the same."""
    bill = account.bills.get(fact.refers_to or "")
    if conduct.bills is None or bill is None or bill.due is None:
        return
    grace = number(policy, Indicator.BILL_QUALITY, "grace_days")
    if (fact.on - bill.due).days > grace:
        conduct.bills = conduct.bills.lapsed([Noted(on=bill.due, document=bill.bill_id)])


def bill_dishonoured(conduct: Conduct, fact: Fact, account: Account, policy: WarningPolicy) -> None:
    """The bill was not paid."""
    del account, policy
    lapse = Noted(on=fact.on, document=fact.refers_to or fact.document)
    conduct.bills = (conduct.bills or Bills()).lapsed([lapse])


def note_account_change(conduct: Conduct, change: AccountChange) -> None:
    """Take down that somebody else tells of another account of the customer's."""
    conduct.accounts = (conduct.accounts or Accounts()).announced(change)
