"""Probes, metrics and failures, as a load balancer and an operator see them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

import httpx
import pytest
from fastapi import APIRouter
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from shared.chassis.app import DatabaseMissingError, build_app
from shared.chassis.doors import Doors, DoorsDep
from shared.chassis.housekeeping import keep_house
from shared.chassis.platform import build_platform
from shared.chassis.runtime import worker_runner
from shared.chassis.settings import Settings
from shared.contracts.transactions import OrderPlaced
from shared.db.migrate import PartitionCountError
from shared.kernel.errors import TransientError
from shared.testing.database import TestServer
from shared.testing.http import Caller, bearer, calling, client_of, settings_for
from shared.testing.toy import toy_service
from shared.testing.workers import Bench

router = APIRouter()
NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


@router.get("/customers/{customer_id}/fault")
async def fault(customer_id: str, doors: DoorsDep) -> None:
    del doors
    message = f"secret of {customer_id}"
    raise ZeroDivisionError(message)


@router.get("/wait")
async def wait() -> None:
    raise TransientError


@asynccontextmanager
async def calling_toy(toy: Bench) -> AsyncIterator[Caller]:
    settings = settings_for(toy.database.settings.url)
    async with calling(toy.service, settings, router=router) as caller:
        yield caller


async def test_a_service_that_can_reach_its_tables_is_ready(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        ready = await caller.client.get("/readyz")
        alive = await caller.client.get("/healthz")
    assert (ready.status_code, ready.json()) == (200, {"status": "ok"})
    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})


async def test_a_service_without_its_database_is_alive_but_not_ready() -> None:
    async with calling(toy_service(), settings_for(NOWHERE)) as caller:
        ready = await caller.client.get("/readyz")
        alive = await caller.client.get("/healthz")
    assert ready.status_code == 503
    assert list(ready.json()["reasons"]) == ["database"]
    assert alive.status_code == 200


async def test_a_database_that_was_not_migrated_is_not_ready(toy: Bench) -> None:
    await toy.fetch("DELETE FROM monitoring.partition_state RETURNING 1")
    async with calling_toy(toy) as caller:
        ready = await caller.client.get("/readyz")
    assert ready.status_code == 503
    assert "partitions" in ready.json()["reasons"]["database"]


async def test_another_number_of_partitions_refuses_to_start(toy: Bench) -> None:
    settings = settings_for(toy.database.settings.url, partitions=8)
    with pytest.raises(PartitionCountError, match="migrated for 4 partitions, not 8"):
        await opened(toy, settings)


async def opened(toy: Bench, settings: Settings) -> None:
    async with calling(toy.service, settings):
        pass


async def test_a_schema_that_is_not_there_yet_starts_but_is_not_ready(
    postgres: TestServer,
) -> None:
    settings = settings_for(await postgres.fresh(), database_roles=False)
    async with calling(toy_service(), settings) as caller:
        ready = await caller.client.get("/readyz")
    assert ready.status_code == 503
    assert "not migrated" in ready.json()["reasons"]["database"]


async def test_a_leaving_process_is_not_ready(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        caller.doors.health.drain()
        ready = await caller.client.get("/readyz")
        alive = await caller.client.get("/healthz")
    assert (ready.status_code, ready.json()["reasons"]) == (503, {"process": "draining"})
    assert alive.status_code == 200


async def test_a_stuck_worker_is_neither_alive_nor_ready(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        caller.doors.health.alive["worker"] = lambda: "no headway for 60 s"
        ready = await caller.client.get("/readyz")
        alive = await caller.client.get("/healthz")
    assert (ready.status_code, alive.status_code) == (503, 503)
    assert alive.json()["reasons"] == {"worker": "no headway for 60 s"}


async def test_a_question_without_the_database_is_put_off() -> None:
    async with calling(toy_service(), settings_for(NOWHERE)) as caller:
        answer = await caller.client.get("/monitoring/v1/positions", headers=bearer())
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert answer.json()["code"] == "unavailable"


async def test_a_passing_failure_is_put_off(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        answer = await caller.client.get("/monitoring/v1/wait")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


async def test_our_own_fault_shows_an_id_and_nothing_else(toy: Bench) -> None:
    with capture_logs() as logs:
        async with calling_toy(toy) as caller:
            answer = await caller.client.get("/monitoring/v1/customers/c7/fault")
    shown = answer.json()
    (line,) = logs
    assert line["event"] == "request_failed"
    assert line["request_id"] == shown["request_id"]
    assert isinstance(line["exc_info"], ZeroDivisionError)
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert shown["request_id"] == answer.headers["X-Request-Id"]
    assert "secret" not in answer.text
    assert "ZeroDivisionError" not in answer.text


def samples(answer: httpx.Response, name: str) -> list[tuple[dict[str, str], float]]:
    families = text_string_to_metric_families(answer.text)
    return [
        (dict(sample.labels), sample.value)
        for family in families
        for sample in family.samples
        if sample.name == name
    ]


async def test_requests_are_counted_by_route_never_by_customer(toy: Bench) -> None:
    with capture_logs():
        async with calling_toy(toy) as caller:
            metrics = await after_a_few_requests(caller)
    counted = {
        (labels["route"], labels["status"]): value
        for labels, value in samples(metrics, "obligor_http_requests_total")
    }
    assert counted == {
        ("/monitoring/v1/customers/{customer_id}/fault", "500"): 2.0,
        ("/monitoring/v1/positions", "401"): 1.0,
        ("unmatched", "404"): 1.0,
    }


async def after_a_few_requests(caller: Caller) -> httpx.Response:
    for customer in ("c1", "c2"):
        await caller.client.get(f"/monitoring/v1/customers/{customer}/fault")
    await caller.client.get("/monitoring/v1/positions")
    await caller.client.get("/nothing/here")
    return await caller.client.get("/metrics")


async def test_a_running_worker_shows_what_it_does(toy: Bench) -> None:
    settings = settings_for(toy.database.settings.url)
    order = OrderPlaced(order_id="o1", amount=Decimal(1), currency="EUR")
    await toy.append(toy.entry(order, customer_id="c1", event_id="e1"))
    async with calling(toy.service, settings, runners=[worker_runner(toy.service)]) as caller:
        await toy.at_rest()
        await keep_house(caller.doors, cleaning=True)
        metrics = await caller.client.get("/metrics")
        alive = await caller.client.get("/healthz")
    assert alive.status_code == 200
    own = {"service": "monitoring"}
    topic = own | {"topic": "obligor.transactions"}
    assert samples(metrics, "obligor_worker_tripped") == [(own, 0)]
    assert samples(metrics, "obligor_partitions_owned") == [(own, 4)]
    assert samples(metrics, "obligor_records_total") == [(topic, 1)]
    assert (topic, 1) in samples(metrics, "obligor_decision_seconds_count")
    assert (own | {"outcome": "committed"}, 1) in samples(metrics, "obligor_batches_total")
    assert {lag for _, lag in samples(metrics, "obligor_lag_records")} == {0}
    assert samples(metrics, "obligor_unshipped_records") == []


async def test_probes_are_not_counted(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        await caller.client.get("/healthz")
        await caller.client.get("/readyz")
        metrics = await caller.client.get("/metrics")
    assert samples(metrics, "obligor_http_requests_total") == []


async def test_runners_live_as_long_as_the_application(toy: Bench) -> None:
    story: list[str] = []

    @asynccontextmanager
    async def runner(doors: Doors) -> AsyncIterator[None]:
        story.append(f"started, {doors.health.started}")
        yield
        story.append(f"stopped, draining {doors.health.draining}")

    settings = settings_for(toy.database.settings.url)
    async with calling(toy.service, settings, runners=[runner]) as caller:
        assert (await caller.client.get("/readyz")).status_code == 200
    assert story == ["started, False", "stopped, draining True"]


def test_a_service_without_a_database_url_does_not_start() -> None:
    with pytest.raises(DatabaseMissingError, match="OBLIGOR_DATABASE_URL"):
        build_app(toy_service(), APIRouter(), Settings())


async def test_the_platform_serves_each_service_under_its_own_name(toy: Bench) -> None:
    app = build_app(toy.service, router, settings_for(toy.database.settings.url))
    root = build_platform([app])
    async with app.router.lifespan_context(app), client_of(root) as client:
        found = await client.get("/monitoring/v1/positions", headers=bearer())
        docs = await client.get("/monitoring/docs")
        missing = await client.get("/nobody/v1/positions")
        index = await client.get("/")
        page = await client.get("/", headers={"Accept": "text/html"})
    assert (found.status_code, docs.status_code) == (200, 200)
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    assert index.json()["services"] == {"monitoring": "/monitoring/docs"}
    assert 'href="/monitoring/docs"' in page.text


async def test_the_platform_is_alive_once_every_service_serves(toy: Bench) -> None:
    app = build_app(toy.service, router, settings_for(toy.database.settings.url))
    root = build_platform([app])
    async with client_of(root) as client:
        before = await client.get("/healthz")
        async with app.router.lifespan_context(app):
            during = await client.get("/healthz")
            ready = await client.get("/readyz")
        after = await client.get("/readyz")
    assert before.status_code == 503
    assert before.json()["reasons"] == {"monitoring": {"process": "starting"}}
    assert (during.status_code, ready.status_code) == (200, 200)
    assert after.json()["reasons"] == {"monitoring": {"process": "draining"}}


async def test_a_draining_platform_is_not_ready(toy: Bench) -> None:
    app = build_app(toy.service, router, settings_for(toy.database.settings.url))
    root = build_platform([app])
    async with app.router.lifespan_context(app), client_of(root) as client:
        root.drain()
        ready = await client.get("/readyz")
    assert ready.status_code == 503
