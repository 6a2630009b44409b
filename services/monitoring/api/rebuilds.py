"""Rebuilding every account from the ledger's facts, online, and how far that has come."""

from datetime import UTC
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import Field
from sqlalchemy import select

from services.monitoring.storage.drift import drift_of
from services.monitoring.storage.rebuilds import (
    RebuildAccounts,
    RebuildPart,
    begun_by,
    customers_kept,
    job_of,
    parts_of,
)
from shared.audit.trail import AuditEntry
from shared.auth.principals import Principal, Role
from shared.chassis.doors import DoorsDep, allowed
from shared.chassis.schemas import Out
from shared.kernel.errors import NotFoundError
from shared.kernel.ids import new_id

router = APIRouter(tags=["rebuilds"])
Reader = Annotated[Principal, Depends(allowed(Role.VIEWER))]
Mender = Annotated[Principal, Depends(allowed(Role.ADMIN))]
RebuildId = Annotated[str, Path(min_length=1, max_length=100)]
_ASKED = "rebuild.asked"


class RebuildAskedOut(Out):
    """A rebuild that has been asked for, and where to look how far it has come."""

    rebuild_id: str
    location: str


class DifferenceOut(Out):
    """One figure that was kept wrongly, before and after; `state`: one that shows in no figure today.

    `portfolio_total` is the sum over a partition's customers and belongs to none of them.
    """

    customer_id: str
    figure: str
    currency: str | None
    before: str
    after: str


class RebuildPartOut(Out):
    """How far it has come in one partition."""

    partition: int
    jobs: int
    customers: int
    differed: int
    done: bool


class RebuildOut(Out):
    """How far a rebuild has come: status waiting|running|done, and what it has put right."""

    rebuild_id: str
    status: str
    customers: int = Field(description="rebuilt so far")
    customers_in_all: int
    differed: int = Field(description="those whose account was not what its facts add up to")
    figures: dict[str, int] = Field(description="how many customers each figure differed for")
    examples: list[DifferenceOut]
    partitions: list[RebuildPartOut]


@router.post(
    "/rebuilds",
    status_code=202,
    response_model=RebuildAskedOut,
    summary="Rebuild every account from its facts",
)
async def rebuild(request: Request, doors: DoorsDep, principal: Mender) -> Response:
    """The workers do it when they have nothing else to do, a few customers at a time; nothing stops.

    Accounts only: detectors, alerts and warnings stay as they are. What is kept wrongly is put right and
    counted, and so are the sums over all customers, which are looked through before this answers. It
    may be asked for again at any time.
    """
    rebuild_id = new_id()
    async with doors.reading() as conn:
        drift, begun = await drift_of(conn), await begun_by(conn)
    jobs = [
        job_of(
            RebuildAccounts(
                rebuild_id=rebuild_id,
                partition=partition,
                asked_at=doors.clock().astimezone(UTC),
                drift={
                    currency: off for (place, currency), off in drift.items() if place == partition
                },
                known=begun.get(partition, 0),
            )
        )
        for partition in range(doors.partitions)
    ]
    deed = AuditEntry(principal.person, principal.key_id, _ASKED, rebuild_id)
    answer = {
        "rebuild_id": rebuild_id,
        "location": f"/{doors.service.name}/v1/rebuilds/{rebuild_id}",
    }
    return await doors.append_entries(request, jobs, principal=principal, answer=answer, deed=deed)


@router.get("/rebuilds/{rebuild_id}", summary="How far a rebuild has come")
async def one_rebuild(rebuild_id: RebuildId, doors: DoorsDep, principal: Reader) -> RebuildOut:
    """Counts so far, by partition, and the first differences."""
    del principal
    audit = doors.tables.audit
    asked = select(audit.c.at).where(audit.c.subject == rebuild_id, audit.c.action == _ASKED)
    async with doors.reading() as conn:
        parts = await parts_of(conn, rebuild_id)
        if not parts and await conn.scalar(asked) is None:
            raise NotFoundError(kind="rebuild", name=rebuild_id)
        in_all = await customers_kept(conn)
    return _shown(rebuild_id, parts, in_all=in_all, partitions=doors.partitions)


def _shown(
    rebuild_id: str, parts: list[RebuildPart], *, in_all: int, partitions: int
) -> RebuildOut:
    done = len(parts) == partitions and all(part.done for part in parts)
    figures: dict[str, int] = {}
    for part in parts:
        for figure, count in part.figures.items():
            figures[figure] = figures.get(figure, 0) + count
    return RebuildOut(
        rebuild_id=rebuild_id,
        status="done" if done else "running" if parts else "waiting",
        customers=sum(part.customers for part in parts),
        customers_in_all=in_all,
        differed=sum(part.differed for part in parts),
        figures=dict(sorted(figures.items())),
        examples=[
            DifferenceOut.model_validate(each, from_attributes=True)
            for part in parts
            for each in part.examples
        ],
        partitions=[RebuildPartOut.model_validate(each, from_attributes=True) for each in parts],
    )
