"""What is kept of sectors and countries: their indices, and how our own customers there pay."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from string import ascii_uppercase
from typing import Final, NamedTuple

from services.monitoring.domain.indicator_facts.industry import (
    IndustryFacts,
    Reading,
    SectorMonth,
)

READINGS_KEPT = 132
"""The most readings kept of one index: five years of months twice over, or a quarter of days."""
COUNTRY: Final = "country"
"""The scheme under which a country's indices are kept; the code is the country's."""
CURRENCY: Final = "currency"
TRANSFER_CONTROLS: Final = "transfer_controls"
SECTOR_INDICES: Final = ("pmi", "insolvency", "input_price", "output_price")
MICRO: Final = 1_000_000


class IndexKey(NamedTuple):
    """Which index: its name, of what scheme, for what code in it."""

    scheme: str
    code: str
    name: str


Indices = dict[IndexKey, tuple[Reading, ...]]
"""The readings of every index by day, as one partition has heard them."""


@dataclass(slots=True, kw_only=True)
class IndustryStanding:
    """Nothing is kept by customer: its sector and country are the register's, their figures common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectorTotal:
    """One partition's part of a sector's month: the sum of its customers' days late, in millionths.

    A whole number, so that the parts of all partitions add up to the same in whatever order.
    """

    customers: int = 0
    micro_days_late: int = 0

    def plus(self, days_late: float) -> "SectorTotal":
        """The total with one more customer."""
        return SectorTotal(
            customers=self.customers + 1,
            micro_days_late=self.micro_days_late + round(days_late * MICRO),
        )

    def together(self, other: "SectorTotal") -> "SectorTotal":
        """Two partitions' totals."""
        return SectorTotal(
            customers=self.customers + other.customers,
            micro_days_late=self.micro_days_late + other.micro_days_late,
        )


