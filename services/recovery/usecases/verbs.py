"""Keep what monitoring and tiering say, act on a tier, close a day."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from services.recovery.domain.case import CaseFacts, OpenCase
from services.recovery.domain.dunning import DunningDecision, DunningFacts
from services.recovery.domain.model import (
    Arrears,
    ArrearsTotal,
    Case,
    Claim,
    Debtor,
    OverdueInvoice,
)
from services.recovery.domain.policy import RecoveryPolicy
from services.recovery.storage import Book
from services.recovery.usecases.deciding import CASE, DUNNING, Decided, carry_out
from shared.chassis.work import Work
from shared.contracts.figures import ArrearsFigures
from shared.contracts.monitoring import ArrearsChanged, CustomerCured, DefaultFlagged
from shared.contracts.recovery import RecoveryDayClosed
from shared.contracts.tiering import TierAssigned
from shared.kernel.money import Money


def keep_arrears(event: ArrearsChanged, book: Book, work: Work[RecoveryPolicy]) -> None:
    """Keep what is overdue; it is decided when the day closes."""
    arrears = _arrears(event)
    debtor = book.debtor(event.customer_id)
    listed = {invoice.invoice_id for invoice in arrears.invoices}
    complete = sum(each.invoices for each in arrears.totals) == len(listed)
    waived = tuple(name for name in debtor.waived if name in listed or not complete)
    book.put_debtor(replace(debtor, arrears=arrears, waived=waived, wake_on=work.business_day))


def keep_default(event: DefaultFlagged, book: Book, work: Work[RecoveryPolicy]) -> None:
    """Keep that the customer is in default; it is decided when the day closes."""
    debtor = book.debtor(event.customer_id)
    book.put_debtor(replace(debtor, in_default=True, wake_on=work.business_day))


def keep_cure(event: CustomerCured, book: Book, work: Work[RecoveryPolicy]) -> None:
    """Keep that the default is over; it is decided when the day closes."""
    debtor = book.debtor(event.customer_id)
    book.put_debtor(replace(debtor, in_default=False, wake_on=work.business_day))


def take_tier(event: TierAssigned, book: Book, work: Work[RecoveryPolicy]) -> None:
    """Act on a tier at once: high with arrears opens a case, or is recorded on the open one.

    It decides on the arrears that the event carries, never on those kept: so the order in which
    monitoring's and tiering's words arrive within a day changes nothing.
    """
    claims = _claims(event.arrears, as_of=event.as_of)
    before = book.debtor(event.customer_id)
    debtor = replace(before, tier=event.tier, tier_since=event.since)
    facts = CaseFacts(
        customer_id=event.customer_id,
        tier=event.tier,
        in_default=False,
        claims=claims,
        at_close=False,
        open_case=_open_case(book.open_cases.get(event.customer_id)),
    )
    decision_id, decision = work.decide(CASE, facts, customer_id=event.customer_id)
    case = carry_out(Decided(decision_id, decision, debtor, claims), book, work)
    if case is not None or before.wake_on is not None:
        debtor = replace(debtor, wake_on=work.business_day)
    book.put_debtor(debtor)


def close_day(day: date, book: Book, work: Work[RecoveryPolicy]) -> RecoveryDayClosed:
    """Decide for everyone whose arrears changed, whose next step is due, or whose tier acted."""
    for debtor in book.due(day):
        _review(debtor, book, work)
    return RecoveryDayClosed(date=day)


def _review(debtor: Debtor, book: Book, work: Work[RecoveryPolicy]) -> None:
    claims, case = debtor.claims, book.open_cases.get(debtor.customer_id)
    if not claims and case is None:
        book.put_debtor(replace(debtor, wake_on=None))
        return
    dunning = _dun(debtor, case, claims, work)
    facts = CaseFacts(
        customer_id=debtor.customer_id,
        tier=debtor.tier,
        in_default=debtor.in_default,
        claims=claims,
        at_close=True,
        open_case=_open_case(case),
        dunning=dunning,
    )
    decision_id, decision = work.decide(CASE, facts, customer_id=debtor.customer_id)
    case = carry_out(Decided(decision_id, decision, debtor, claims, dunning), book, work)
    book.put_debtor(replace(debtor, wake_on=_wake_on(dunning, case)))


def _dun(
    debtor: Debtor, case: Case | None, claims: tuple[Claim, ...], work: Work[RecoveryPolicy]
) -> DunningDecision:
    facts = DunningFacts(
        customer_id=debtor.customer_id,
        tier=debtor.tier,
        claims=claims,
        last_step=case.step if case else None,
        promise_until=case.promise_until if case else None,
    )
    _, decision = work.decide(DUNNING, facts, customer_id=debtor.customer_id)
    return decision


def _wake_on(dunning: DunningDecision, case: Case | None) -> date | None:
    plans = (dunning.plan, case.plan if case else None)
    return min((plan.on for plan in plans if plan is not None), default=None)


def _open_case(case: Case | None) -> OpenCase | None:
    if case is None or case.plan is None:
        return None
    return OpenCase(case.state, case.tier, case.plan, case.promise_until)


def _arrears(event: ArrearsChanged) -> Arrears:
    return Arrears(
        as_of=event.as_of,
        invoices=tuple(
            OverdueInvoice(
                invoice_id=each.invoice_id,
                due_date=each.due_date,
                open_amount=Money.parse(each.open_amount, each.currency),
                disputed=Money.parse(each.disputed_amount, each.currency),
            )
            for each in event.invoices
        ),
        totals=tuple(
            ArrearsTotal(
                overdue=Money.parse(each.overdue_amount, each.currency),
                undisputed=Money.parse(each.undisputed_overdue_amount, each.currency),
                invoices=each.invoices,
            )
            for each in event.totals
        ),
    )


def _claims(figures: Iterable[ArrearsFigures], *, as_of: date) -> tuple[Claim, ...]:
    """The claims behind the figures that a tier carries."""
    found = (
        Claim(
            overdue=Money.parse(each.overdue_amount, each.currency),
            undisputed=Money.parse(each.undisputed_overdue_amount, each.currency),
            oldest_due_on=(
                as_of - timedelta(days=each.oldest_days_past_due)
                if each.undisputed_overdue_amount > 0
                else None
            ),
        )
        for each in figures
    )
    return tuple(claim for claim in found if claim.overdue.minor > 0)
