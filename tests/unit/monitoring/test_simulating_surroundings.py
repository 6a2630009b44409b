"""A replay hears of sectors and countries what was told of them, on the day it was told."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.learning.past import Era, Past, Told, in_order
from services.monitoring.domain.outside.industry_standing import SectorTotal
from services.monitoring.domain.standing import Standing
from services.monitoring.usecases.surroundings import Stage, gathered
from shared.contracts.monitoring import WarningChanged
from shared.contracts.screening import CustomerRegistered, Industry, Relationship
from shared.contracts.signals import IndustryIndexPublished
from tests.unit.monitoring.in_memory import Told as Sent
from tests.unit.monitoring.test_simulating import (
    START,
    STORY,
    a_past,
    issued,
    lived,
    on_day,
    paid,
    raised_in,
    run,
    told,
)

Month = tuple[str, date]


def registered(name: str, *edges: Relationship) -> Sent:
    event = CustomerRegistered(
        customer_id=name,
        legal_names=(),
        country="DE",
        industry=Industry(scheme="NACE", code="C25.1"),
        relationships=edges,
    )
    return Sent(event, name, START, id=f"r{name}")


def here(past: Past, *broadcasts: Told, months: Mapping[Month, SectorTotal] | None = None) -> Past:
    """The past of a customer registered at the start, and what is stored around it."""
    standing = Standing(registered=True, country="DE", industry="NACE/C25.1")
    stage = Stage(around=gathered(in_order(broadcasts), months or {}))
    return stage.placed([replace(past, standing=standing, since=START)])[0]


def an_index(value: float, on: int, of: int | None = None, code: str = "C25") -> Told:
    """The managers' index of a day, told on that one or a later one."""
    day = on_day(on if of is None else of)
    event = IndustryIndexPublished(scheme="NACE", code=code, index="pmi", date=day, value=value)
    return told(event, on)


def about_sectors(raised: Counter[tuple[str, str]]) -> dict[tuple[str, str], int]:
    return {key: count for key, count in raised.items() if key[0].startswith("I")}


@pytest.mark.parametrize("story", [STORY, ()])
def test_indices_are_replayed_whether_the_customer_trades_or_not(story: Sequence[Told]) -> None:
    told_of = (an_index(49.0, 31), an_index(44.0, 65, of=59), an_index(43.0, 90, code="C24"))
    broadcasts = (*told_of, an_index(56.0, 140, of=120), an_index(41.0, 170))
    found = run(here(a_past(*story), *broadcasts))
    monitoring = lived([*story, *broadcasts], 300, registered("A"))
    assert about_sectors(found.run.raised) == about_sectors(raised_in(monitoring))
    assert len(about_sectors(found.run.raised)) >= 2
    early = run(here(a_past(*story), *broadcasts), era=Era(since=START, through=on_day(64)))
    assert ("I01", "red") not in early.run.raised


def test_what_was_told_before_the_customer_came_is_known_to_it() -> None:
    before = (an_index(49.0, -60), an_index(44.0, -31))
    found = run(here(a_past(*STORY), *before), era=Era(since=START, through=on_day(20)))
    assert about_sectors(found.run.raised) == {("I01", "red"): 1}
    idle = run(here(a_past(), *before))
    assert (idle.run.raised, idle.run.days) == ({}, 0)


def monthly(name: str) -> tuple[Told, ...]:
    """An invoice a month: ten times two days late, then twenty."""
    months = [(30 * number, 30 * number + (7 if number < 10 else 25)) for number in range(11)]
    issues = [told(issued(f"{name}{on}", on, terms=5), on) for on, _ in months]
    return (*issues, *(told(paid(f"{name}{on}", until), until) for on, until in months))


def test_our_own_sector_is_replayed_as_it_was_lived() -> None:
    stories = {name: monthly(name) for name in ("A", "B", "C")}
    mine = stories.pop("A")
    monitoring = lived(mine, 340, *map(registered, ("A", "B", "C")), **stories)
    past = here(a_past(*mine), months=monitoring.sectors.mine)
    found = run(past, era=Era(since=START, through=on_day(340)))
    heard = [e for e in monitoring.said(WarningChanged) if isinstance(e, WarningChanged)]
    said = [(e.severity, e.value) for e in heard if (e.indicator, e.customer_id) == ("I04", "A")]
    assert found.run.raised["I04", "red"] == len(said) == 1
    assert found.customer.watch.alerts[Indicator.OWN_PORTFOLIO_SECTOR].value == said[0][1]
