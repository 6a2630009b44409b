"""What courts, registers, agencies and the press say of a customer, as of one day."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from shared.kernel.money import Money
from shared.kernel.values import quick


class Source(StrEnum):
    """Who said it, and so which indicators it is about."""

    COURT = "court"
    ARREARS = "arrears"
    EQUITY = "equity"
    REGISTRY = "registry"
    MEDIA = "media"
    AUTHORITY = "authority"
    BUREAU = "bureau"
    INSURER = "insurer"
    AUDITOR = "auditor"
    PROXIMITY = "proximity"
    KEY_CUSTOMER = "key_customer"
    SECURITY = "security"
    BILL_LIST = "bill_list"
    COVENANT = "covenant"


STATEMENT_DAYS: Final = "statement_days"
"""The measure of a covenant that is no figure of a statement, but how long one is waited for."""


class Bound(StrEnum):
    """Which side of its level a measure is to stay on, the level itself included."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideSign:
    """One thing that the outside said, as of its newest date.

    `document` is its name at the source and `kind` what it is (`claim`, `tax`, `revocation` …).
    `over` says that it is closed. `share` is 0 to 1: pledged, cut, owned by blocked parties, bought of
    the revenue, or how much a press report weighs (severity times credibility). `days` are beyond
    terms. `amount` is claimed, owed or eligible, `required` what security has to cover until
    `expires_on`. `by` names the agency, insurer, bureau or failed party. A covenant holds the measure in
    `kind` to a `bound`: an `amount`, or the number `level`. None: not told.
    """

    source: Source
    document: str
    kind: str
    on: date
    over: bool = False
    amount: Money | None = None
    required: Money | None = None
    share: float | None = None
    days: float | None = None
    expires_on: date | None = None
    by: str | None = None
    bound: Bound | None = None
    level: float | None = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRating:
    """An agency's grade of the customer from a day on, as that agency writes it.

    `unsolicited` is one that the customer had not asked for.
    """

    agency: str
    grade: str
    on: date
    watch_negative: bool = False
    unsolicited: bool = False

    @property
    def says(self) -> tuple[str, bool]:
        """What the agency thinks: one that thinks the same on a later day only affirms it."""
        return self.grade, self.watch_negative


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalFacts:
    """What courts, registers, agencies and the press say of a customer, as of one day.

    `signs` are told of by then and not over, oldest first; `ratings` those given by then, oldest
    first. `net_worth` is the tangible net worth of the latest statement, None if not known any more.
    """

    as_of: date
    signs: tuple[OutsideSign, ...] = ()
    ratings: tuple[AgencyRating, ...] = ()
    net_worth: Money | None = None

    def of(self, source: Source, *kinds: str, days: int = 0) -> tuple[OutsideSign, ...]:
        """The signs of a source, of these kinds (none: all), of the last `days` (0: ever)."""
        return tuple(
            each
            for each in self.signs
            if each.source is source
            and (not kinds or each.kind in kinds)
            and (not days or (self.as_of - each.on).days < days)
        )
