"""Rating's worker on a real database: events in, ratings and answers out, and a day's end."""

from datetime import date
from decimal import Decimal

import msgspec

from services.rating.domain.policy import RatingPolicy
from services.rating.handlers import SERVICE
from services.rating.storage.book import CustomerState
from shared.chassis.tables import chassis_tables
from shared.contracts.figures import ArrearsFigures, BehaviourFigures, CustomerFigures
from shared.contracts.financials import ExternalRatingPublished
from shared.contracts.monitoring import BehaviourReported, MonitoringDayClosed
from shared.contracts.rating import GradeAssigned
from shared.contracts.screening import CustomerCleared
from shared.decisions.replay import replay
from shared.decisions.storage import DecisionQuestion, find_decisions
from shared.policies.book import PolicyBook, shipped
from shared.testing.http import bearer
from shared.testing.workers import running, until
from tests.component.rating.conftest import Desk

DAY = date(2026, 3, 2)


def behaviour(material_days: int = 0, *, settled: int = 30) -> BehaviourReported:
    arrears = ArrearsFigures(
        currency="EUR",
        overdue_amount=Decimal("10.50"),
        undisputed_overdue_amount=Decimal("10.50"),
        oldest_days_past_due=material_days,
        material_days_past_due=material_days,
    )
    figures = CustomerFigures(
        as_of=DAY,
        ews=12.5,
        band="green",
        arrears=(arrears,),
        behaviour=BehaviourFigures(
            settled_24m=settled,
            wadd_12m=1 / 3,
            late_over_30_share_12m=0.0,
            max_days_past_due_6m=material_days,
            wadd_trend=0.1,
        ),
    )
    return BehaviourReported(customer_id="c1", as_of=DAY, occasion="month_end", figures=figures)


def cleared() -> CustomerCleared:
    return CustomerCleared(
        customer_id="c1",
        as_of=DAY,
        decision_id="s1",
        outcome="pass",
        points=0,
        reasons=(),
        not_checked=(),
        policy_version="p",
    )


async def test_monitoring_s_report_becomes_a_rating(desk: Desk) -> None:
    await desk.say(desk.monitoring, behaviour(), customer_id="c1", number=1)
    async with running(desk.rating.worker()):
        (rated,) = await desk.rated("c1", 1)
    assert (rated.grade, rated.trigger, rated.as_of) == ("BB-", "behaviour_reported", DAY)


async def test_the_answer_lies_in_rating_s_log(desk: Desk) -> None:
    await desk.say(desk.monitoring, behaviour(), customer_id="c1", number=1)
    async with running(desk.rating.worker()):
        await desk.rated("c1", 1)
    query = """SELECT value FROM rating_log.log WHERE topic = 'obligor.rating'"""
    ((value,),) = await desk.rating.fetch(query)
    answer = msgspec.json.decode(value, type=GradeAssigned)
    assert answer.figures == behaviour().figures
    assert answer.month_end is True


async def test_what_is_known_outlives_the_batch(desk: Desk) -> None:
    await desk.say(desk.monitoring, behaviour(), customer_id="c1", number=1)
    async with running(desk.rating.worker()):
        await desk.rated("c1", 1)
        await desk.say(desk.screening, cleared(), customer_id="c1", number=2)
        first, second = await desk.rated("c1", 2)
    assert second.previous_grade == first.grade
    ((kept,),) = await desk.rating.fetch('SELECT state FROM "rating".customer')
    state = msgspec.json.decode(kept, type=CustomerState)
    assert state.figures == behaviour().figures
    assert state.verdict == "pass"
    assert state.rated == 2


async def test_one_batch_may_rate_a_customer_more_than_once(desk: Desk) -> None:
    for number, days in enumerate((0, 70, 95)):
        await desk.say(desk.monitoring, behaviour(days), customer_id="c1", number=number)
    async with running(desk.rating.worker()):
        rated = await desk.rated("c1", 3)
    assert [(each.number, each.grade) for each in rated] == [(1, "BB-"), (2, "CCC"), (3, "D")]


async def test_a_stored_decision_replays_identically(desk: Desk) -> None:
    for number, days in enumerate((0, 70)):
        await desk.say(desk.monitoring, behaviour(days), customer_id="c1", number=number)
    async with running(desk.rating.worker()):
        await desk.rated("c1", 2)
    table = chassis_tables(SERVICE.name, SERVICE.metadata).decision
    async with desk.rating.database.reading() as conn:
        kept = await find_decisions(conn, table, DecisionQuestion(customer_id="c1"))
    policies = PolicyBook([shipped(SERVICE.policy_file, RatingPolicy)])
    assert len(kept) == 2
    for each in kept:
        assert replay(each.decision, SERVICE.decisions, policies).identical


async def test_rating_closes_the_day_that_monitoring_closed(desk: Desk) -> None:
    await desk.say(desk.monitoring, behaviour(), customer_id="c1", number=1)
    marker = desk.monitoring.entry(
        MonitoringDayClosed(date=DAY), customer_id="", event_id="end", partition=0
    )
    await desk.monitoring.append(marker)
    async with running(desk.rating.worker()):
        await desk.rated("c1", 1)
        await desk.rating.at_rest()
    query = 'SELECT partition FROM "rating".partition_state WHERE closed_on = :day'
    assert await desk.rating.fetch(query, day=DAY) == [(0,)]


async def test_an_expired_validity_wakes_a_customer_nobody_spoke_of(desk: Desk) -> None:
    await desk.say(desk.monitoring, behaviour(), customer_id="c1", number=1)
    async with running(desk.rating.worker()):
        (rated,) = await desk.rated("c1", 1)
        for partition in range(4):
            marker = desk.monitoring.entry(
                MonitoringDayClosed(date=rated.valid_to),
                customer_id="",
                event_id=f"end/{partition}",
                partition=partition,
            )
            await desk.monitoring.append(marker)
        _, again = await desk.rated("c1", 2)
    assert again.trigger == "validity_expired"
    assert again.as_of == rated.valid_to


async def test_what_agencies_said_outlives_the_batch(desk: Desk) -> None:
    grade = ExternalRatingPublished(agency="Fitch", grade="A", affirmed_on=DAY)
    await desk.say(desk.rating, grade, customer_id="c1", number=1)
    async with running(desk.rating.worker()):
        await desk.rated("c1", 1)
        await desk.say(desk.monitoring, behaviour(), customer_id="c1", number=2)
        _, second = await desk.rated("c1", 2)
    names = [each["name"] for each in second.decision["components"]]
    assert names == ["prior", "behaviour", "external"]


async def test_a_statement_through_the_door_is_dated_by_the_ledger(desk: Desk) -> None:
    for partition in range(4):
        marker = desk.monitoring.entry(
            MonitoringDayClosed(date=DAY),
            customer_id="",
            event_id=f"end/{partition}",
            partition=partition,
        )
        await desk.monitoring.append(marker)
    query = 'SELECT 1 FROM "rating".partition_state WHERE closed_on = :day'

    async def closed() -> bool:
        return len(await desk.rating.fetch(query, day=DAY)) == 4

    body = {
        "period_end": "2025-12-31",
        "months": 12,
        "basis": "audited",
        "currency": "EUR",
        "lines": {"TA": 40, "TL": 25.5, "TE": 14.5},
    }
    async with desk.open() as caller:
        await until(closed)
        path = "/rating/v1/customers/c1/financial-statements"
        answer = await caller.client.post(path, json=body, headers=bearer())
        assert answer.status_code == 202
        (rated,) = await desk.rated("c1", 1)
    assert rated.as_of == date(2026, 3, 3)
