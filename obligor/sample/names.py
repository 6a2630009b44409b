"""Names, places and trades of invented companies."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import TypeVar

import msgspec
from msgspec import Struct

from shared.contracts.screening import Industry, LegalName

_PARTS = Path(__file__).with_name("names.yaml")
ThingT = TypeVar("ThingT")


class Country(Struct, frozen=True):
    """How companies of a country are named, and how often the sample meets one (`weight`)."""

    code: str
    weight: int
    forms: tuple[str, ...]
    roots: tuple[str, ...]
    trades: tuple[str, ...]


class China(Struct, frozen=True):
    """Chinese names in both scripts, cities with their GB/T 2260 region."""

    cities: tuple[tuple[str, str, str], ...]
    marks: tuple[tuple[str, str], ...]
    trades: tuple[tuple[str, str], ...]


class NameParts(Struct, frozen=True):
    """All that names are made of."""

    europe: tuple[Country, ...]
    china: China
    industries: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a company is: its country, its names, its trade and (in China) its region code."""

    country: str
    legal_names: tuple[LegalName, ...]
    industry: Industry
    region: str | None = None


@cache
def name_parts() -> NameParts:
    """The parts, read once."""
    return msgspec.yaml.decode(_PARTS.read_bytes(), type=NameParts)


def european_identities(dice: Random) -> Iterator[Identity]:
    """European companies, no name twice; ends when every country's names are used up."""
    countries = name_parts().europe
    pools = {country.code: _shuffled(dice, _names_in(country)) for country in countries}
    weights = [country.weight for country in countries]
    while any(pools.values()):
        country = dice.choices(countries, weights)[0]
        if pools[country.code]:
            yield Identity(
                country=country.code,
                legal_names=(LegalName(name=pools[country.code].pop()),),
                industry=_industry(dice, "NACE2"),
            )


def _names_in(country: Country) -> list[str]:
    return [
        f"{root} {trade} {country.forms[(first + second) % len(country.forms)]}"
        for first, root in enumerate(country.roots)
        for second, trade in enumerate(country.trades)
    ]


def chinese_identities(dice: Random) -> Iterator[Identity]:
    """Chinese companies with their registered name in both scripts, no name twice."""
    parts = name_parts().china
    combinations = [
        (city, mark, trade)
        for city in parts.cities
        for mark in parts.marks
        for trade in parts.trades
    ]
    for city, mark, trade in _shuffled(dice, combinations):
        yield Identity(
            country="CN",
            legal_names=(
                LegalName(name=f"{city[0]}{mark[0]}{trade[0]}有限公司", script="Hans"),
                LegalName(name=f"{city[1]} {mark[1]} {trade[1]} Co., Ltd.", type="trade"),
            ),
            industry=_industry(dice, "GB/T 4754-2017"),
            region=city[2],
        )


def _industry(dice: Random, scheme: str) -> Industry:
    return Industry(scheme=scheme, code=dice.choice(name_parts().industries[scheme]))


def _shuffled(dice: Random, things: Sequence[ThingT]) -> list[ThingT]:
    return dice.sample(things, len(things))
