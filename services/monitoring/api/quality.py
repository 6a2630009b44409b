"""How far a customer's ledger can be relied on, at the doors."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from services.monitoring.api.days import business_day_of, policy_on
from services.monitoring.api.quality_schemas import DoubtOut, QualityOut
from services.monitoring.api.receivables import UnknownCustomerError
from services.monitoring.domain.figures.feed_quality import Feed, feed_quality
from services.monitoring.storage.feeds import newest_fact_on, parked_about
from services.monitoring.storage.questions import account_of, waiting_of
from services.monitoring.storage.watches import load_watches
from shared.auth.principals import Principal, Role
from shared.chassis.doors import DoorsDep, allowed

router = APIRouter(tags=["receivables"])
Reader = Annotated[Principal, Depends(allowed(Role.VIEWER))]
CustomerId = Annotated[str, Path(min_length=1, max_length=200)]


@router.get("/customers/{customer_id}/quality", summary="How far the ledger can be relied on")
async def quality(customer_id: CustomerId, doors: DoorsDep, principal: Reader) -> QualityOut:
    """Everything that speaks against the customer's ledger, and the score that is left, 0 to 1."""
    del principal
    async with doors.reading() as conn:
        kept = await account_of(conn, customer_id)
        if kept is None:
            raise UnknownCustomerError(customer_id)
        today = await business_day_of(conn, doors, kept.partition)
        policy = await policy_on(conn, doors, today)
        watch = (await load_watches(conn, [customer_id])).get(customer_id)
        waiting = await waiting_of(conn, customer_id)
        newest = await newest_fact_on(conn, kept.partition)
        parked = await parked_about(conn, doors.tables.work, customer_id)
    feed = Feed(
        as_of=today,
        account=kept.ledger.unfold(policy.ledger),
        registered=kept.standing.registered,
        counted=watch.doubts if watch else {},
        waiting=tuple(row.event_date for row in waiting),
        newest=newest,
    )
    found = feed_quality(feed, policy.warnings.feed)
    return QualityOut(
        customer_id=customer_id,
        as_of=today,
        score=found.score,
        doubts=[
            DoubtOut(
                doubt=each.doubt,
                count=each.count,
                takes=each.takes,
                documents=list(each.documents),
            )
            for each in found.doubts
        ],
        parked=parked,
    )
