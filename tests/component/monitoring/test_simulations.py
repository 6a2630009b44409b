"""A policy tried on what is stored, through the doors of a running ledger: it changes nothing."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import yaml

from services.monitoring.api import router
from services.monitoring.handlers import SERVICE
from shared.auth.principals import Role
from shared.contracts import catalogue
from shared.testing.database import TestServer
from shared.testing.http import bearer, calling, settings_for
from shared.testing.workers import bench, running, until
from tests.component.monitoring.test_ledger_doors import DAY, V1, Counter, a_payment, an_invoice
from tests.component.publishing import stand_in

SIMULATIONS = f"{V1}/simulations"


@pytest.fixture
async def desk(postgres: TestServer) -> AsyncIterator[Counter]:
    publishers = [
        stand_in(name, topic)
        for name, topic in (
            ("screening", catalogue.SCREENING),
            ("tiering", catalogue.TIERING),
            ("rating", catalogue.FINANCIALS),
        )
    ]
    url = await postgres.fresh([SERVICE, *publishers])
    made = bench(SERVICE, url)
    async with (
        calling(SERVICE, settings_for(url), router=router) as caller,
        running(made.worker()),
    ):
        yield Counter(caller, made)
    await made.database.close()


def a_policy() -> dict[str, Any]:
    plain: dict[str, Any] = yaml.safe_load(SERVICE.policy_file.read_text())
    return plain


async def lived(desk: Counter) -> None:
    """A customer that pays its first invoice and never its second; another that owes nothing."""
    await desk.close(DAY - timedelta(days=1))
    await desk.send(
        an_invoice("I1", "5000.00"), an_invoice("I2", "5000.00"), a_payment("P1", "5000")
    )
    for passed in range(120):
        await desk.close(DAY + timedelta(days=passed))


async def ended(desk: Counter, **wish: object) -> dict[str, Any]:
    answer = await desk.caller.client.post(SIMULATIONS, json=wish, headers=bearer())
    assert answer.status_code == 202, answer.text
    place = answer.json()["location"]
    found: dict[str, Any] = {}

    async def is_over() -> bool:
        found.update(await desk.ask(place.removeprefix(V1)))
        return bool(found["status"] != "running")

    await until(is_over, seconds=60)
    return found


async def everything(desk: Counter) -> list[Any]:
    return [
        await desk.bench.fetch(f"SELECT * FROM monitoring.{table} ORDER BY 1")
        for table in ("account", "warning", "fact", "partition_total")
    ]


async def test_two_policies_stand_side_by_side_and_nothing_changes(desk: Counter) -> None:
    await lived(desk)
    before = await everything(desk)
    quiet = a_policy()
    for entry in quiet["warnings"]["indicators"].values():
        if entry["group"] == "TXN":
            entry.update(watch=None, amber=None)
    found = await ended(desk, policy=quiet)
    assert found["status"] == "done", found["reason"]
    current, proposed = found["outcome"]["current"], found["outcome"]["proposed"]
    assert (found["customers"], found["through"]) == (1, str(DAY + timedelta(days=119)))
    assert (current["late_invoices"], current["defaults"]) == (1, 1)
    assert current["alerts"] > proposed["alerts"] > 0
    assert current["money"][0] == {
        "currency": "EUR",
        "late_amount": "5000.00",
        "warned_amount": current["money"][0]["warned_amount"],
    }
    raised = await desk.bench.fetch("SELECT DISTINCT indicator FROM monitoring.warning")
    assert {row.indicator for row in raised} == set(current["warnings"])
    assert await everything(desk) == before


async def test_only_some_customers_and_days_may_be_asked_for(desk: Counter) -> None:
    await lived(desk)
    span = {"from": str(DAY + timedelta(days=60)), "to": str(DAY + timedelta(days=90))}
    found = await ended(desk, policy=a_policy(), customers=1, **span)
    assert found["status"] == "done", found["reason"]
    assert found["outcome"]["current"] == found["outcome"]["proposed"]
    assert found["outcome"]["current"]["customer_months"] == pytest.approx(31 / 30.4, rel=0.01)
    assert found["outcome"]["band_changes"] == []


async def test_a_policy_that_breaks_a_rule_is_refused_at_the_door(desk: Counter) -> None:
    broken = a_policy()
    broken["ledger"]["report_at_settled"] = 0
    wish = {"policy": broken}
    answer = await desk.caller.client.post(SIMULATIONS, json=wish, headers=bearer())
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (
        422,
        "report_at_settled",
    )


async def test_a_time_that_ends_before_it_begins_is_refused(desk: Counter) -> None:
    wish = {"policy": a_policy(), "from": "2025-02-02", "to": "2025-02-01"}
    answer = await desk.caller.client.post(SIMULATIONS, json=wish, headers=bearer())
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "from")


async def test_only_those_answerable_may_ask(desk: Counter) -> None:
    headers = await desk.caller.key(Role.ANALYST)
    wish = {"policy": a_policy()}
    answer = await desk.caller.client.post(SIMULATIONS, json=wish, headers=headers)
    assert answer.status_code == 403


async def test_a_simulation_nobody_asked_for_is_not_found(desk: Counter) -> None:
    answer = await desk.caller.client.get(f"{SIMULATIONS}/none", headers=bearer())
    assert answer.status_code == 404


async def test_one_whose_process_has_gone_says_so(desk: Counter) -> None:
    await desk.bench.fetch(
        "INSERT INTO monitoring.simulation (simulation_id, status, asked_by, asked_at, moved_at, "
        "wish, customers) VALUES ('s1', 'running', 'Ada', now(), now() - interval '11 minutes', "
        '\'{"since": "2025-01-01", "through": "2025-02-01"}\', 7) RETURNING 1'
    )
    found = await desk.ask("/simulations/s1")
    assert (found["status"], found["customers"]) == ("failed", 7)


async def test_a_repeated_request_runs_the_policy_once(desk: Counter) -> None:
    await desk.close(DAY)
    headers, wish = bearer() | {"Idempotency-Key": "k"}, {"policy": a_policy()}
    first = await desk.caller.client.post(SIMULATIONS, json=wish, headers=headers)
    again = await desk.caller.client.post(SIMULATIONS, json=wish, headers=headers)
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json() == first.json()
    assert len(await desk.bench.fetch("SELECT 1 FROM monitoring.simulation")) == 1
    place = first.json()["location"].removeprefix(V1)

    async def is_over() -> bool:
        return bool((await desk.ask(place))["status"] == "done")

    await until(is_over, seconds=60)
