"""What recovery's tests begin with: the shipped policy, claims, a case, an empty batch."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from services.recovery.domain.model import (
    Case,
    CaseCause,
    CaseState,
    Claim,
    Plan,
)
from services.recovery.domain.policy import RecoveryPolicy
from services.recovery.handlers import SERVICE
from services.recovery.storage import Book
from services.recovery.usecases import close_day
from shared.chassis.work import Work
from shared.contracts.envelope import Event, first_of_chain
from shared.contracts.figures import ArrearsFigures
from shared.contracts.monitoring import ArrearsChanged, ArrearsTotal, OverdueInvoice
from shared.contracts.tiering import TierAssigned
from shared.kernel.money import Money
from shared.policies.book import PolicyBook, shipped

EventT = TypeVar("EventT", bound=Event)
SHIPPED = shipped(SERVICE.policy_file, RecoveryPolicy)
POLICY = SHIPPED.policy
TODAY = date(2026, 3, 2)
YESTERDAY = date(2026, 3, 1)


def days(number: int) -> timedelta:
    return timedelta(days=number)


def eur(amount: str) -> Money:
    return Money.parse(amount, "EUR")


def a_claim(
    late: int | None = 10, *, overdue: str = "100.00", undisputed: str | None = None
) -> Claim:
    """A claim whose oldest undisputed invoice is `late` days past due; None: all disputed."""
    given = undisputed or ("0.00" if late is None else overdue)
    oldest = None if late is None else TODAY - days(late)
    return Claim(eur(overdue), eur(given), oldest)


def a_case(case_id: str = "K1", **more: object) -> Case:
    case = Case(
        case_id=case_id,
        customer_id="C1",
        cause=CaseCause.DUNNING,
        state=CaseState.REMINDED,
        opened_on=YESTERDAY,
        tier="medium",
        amount=eur("100.00"),
        plan=Plan("send_interest_notice", TODAY + days(5)),
        step="L1",
    )
    return replace(case, **more)  # type: ignore[arg-type]  # fields by name


def an_invoice(
    due: date, *, invoice_id: str = "", amount: str = "100.00", disputed: str = "0.00"
) -> OverdueInvoice:
    return OverdueInvoice(
        invoice_id=invoice_id or f"I-{due}",
        invoice_date=due - days(30),
        due_date=due,
        amount=Decimal(amount),
        open_amount=Decimal(amount),
        disputed_amount=Decimal(disputed),
        currency="EUR",
    )


def arrears(
    *invoices: OverdueInvoice, customer_id: str = "C1", as_of: date = TODAY
) -> ArrearsChanged:
    overdue = sum((each.open_amount for each in invoices), Decimal(0))
    disputed = sum((each.disputed_amount for each in invoices), Decimal(0))
    total = ArrearsTotal(
        currency="EUR",
        invoices=len(invoices),
        overdue_amount=overdue,
        undisputed_overdue_amount=overdue - disputed,
    )
    totals = (total,) if invoices else ()
    return ArrearsChanged(customer_id=customer_id, as_of=as_of, invoices=invoices, totals=totals)


def a_tier(
    tier: str = "high", *, overdue: str = "100.00", late: int = 1, customer_id: str = "C1"
) -> TierAssigned:
    figures = ArrearsFigures(
        currency="EUR",
        overdue_amount=Decimal(overdue),
        undisputed_overdue_amount=Decimal(overdue),
        oldest_days_past_due=late,
        material_days_past_due=late,
    )
    return TierAssigned(
        customer_id=customer_id,
        as_of=TODAY,
        decision_id="d",
        tier=tier,
        previous_tier=None,
        since=TODAY,
        matrix_tier=tier,
        grade="B",
        ews=70.0,
        band="red",
        hard_triggers=(),
        payment_terms_days=0,
        measures={},
        reasons=(),
        arrears=(figures,) if Decimal(overdue) else (),
        policy_version="t",
    )


def a_book() -> Book:
    return Book(partition=0)


def some_work(*, closed_on: date = YESTERDAY) -> Work[RecoveryPolicy]:
    work = Work(
        service="recovery",
        topic=SERVICE.topic,
        partition=0,
        policies=PolicyBook([SHIPPED]),
        closed_on=closed_on,
        cause=first_of_chain(
            event_id="first",
            source="test",
            event_type="test",
            time=datetime(2026, 3, 2, 12, tzinfo=UTC),
            subject="C1",
        ),
    )
    work.actor = "Ada"
    return work


def turn_to(work: Work[RecoveryPolicy], name: str, *, subject: str = "C1") -> None:
    """Turn to another record of the batch."""
    cause = first_of_chain(
        event_id=name,
        source="test",
        event_type="test",
        time=datetime(2026, 3, 2, 12, tzinfo=UTC),
        subject=subject,
    )
    work.begin(cause, actor="Ada")


def close(day: date, book: Book, work: Work[RecoveryPolicy]) -> None:
    """Close a day as the chassis does."""
    turn_to(work, f"marker-{day}", subject="")
    work.closing = day
    work.announce(close_day(day, book, work))
    work.closing = None
    work.closed_on = day


def announced(work: Work[RecoveryPolicy]) -> list[Event]:
    return [event for _, event in work.announced]


def said_by(work: Work[RecoveryPolicy], kind: type[EventT]) -> list[EventT]:
    return [event for _, event in work.announced if isinstance(event, kind)]
