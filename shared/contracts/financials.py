"""Statements and outside ratings, as upstream systems publish them. Topic `obligor.financials`."""

from datetime import date
from decimal import Decimal
from typing import Literal

from shared.contracts.envelope import Event


class FinancialStatementFiled(Event, frozen=True, kw_only=True):
    """One statement. `lines` by the codes of domain.md §1.4, in `unit` of `currency`.

    `auditor` is whoever signed it.
    """

    period_end: date
    months: int
    basis: Literal["audited", "reviewed", "unaudited", "management", "tax"]
    currency: str
    unit: Literal["units", "thousands", "ten_thousands", "millions"] = "units"
    lines: dict[str, Decimal]
    opinion: (
        Literal["unqualified", "qualified", "adverse", "disclaimer", "going_concern"] | None
    ) = None
    auditor: str | None = None


class ExternalRatingPublished(Event, frozen=True, kw_only=True):
    """An agency's opinion of the customer."""

    agency: str
    grade: str
    kind: Literal["issuer", "issue", "unsolicited"] = "issuer"
    affirmed_on: date
    outlook: Literal["positive", "stable", "negative", "watch_negative", "watch_positive"] = (
        "stable"
    )
