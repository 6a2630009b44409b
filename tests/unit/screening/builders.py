"""What screening's tests begin with: the shipped policy, a customer, an empty batch."""

from datetime import UTC, date, datetime

from services.screening.domain.model import Customer, Identifier, LegalName
from services.screening.domain.policy import ScreeningPolicy
from services.screening.handlers import SERVICE
from services.screening.storage import Book
from services.screening.usecases import RegisterCustomer
from shared.chassis.work import Work
from shared.contracts import screening as said
from shared.contracts.envelope import Event, first_of_chain
from shared.policies.book import PolicyBook, shipped

SHIPPED = shipped(SERVICE.policy_file, ScreeningPolicy)
POLICY = SHIPPED.policy
TODAY = date(2026, 3, 2)
YESTERDAY = date(2026, 3, 1)
USCC = "91330100799655058B"
LEI = "5493001KJTIIGC8Y1R12"
CHINESE_NAME = "北京小桔科技有限公司"


def a_name(name: str = "Acme Trading Ltd", script: str = "Latn") -> LegalName:
    return LegalName(name, script)


def a_customer(
    customer_id: str = "C1",
    *,
    name: str = "Acme Trading Ltd",
    identifiers: tuple[Identifier, ...] = (),
    version: int = 1,
) -> Customer:
    return Customer(customer_id, (a_name(name),), "CN", identifiers=identifiers, version=version)


def a_wish(
    customer_id: str = "C1",
    *,
    name: str = "Acme Trading Ltd",
    uscc: str | None = None,
    registered_on: date | None = None,
    segment: str | None = None,
) -> RegisterCustomer:
    given = () if uscc is None else (said.Identifier(scheme="uscc", value=uscc),)
    return RegisterCustomer(
        customer_id=customer_id,
        legal_names=(said.LegalName(name=name),),
        country="CN",
        identifiers=given,
        registered_on=registered_on,
        segment=segment,
    )


def a_book() -> Book:
    return Book(partition=0)


def some_work(
    *, closed_on: date | None = YESTERDAY, cause: str = "cause-1"
) -> Work[ScreeningPolicy]:
    return Work(
        service="screening",
        topic=SERVICE.topic,
        partition=0,
        policies=PolicyBook([SHIPPED]),
        closed_on=closed_on,
        cause=first_of_chain(
            event_id=cause,
            source="test",
            event_type="command.register_customer",
            time=datetime(2026, 3, 2, 12, tzinfo=UTC),
            subject="C1",
        ),
    )


def next_record(work: Work[ScreeningPolicy], name: str) -> None:
    """Turn to another record of the batch."""
    work.begin(
        first_of_chain(
            event_id=name,
            source="test",
            event_type="command.screen_customer",
            time=datetime(2026, 3, 2, 13, tzinfo=UTC),
            subject="C1",
        ),
        actor="Ada",
    )


def said_by(work: Work[ScreeningPolicy]) -> list[Event]:
    return [event for _, event in work.announced]
