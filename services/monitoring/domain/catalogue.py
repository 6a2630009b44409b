"""The catalogue of warning signs (domain.md §4.1, and F16 of ours): every sign by its id, and what kind it is.

Thresholds are policy (`policy.yaml`, one entry each); how a sign is measured stands in the module of
`formulas/` that is named for its kind.
"""

from enum import StrEnum
from typing import Final


class Indicator(StrEnum):
    """A sign of deterioration that is measured."""

    MAX_DAYS_PAST_DUE = "T01"
    OVERDUE_RATIO = "T02"
    LATENESS_LEVEL = "T03"
    LATENESS_DRIFT = "T04"
    SALES_OUTSTANDING_DRIFT = "T05"
    AVERAGE_DAYS_DELINQUENT = "T06"
    PARTIAL_PAYMENTS = "T07"
    SHORT_PAYMENTS = "T08"
    DISHONOURS = "T09"
    BROKEN_PROMISES = "T10"
    ROUND_SUMS = "T11"
    OLDEST_ITEM_AGEING = "T12"
    DISCOUNT_LOST = "T13"
    BILL_QUALITY = "T14"
    ORDER_SURGE = "B01"
    ORDER_DROP = "B02"
    ORDER_VOLATILITY = "B03"
    CANCELLATIONS = "B04"
    RETURNS = "B05"
    DILUTION = "B06"
    DISPUTE_RATE = "B07"
    RELIEF_REQUESTS = "B08"
    BANK_ACCOUNT_CHANGE = "B09"
    THIRD_PARTY_PAYER = "B10"
    METHOD_DOWNGRADE = "B11"
    CONTACT_LOSS = "B12"
    LIQUID_GOODS_SHIFT = "B13"
    SILENCE = "B14"
    LIMIT_UTILISATION = "L01"
    UTILISATION_TREND = "L02"
    OVER_LIMIT_DURATION = "L03"
    INSURER_ACTION = "L04"
    GROUP_UTILISATION = "L05"
    CONCENTRATION = "L06"
    SECURITY_GAP = "L07"
    DEBT_TO_ASSETS = "F01"
    CURRENT_RATIO = "F02"
    INTEREST_COVER = "F03"
    NEGATIVE_CASH_FLOW = "F04"
    NET_DEBT_TO_EBITDA = "F05"
    Z_SCORE = "F06"
    REVENUE_FALL = "F07"
    MARGIN_FALL = "F08"
    OWN_RECEIVABLES_STRETCH = "F09"
    PAYABLES_STRETCH = "F10"
    NET_WORTH_EROSION = "F11"
    SHORT_DEBT_WALL = "F12"
    STATEMENTS_LATE = "F13"
    AUDIT_EVENT = "F14"
    RELATED_PARTY_RECEIVABLES = "F15"
    COVENANT_BREACH = "F16"
    EXTERNAL_DOWNGRADE = "E01"
    LITIGATION = "E02"
    ENFORCEMENT = "E03"
    DISHONEST_DEBTOR = "E04"
    TAX_ARREARS = "E05"
    EQUITY_PLEDGE = "E06"
    REGISTRY_EVENTS = "E07"
    INSOLVENCY = "E08"
    ADVERSE_MEDIA = "E09"
    SANCTION_PROXIMITY = "E10"
    AFFILIATE_CONTAGION = "E11"
    BUREAU_TREND = "E12"
    LICENCE_SANCTION = "E13"
    PURCHASING_MANAGERS = "I01"
    SECTOR_INSOLVENCIES = "I02"
    MARGIN_SQUEEZE = "I03"
    OWN_PORTFOLIO_SECTOR = "I04"
    COUNTRY = "I05"
    KEY_CUSTOMER_EVENT = "I06"


class IndicatorGroup(StrEnum):
    """What kind of sign it is; each group's weight in the composite score is capped."""

    TRANSACTIONS = "TXN"
    BEHAVIOUR = "BEH"
    LIMIT = "LIM"
    FINANCIALS = "FIN"
    EXTERNAL = "EXT"
    INDUSTRY = "IND"


_GROUP_OF_LETTER: Final = {
    "T": IndicatorGroup.TRANSACTIONS,
    "B": IndicatorGroup.BEHAVIOUR,
    "L": IndicatorGroup.LIMIT,
    "F": IndicatorGroup.FINANCIALS,
    "E": IndicatorGroup.EXTERNAL,
    "I": IndicatorGroup.INDUSTRY,
}


def group_of(indicator: Indicator) -> IndicatorGroup:
    """The kind of a sign: the letter of its id says it."""
    return _GROUP_OF_LETTER[indicator.value[0]]
