"""Sums over all customers, taken a chunk of them at a time, and how the doors show them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from services.monitoring.domain.figures.ageing import AgeingBucket, age, bucket_of
from services.monitoring.domain.figures.portfolio import (
    MONTHS_BACK,
    KeyFigures,
    PortfolioBucket,
    Share,
    Span,
    Sums,
    key_figures,
    open_in,
    recovered_in,
    share_in,
)
from services.monitoring.domain.policies.ledger import LedgerPolicy
from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.corrections import effective
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.history import History
from services.monitoring.domain.receivables.ledger import account_as_of, apply
from services.monitoring.domain.standing import Standing
from services.monitoring.storage.portfolio import Holder
from services.monitoring.usecases.shown import Shown, shown_buckets, text

_LEAST_DAYS = {
    PortfolioBucket.CURRENT: 0,
    PortfolioBucket.TO_30: 1,
    PortfolioBucket.TO_60: 31,
    PortfolioBucket.TO_90: 61,
    PortfolioBucket.TO_180: 91,
    PortfolioBucket.TO_360: 181,
    PortfolioBucket.OVER_360: 361,
}


class Grouping(StrEnum):
    """By what a portfolio is taken apart; by its currencies it always is."""

    SEGMENT = "segment"
    COUNTRY = "country"
    INDUSTRY = "industry"
    CURRENCY = "currency"


def group_of(standing: Standing, by: Grouping) -> str | None:
    """The group a customer belongs to; None where the register does not say."""
    match by:
        case Grouping.SEGMENT:
            return standing.segment
        case Grouping.COUNTRY:
            return standing.country
        case Grouping.INDUSTRY:
            return standing.industry
        case Grouping.CURRENCY:
            return None


@dataclass(slots=True, kw_only=True)
class AgeingTally:
    """All receivables by age at the end of a day, by currency."""

    as_of: date
    policy: LedgerPolicy
    sums: dict[str, Sums] = field(default_factory=dict)

    def take(self, holders: Iterable[Holder]) -> None:
        """Take more customers in."""
        for holder in holders:
            self.add(account_at(holder, holder.facts(), self.as_of, self.policy))

    def add(self, account: Account) -> None:
        """Take one more customer in."""
        for currency in account.currencies:
            ageing = age(account, currency, as_of=self.as_of, policy=self.policy)
            share = Share(ageing=ageing, opening=0, sales=0, months=(0,) * MONTHS_BACK)
            self.sums.setdefault(currency, Sums()).add(share)

    def shown(self) -> list[Shown]:
        """The sums as the door shows them."""
        return [_aged(sums, currency) for currency, sums in sorted(self.sums.items())]


@dataclass(slots=True, kw_only=True)
class KpiTally:
    """The portfolio's sums over a span, by group and currency."""

    span: Span
    by: Grouping
    policy: LedgerPolicy
    sums: dict[tuple[str | None, str], Sums] = field(default_factory=dict)

    def take(self, holders: Iterable[Holder]) -> None:
        """Take more customers in."""
        for holder in holders:
            self._add(holder)

    def _add(self, holder: Holder) -> None:
        span, counted = self.span, effective(holder.facts())
        if holder.rows is None:
            account = holder.ledger.unfold(self.policy)
            opening = _owed(account)
        else:
            opening, account = both_ends(counted, span, self.policy)
        group = group_of(holder.standing, self.by)
        for currency in account.currencies:
            share = share_in(
                age(account, currency, as_of=span.as_of, policy=self.policy),
                account.histories.get(currency, History()),
                opening=opening.get(currency, 0),
                span=span,
                recovered=recovered_in(counted, currency, span),
            )
            self.sums.setdefault((group, currency), Sums()).add(share)

    def shown(self) -> list[Shown]:
        """Groups by currency, those with a name first, as the door shows them."""
        order = sorted(self.sums, key=lambda each: (each[0] is None, each[0] or "", each[1]))
        return [_shown_group(*name, self.sums[name], self.span) for name in order]


def account_at(holder: Holder, facts: list[Fact], day: date, policy: LedgerPolicy) -> Account:
    """A customer's account at the end of a day: the one that is kept, or the fold of its facts."""
    if holder.rows is None:
        return holder.ledger.unfold(policy)
    return account_as_of(facts, day, policy)


def both_ends(
    counted: Iterable[Fact], span: Span, policy: LedgerPolicy
) -> tuple[dict[str, int], Account]:
    """What is owed by currency as a span begins, and the account at its end, folded in one go."""
    account, opening = Account(), None
    for fact in sorted(counted, key=lambda each: each.key):
        if fact.on > span.as_of:
            break
        if opening is None and fact.on > span.after:
            opening = _owed(account)
        apply(account, fact, policy)
    return _owed(account) if opening is None else opening, account


def _owed(account: Account) -> dict[str, int]:
    return {currency: open_in(account, currency) for currency in account.currencies}


def _aged(sums: Sums, currency: str) -> Shown:
    buckets = dict.fromkeys(AgeingBucket, 0)
    for bucket, amount in sums.buckets.items():
        buckets[bucket_of(_LEAST_DAYS[bucket])] += amount
    return {
        "currency": currency,
        "customers": sums.customers,
        "open_amount": text(sums.open, currency),
        "overdue_amount": text(sums.overdue, currency),
        "ageing": shown_buckets(buckets, currency),
    }


def _shown_group(group: str | None, currency: str, sums: Sums, span: Span) -> Shown:
    figures = key_figures(sums, span)
    return {
        "group": group,
        "currency": currency,
        "customers": sums.customers,
        "open_amount": text(sums.open, currency),
        "overdue_amount": text(sums.overdue, currency),
        "disputed_amount": text(sums.disputed, currency),
        "opening_amount": text(sums.opening, currency),
        "sales": text(sums.sales, currency),
        "written_off": text(sums.written_off, currency),
        "recovered": text(sums.recovered, currency),
        "ageing": {
            bucket.value: text(sums.buckets[bucket], currency) for bucket in PortfolioBucket
        },
        **_shown_figures(figures),
    }


def _shown_figures(figures: KeyFigures) -> Shown:
    spread = figures.concentration
    return {
        "days_sales_outstanding": figures.dso,
        "countback_dso": figures.countback_dso,
        "best_possible_dso": figures.best_possible_dso,
        "average_days_delinquent": figures.average_days_delinquent,
        "collection_effectiveness": figures.collection_effectiveness,
        "overdue_share": figures.overdue_share,
        "dispute_share": figures.dispute_share,
        "bad_debt_ratio": figures.bad_debt_ratio,
        "hhi": None if spread is None else spread.hhi,
        "effective_names": None if spread is None else spread.effective_names,
        "top_10_share": None if spread is None else spread.top_share,
    }