@dataclass(slots=True, kw_only=True)
class Sectors:
    """What is known of all sectors: `indices` as told here, months of all partitions.

    `mine` are this partition's totals by sector and month end, `others` those of all the rest
    together, complete through `complete_on` (None: not on any day). `seen` are facts that were asked for
    before, by industry, country and day; to be emptied when an index is heard. `added_up` are the months
    of sectors that were added up before.
    """

    indices: Indices = field(default_factory=dict)
    mine: dict[tuple[str, date], SectorTotal] = field(default_factory=dict)
    others: dict[tuple[str, date], SectorTotal] = field(default_factory=dict)
    complete_on: date | None = None
    seen: dict[tuple[str | None, str | None, date], IndustryFacts] = field(
        default_factory=dict, compare=False, repr=False
    )
    added_up: dict[str, tuple[SectorMonth, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )


def note_reading(indices: Indices, key: IndexKey, reading: Reading) -> None:
    """Take in a reading; of one day the last word counts, and the oldest go."""
    others = [each for each in indices.get(key, ()) if each.on != reading.on]
    known = sorted([*others, reading], key=lambda each: each.on)
    indices[key] = tuple(known[-READINGS_KEPT:])


def industry_facts(
    sectors: Sectors, *, industry: str | None, country: str | None, as_of: date
) -> IndustryFacts:
    """What the indicators see of a customer's sector and country on a day."""
    asked = (industry, country, as_of)
    if asked not in sectors.seen:
        sectors.seen[asked] = _industry_facts(sectors, industry, country, as_of)
    return sectors.seen[asked]


def _industry_facts(
    sectors: Sectors, industry: str | None, country: str | None, as_of: date
) -> IndustryFacts:
    readings, published_for = _readings_of(sectors.indices, industry, as_of=as_of)
    at_home = {
        index: _until(sectors.indices.get(IndexKey(COUNTRY, country or "", index), ()), as_of)
        for index in (CURRENCY, TRANSFER_CONTROLS)
    }
    return IndustryFacts(
        as_of=as_of,
        industry=industry,
        country=country,
        readings=readings,
        published_for=published_for,
        currency=at_home[CURRENCY],
        transfer_controls=at_home[TRANSFER_CONTROLS],
        months=() if industry is None else sector_months(sectors, sector_of(industry), as_of=as_of),
    )


def concerns(key: IndexKey, *, industry: str | None, country: str | None) -> bool:
    """Whether an index is about a customer of this industry and country."""
    if key.scheme == COUNTRY:
        return key.code == country
    if industry is None:
        return False
    scheme, code = split_industry(industry)
    return scheme == key.scheme and _plain(code).startswith(_plain(key.code))


def split_industry(industry: str) -> tuple[str, str]:
    """Scheme and code of an industry as the register's facts are kept: `GB/T 4754-2017/C26`."""
    scheme, _, code = industry.rpartition("/")
    return scheme, code


def is_part_of(industry: str | None, division: str) -> bool:
    """Whether an industry lies within a division, in whatever version of its scheme, section letter or not.

    `NACE2/K64.19` lies within `NACE/64`: digits mean the same in all versions, letters do not.
    """
    if industry is None:
        return False
    (scheme, code), (wanted, digits) = split_industry(industry), split_industry(division)
    same = "".join(scheme.split()).casefold().startswith("".join(wanted.split()).casefold())
    return same and _plain(code).lstrip(ascii_uppercase).startswith(_plain(digits))


def sector_of(industry: str) -> str:
    """The sector that an industry's customers are counted in: its scheme, and two digits of the code."""
    scheme, code = split_industry(industry)
    plain = _plain(code)
    letters = len(plain) - len(plain.lstrip(ascii_uppercase))
    return f"{scheme}/{plain[: letters + 2]}"


def sector_months(sectors: Sectors, sector: str, *, as_of: date) -> tuple[SectorMonth, ...]:
    """A sector's months, over all partitions, that were complete in all of them the day before."""
    if sector not in sectors.added_up:
        sectors.added_up[sector] = _added_up(sectors, sector)
    return tuple(each for each in sectors.added_up[sector] if each.ends_on < as_of)


def _added_up(sectors: Sectors, sector: str) -> tuple[SectorMonth, ...]:
    if sectors.complete_on is None:
        return ()
    ends = {month for name, month in (*sectors.mine, *sectors.others) if name == sector}
    nothing = SectorTotal()
    months = []
    for month in sorted(each for each in ends if each <= sectors.complete_on):
        mine = sectors.mine.get((sector, month), nothing)
        total = mine.together(sectors.others.get((sector, month), nothing))
        if total.customers:
            mean = total.micro_days_late / MICRO / total.customers
            months.append(
                SectorMonth(ends_on=month, customers=total.customers, mean_days_late=mean)
            )
    return tuple(months)


def note_days_late(sectors: Sectors, industry: str, days_late: float, *, month_end: date) -> None:
    """Count a customer's average days late of the month that ends into its sector's total."""
    key = (sector_of(industry), month_end)
    sectors.added_up.pop(key[0], None)
    sectors.mine[key] = sectors.mine.get(key, SectorTotal()).plus(days_late)


def _readings_of(
    indices: Mapping[IndexKey, tuple[Reading, ...]], industry: str | None, *, as_of: date
) -> tuple[dict[str, tuple[Reading, ...]], dict[str, str]]:
    """By index the readings published for the smallest part of the scheme that has the industry.

    Of those parts that anything was published for by then.
    """
    readings, published_for = {}, {}
    for index in SECTOR_INDICES:
        fitting = [
            key
            for key, known in indices.items()
            if key.name == index
            and concerns(key, industry=industry, country=None)
            and known[0].on <= as_of
        ]
        nearest = max(fitting, key=lambda key: (len(_plain(key.code)), key.code), default=None)
        if nearest is not None:
            readings[index], published_for[index] = _until(indices[nearest], as_of), nearest.code
    return readings, published_for


def _until(readings: Iterable[Reading], as_of: date) -> tuple[Reading, ...]:
    return tuple(each for each in readings if each.on <= as_of)


def _plain(code: str) -> str:
    """A code without the dots that some write: 46.31 is 4631."""
    return code.replace(".", "").strip().upper()
