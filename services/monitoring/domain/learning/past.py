"""A customer's stored history and what is stored around it, as a replay takes it up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from services.monitoring.domain.indicator_facts.external import AgencyRating
from services.monitoring.domain.learning.links import Links
from services.monitoring.domain.outside.financial_standing import FinancialStanding
from services.monitoring.domain.outside.industry_standing import (
    IndexKey,
    SectorTotal,
    concerns,
    sector_of,
)
from services.monitoring.domain.receivables.facts import RANK, FactKind
from services.monitoring.domain.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One stored event: when the ledger took it up (`on`), and the day it is dated."""

    on: date
    dated: date
    kind: str
    source: str
    event_id: str
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is stored of sectors and countries: broadcasts of each index, our own months of each sector."""

    broadcasts: Mapping[IndexKey, tuple[Told, ...]] = field(default_factory=dict)
    months: Mapping[tuple[str, date], SectorTotal] = field(default_factory=dict)

    def of(self, industry: str | None, country: str | None) -> "Surroundings":
        """What of it is about customers of an industry and country."""
        sector = None if industry is None else sector_of(industry)
        return Surroundings(
            broadcasts={
                key: told
                for key, told in self.broadcasts.items()
                if concerns(key, industry=industry, country=country)
            },
            months={key: total for key, total in self.months.items() if key[0] == sector},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """All that is stored of a customer: events in order, and what others told, by the day it counts.

    `ratings` are the grades of agencies that are not among the events. `since` is the day on which the
    customer was registered, `around` what is stored of its sector and country, `links` whom it hangs
    together with; it is `crowded` if these are too many. It is `counted` unless it only comes along.
    """

    customer_id: str
    told: tuple[Told, ...]
    standing: Standing
    financials: FinancialStanding
    ratings: tuple[AgencyRating, ...] = ()
    since: date | None = None
    around: Surroundings = field(default_factory=Surroundings)
    links: Links = field(default_factory=Links)
    crowded: bool = False
    counted: bool = True

    def own_days(self) -> set[date]:
        """The days of which anything is stored of the customer itself."""
        return {each.on for each in self.told} | self.counting_days()

    def counting_days(self) -> set[date]:
        """The days from which statements and grades count that are no events."""
        statements = {each.counts_from for each in self.financials.statements}
        return statements | {each.on for each in self.ratings}


@dataclass(frozen=True, slots=True, kw_only=True)
class Era:
    """The time that is counted; the history before it is replayed, too. `zone` is the ledger's."""

    since: date
    through: date
    zone: str = "UTC"


def in_order(told: Iterable[Told]) -> tuple[Told, ...]:
    """Stored events in the order in which they are replayed: by day, then as the ledger sorts facts."""
    return tuple(sorted(told, key=_place))


def _place(told: Told) -> tuple[date, date, int, str, str]:
    rank = RANK[FactKind(told.kind)] if told.kind in FactKind.__members__.values() else -1
    return (told.on, told.dated, rank, told.source, told.event_id)
