"""The further figures that formulas ask for, by name: a policy has exactly these, or is refused."""

from collections.abc import Mapping
from math import isfinite
from typing import Final

from services.monitoring.domain.catalogue import Indicator
from shared.kernel.errors import InvalidInputError

_NAMES: Final = {
    Indicator.LATENESS_DRIFT: "baseline_months calm_months floor_days floor_share least_months least_settled most settled_months slack",
    Indicator.SALES_OUTSTANDING_DRIFT: "least_invoices least_months least_rise_days smoothing_months",
    Indicator.SHORT_PAYMENTS: "least_due least_short most_share",
    Indicator.BROKEN_PROMISES: "least_promises",
    Indicator.ROUND_SUMS: "least_receipts least_round round_to",
    Indicator.DISCOUNT_LOST: "habit least_taken",
    Indicator.BILL_QUALITY: "grace_days lapsed_bills lapsed_days longer_by_days",
    Indicator.ORDER_VOLATILITY: "least_observed long_weight short_weight",
    Indicator.CANCELLATIONS: "least_cancelled least_orders",
    Indicator.RETURNS: "least_deliveries least_returned",
    Indicator.DILUTION: "least_invoices least_notes",
    Indicator.DISPUTE_RATE: "late_after_days late_weight least_disputes least_invoices",
    Indicator.BANK_ACCOUNT_CHANGE: "least_receipts",
    Indicator.THIRD_PARTY_PAYER: "least_receipts least_unrelated",
    Indicator.METHOD_DOWNGRADE: "least_receipts memory_days settled usual_share",
    Indicator.LIQUID_GOODS_SHIFT: "floor least_months least_orders",
    Indicator.SILENCE: "deviations least_days least_gaps most_days weight",
    Indicator.UTILISATION_TREND: "time_constant_days",
    Indicator.INSURER_ACTION: "deep_cut",
    Indicator.GROUP_UTILISATION: "control_share hops",
    Indicator.CONCENTRATION: "least_customers least_days stale_days",
    Indicator.SECURITY_GAP: "amber_days watch_days",
    Indicator.DEBT_TO_ASSETS: "rise",
    Indicator.INTEREST_COVER: "without_debt",
    Indicator.NET_DEBT_TO_EBITDA: "without_earnings",
    Indicator.SHORT_DEBT_WALL: "without_cash",
    Indicator.STATEMENTS_LATE: "expected_after_days",
    Indicator.COVENANT_BREACH: "cure_days near",
    Indicator.EXTERNAL_DOWNGRADE: "red_notches weak_from",
    Indicator.ENFORCEMENT: "amber_share red_share",
    Indicator.DISHONEST_DEBTOR: "listed_days",
    Indicator.TAX_ARREARS: "red_share",
    Indicator.ADVERSE_MEDIA: "half_life_days",
    Indicator.SANCTION_PROXIMITY: "amber_share red_share",
    Indicator.AFFILIATE_CONTAGION: "consolidates controls default_weight director economically_dependent guarantees hops legal_representative owns shares_address shares_bank_account shares_phone votes",
    Indicator.PURCHASING_MANAGERS: "no_change red_below",
    Indicator.SECTOR_INSOLVENCIES: "floor_share fresh_days least_observed",
    Indicator.MARGIN_SQUEEZE: "floor_points floor_share least_observed",
    Indicator.OWN_PORTFOLIO_SECTOR: "floor_points floor_share fresh_days least_customers least_observed",
}
NUMBERS: Final = {each: frozenset(_NAMES.get(each, "").split()) for each in Indicator}
"""The names in `numbers` of each indicator's entry."""
_DIVIDES: Final = frozenset(
    {
        "baseline_months",
        "floor",
        "floor_days",
        "floor_points",
        "half_life_days",
        "long_weight",
        "memory_days",
        "round_to",
        "short_weight",
        "smoothing_months",
        "time_constant_days",
        "weight",
    }
)


def check_above_zero(**numbers: float) -> None:
    """Refuse a number that is 0 or less. Raises `InvalidInputError`."""
    for name, value in numbers.items():
        if not value > 0:
            raise InvalidInputError(field=name, value=value, rule="must be above 0")


def check_numbers(indicator: Indicator, given: Mapping[str, float]) -> None:
    """Refuse an entry that lacks a figure or has one that nobody reads, below 0, or 0 where it divides.

    Raises `InvalidInputError`.
    """
    field, known = f"{indicator.value} numbers", NUMBERS[indicator]
    named = {_general(name) for name in given}
    if named != known:
        wrong = sorted(named ^ known)
        rule = f"must name exactly {', '.join(sorted(known)) or 'nothing'}"
        raise InvalidInputError(field=field, value=wrong, rule=rule)
    for name, value in given.items():
        divides = _general(name) in _DIVIDES
        if not isfinite(value) or value < 0 or (value == 0 and divides):
            rule = "must be above 0" if divides else "must be 0 or more"
            raise InvalidInputError(field=f"{field}.{name}", value=value, rule=rule)


def _general(name: str) -> str:
    """The name without the currency that a figure may be given for besides: `round_to_jpy`."""
    return "round_to" if name.startswith("round_to_") else name
