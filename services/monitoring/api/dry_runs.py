"""Runs dry runs beside the doors: chunk by chunk, each in a process of its own, one run at a time."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import structlog

from services.monitoring.domain.learning.links import kin_in
from services.monitoring.domain.learning.simulation import Comparison
from services.monitoring.storage.groups import all_links
from services.monitoring.storage.pasts import broadcasts, pasts_of, sector_totals
from services.monitoring.storage.portfolio import names_after, sampled_names
from services.monitoring.storage.simulations import move_simulation
from services.monitoring.usecases.dry_run import DryRun, compared, shown_comparison, step_aside
from services.monitoring.usecases.surroundings import Stage, gathered
from shared.chassis.doors import Doors

log = structlog.get_logger()
CHUNK = 25
_SIGN_OF_LIFE_SECONDS = 60
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
    stage = await _staged(doors, zone, customers)
    beside = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=step_aside)
    try:
        async for names in _chunks(doors, stage):
            async with doors.reading() as conn:
                pasts = stage.placed(await pasts_of(conn, names, zone=zone))
            chunk = asyncio.wrap_future(beside.submit(compared, dry_run, pasts))
            while not (await asyncio.wait({chunk}, timeout=_SIGN_OF_LIFE_SECONDS))[0]:
                await _move(doors, simulation_id)
            comparison.merge(chunk.result())
            await _move(doors, simulation_id, customers=comparison.current.customers)
    finally:
        beside.shutdown(wait=False, cancel_futures=True)
    await _move(doors, simulation_id, status="done", outcome=shown_comparison(comparison))


async def _staged(doors: Doors, zone: str, customers: int | None) -> Stage:
    async with doors.reading() as conn:
        around = gathered(await broadcasts(conn, zone=zone), await sector_totals(conn))
        kin = kin_in(await all_links(conn))
        drawn = None if customers is None else await sampled_names(conn, customers)
    return Stage(around=around, kin=kin, counted=None if drawn is None else frozenset(drawn))


async def _chunks(doors: Doors, stage: Stage) -> AsyncIterator[list[str]]:
    """Customers' ids, some at a time; who hangs together stays together, counted or not."""
    done: set[str] = set()
    async for drawn in _drawn(doors, stage):
        names: list[str] = []
        for party in _parties(drawn, stage, done):
            names += party
            if len(names) >= CHUNK:
                yield names
                names = []
        if names:
            yield names


def _parties(drawn: Iterable[str], stage: Stage, done: set[str]) -> Iterator[list[str]]:
    """Each customer beside those that it hangs together with, once."""
    for name in drawn:
        links = stage.kin.together.get(name)
        if links is None:
            yield [name]
        elif name not in done:
            done.update(links.since)
            yield list(links.since)


async def _drawn(doors: Doors, stage: Stage) -> AsyncIterator[list[str]]:
    """The ids of those that are counted, each time read by itself: no look at the database stays open."""
    if stage.counted is not None:
        yield sorted(stage.counted)
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
