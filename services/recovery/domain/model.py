"""What recovery knows of a customer who owes us money: arrears, tier, default, and its case."""

from collections.abc import Collection as Names
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shared.kernel.errors import InvalidInputError
from shared.kernel.money import Money, total


class Tier(StrEnum):
    """The terms a customer is on, as tiering decided."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class CaseState(StrEnum):
    """The states of a case (domain.md §6.1). Today's steps lead as far as `formal_demand`."""

    CURRENT = "current"
    REMINDED = "reminded"
    DUNNED = "dunned"
    PTP = "ptp"
    BROKEN_PTP = "broken_ptp"
    FORMAL_DEMAND = "formal_demand"
    RESTRUCTURING = "restructuring"
    MONITORED = "monitored"
    CURED = "cured"
    REDEFAULT = "redefault"
    AGENCY = "agency"
    LEGAL = "legal"
    ASSET_DISPOSAL = "asset_disposal"
    INSOLVENCY_CLAIM = "insolvency_claim"
    PAID = "paid"
    SETTLED = "settled"
    WRITTEN_OFF = "written_off"
    CLOSED = "closed"


class CaseCause(StrEnum):
    """Why a case was opened."""

    DUNNING = "dunning"
    TIER_HIGH = "tier_high"
    DEFAULT = "default"


class Planner(StrEnum):
    """Who set the next action: the dunning ladder, or a person."""

    LADDER = "ladder"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Plan:
    """The next action of a case, its date, and who set it."""

    action: str
    on: date
    by: Planner = Planner.LADDER


@dataclass(frozen=True, slots=True)
class Claim:
    """What a customer owes us past due, in one currency.

    `oldest_due_on` is the due date of the oldest invoice with an undisputed part; None when every
    part is disputed.
    """

    overdue: Money
    undisputed: Money
    oldest_due_on: date | None


@dataclass(frozen=True, slots=True)
class OverdueInvoice:
    """One invoice past due; `disputed` is the part of `open_amount` that dunning leaves out."""

    invoice_id: str
    due_date: date
    open_amount: Money
    disputed: Money

    @property
    def undisputed(self) -> Money:
        """The part that is dunned."""
        return self.open_amount - self.disputed


@dataclass(frozen=True, slots=True)
class ArrearsTotal:
    """All overdue invoices in one currency, listed or not; `invoices` is their number."""

    overdue: Money
    undisputed: Money
    invoices: int


@dataclass(frozen=True, slots=True)
class Arrears:
    """A customer's overdue invoices at the close of `as_of`; none means that it owes nothing."""

    as_of: date
    invoices: tuple[OverdueInvoice, ...] = ()
    totals: tuple[ArrearsTotal, ...] = ()

    def claims(self, *, waived: Names[str] = ()) -> tuple[Claim, ...]:
        """What is owed per currency, without the invoices that were waived."""
        found = (self._claim(each, waived) for each in self.totals)
        return tuple(claim for claim in found if claim.overdue.minor > 0)

    def _claim(self, arrears: ArrearsTotal, waived: Names[str]) -> Claim:
        currency = arrears.overdue.currency
        listed = [each for each in self.invoices if each.open_amount.currency == currency]
        given_up = [each for each in listed if each.invoice_id in waived]
        left = [each for each in listed if each.invoice_id not in waived]
        undisputed = arrears.undisputed - total((each.undisputed for each in given_up), currency)
        return Claim(
            overdue=arrears.overdue - total((each.open_amount for each in given_up), currency),
            undisputed=undisputed,
            oldest_due_on=self._oldest(left) if undisputed.minor > 0 else None,
        )

    def _oldest(self, listed: list[OverdueInvoice]) -> date:
        """The oldest undisputed due date; the youngest it can be if its invoice is not listed."""
        undisputed = [each.due_date for each in listed if each.undisputed.minor > 0]
        if undisputed:
            return min(undisputed)
        # Lists are cut at 200, the oldest first: what is left out is younger than what is shown.
        return max((each.due_date for each in listed), default=self.as_of - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Case:
    """One attempt to get our money back. An open case always has a plan; a closed one never.

    `step` is the last dunning step taken, `promise_until` the day on which a promise is checked,
    `promises` the days on which promises were made, `version` counts changes from 1.
    """

    case_id: str
    customer_id: str
    cause: CaseCause
    state: CaseState
    opened_on: date
    tier: str | None
    amount: Money
    plan: Plan | None
    step: str | None = None
    promise_until: date | None = None
    promises: tuple[date, ...] = ()
    closed_on: date | None = None
    outcome: str | None = None
    version: int = 1

    def __post_init__(self) -> None:
        if (self.closed_on is None) is (self.plan is None):
            rule = "an open case has a next action and its date, a closed one has none"
            raise InvalidInputError(field="plan", value=self.plan, rule=rule)
        if (self.closed_on is None) is (self.state is CaseState.CLOSED):
            rule = "a case is CLOSED from the day it was closed on, and not before"
            raise InvalidInputError(field="state", value=self.state, rule=rule)

    @property
    def is_open(self) -> bool:
        """Whether the case still goes on."""
        return self.closed_on is None


@dataclass(frozen=True, slots=True)
class Debtor:
    """A customer as recovery knows it. `waived` are invoices nobody will be dunned for any more.

    `wake_on` is the day at whose close the customer has to be looked at again.
    """

    customer_id: str
    tier: str | None = None
    tier_since: date | None = None
    in_default: bool = False
    arrears: Arrears | None = None
    waived: tuple[str, ...] = ()
    wake_on: date | None = None

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What it owes us past due and has not been waived."""
        return self.arrears.claims(waived=self.waived) if self.arrears else ()


def main_claim(claims: Iterable[Claim]) -> Claim | None:
    """The claim that stands for all: the one with the oldest undisputed invoice."""
    return min(
        claims,
        key=lambda claim: (claim.oldest_due_on or date.max, claim.overdue.currency),
        default=None,
    )
