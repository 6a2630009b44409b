"""How promises, bills and changed terms count: the part of the ledger's policy about undertakings."""

from dataclasses import dataclass

from shared.kernel.errors import InvalidInputError
from shared.kernel.maths import probability

_LONGEST = 365  # days; what is older than that and over, the ledger has let go


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisePolicy:
    """When a promise to pay is kept (domain.md §6.3).

    `kept_share` of the amount has to be in by `grace_business_days` (Monday to Friday) after the day
    promised.
    """

    kept_share: float
    grace_business_days: int

    def __post_init__(self) -> None:
        probability(self.kept_share, field="promises.kept_share")
        _check_days("promises.grace_business_days", self.grace_business_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class BillPolicy:
    """How long bills of exchange count as exposure (domain.md §1.6).

    A bill that says no due date counts for `longest_tenor_days`; one passed on with recourse may come
    back until `recourse_days` after it was due.
    """

    longest_tenor_days: int
    recourse_days: int

    def __post_init__(self) -> None:
        _check_days("bills.longest_tenor_days", self.longest_tenor_days)
        _check_days("bills.recourse_days", self.recourse_days)


def _check_days(field: str, days: int) -> None:
    if not 0 <= days <= _LONGEST:
        raise InvalidInputError(field=field, value=days, rule=f"must lie between 0 and {_LONGEST}")
