"""The signs of a customer's conduct that speak for some days: promises, bills, accounts, answers."""

from datetime import date, timedelta

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.conduct.payers import STEPS
from services.monitoring.domain.conduct.rules import number, window
from services.monitoring.domain.conduct.state import Conduct
from services.monitoring.domain.conduct.tally import Noted
from services.monitoring.domain.indicator_facts.conduct import (
    AccountFacts,
    BillFacts,
    ContactFacts,
    DiscountFacts,
    MethodFacts,
    PromiseFacts,
    RequestFacts,
    SilenceFacts,
)
from services.monitoring.domain.policies.warnings import WarningPolicy
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.approaches import (
    ANSWERED,
    PREMISES_CLOSED,
    contacts_within,
    reliefs_within,
    unanswered_in_a_row,
)
from services.monitoring.domain.receivables.bills import overdue_bills
from services.monitoring.domain.receivables.promises import promises_within
from shared.kernel.maths import canonical


def promises_of(account: Account, policy: MonitoringPolicy, *, as_of: date) -> PromiseFacts | None:
    """The promises of the window that have ended (T10)."""
    if not account.promises:
        return None
    begin = _begin(policy.warnings, Indicator.BROKEN_PROMISES, as_of)
    found = promises_within(account, policy.ledger.promises, after=begin, through=as_of)
    broken = tuple(each.promise_id for each in found.broken)
    return PromiseFacts(kept=len(found.kept), broken=len(broken), documents=broken)


def discounts_of(conduct: Conduct, policy: WarningPolicy, *, as_of: date) -> DiscountFacts | None:
    """The discounts lost in the window (T13); nothing where it never was a habit to take them."""
    known = conduct.discounts
    habit = None if known is None else known.habit.value
    if known is None or habit is None:
        return None
    begin = _begin(policy, Indicator.DISCOUNT_LOST, as_of)
    lost = tuple(each.document for each in known.lost if begin < each.on <= as_of)
    return DiscountFacts(lost=len(lost), taken=known.taken, habit=habit, documents=lost)


def bills_of(
    conduct: Conduct, account: Account, policy: WarningPolicy, *, as_of: date
) -> BillFacts | None:
    """What the bills say (T14)."""
    known, entry = conduct.bills, conduct.bill_listing
    listed = entry.document if entry is not None and entry.on <= as_of else None
    if known is None:
        return None if listed is None else BillFacts(listed=listed)
    begin = _begin(policy, Indicator.BILL_QUALITY, as_of)
    long_ago = as_of - timedelta(days=number(policy, Indicator.BILL_QUALITY, "lapsed_days"))
    worse = known.worse if known.worse is not None and known.worse.on > begin else None
    lapsed = [each for each in known.lapses if long_ago < each.on <= as_of]
    return BillFacts(
        why=None if worse is None else worse.why,
        worse=None if worse is None else worse.bill_id,
        tenor=None if worse is None else worse.tenor,
        usual_tenor=None if worse is None else worse.usual_tenor,
        unpaid=tuple(each.document for each in unpaid_bills(account, policy, as_of=as_of)),
        lapsed=tuple(each.document for each in lapsed),
        lapsed_recently=any(each.on > begin for each in lapsed),
        lapsed_this_month=any(each.on.replace(day=1) == as_of.replace(day=1) for each in lapsed),
        listed=listed,
    )


def unpaid_bills(account: Account, policy: WarningPolicy, *, as_of: date) -> list[Noted]:
    """The bills that nobody has paid although their days of grace are over, by their due dates."""
    grace = timedelta(days=number(policy, Indicator.BILL_QUALITY, "grace_days"))
    late = overdue_bills(account, as_of=as_of - grace) if account.bills else []
    return [Noted(on=each.due, document=each.bill_id) for each in late if each.due is not None]


def requests_of(account: Account, policy: WarningPolicy, *, as_of: date) -> RequestFacts | None:
    """The requests of the window (B08)."""
    if not account.reliefs:
        return None
    begin = _begin(policy, Indicator.RELIEF_REQUESTS, as_of)
    recent = reliefs_within(account, after=begin, through=as_of)
    return RequestFacts(
        requests=tuple(each.request_id for each in recent),
        while_overdue=tuple(each.request_id for each in recent if each.after_overdue),
        kinds=tuple(sorted({each.kind for each in recent})),
    )


def account_of(conduct: Conduct, policy: WarningPolicy, *, as_of: date) -> AccountFacts | None:
    """The gravest change of account in the window (B09), of equal ones the newest."""
    if conduct.accounts is None:
        return None
    begin = _begin(policy, Indicator.BANK_ACCOUNT_CHANGE, as_of)
    recent = [each for each in conduct.accounts.changes if begin < each.on <= as_of]
    if not recent:
        return None
    gravest = max(recent, key=lambda each: (each.level, each.on, each.account))
    return AccountFacts(
        on=gravest.on,
        level=gravest.level,
        account=gravest.account,
        country=gravest.country,
        document=gravest.document,
    )


def method_of(conduct: Conduct) -> MethodFacts | None:
    """How far the method of payment has come down (B11)."""
    known = conduct.methods
    if known is None or not known.steps:
        return None
    return MethodFacts(
        steps=known.steps,
        method=STEPS[known.latest],
        usual=STEPS[known.usual],
        receipts=known.receipts,
        running=known.running,
        document=known.document,
    )


def contacts_of(account: Account, policy: WarningPolicy, *, as_of: date) -> ContactFacts | None:
    """The attempts of the window that nobody answered, since the last answer (B12)."""
    if not account.contacts:
        return None
    begin = _begin(policy, Indicator.CONTACT_LOSS, as_of)
    recent = unanswered_in_a_row(contacts_within(account, after=begin, through=as_of))
    shut = [each.attempt_id for each in recent if each.outcome == PREMISES_CLOSED]
    answers = [each.on for each in account.contacts if each.outcome == ANSWERED]
    return ContactFacts(
        unanswered=tuple(each.attempt_id for each in recent),
        premises_closed=shut[-1] if shut else None,
        answered_on=max(answers, default=None),
    )


def silence_of(conduct: Conduct, *, as_of: date) -> SilenceFacts | None:
    """How long nothing was bought (B14); the gap expected is longer in the months that are quiet."""
    known = conduct.rhythm
    if known is None or known.last is None or not known.mean:
        return None
    silent = (as_of - known.last).days
    quiet = usual_gap(conduct, as_of)
    if silent <= quiet:
        return None
    return SilenceFacts(
        last=known.last,
        silent_days=silent,
        usual_gap=canonical(quiet),
        deviation=canonical(known.deviation),
        gaps=known.gaps,
    )


def usual_gap(conduct: Conduct, day: date) -> float:
    """The gap to be expected in the month of a day: the mean one, over the season's index."""
    known = conduct.rhythm
    if known is None:
        return 0.0
    indices = [each.index(day.month) for _, each in sorted(conduct.seasons.items())]
    index = max(indices, default=1.0)
    return known.mean / index if index > 0 else known.mean


def _begin(policy: WarningPolicy, indicator: Indicator, as_of: date) -> date:
    """The day before the window begins."""
    return as_of - timedelta(days=window(policy, indicator))
