"""Runs dry runs beside the doors: chunk by chunk, each in a process of its own, one run at a time."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import structlog

from services.monitoring.domain.learning.simulation import Comparison
from services.monitoring.storage.pasts import broadcasts, pasts_of, sector_totals
from services.monitoring.storage.portfolio import names_after, sampled_names
from services.monitoring.storage.simulations import move_simulation
from services.monitoring.usecases.dry_run import DryRun, compared, shown_comparison, step_aside
from services.monitoring.usecases.surroundings import gathered, placed
from shared.chassis.doors import Doors

log = structlog.get_logger()
CHUNK = 25
_RUNNING: set[asyncio.Task[None]] = set()
_ONE_AT_A_TIME = asyncio.Lock()


def begin(doors: Doors, simulation_id: str, dry_run: DryRun, *, customers: int | None) -> None:
    """Begin a dry run; what it finds is written into its row."""
    task = asyncio.create_task(_run(doors, simulation_id, dry_run, customers))
    _RUNNING.add(task)
    task.add_done_callback(_RUNNING.discard)


async def _run(doors: Doors, simulation_id: str, dry_run: DryRun, customers: int | None) -> None:
    try:
        async with _ONE_AT_A_TIME:
            await _compare(doors, simulation_id, dry_run, customers)
    except Exception as error:
        log.exception("simulation_failed", simulation_id=simulation_id)
        await _move(
            doors, simulation_id, status="failed", reason=f"{type(error).__name__}: {error}"
        )


async def _compare(
    doors: Doors, simulation_id: str, dry_run: DryRun, customers: int | None
) -> None:
    comparison, zone = Comparison(), dry_run.era.zone
    async with doors.reading() as conn:
        around = gathered(await broadcasts(conn, zone=zone), await sector_totals(conn))
    loop = asyncio.get_running_loop()
    beside = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=step_aside)
    try:
        async for names in _chunks(doors, customers):
            async with doors.reading() as conn:
                pasts = placed(await pasts_of(conn, names, zone=zone), around)
            comparison.merge(await loop.run_in_executor(beside, compared, dry_run, pasts))
            await _move(doors, simulation_id, customers=comparison.current.customers)
    finally:
        beside.shutdown(wait=False, cancel_futures=True)
    await _move(doors, simulation_id, status="done", outcome=shown_comparison(comparison))


async def _chunks(doors: Doors, customers: int | None) -> AsyncIterator[list[str]]:
    """The customers' ids a chunk at a time, each read by itself: no look at the database stays open."""
    if customers is not None:
        async with doors.reading() as conn:
            drawn = await sampled_names(conn, customers)
        for begin_at in range(0, len(drawn), CHUNK):
            yield drawn[begin_at : begin_at + CHUNK]
        return
    after = ""
    while True:
        async with doors.reading() as conn:
            names = await names_after(conn, after, limit=CHUNK)
        if not names:
            return
        after = names[-1]
        yield names


async def _move(doors: Doors, simulation_id: str, **changed: object) -> None:
    async with doors.transaction() as conn:
        await move_simulation(conn, simulation_id, doors.clock(), **changed)
