"""What each finished month adds: lateness, DSO, the oldest balance, the goods (T04, T05, T12, B13)."""

from dataclasses import dataclass, field
from datetime import date
from math import sqrt

from services.monitoring.domain.streaming.averages import Spread, Welford
from services.monitoring.domain.streaming.charts import Drift, DriftRules
from shared.kernel.values import quick, replace


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One currency's figures of a month that ends on `on`; None where there is nothing to measure.

    `days_late` is the amount-weighted average of what was settled in it, `days_outstanding` the DSO (0
    where nothing is open), over a window with `invoiced_days` days on which something was invoiced,
    `oldest_days` the days past due of the oldest balance, `liquid_share` of what was ordered.
    """

    on: date
    days_late: float | None
    days_outstanding: float | None
    invoiced_days: int
    oldest_days: int
    liquid_share: float | None
    documents: tuple[str, ...] = ()
    oldest: str | None = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """What the months of one currency have added up to, and the latest month itself.

    `outstanding` is the own norm of the DSO, and `norm` what it was before the latest month (None: too few
    months); `rising` counts the month ends running at which the oldest balance had got older; `goods` are
    the months' liquid shares, `goods_z` how far the latest known one lay off.
    """

    latest: Month
    drift: Drift = field(default_factory=Drift)
    outstanding: Spread = field(default_factory=Spread)
    norm: float | None = None
    rising: int = 0
    goods: Welford = field(default_factory=Welford)
    goods_z: float | None = None

    @property
    def speaks(self) -> bool:
        """Whether the latest month is out of the ordinary in anything, or cannot tell."""
        days = self.latest.days_outstanding
        stretched = self.norm is not None and (days is None or days > self.norm)
        return bool(stretched or self.drift.speaks or self.rising or self.goods_z)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class TrendRules:
    """How months are judged: the rules of drift, the DSO's weight λ and least months, the goods'."""

    drift: DriftRules
    outstanding_weight: float
    outstanding_least: float
    goods_least: float
    goods_floor: float


def after_month(before: Trend | None, month: Month, rules: TrendRules) -> Trend:
    """The trend after one more month."""
    trend = Trend(latest=replace(month, oldest_days=0)) if before is None else before
    late = month.days_late
    drift = trend.drift if late is None else trend.drift.after(late, rules.drift)
    rising = trend.rising + 1 if month.oldest_days > trend.latest.oldest_days else 0
    moved = replace(trend, latest=month, drift=drift, rising=rising)
    return _goods(_outstanding(moved, rules), rules)


def without_drift(trend: Trend) -> Trend:
    """The trend once a person has taken note of its drift (domain.md §4.2)."""
    return replace(trend, drift=trend.drift.acknowledged())


def _outstanding(trend: Trend, rules: TrendRules) -> Trend:
    days, known = trend.latest.days_outstanding, trend.outstanding
    norm = known.mean if known.seen >= rules.outstanding_least else None
    if days is None or not trend.latest.invoiced_days:
        return replace(trend, norm=norm)
    learned = known.after(days, weight=rules.outstanding_weight)
    return replace(trend, outstanding=learned, norm=norm)


def _goods(trend: Trend, rules: TrendRules) -> Trend:
    share, known = trend.latest.liquid_share, trend.goods
    if share is None:
        return trend
    deviation = max(known.deviation or 0.0, rules.goods_floor)
    enough = known.seen >= rules.goods_least
    z = (share - known.mean) / deviation if enough else None
    return replace(trend, goods=known.after(share), goods_z=z)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """How much orders vary, lately and over the long run: ln of the amounts (B03)."""

    short: Spread = field(default_factory=Spread)
    long: Spread = field(default_factory=Spread)

    def after(self, value: float, *, short: float, long: float, first_variance: float) -> "Swing":
        """The state after one more order, with the weights λ of both."""
        return Swing(
            short=self.short.after(value, weight=short, first_variance=first_variance),
            long=self.long.after(value, weight=long, first_variance=first_variance),
        )

    def ratio(self, *, floor: float) -> float:
        """The short standard deviation over the long one, neither below the floor."""
        return max(sqrt(self.short.variance), floor) / max(sqrt(self.long.variance), floor)
