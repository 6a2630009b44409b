"""The policy of two guards: customers that pay well while their statements fail, and ledgers to doubt."""

from dataclasses import dataclass
from enum import StrEnum

from shared.kernel.errors import InvalidInputError
from shared.kernel.maths import probability


@dataclass(frozen=True, slots=True, kw_only=True)
class CloakingPolicy:
    """When good payment hides failing statements.

    At least `least_signs` signs of the statements are amber or red, while what was settled lately, at
    least `settled_invoices` invoices, came at most `average_days_late` late on average and no sign of
    payment or behaviour is amber or red.
    """

    least_signs: int
    average_days_late: float
    settled_invoices: int

    def __post_init__(self) -> None:
        for name, number in (
            ("least_signs", self.least_signs),
            ("settled_invoices", self.settled_invoices),
        ):
            if number < 1:
                rule = "must be 1 or more"
                raise InvalidInputError(field=f"cloaking.{name}", value=number, rule=rule)
        if self.average_days_late < 0:
            raise InvalidInputError(
                field="cloaking.average_days_late",
                value=self.average_days_late,
                rule="must not be negative",
            )


class FeedDoubt(StrEnum):
    """Why a customer's ledger may be other than it shows."""

    UNREGISTERED = "unregistered_customer"
    REFUSED = "refused_facts"
    DUPLICATES = "duplicate_documents"
    CONFLICTS = "conflicting_facts"
    CORRECTIONS = "corrected_documents"
    WRONG_CURRENCY = "wrong_currency"
    STRANGE_CURRENCY = "currency_never_invoiced"
    EXCESS_CREDIT = "credit_beyond_invoices"
    UNKNOWN_DOCUMENTS = "unknown_documents"
    FUTURE_DATED = "future_dated"
    SILENT_CUSTOMER = "silent_customer"
    STALE_FEED = "stale_feed"


_LATER = frozenset({FeedDoubt.CONFLICTS})
"""Doubts that a version approved before they were counted need not name: it goes on without them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtPolicy:
    """How much a doubt takes off the score: its `weight` from a count of `full_at` on, less below."""

    weight: float
    full_at: float

    def __post_init__(self) -> None:
        probability(self.weight, field="feed.weight")
        if self.full_at <= 0:
            raise InvalidInputError(
                field="feed.full_at", value=self.full_at, rule="must be above 0"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPolicy:
    """How far a customer's ledger can be relied on.

    Documents that were refused, came twice, were corrected or were in another currency than the one
    they are about, and ids that came again with another body, are forgotten by half every
    `half_life_days`. A document that others name is missing after `pending_days`; a fact is dated too
    far ahead from `future_days` on. With invoices open, a customer is silent after `silent_days` without a fact, if its partition
    has heard of others within `alive_days`; the feed is stale after `stale_days` without any.
    """

    half_life_days: float
    pending_days: int
    future_days: int
    silent_days: int
    alive_days: int
    stale_days: int
    doubts: dict[FeedDoubt, DoubtPolicy]

    def __post_init__(self) -> None:
        if set(self.doubts) | _LATER != set(FeedDoubt):
            rule = "must name every doubt"
            raise InvalidInputError(field="feed.doubts", value=sorted(self.doubts), rule=rule)
        for name, number in (
            ("half_life_days", self.half_life_days),
            ("silent_days", self.silent_days),
            ("stale_days", self.stale_days),
        ):
            if number <= 0:
                rule = "must be above 0"
                raise InvalidInputError(field=f"feed.{name}", value=number, rule=rule)
