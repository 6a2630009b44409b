"""Builders of the events tiering reads, and the work it is given."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from services.tiering.domain.policy import TieringPolicy
from services.tiering.storage.book import Book, Portfolio, TotalRow
from shared.chassis.work import Work
from shared.contracts.envelope import first_of_chain
from shared.contracts.figures import (
    ArrearsFigures,
    CustomerFigures,
    ExposureFigures,
    PurchaseFigures,
)
from shared.contracts.monitoring import ExposureChanged, MonitoringDayClosed, ReceivablesTotal
from shared.contracts.rating import GradeAssigned
from shared.kernel.dates import previous_day
from shared.policies.book import PolicyBook
from tests.unit.tiering.building import DAY, SHIPPED

CUSTOMER = "acme"


def exposure_figures(
    open_amount: float = 0, currency: str = "EUR", **more: float
) -> ExposureFigures:
    usual = {
        "overdue_amount": 0.0,
        "disputed_amount": 0.0,
        "open_orders": 0.0,
        "unapplied_cash": 0.0,
        "total": open_amount,
    }
    amounts = {name: Decimal(str(amount)) for name, amount in (usual | more).items()}
    return ExposureFigures(currency=currency, open_amount=Decimal(str(open_amount)), **amounts)


def purchase_figures(
    purchases: float = 3_650_000, best_month: float = 400_000, currency: str = "EUR"
) -> PurchaseFigures:
    return PurchaseFigures(
        currency=currency,
        purchases_12m=Decimal(str(purchases)),
        largest_month_paid_on_time=Decimal(str(best_month)),
        usual_terms_days=30,
    )


def customer_figures(**more: Any) -> CustomerFigures:
    usual: dict[str, Any] = {
        "as_of": DAY,
        "ews": 10.0,
        "band": "green",
        "exposures": (exposure_figures(5_000),),
        "purchases": (purchase_figures(),),
        "arrears": (
            ArrearsFigures(
                currency="EUR",
                overdue_amount=Decimal(700),
                undisputed_overdue_amount=Decimal(700),
                oldest_days_past_due=4,
                material_days_past_due=4,
            ),
        ),
    }
    return CustomerFigures(**usual | more)


def grade_answer(
    grade: str = "A", *, figures: CustomerFigures | None = None, **more: Any
) -> GradeAssigned:
    usual: dict[str, Any] = {
        "customer_id": CUSTOMER,
        "as_of": DAY,
        "decision_id": "r-1",
        "grade": grade,
        "previous_grade": None,
        "model_grade": grade,
        "pd": 0.0004,
        "confidence": "high",
        "caps": (),
        "reasons": (),
        "valid_to": date(2026, 6, 2),
        "trigger": "monitoring.behaviour_reported.v1",
        "verdict": "pass",
        "figures": figures or customer_figures(),
        "model_version": "m",
        "policy_version": "p",
    }
    return GradeAssigned(**usual | more)


def exposure_changed(version: int = 1, **more: Any) -> ExposureChanged:
    usual: dict[str, Any] = {
        "customer_id": CUSTOMER,
        "as_of": DAY,
        "exposures": (exposure_figures(5_000),),
    }
    return ExposureChanged(version=version, **usual | more)


def day_closed(
    day: date, open_amount: float = 1_000_000, customers: int = 100
) -> MonitoringDayClosed:
    total = ReceivablesTotal(
        currency="EUR", open_amount=Decimal(str(open_amount)), customers=customers
    )
    return MonitoringDayClosed(date=day, receivables=(total,))


def a_book(*rows: TotalRow, partitions: int = 1) -> Book:
    return Book(partition=0, portfolio=Portfolio(partitions, rows))


def a_work(day: date = DAY, *, cause: str = "e-1", partition: int = 0) -> Work[TieringPolicy]:
    """Work on a business day, caused by an event about the customer."""
    return Work(
        service="tiering",
        topic="obligor.tiering",
        partition=partition,
        policies=PolicyBook([SHIPPED]),
        closed_on=previous_day(day),
        cause=first_of_chain(
            event_id=cause,
            source="/obligor/rating",
            event_type="rating.grade_assigned.v1",
            time=datetime(2025, 6, 2, 9, tzinfo=UTC),
            subject=CUSTOMER,
        ),
    )
