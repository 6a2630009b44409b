"""Sums over all customers in one currency, and the key figures they give (domain.md §7).

The sums take one customer after the other and keep none of them, so any number of customers fits.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from heapq import heappush, heappushpop

from services.monitoring.domain.amounts import minor_of
from services.monitoring.domain.figures.ageing import Ageing
from services.monitoring.domain.figures.kpis import (
    Concentration,
    average_days_delinquent,
    bad_debt_ratio,
    best_possible_dso,
    collection_effectiveness,
    concentration_of,
    countback_dso,
    days_sales_outstanding,
    share_of,
)
from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.facts import Fact, FactKind
from services.monitoring.domain.receivables.history import (
    History,
    days_before,
    lost_within,
    purchased_within,
)

TOP_NAMES = 10
MONTHS_BACK = 12


class PortfolioBucket(StrEnum):
    """How long an invoice has been past due, in days, finer than one customer's ageing."""

    CURRENT = "current"
    TO_30 = "1-30"
    TO_60 = "31-60"
    TO_90 = "61-90"
    TO_180 = "91-180"
    TO_360 = "181-360"
    OVER_360 = ">360"


_UPPER = (
    (0, PortfolioBucket.CURRENT),
    (30, PortfolioBucket.TO_30),
    (60, PortfolioBucket.TO_60),
    (90, PortfolioBucket.TO_90),
    (180, PortfolioBucket.TO_180),
    (360, PortfolioBucket.TO_360),
)


def portfolio_bucket(days: int) -> PortfolioBucket:
    """The bucket of a number of days past due."""
    return next((bucket for upper, bucket in _UPPER if days <= upper), PortfolioBucket.OVER_360)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The last `days` days up to the end of `as_of`: what sales and collections are summed over."""

    as_of: date
    days: int

    @property
    def after(self) -> date:
        """The last day before it."""
        return days_before(self.as_of, self.days)

    def covers(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.after < day <= self.as_of

    @property
    def months(self) -> list["Span"]:
        """The month so far and the eleven before it, the newest first."""
        months, end = [], self.as_of
        for _ in range(MONTHS_BACK):
            before = days_before(end.replace(day=1), 1)
            months.append(Span(as_of=end, days=(end - before).days))
            end = before
        return months


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one customer adds to a portfolio in one currency, in minor units.

    `opening` was owed as the span began; `sales`, `written_off` and `recovered` happened in it;
    `months` are the sales by month, the newest first.
    """

    ageing: Ageing
    opening: int
    sales: int
    months: tuple[int, ...]
    written_off: int = 0
    recovered: int = 0


def share_in(
    ageing: Ageing, history: History, *, opening: int, span: Span, recovered: int = 0
) -> Share:
    """A customer's share from its aged receivables and its history in the same currency.

    The history holds losses less recoveries, so `recovered` is what came in for them in the span.
    """
    lost = lost_within(history, after=span.after, through=span.as_of)
    return Share(
        ageing=ageing,
        opening=opening,
        sales=sold_in(history, span),
        months=tuple(sold_in(history, month) for month in span.months),
        written_off=lost + recovered,
        recovered=recovered,
    )


def sold_in(history: History, span: Span) -> int:
    """What was invoiced in a span, net of credit notes, in minor units."""
    return purchased_within(history, after=span.after, through=span.as_of)


def recovered_in(facts: Iterable[Fact], currency: str, span: Span) -> int:
    """What came in for losses in a span, in minor units of a currency."""
    mine = (
        each
        for each in facts
        if each.kind is FactKind.RECOVERED and each.currency == currency and span.covers(each.on)
    )
    return sum(minor_of(each.amount, currency) for each in mine)


def open_in(account: Account, currency: str) -> int:
    """What a customer owes in one currency, in minor units."""
    return sum(each.open for each in account.receivables.values() if each.currency == currency)


@dataclass(slots=True, kw_only=True)
class Sums:
    """Sums over customers in one currency, in minor units; `largest` are the ten that owe most."""

    customers: int = 0
    open: int = 0
    overdue: int = 0
    disputed: int = 0
    opening: int = 0
    sales: int = 0
    written_off: int = 0
    recovered: int = 0
    squares: int = 0
    largest: list[int] = field(default_factory=list)
    months: list[int] = field(default_factory=lambda: [0] * MONTHS_BACK)
    buckets: dict[PortfolioBucket, int] = field(
        default_factory=lambda: dict.fromkeys(PortfolioBucket, 0)
    )

    def add(self, share: Share) -> None:
        """Take one more customer in."""
        self.opening += share.opening
        self.sales += share.sales
        self.written_off += share.written_off
        self.recovered += share.recovered
        self.months = [sold + more for sold, more in zip(self.months, share.months, strict=True)]
        self._owe(share.ageing)

    def _owe(self, ageing: Ageing) -> None:
        owed = ageing.open
        self.customers += bool(owed)
        self.open += owed
        self.overdue += ageing.overdue
        self.disputed += ageing.disputed
        self.squares += owed * owed
        for each in ageing.aged:
            self.buckets[portfolio_bucket(each.days)] += each.open
        if len(self.largest) < TOP_NAMES:
            heappush(self.largest, owed)
        else:
            heappushpop(self.largest, owed)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFigures:
    """Key figures of a portfolio: DSO and its kin and ADD in days, CEI in per cent, shares 0 to 1.

    None where there is nothing to divide by.
    """

    dso: float | None
    countback_dso: float | None
    best_possible_dso: float | None
    average_days_delinquent: float | None
    collection_effectiveness: float | None
    overdue_share: float | None
    dispute_share: float | None
    bad_debt_ratio: float | None
    concentration: Concentration | None


def key_figures(sums: Sums, span: Span) -> KeyFigures:
    """The key figures that sums over a span give."""
    current = sums.open - sums.overdue
    months = [(sold, month.days) for sold, month in zip(sums.months, span.months, strict=True)]
    return KeyFigures(
        dso=days_sales_outstanding(sums.open, sums.sales, span.days),
        countback_dso=countback_dso(sums.open, months),
        best_possible_dso=best_possible_dso(current, sums.sales, span.days),
        average_days_delinquent=average_days_delinquent(sums.open, current, sums.sales, span.days),
        collection_effectiveness=collection_effectiveness(
            sums.opening, sums.sales, sums.open, current
        ),
        overdue_share=share_of(sums.overdue, sums.open),
        dispute_share=share_of(sums.disputed, sums.open),
        bad_debt_ratio=bad_debt_ratio(sums.written_off, sums.recovered, sums.sales),
        concentration=concentration_of(sums.open, sums.squares, sum(sums.largest)),
    )
