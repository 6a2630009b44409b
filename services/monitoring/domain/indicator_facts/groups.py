"""Who stands or falls with the customer, and how they stood the day before."""

from dataclasses import dataclass
from datetime import date

from shared.kernel.money import Money
from shared.kernel.values import quick


@dataclass(frozen=True, slots=True, kw_only=True)
class PathStep:
    """One relationship on the way to a linked customer: its kind, its share 0 to 1 if it has one."""

    kind: str
    share: float | None = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedMember:
    """A linked customer as it stood at a close: its own score, what it got from others left out.

    `path` is the strongest way to it; `closed_on` the day its figures are from.
    """

    customer_id: str
    path: tuple[PathStep, ...]
    ews: float
    in_default: bool
    closed_on: date


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAmounts:
    """A connected group's exposure and limits in one currency; `members` are those with any.

    `limit` is the sum of its members' limits, None if none of them has one.
    """

    currency: str
    exposure: Money
    limit: Money | None
    members: tuple[str, ...]


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFacts:
    """Who stands or falls with the customer, as of one day.

    Others' figures are those of `members_on`, the newest day before that all partitions had closed;
    the customer's own are of the day itself.
    """

    as_of: date
    members_on: date
    linked: tuple[LinkedMember, ...] = ()
    amounts: tuple[GroupAmounts, ...] = ()
