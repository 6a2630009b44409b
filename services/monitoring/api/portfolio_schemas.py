"""The bodies of the portfolio's key figures."""

from datetime import date, datetime

from pydantic import Field

from shared.chassis.schemas import Out


class PortfolioAgeingOut(Out):
    """Open amounts by days past due, as decimal strings."""

    current: str
    to_30: str = Field(alias="1-30", serialization_alias="1-30")
    to_60: str = Field(alias="31-60", serialization_alias="31-60")
    to_90: str = Field(alias="61-90", serialization_alias="61-90")
    to_180: str = Field(alias="91-180", serialization_alias="91-180")
    to_360: str = Field(alias="181-360", serialization_alias="181-360")
    over_360: str = Field(alias=">360", serialization_alias=">360")


class PortfolioGroupOut(Out):
    """One group of customers in one currency. Null = nothing to divide by.

    `opening_amount` was owed as the span began; sales (net of credit notes), write-offs and recoveries
    happened in it. DSO and its kin and the average days delinquent are days, collection effectiveness
    per cent, shares 0 to 1. `group` is null without a grouping, or where the register does not say.
    """

    group: str | None
    currency: str
    customers: int
    open_amount: str
    overdue_amount: str
    disputed_amount: str
    opening_amount: str
    sales: str
    written_off: str
    recovered: str
    ageing: PortfolioAgeingOut
    days_sales_outstanding: float | None
    countback_dso: float | None
    best_possible_dso: float | None
    average_days_delinquent: float | None
    collection_effectiveness: float | None
    overdue_share: float | None
    dispute_share: float | None
    bad_debt_ratio: float | None
    hhi: float | None
    effective_names: float | None
    top_10_share: float | None


class PortfolioKpisOut(Out):
    """Key figures at the end of a day over the `days` before it; currencies are never added."""

    as_of: date
    known_at: datetime | None
    by: str
    days: int
    items: list[PortfolioGroupOut]
