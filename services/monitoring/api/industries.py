"""Questions about sectors: how near each is to its triggers, and how much of ours is in it."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends

from services.monitoring.api.days import business_day_of, policy_on
from services.monitoring.domain.industry_quadrant import Quadrant, SectorView, view_of_sector
from services.monitoring.domain.policies.warnings import Severity
from services.monitoring.storage.exposed import SectorExposure, exposed_by_sector
from services.monitoring.storage.sectors import load_sectors
from services.monitoring.usecases.shown import text
from shared.auth.principals import Principal, Role
from shared.chassis.doors import DoorsDep, allowed
from shared.chassis.schemas import Out

router = APIRouter(tags=["industries"])
Reader = Annotated[Principal, Depends(allowed(Role.VIEWER))]


class SectorExposureOut(Out):
    """What could be lost in a sector, in one currency."""

    currency: str
    total: str


class SectorSignalOut(Out):
    """One of I01 to I04: its value; `distance` is 0 at the watch threshold, negative beyond."""

    indicator: str
    value: float
    severity: Severity | None
    distance: float


class SectorOut(Out):
    """A sector: two digits of the register's code, after its scheme.

    `level` is the worst signal's severity. `distance` is the smallest of its signals', `change` how much
    nearer its trigger came within a year; null where not known. `quadrant`: sound and slipping lie before
    the trigger, weak and deteriorating beyond; slipping and deteriorating came nearer.
    """

    sector: str
    customers: int
    exposed_customers: int
    exposures: list[SectorExposureOut]
    level: Severity | None
    distance: float | None
    change: float | None
    quadrant: Quadrant | None
    signals: list[SectorSignalOut]


class SectorsOut(Out):
    """All sectors, by name."""

    as_of: date
    items: list[SectorOut]
    next_cursor: None = None


@router.get("/industries", summary="Sectors by distance to their triggers and yearly change")
async def industries(doors: DoorsDep, principal: Reader) -> SectorsOut:
    """As of the business day. Exposures are those last announced, by currency; never added."""
    del principal
    async with doors.reading() as conn:
        as_of = await business_day_of(conn, doors, None)
        policy = (await policy_on(conn, doors, as_of)).warnings
        sectors = await load_sectors(conn, 0)
        exposed = await exposed_by_sector(conn)
    views = {name: view_of_sector(sectors, name, policy, as_of=as_of) for name in exposed}
    items = [_shown(name, exposed[name], views[name]) for name in exposed]
    return SectorsOut(as_of=as_of, items=items)


def _shown(name: str, exposed: SectorExposure, view: SectorView) -> SectorOut:
    return SectorOut(
        sector=name,
        customers=exposed.customers,
        exposed_customers=exposed.exposed_customers,
        exposures=[
            SectorExposureOut(currency=currency, total=text(total, currency))
            for currency, total in sorted(exposed.exposures.items())
        ],
        level=view.level,
        distance=view.distance,
        change=view.change,
        quadrant=view.quadrant,
        signals=[
            SectorSignalOut(
                indicator=each.indicator.value,
                value=each.value,
                severity=each.severity,
                distance=each.distance,
            )
            for each in view.signals
        ],
    )
