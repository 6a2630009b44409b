"""Dry runs of a new policy over the stored history: nothing changes, everything is compared."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import Field, JsonValue
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.api.days import business_day_of, policy_on
from services.monitoring.api.dry_runs import begin
from services.monitoring.domain.learning.past import Era
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.storage.simulations import Simulation, add_simulation, find_simulation
from services.monitoring.usecases.dry_run import DryRun
from services.monitoring.usecases.simulating import Acting
from shared.audit.trail import AuditEntry
from shared.auth.principals import Principal, Role
from shared.chassis.doors import Doors, DoorsDep, allowed
from shared.chassis.once import Once
from shared.chassis.schemas import In, Out
from shared.kernel.dates import previous_day
from shared.kernel.errors import InvalidInputError, NotFoundError
from shared.kernel.ids import new_id
from shared.policies.book import read_policy

router = APIRouter(tags=["simulations"])
Reader = Annotated[Principal, Depends(allowed(Role.VIEWER))]
Asker = Annotated[Principal, Depends(allowed(Role.CREDIT_MANAGER, Role.ADMIN))]
SimulationId = Annotated[str, Path(min_length=1, max_length=100)]
_STANDS_STILL = timedelta(minutes=10)


class SimulationIn(In):
    """A policy to try, whole; over which days (all); and on how many customers (all)."""

    policy: dict[str, JsonValue]
    since: Annotated[date, Field(alias="from", description="counted from this day on")] = date(
        1970, 1, 1
    )
    through: Annotated[
        date | None, Field(alias="to", description="the last day; the last closed one if not given")
    ] = None
    customers: Annotated[int | None, Field(ge=1, description="as if drawn by lot")] = None


class SimulationOut(Out):
    """How far a dry run has come: status running|done|failed; `outcome` has both policies side by side."""

    simulation_id: str
    status: str
    asked_by: str
    asked_at: datetime
    moved_at: datetime
    customers: int = Field(description="replayed so far")
    since: date
    through: date
    outcome: dict[str, JsonValue] | None
    reason: str | None


class SimulationAskedOut(SimulationOut):
    """A dry run that has been asked for, and where to look how far it has come."""

    location: str


@router.post(
    "/simulations",
    status_code=202,
    response_model=SimulationAskedOut,
    summary="Try a policy on the stored history",
)
async def simulate(
    body: SimulationIn, request: Request, doors: DoorsDep, principal: Asker
) -> Response:
    """Every customer is replayed under the policy in force and under this one, beside the platform's work.

    It changes nothing. To have the policy act, draft it (`POST /policies`); another person approves it.
    """
    proposed, asked = _read(body), dict[str, DryRun]()

    async def _asked(conn: AsyncConnection) -> SimulationAskedOut:
        today = await business_day_of(conn, doors, None)
        era = _era(body, doors, today)
        current = await policy_on(conn, doors, today)
        kept = _begun(principal, doors.clock(), _wish(body, era))
        await add_simulation(conn, kept)
        name = kept.simulation_id
        deed = AuditEntry(principal.person, principal.key_id, "simulation.asked", name)
        await doors.note(conn, request, deed)
        acting = Acting(handlers=dict(doors.service.handlers), close_day=doors.service.close_day)
        asked[name] = DryRun(current=current, proposed=proposed, era=era, acting=acting)
        place = f"/{doors.service.name}/v1/simulations/{name}"
        shown = _shown(kept, doors.clock())
        return SimulationAskedOut(**shown.model_dump(), location=place)

    answer = await Once(request, doors, principal, status=202).do(_asked)
    for name, dry_run in asked.items():
        begin(doors, name, dry_run, customers=body.customers)
    return answer


def _era(body: SimulationIn, doors: Doors, today: date) -> Era:
    through, zone = body.through or previous_day(today), doors.settings.ledger_zone
    era = Era(since=body.since, through=through, zone=zone)
    if era.since > era.through:
        rule = f"must not lie after {era.through}"
        raise InvalidInputError(field="from", value=str(era.since), rule=rule)
    return era


def _begun(principal: Principal, moment: datetime, wish: Mapping[str, object]) -> Simulation:
    return Simulation(
        simulation_id=new_id(),
        status="running",
        asked_by=principal.person,
        asked_at=moment,
        moved_at=moment,
        wish=wish,
    )


@router.get("/simulations/{simulation_id}", summary="What a dry run has found")
async def one_simulation(
    simulation_id: SimulationId, doors: DoorsDep, principal: Reader
) -> SimulationOut:
    """Warnings by indicator and severity, what they warned of, and who would change band."""
    del principal
    async with doors.reading() as conn:
        found = await find_simulation(conn, simulation_id)
    if found is None:
        raise NotFoundError(kind="simulation", name=simulation_id)
    return _shown(found, doors.clock())


def _read(body: SimulationIn) -> MonitoringPolicy:
    plain = {name: value for name, value in body.policy.items() if name != "version"}
    return read_policy(msgspec.json.encode(plain).decode(), MonitoringPolicy)


def _wish(body: SimulationIn, era: Era) -> dict[str, Any]:
    return {
        "version": body.policy.get("version"),
        "since": era.since.isoformat(),
        "through": era.through.isoformat(),
        "customers": body.customers,
    }


def _shown(kept: Simulation, now: datetime) -> SimulationOut:
    status, reason = kept.status, kept.reason
    if status == "running" and now - kept.moved_at > _STANDS_STILL:
        status, reason = "failed", "interrupted: the process that ran it has gone; ask again"
    return SimulationOut.model_validate(
        {
            "simulation_id": kept.simulation_id,
            "status": status,
            "asked_by": kept.asked_by,
            "asked_at": kept.asked_at,
            "moved_at": kept.moved_at,
            "customers": kept.customers,
            "since": kept.wish["since"],
            "through": kept.wish["through"],
            "outcome": kept.outcome,
            "reason": reason,
        }
    )
