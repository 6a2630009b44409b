"""Sectors and countries: the formulas of I01 to I05 (I06 is told by signals, see `promised_cover`)."""

from collections.abc import Sequence
from datetime import timedelta
from math import sqrt
from statistics import fmean
from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas.formula import Formula
from services.monitoring.domain.indicator_facts.industry import IndustryFacts, Reading
from services.monitoring.domain.measurement import UNKNOWN, Evidence, Measurement
from services.monitoring.domain.policies.warnings import (
    IndicatorPolicy,
    Severity,
    WarningPolicy,
)
from shared.kernel.maths import canonical

PMI: Final = "pmi"
INSOLVENCY: Final = "insolvency"
INPUT_PRICE: Final = "input_price"
OUTPUT_PRICE: Final = "output_price"
_LEAST_FOR_SPREAD = 2  # a standard deviation takes two values


def purchasing_managers(
    facts: IndustryFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """I01: for how many months running the sector's PMI is below `no_change`; below `red_below` is red.

    Unknown when the newest reading is older than `days`.
    """
    del policy
    months = _by_month(facts.readings.get(PMI, ()))
    if not months:
        return None
    now = months[-1]
    if (facts.as_of - now.on).days > entry.days:
        return UNKNOWN
    below = _run_below(months, entry.numbers["no_change"])
    return Measurement(
        value=float(below),
        at_least=Severity.RED if now.value < entry.numbers["red_below"] else None,
        on=now.on,
        explain=lambda: Evidence(
            figures={
                "months_below": below,
                "pmi": now.value,
                "read_on": now.on.isoformat(),
                "sector": facts.published_for.get(PMI),
            }
        ),
    )


def sector_insolvencies(
    facts: IndustryFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """I02: the sector's insolvency index against the last `days`, in standard deviations.

    At least `least_observed` readings before; the deviation is no less than `floor_share` of the usual.
    Unknown when the newest reading is older than `fresh_days`.
    """
    del policy
    readings = facts.readings.get(INSOLVENCY, ())
    if not readings:
        return None
    now = readings[-1]
    past = [each.value for each in readings[:-1] if (now.on - each.on).days <= entry.days]
    if (facts.as_of - now.on).days > entry.numbers["fresh_days"]:
        return UNKNOWN
    return _unusual(now, past, entry, {"sector": facts.published_for.get(INSOLVENCY)})


def margin_squeeze(
    facts: IndustryFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """I03: input less output prices, averaged over the last `days`, against all months before.

    Months in which both are known count; at least `least_observed` before. The deviation is no less
    than `floor_share` of the usual and `floor_points`. Unknown when the newest is older than `days`.
    """
    del policy
    inputs = {_month(each): each for each in facts.readings.get(INPUT_PRICE, ())}
    outputs = {_month(each): each for each in facts.readings.get(OUTPUT_PRICE, ())}
    if not inputs or not outputs:
        return None
    spreads = [
        Reading(on=inputs[month].on, value=inputs[month].value - outputs[month].value)
        for month in sorted(inputs.keys() & outputs.keys())
    ]
    if not spreads or (facts.as_of - spreads[-1].on).days > entry.days:
        return UNKNOWN
    on = spreads[-1].on
    recent = [each.value for each in spreads if (on - each.on).days < entry.days]
    past = [each.value for each in spreads if (on - each.on).days >= entry.days]
    now = Reading(on=on, value=fmean(recent))
    return _unusual(now, past, entry, {"sector": facts.published_for.get(INPUT_PRICE)})


def own_portfolio_sector(
    facts: IndustryFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """I04: how late our customers in the sector paid last month, against the sector's months before.

    Months of fewer than `least_customers` that settled anything are left out; at least `least_observed`
    before. The deviation is no less than `floor_share` of the usual and `floor_points` days.
    """
    del policy
    enough = entry.numbers["least_customers"]
    months = [each for each in facts.months if each.customers >= enough]
    if not facts.months or facts.industry is None:
        return None
    if not months or months[-1] != facts.months[-1]:
        return UNKNOWN
    if (facts.as_of - months[-1].ends_on).days > entry.numbers["fresh_days"]:
        return UNKNOWN
    last, past = months[-1], [each.mean_days_late for each in months[:-1]]
    now = Reading(on=last.ends_on, value=last.mean_days_late)
    return _unusual(now, past, entry, {"sector": facts.industry, "customers": last.customers})


def country(
    facts: IndustryFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """I05: by how much the country's currency fell in `days`, as a share; transfer controls are red.

    Against the last reading that was out then. Unknown without one, or when the newest is older than
    `days`.
    """
    del policy
    controls = bool(facts.transfer_controls) and facts.transfer_controls[-1].value > 0
    now = facts.currency[-1] if facts.currency else None
    before = None if now is None else _out_before(facts.currency, now, entry.days)
    fresh = now is not None and (facts.as_of - now.on).days <= entry.days
    fall = None if now is None or before is None else canonical(1.0 - now.value / before.value)
    if fall is None or not fresh:
        fall = 0.0 if controls else None
    if not facts.currency and not facts.transfer_controls:
        return None
    return Measurement(
        value=fall,
        at_least=Severity.RED if controls else None,
        on=facts.transfer_controls[-1].on if controls else now.on if now else None,
        explain=lambda: Evidence(
            figures={
                "country": facts.country,
                "fall": fall,
                "rate": None if now is None else now.value,
                "rate_before": None if before is None else before.value,
                "transfer_controls": "yes" if controls else "no",
            }
        ),
    )


def _unusual(
    now: Reading,
    past: Sequence[float],
    entry: IndicatorPolicy,
    about: dict[str, float | str | None],
) -> Measurement:
    """How many standard deviations a value lies above those before; unknown while they are few."""
    if len(past) < max(_LEAST_FOR_SPREAD, entry.numbers["least_observed"]):
        return UNKNOWN
    usual = fmean(past)
    points = entry.numbers.get("floor_points", 0.0)
    least = max(entry.numbers["floor_share"] * abs(usual), points)
    spread = max(_deviation(past, usual), least)
    z = canonical((now.value - usual) / spread) if spread > 0 else 0.0
    return Measurement(
        value=z,
        on=now.on,
        explain=lambda: Evidence(
            figures={
                "z": z,
                "value": canonical(now.value),
                "usual": canonical(usual),
                "deviation": canonical(spread),
                "observed": len(past),
                "read_on": now.on.isoformat(),
                **about,
            }
        ),
    )


def _deviation(values: Sequence[float], mean: float) -> float:
    """The sample's standard deviation."""
    return sqrt(sum((each - mean) ** 2 for each in values) / (len(values) - 1))


def _by_month(readings: Sequence[Reading]) -> list[Reading]:
    """The last reading of each month, oldest first."""
    return list({_month(each): each for each in readings}.values())


def _month(reading: Reading) -> tuple[int, int]:
    return reading.on.year, reading.on.month


def _run_below(months: Sequence[Reading], bound: float) -> int:
    calm = [place for place, each in enumerate(months) if each.value >= bound]
    return len(months) - (calm[-1] + 1 if calm else 0)


def _out_before(readings: Sequence[Reading], now: Reading, days: int) -> Reading | None:
    then = now.on - timedelta(days=days)
    out = [each for each in readings if each.on <= then and each.value > 0]
    return out[-1] if out else None


FORMULAS: Final[dict[Indicator, Formula[IndustryFacts]]] = {
    Indicator.PURCHASING_MANAGERS: Formula(
        purchasing_managers, lambda facts: PMI in facts.readings
    ),
    Indicator.SECTOR_INSOLVENCIES: Formula(
        sector_insolvencies, lambda facts: INSOLVENCY in facts.readings
    ),
    Indicator.MARGIN_SQUEEZE: Formula(
        margin_squeeze,
        lambda facts: INPUT_PRICE in facts.readings and OUTPUT_PRICE in facts.readings,
    ),
    Indicator.OWN_PORTFOLIO_SECTOR: Formula(own_portfolio_sector, lambda facts: bool(facts.months)),
    Indicator.COUNTRY: Formula(
        country, lambda facts: bool(facts.currency or facts.transfer_controls)
    ),
}
