"""What others tell monitoring: the register and limits."""

from datetime import UTC, date, datetime
from decimal import Decimal

from services.monitoring.storage.book import Book
from services.monitoring.usecases.learning import note_credit_limit, note_customer
from services.monitoring.usecases.observing import MonitoringWork
from shared.chassis.work import Work
from shared.contracts.envelope import Event, first_of_chain
from shared.contracts.screening import CustomerRegistered, LegalName
from shared.contracts.tiering import CreditLimitSet
from tests.unit.monitoring.in_memory import POLICIES

CLOSED = date(2025, 3, 2)


def a_work() -> MonitoringWork:
    cause = first_of_chain(
        event_id="e1",
        source="test",
        event_type="legal_proceeding.filed",
        time=datetime(2025, 3, 3, tzinfo=UTC),
        subject="C1",
    )
    return Work(
        service="monitoring",
        topic="obligor.monitoring",
        partition=0,
        policies=POLICIES,
        closed_on=CLOSED,
        cause=cause,
    )


def a_limit(amount: str = "500", on: date = CLOSED) -> Event:
    return CreditLimitSet(
        customer_id="C1",
        as_of=on,
        decision_id="d",
        amount=Decimal(amount),
        previous_amount=None,
        currency="EUR",
        binding_cap="NEED",
        reasons=(),
        policy_version="t",
    )


def test_the_register_makes_a_customer_known() -> None:
    book = Book(partition=0)
    event = CustomerRegistered(
        customer_id="C1", legal_names=(LegalName(name="Ada Ltd"),), country="GB", segment="core"
    )
    note_customer(event, book, a_work())
    standing = book.customers["C1"].standing
    assert (standing.registered, standing.country, standing.segment) == (True, "GB", "core")
    assert book.changed == {"C1"}


def test_the_register_decides_nothing() -> None:
    work = a_work()
    event = CustomerRegistered(customer_id="C1", legal_names=(), country="GB")
    note_customer(event, Book(partition=0), work)
    assert (work.announced, work.decided) == ([], [])


def test_a_limit_counts_from_the_day_after_its_decision() -> None:
    book = Book(partition=0)
    limit = a_limit()
    assert isinstance(limit, CreditLimitSet)
    note_credit_limit(limit, book, a_work())
    step = book.customers["C1"].standing.limits["EUR"][-1]
    assert (step.effective_from, step.amount) == (date(2025, 3, 3), 50_000)


def test_a_limit_wakes_the_customer_when_it_counts() -> None:
    book = Book(partition=0)
    limit = a_limit(on=date(2025, 3, 3))
    assert isinstance(limit, CreditLimitSet)
    note_credit_limit(limit, book, a_work())
    assert book.customers["C1"].wake_on == date(2025, 3, 4)
