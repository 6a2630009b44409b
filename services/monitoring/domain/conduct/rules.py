"""The figures that the notes on conduct are taken by, out of the policy's entries."""

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.conduct.payers import MethodRules
from services.monitoring.domain.conduct.trends import TrendRules
from services.monitoring.domain.policies.warnings import WarningPolicy
from services.monitoring.domain.streaming.charts import DriftRules


def number(policy: WarningPolicy, indicator: Indicator, name: str) -> float:
    """One of the further figures of an indicator's entry."""
    return policy.indicators[indicator].numbers[name]


def window(policy: WarningPolicy, indicator: Indicator) -> int:
    """The length of an indicator's window, in days."""
    return policy.indicators[indicator].days


def method_rules(policy: WarningPolicy) -> MethodRules:
    """How a downgrade of the payment method is judged (B11)."""
    numbers = policy.indicators[Indicator.METHOD_DOWNGRADE].numbers
    return MethodRules(
        least=numbers["least_receipts"],
        usual_share=numbers["usual_share"],
        half_life_days=numbers["memory_days"],
        settled=numbers["settled"],
    )


def trend_rules(policy: WarningPolicy) -> TrendRules:
    """How months are judged (T04, T05, B13)."""
    entry = policy.indicators[Indicator.LATENESS_DRIFT]
    drift, norm = entry.numbers, policy.indicators[Indicator.SALES_OUTSTANDING_DRIFT].numbers
    goods = policy.indicators[Indicator.LIQUID_GOODS_SHIFT].numbers
    return TrendRules(
        drift=DriftRules(
            slack=drift["slack"],
            baseline=int(drift["baseline_months"]),
            least=int(drift["least_months"]),
            floor=drift["floor_days"],
            floor_share=drift["floor_share"],
            alarm=entry.watch or 0.0,
            most=drift["most"],
            calm=int(drift["calm_months"]),
            settled=int(drift["settled_months"]),
        ),
        outstanding_weight=2.0 / (norm["smoothing_months"] + 1.0),
        outstanding_least=norm["least_months"],
        goods_least=goods["least_months"],
        goods_floor=goods["floor"],
    )
