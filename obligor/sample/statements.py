"""Yearly statements of the sample's customers: sound ones, and ones that tell of trouble."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from obligor.facts import Statement
from obligor.sample.customers import SampleCustomer
from obligor.sample.trading import weekday_from
from shared.contracts.financials import FinancialStatementFiled

_YEARS_BEFORE = 2  # statements of the years before the first day are known from its beginning
_FILED_AFTER = (100, 190)
_DECLINE_BEFORE = 400  # days before a failure that its statements begin to tell
_OUR_SHARE = (0.02, 0.12)  # of what the customer buys, what it buys from us


def statements_of(
    customer: SampleCustomer, dice: Random, *, first_day: date, last_day: date
) -> Iterator[Statement]:
    """One statement for each year, from the day that it was filed; none from who has failed."""
    revenue = customer.habits.yearly_purchases / dice.uniform(*_OUR_SHARE)
    strength = dice.uniform(0.35, 1.0)
    for year in range(first_day.year - _YEARS_BEFORE, last_day.year):
        period_end = date(year, 12, 31)
        filed_on = weekday_from(period_end + timedelta(days=dice.randint(*_FILED_AFTER)))
        revenue *= dice.uniform(0.95, 1.1)
        weakness = _weakness(customer, period_end) * dice.uniform(0.7, 1.1)
        filed = FinancialStatementFiled(
            period_end=period_end,
            months=12,
            basis="audited" if customer.registration.size_class == "large" else "unaudited",
            currency=customer.currency,
            lines=_lines(revenue * (1 - 0.25 * weakness), strength - weakness),
        )
        if filed_on <= last_day and not customer.fate.is_over(filed_on):
            yield Statement(customer.customer_id, max(filed_on, first_day), filed)


def _weakness(customer: SampleCustomer, period_end: date) -> float:
    """0 for a sound year, near 1 for the last one before a failure."""
    if customer.fate.fails_on is None:
        return 0.0
    days_left = (customer.fate.fails_on - period_end).days
    return min(1.0, max(0.0, 1.0 - days_left / _DECLINE_BEFORE))


def _lines(revenue: float, strength: float) -> dict[str, Decimal]:
    """Balance sheet and income by the codes of domain.md §1.4; `strength` from -1, failing, to 1."""
    assets = revenue * 0.62
    equity = assets * max(-0.05, 0.18 + 0.27 * strength)
    ebit = revenue * (0.005 + 0.075 * strength)
    current_assets = assets * 0.6
    current = (assets - equity) * (0.72 - 0.12 * strength)
    debt = (assets - equity) * 0.45
    interest = debt * 0.055
    income = {"REV": revenue, "COGS": revenue * (0.74 - 0.06 * strength), "EBIT": ebit}
    income |= {"GP": revenue - income["COGS"], "DA": revenue * 0.03, "INT_EXP": interest}
    income |= {"PBT": ebit - interest, "TAX": max(0.0, 0.25 * (ebit - interest))}
    income |= {"NI": income["PBT"] - income["TAX"]}
    balance = {
        "CASH": current_assets * max(0.04, 0.06 + 0.14 * strength),
        "AR": current_assets * 0.42,
        "INV": current_assets * 0.32,
        "CA": current_assets,
        "PPE": assets * 0.3,
        "INTANG": assets * 0.02,
        "CL": current,
        "AP": current * 0.45,
        "ST_DEBT": debt * 0.4,
        "LT_DEBT": min(debt * 0.6, assets - equity - current),
        "RE": equity * 0.6,
    }
    flows = {"CFO": income["NI"] + income["DA"], "CAPEX": revenue * 0.025}
    return _whole({**balance, **income, **flows}, assets=assets, equity=equity)


def _whole(lines: dict[str, float], *, assets: float, equity: float) -> dict[str, Decimal]:
    """Whole units; what is owed is what is owned less equity, exactly."""
    rounded = {code: Decimal(round(amount)) for code, amount in lines.items()}
    total, own = Decimal(round(assets)), Decimal(round(equity))
    return rounded | {"TA": total, "TE": own, "TL": total - own}
