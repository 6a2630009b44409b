"""A customer's stored history, as a replay takes it up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.monitoring.domain.indicator_facts.external import AgencyRating
from services.monitoring.domain.outside.financial_standing import FinancialStanding
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
class Past:
    """All that is stored of a customer: events in order, and what others told, by the day it counts.

    `ratings` are the grades of agencies that are not among the events.
    """

    customer_id: str
    told: tuple[Told, ...]
    standing: Standing
    financials: FinancialStanding
    ratings: tuple[AgencyRating, ...] = ()

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
