"""What becomes of bills of exchange, and how long they count as exposure (domain.md §1.6)."""

from datetime import date, timedelta

from services.monitoring.domain.policies.undertakings import BillPolicy
from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.payments import bounce_payment
from services.monitoring.domain.receivables.undertakings import Bill, BillKind, BillState
from shared.kernel.values import replace

UNPAID = "dishonoured_bill"
_OVER = frozenset({BillState.SETTLED, BillState.DISHONOURED, BillState.WITHOUT_RECOURSE})


def transfer_bill(account: Account, fact: Fact, bill: Bill) -> None:
    """We pass a bill on: with recourse, it may come back to us."""
    if bill.state is BillState.HELD:
        _become(account, fact, bill, BillState(fact.reason or BillState.WITH_RECOURSE))


def settle_bill(account: Account, fact: Fact, bill: Bill) -> None:
    """The acceptor paid: nothing can come back. Money for a dishonoured bill is a payment of its own."""
    if bill.state is not BillState.DISHONOURED:
        _become(account, fact, bill, BillState.SETTLED)


def dishonour_bill(account: Account, fact: Fact, bill: Bill) -> None:
    """What the bill settled is owed again; one that was passed on without recourse is not our loss."""
    if bill.state in {BillState.DISHONOURED, BillState.WITHOUT_RECOURSE}:
        return
    reason = replace(fact, reason=fact.reason or UNPAID)
    bounce_payment(account, reason, account.payments[bill.payment_id])
    _become(account, fact, bill, BillState.DISHONOURED)


def counts_until(bill: Bill, policy: BillPolicy) -> date | None:
    """The last day on which a bill is exposure to the customer; None: until we hear of it.

    A bank's acceptance is exposure to the bank from the first.
    """
    if bill.kind is BillKind.BANK or bill.state in _OVER:
        return date.min
    due = bill.due or bill.received_on + timedelta(days=policy.longest_tenor_days)
    if bill.state is BillState.WITH_RECOURSE:
        return due + timedelta(days=policy.recourse_days)
    return due if bill.due is None else None


def bills_outstanding(
    account: Account, currency: str, policy: BillPolicy, *, as_of: date
) -> list[Bill]:
    """The bills in one currency that are exposure to the customer on a day."""
    bills = account.bills.values()
    return [each for each in bills if each.currency == currency and counts(each, policy, as_of)]


def counts(bill: Bill, policy: BillPolicy, as_of: date) -> bool:
    """Whether a bill is exposure to the customer on a day."""
    until = counts_until(bill, policy)
    return until is None or as_of <= until


def overdue_bills(account: Account, *, as_of: date) -> list[Bill]:
    """The bills, of banks too, that we hold and nobody has paid although they are due; oldest first."""
    late = [
        bill
        for bill in account.bills.values()
        if bill.state is BillState.HELD and bill.due is not None and bill.due < as_of
    ]
    return sorted(late, key=lambda bill: (bill.due or as_of, bill.bill_id))


def bill_days(account: Account, policy: BillPolicy, *, after: date) -> list[date]:
    """The days after `after` on which a bill falls overdue, or is exposure no more."""
    last = [counts_until(bill, policy) for bill in account.bills.values()]
    last += [bill.due for bill in account.bills.values() if bill.state is BillState.HELD]
    return [day + timedelta(days=1) for day in last if day is not None and day >= after]


def bill_is_done(bill: Bill, *, before: date, long_before: date) -> bool:
    """Whether a bill is over, or can be presumed to be, since well before a day."""
    if bill.state in _OVER:
        return bill.changed_on < before
    ends_by_itself = bill.state is BillState.WITH_RECOURSE or bill.due is None
    return ends_by_itself and max(bill.changed_on, bill.due or bill.received_on) < long_before


def _become(account: Account, fact: Fact, bill: Bill, state: BillState) -> None:
    account.bills[bill.bill_id] = bill.become(state, on=fact.on)
