"""The five services and how each is wired into a process."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import FastAPI

from services.monitoring.api.live_clock import live_clock
from services.monitoring.app import create_app as create_monitoring
from services.monitoring.handlers import SERVICE as MONITORING
from services.rating.app import create_app as create_rating
from services.rating.handlers import SERVICE as RATING
from services.recovery.app import create_app as create_recovery
from services.recovery.handlers import SERVICE as RECOVERY
from services.screening.app import create_app as create_screening
from services.screening.handlers import SERVICE as SCREENING
from services.tiering.app import create_app as create_tiering
from services.tiering.handlers import SERVICE as TIERING
from shared.chassis.app import Runner
from shared.chassis.service import AnyService
from shared.chassis.settings import Settings
from shared.kernel.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Wiring:
    """A service, how its application is made, and what runs beside its worker."""

    service: AnyService
    create_app: Callable[[Settings], FastAPI]
    runners: tuple[Runner, ...] = ()


PLATFORM = (
    Wiring(SCREENING, create_screening),
    Wiring(RATING, create_rating),
    Wiring(MONITORING, create_monitoring, (live_clock,)),
    Wiring(TIERING, create_tiering),
    Wiring(RECOVERY, create_recovery),
)


def wiring_of(name: str) -> Wiring:
    """The service of that name. Raises `NotFoundError`."""
    for wiring in PLATFORM:
        if wiring.service.name == name:
            return wiring
    raise NotFoundError(kind="service", name=name)
