"""A policy tried on what the outside told: agencies' grades, a sector's index, a linked customer."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from services.monitoring.api import router
from services.monitoring.handlers import SERVICE
from shared.contracts import catalogue, signals
from shared.contracts.envelope import Event
from shared.contracts.financials import ExternalRatingPublished
from shared.contracts.screening import CustomerRegistered, Industry, Relationship
from shared.testing.database import TestServer
from shared.testing.http import calling, settings_for
from shared.testing.workers import NOON, Bench, bench, running, until
from tests.component.monitoring.test_ledger_doors import Counter
from tests.component.monitoring.test_simulations import a_policy, ended
from tests.component.publishing import stand_in

DAY = NOON.date()
TROUBLED, RELATED = "C1", "C3"


def an_entry(name: str, *edges: Relationship) -> CustomerRegistered:
    industry = Industry(scheme="NACE", code="C25.1")
    return CustomerRegistered(
        customer_id=name, legal_names=(), country="DE", industry=industry, relationships=edges
    )


def a_grade(grade: str, on: date) -> ExternalRatingPublished:
    return ExternalRatingPublished(agency="S&P", grade=grade, affirmed_on=on)


async def say(publisher: Bench, *told: tuple[str, Event]) -> None:
    entries = [
        publisher.entry(event, customer_id=name, event_id=f"{publisher.service.name}-{number}")
        for number, (name, event) in enumerate(told)
    ]
    await publisher.append(*entries)


@pytest.fixture
async def desk(postgres: TestServer) -> AsyncIterator[Counter]:
    """A listed customer, one linked to it, and bad news of their sector."""
    screening, rating = (
        stand_in("screening", catalogue.SCREENING),
        stand_in("rating", catalogue.FINANCIALS),
    )
    url = await postgres.fresh([SERVICE, screening, rating, stand_in("tiering", catalogue.TIERING)])
    made, register, agencies = (bench(each, url) for each in (SERVICE, screening, rating))

    async def all_heard() -> bool:
        query = (
            "SELECT (SELECT count(*) FROM monitoring.membership), "
            "(SELECT count(*) FROM monitoring.signal)"
        )
        return tuple((await made.fetch(query))[0]) == (2, 2)

    async with (
        calling(SERVICE, settings_for(url), router=router) as caller,
        running(made.worker()),
    ):
        found = Counter(caller, made)
        await found.close(DAY - timedelta(days=1))
        edge = Relationship(type="controls", party=RELATED)
        await say(register, (TROUBLED, an_entry(TROUBLED, edge)), (RELATED, an_entry(RELATED)))
        grades = (a_grade("A", DAY - timedelta(days=9)), a_grade("BBB", DAY))
        await say(agencies, *((RELATED, each) for each in grades))
        await until(all_heard)
        listed = signals.LegalProceedingFiled(proceeding_id="D1", kind="dishonest_debtor", date=DAY)
        index = signals.IndustryIndexPublished(
            scheme="NACE", code="C25", index="pmi", date=DAY, value=44.0
        )
        await made.append(
            made.entry(listed, customer_id=TROUBLED, event_id="s1"),
            made.entry(index, customer_id="", event_id="s2", partition=0),
        )
        await made.at_rest()
        for number in range(3):
            await found.close(DAY + timedelta(days=number))
        yield found
    for each in (made, register, agencies):
        await each.database.close()


async def test_grades_indices_and_links_are_replayed_from_what_is_stored(desk: Counter) -> None:
    found = await ended(desk, policy=a_policy())
    assert found["status"] == "done", found["reason"]
    rows = await desk.bench.fetch(
        "SELECT indicator, count(*) AS found FROM monitoring.warning GROUP BY indicator"
    )
    live = {row.indicator: row.found for row in rows}
    replayed = found["outcome"]["current"]["warnings"]
    assert {name: sum(counts.values()) for name, counts in replayed.items()} == live
    assert live == {"E01": 1, "E04": 1, "E11": 2, "I01": 2}
    assert (found["customers"], found["outcome"]["customers_without_links"]) == (2, 0)


async def test_of_some_customers_those_they_are_linked_to_come_along(desk: Counter) -> None:
    found = await ended(desk, policy=a_policy(), customers=1)
    assert found["status"] == "done", found["reason"]
    assert found["customers"] == 1
    assert set(found["outcome"]["current"]["warnings"]) == {"E04", "E11", "I01"}
