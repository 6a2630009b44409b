"""The three routes that need no key: alive, ready, metrics."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST

from shared.chassis.doors import DoorsDep

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="Whether the process is alive; if not, start it again")
async def alive(doors: DoorsDep) -> Response:
    """200, or 503 with the reasons."""
    reasons = doors.health.dead_because()
    return health_response(reasons)


@router.get("/readyz", summary="Whether the process should be sent requests")
async def ready(doors: DoorsDep) -> Response:
    """200, or 503 with the reasons."""
    reasons = await doors.health.unready_because()
    return health_response(reasons)


@router.get("/metrics", summary="Metrics in Prometheus' text format")
async def metrics(doors: DoorsDep) -> Response:
    """This service's metrics in this process."""
    return Response(doors.metrics.text(), media_type=CONTENT_TYPE_LATEST)


def health_response(reasons: object) -> JSONResponse:
    """`{"status": "ok"}`, or the reasons why not."""
    if not reasons:
        return JSONResponse({"status": "ok"})
    return JSONResponse({"status": "failing", "reasons": reasons}, status_code=503)
