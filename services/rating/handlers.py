"""Rating's subscriptions: what it hears, and which use case answers."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

from services.rating.domain.policy import RatingPolicy
from services.rating.storage.book import Book
from services.rating.storage.rooms import RatingStorage
from services.rating.storage.tables import METADATA, customer
from services.rating.usecases import learn, overrides
from services.rating.usecases.rate import RATING
from shared.chassis.service import CommandKind, Service, Subscription
from shared.chassis.work import Work
from shared.contracts import catalogue, screening
from shared.contracts.monitoring import CustomerCured, DefaultFlagged, WarningChanged
from shared.contracts.rating import RatingDayClosed

RatingWork = Work[RatingPolicy]
Figured = WarningChanged | DefaultFlagged | CustomerCured


def on_customer(event: screening.CustomerRegistered, book: Book, work: RatingWork) -> None:
    """The register says who a customer is."""
    del work
    learn.note_customer(event, book)


def on_figures(trigger: str) -> Callable[[Figured, Book, RatingWork], None]:
    """A handler for an event of monitoring that carries figures."""

    def handler(event: Figured, book: Book, work: RatingWork) -> None:
        """Rate the customer on the figures that the event carries."""
        learn.rate_on_figures(event.customer_id, event.figures, book, work, trigger=trigger)

    return handler


def close_day(day: date, book: Book, work: RatingWork) -> RatingDayClosed:
    """Monitoring is through with a day, so rating closes it too."""
    return learn.close_day(day, book, work)


_HANDLERS: Final[dict[str, Callable[[Any, Book, RatingWork], None]]] = {
    "screening.customer_registered.v1": on_customer,
    "screening.customer_updated.v1": on_customer,
    "screening.customer_cleared.v1": learn.rate_on_verdict,
    "screening.customer_referred.v1": learn.rate_on_verdict,
    "screening.customer_rejected.v1": learn.rate_on_verdict,
    "financial_statement.filed": learn.file_statement,
    "external_rating.published": learn.publish_opinion,
    "monitoring.warning_raised.v1": on_figures("warning_raised"),
    "monitoring.warning_escalated.v1": on_figures("warning_escalated"),
    "monitoring.warning_resolved.v1": on_figures("warning_resolved"),
    "monitoring.default_flagged.v1": on_figures("default_flagged"),
    "monitoring.customer_cured.v1": on_figures("customer_cured"),
    "monitoring.behaviour_reported.v1": learn.rate_on_behaviour,
}

SERVICE: Final[Service[Book, RatingPolicy]] = Service(
    name="rating",
    topic=catalogue.RATING,
    subscriptions=(
        Subscription(catalogue.SCREENING),
        Subscription(catalogue.FINANCIALS, upstream=True),
        Subscription(catalogue.MONITORING, closes_on="monitoring.day_closed.v1"),
    ),
    handlers=_HANDLERS,
    close_day=close_day,
    storage=RatingStorage(),
    metadata=METADATA,
    policy=RatingPolicy,
    policy_file=Path(__file__).with_name("policy.yaml"),
    hosts=(catalogue.FINANCIALS,),
    commands={
        overrides.RATE_NOW: CommandKind(overrides.RateNow, overrides.rate_now),
        overrides.PROPOSE_OVERRIDE: CommandKind(
            overrides.ProposeOverride, overrides.propose_override
        ),
        overrides.APPROVE_OVERRIDE: CommandKind(
            overrides.ApproveOverride, overrides.approve_override
        ),
    },
    decisions=(RATING,),
    wakes=customer,
)
