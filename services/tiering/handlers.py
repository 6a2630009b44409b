"""Tiering as the chassis sees it: what it reads, and which verb each event calls."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from services.tiering.domain.policy import TieringPolicy
from services.tiering.storage.book import Book
from services.tiering.storage.tables import METADATA
from services.tiering.storage.working import TieringStorage
from services.tiering.usecases.closing import announce_checks, close_day
from services.tiering.usecases.kinds import LIMIT, ORDER, TIER
from services.tiering.usecases.learning import (
    keep_totals,
    keep_verdict,
    register_customer,
    replace_exposure,
)
from services.tiering.usecases.retiering import retier
from shared.chassis.service import Service, Subscription
from shared.chassis.work import Work
from shared.contracts import catalogue
from shared.contracts.envelope import Event

EventT = TypeVar("EventT", bound=Event)
Verb = Callable[[EventT, Book, Work[TieringPolicy]], None]


def _after_announcing(verb: Verb[EventT]) -> Verb[EventT]:
    """Whatever a batch holds, it first publishes the checks that the door has answered."""

    def announce_then(event: EventT, book: Book, work: Work[TieringPolicy]) -> None:
        """Publish what the door has answered, then do what the event asks for."""
        announce_checks(book, work)
        verb(event, book, work)

    return announce_then


SERVICE: Service[Book, TieringPolicy] = Service(
    name="tiering",
    topic=catalogue.TIERING,
    subscriptions=(
        Subscription(catalogue.SCREENING),
        Subscription(catalogue.MONITORING),
        Subscription(catalogue.RATING, closes_on="rating.day_closed.v1"),
    ),
    handlers={
        "screening.customer_registered.v1": _after_announcing(register_customer),
        "screening.customer_updated.v1": _after_announcing(register_customer),
        "screening.customer_cleared.v1": _after_announcing(keep_verdict),
        "screening.customer_referred.v1": _after_announcing(keep_verdict),
        "screening.customer_rejected.v1": _after_announcing(keep_verdict),
        "monitoring.exposure_changed.v1": _after_announcing(replace_exposure),
        "monitoring.day_closed.v1": _after_announcing(keep_totals),
        "rating.grade_assigned.v1": _after_announcing(retier),
        "rating.grade_affirmed.v1": _after_announcing(retier),
        "rating.grade_overridden.v1": _after_announcing(retier),
    },
    close_day=close_day,
    storage=TieringStorage(),
    metadata=METADATA,
    policy=TieringPolicy,
    policy_file=Path(__file__).with_name("policy.yaml"),
    decisions=(TIER, LIMIT, ORDER),
)
