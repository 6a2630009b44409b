"""Sums by the day something happened: every window over them is exact, whenever it was learned."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from services.monitoring.domain.policies.warnings import KEPT_DAYS
from shared.kernel.values import quick

DOCUMENTS_KEPT = 10


class Series(StrEnum):
    """What is summed. Amounts are those of the documents, in minor units."""

    ORDERED = "ordered"
    MIXED = "mixed"
    """Ordered, where the order says how much of it is easily resold."""
    LIQUID = "liquid"
    CANCELLED = "cancelled"
    DELIVERED = "delivered"
    RETURNED = "returned"
    CREDITED = "credited"
    CREDITED_RETURNS = "credited_returns"
    GIVEN_BACK = "given_back"
    """All credit notes, by the day of the invoice they are about: what net purchases leave out."""
    DISPUTED = "disputed"
    DISPUTED_LATE = "disputed_late"
    RECEIVED = "received"
    ON_ACCOUNT = "on_account"
    THIRD_PARTY = "third_party"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A document and its day."""

    on: date
    document: str


DaySum = tuple[date, int, int]
"""A day, the minor units of its documents, and how many they were."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """One currency's sums, the newest day last, and the latest documents."""

    days: tuple[DaySum, ...] = ()
    documents: tuple[Noted, ...] = ()

    def add(self, day: date, amount: int, document: str | None = None) -> None:
        """Count an amount on its day; a day too long ago changes nothing."""
        place = bisect_left(self.days, (day,))
        before, after = self.days[:place], self.days[place:]
        if after and after[0][0] == day:
            _, known, count = after[0]
            self.days = (*before, (day, known + amount, count + 1), *after[1:])
        else:
            self.days = _recent((*before, (day, amount, 1), *after))
        if document is not None:
            kept = sorted((*self.documents, Noted(on=day, document=document)), key=_order)
            self.documents = tuple(kept[-DOCUMENTS_KEPT:])

    def within(self, days: int, through: date) -> tuple[int, int]:
        """Minor units and documents of the `days` that end with a day."""
        after, amount, count = through - timedelta(days=days), 0, 0
        for day, summed, documents in reversed(self.days):
            if day <= after:
                break
            if day <= through:
                amount, count = amount + summed, count + documents
        return amount, count

    def named_within(self, days: int, through: date) -> tuple[str, ...]:
        """The latest documents of the window."""
        after = through - timedelta(days=days)
        return tuple(each.document for each in self.documents if after < each.on <= through)

    def next_change(self, days: int, after: date) -> date | None:
        """The first day after a day on which one of the sums leaves the window by itself."""
        leaves = (day + timedelta(days=days) for day, _, _ in self.days)
        return next((day for day in leaves if day > after), None)


Tallies = dict[str, Tally]
"""By series and currency, as `key_of` names them."""


def key_of(series: Series, currency: str) -> str:
    """The name of a tally."""
    return f"{series}/{currency}"


def add(  # noqa: PLR0913  # a line of a ledger: where, when, how much, by which document
    tallies: Tallies,
    series: Series,
    currency: str,
    day: date,
    amount: int,
    name: str | None = None,
) -> None:
    """Count an amount in a currency's series."""
    key = key_of(series, currency)
    tally = tallies.get(key)
    if tally is None:
        tally = tallies[key] = Tally()
    tally.add(day, amount, name)


def sum_within(
    tallies: Tallies, series: Series, currency: str, *, days: int, through: date
) -> tuple[int, int]:
    """Minor units and documents of a window; nothing where nothing was ever counted."""
    tally = tallies.get(key_of(series, currency))
    return (0, 0) if tally is None else tally.within(days, through)


def currencies_of(tallies: Tallies, series: Series) -> list[str]:
    """The currencies that a series has anything in, sorted."""
    start = f"{series}/"
    return sorted(key.removeprefix(start) for key in tallies if key.startswith(start))


def _recent(days: tuple[DaySum, ...]) -> tuple[DaySum, ...]:
    oldest = days[-1][0] - timedelta(days=KEPT_DAYS)
    return days if days[0][0] > oldest else tuple(each for each in days if each[0] > oldest)


def _order(noted: Noted) -> tuple[date, str]:
    return noted.on, noted.document
