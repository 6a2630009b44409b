"""A short history of a few customers of the sample, good and bad, as log entries."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

import msgspec

from obligor.facts import DayOfFacts
from obligor.sample.portfolio import Sample, build_sample
from obligor.sample.stories import Story
from shared.log.append import Entry
from shared.testing.five import command, day_end, fact

LAST_DAY = date(2026, 6, 30)
DAYS = 100
_PER_STORY = 1
# One, because totals of the portfolio reach a decision from all partitions, whoever is ahead.
PARTITIONS = 1


@cache
def sample() -> Sample:
    """The sample that the histories are cut from."""
    return build_sample(last_day=LAST_DAY)


@cache
def chosen() -> frozenset[str]:
    """One customer of every story."""
    found: dict[Story, list[str]] = {}
    for truth in sample().truths:
        found.setdefault(truth.story, []).append(truth.customer_id)
    return frozenset(name for names in found.values() for name in names[:_PER_STORY])


@cache
def days(count: int = DAYS) -> tuple[DayOfFacts, ...]:
    """The last days of the sample, of the chosen customers only."""
    history = sample().history.days
    first = history[-1].day - timedelta(days=count - 1)
    return tuple(_of_chosen(day) for day in history if day.day >= first)


def _of_chosen(day: DayOfFacts) -> DayOfFacts:
    names = chosen()
    return DayOfFacts(
        day.day,
        statements=[each for each in day.statements if each.customer_id in names],
        transactions=[each for each in day.transactions if each.customer_id in names],
    )


def registrations() -> list[Entry]:
    """The commands that register the chosen customers, the day before the history begins."""
    day = days()[0].day - timedelta(days=1)
    known = {each.customer_id: each for each in sample().history.days[0].registrations}
    return [
        command(
            "register_customer",
            msgspec.json.decode(known[name].body()),
            customer_id=name,
            day=day,
            partitions=PARTITIONS,
        )
        for name in sorted(chosen())
    ]


def statements() -> list[Entry]:
    """The statements filed in the history."""
    return [
        fact(
            each.filed,
            customer_id=each.customer_id,
            event_id=f"{each.customer_id}/{each.filed.period_end}",
            day=each.day,
            partitions=PARTITIONS,
        )
        for day in days()
        for each in day.statements
    ]


def transactions() -> Iterator[list[Entry]]:
    """The ledger's facts and day ends, a list per day; the day before the first closes first."""
    yield day_end(days()[0].day - timedelta(days=1), partitions=PARTITIONS)
    for day in days():
        facts = [
            fact(
                each.event,
                customer_id=each.customer_id,
                event_id=each.id,
                day=each.day,
                partitions=PARTITIONS,
            )
            for each in day.transactions
        ]
        yield facts + day_end(day.day, partitions=PARTITIONS)
