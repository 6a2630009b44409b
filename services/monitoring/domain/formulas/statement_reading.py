"""A customer's statements as the formulas of F01 to F15 look at them."""

from dataclasses import dataclass, field

from services.monitoring.domain.indicator_facts.financials import FinancialFacts, StatementFacts
from services.monitoring.domain.measurement import Evidence, Measurement
from services.monitoring.domain.outside.financial_standing import months_between
from services.monitoring.domain.outside.statement_ratios import (
    Books,
    Ratio,
    RatioStatus,
    last_twelve_months,
)
from services.monitoring.domain.policies.statements import StatementPolicy
from services.monitoring.domain.policies.warnings import Severity
from shared.kernel.maths import canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What a formula makes of the statements.

    `ratio` is the indicator's value, unless `value` stands in for it where there can be no ratio
    though the statement says all. `lines` are those behind it, of the year before too if `compared`.
    """

    name: str
    ratio: Ratio
    lines: tuple[str, ...]
    compared: bool = False
    value: float | None = None
    at_least: Severity | None = None
    figures: dict[str, float | None] = field(default_factory=dict)
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The latest statement beside the ones it is compared with.

    `now` has the last twelve months' flows where they can be had; `period`, `before` and `earlier` are
    the latest period and those one and two years before it, all stretched alike. `quality` is that of
    the basis, 0 to 1.
    """

    latest: StatementFacts
    now: Books
    period: Books
    before: Books | None
    earlier: Books | None
    quality: float
    stale: bool

    def measured(self, sign: Sign) -> Measurement:
        """The sign as a measurement of the day on which the statement became known.

        A statement that is too old says nothing: the value is unknown, raises and clears nothing.
        """
        value = sign.ratio.value if sign.value is None else sign.value
        return Measurement(
            value=None if self.stale or value is None else canonical(value),
            at_least=sign.at_least,
            explain=lambda: self._evidence(sign),
            on=self.latest.counts_from,
            confidence=self.quality,
        )

    def _evidence(self, sign: Sign) -> Evidence:
        books = [self.period if sign.compared else self.now]
        books += [self.before] if sign.compared and self.before is not None else []
        flags = (*books[0].flags, *sign.flags)
        shown: dict[str, float | str | None] = {
            sign.name: sign.ratio.value,
            "status": (RatioStatus.STALE if self.stale else sign.ratio.status).value,
            **sign.figures,
        }
        for suffix, each in zip(("", "_year_before"), books, strict=False):
            shown |= {f"{code}{suffix}": _amount(each.statement, code) for code in sign.lines}
        if flags:
            shown["flags"] = ", ".join(flags)
        shown["currency"] = self.latest.currency
        return Evidence(figures=shown, documents=tuple(each.statement.label for each in books))


def reading_of(facts: FinancialFacts, policy: StatementPolicy) -> Reading | None:
    """The statements, ready to be read; None without any."""
    latest, before, earlier = facts.latest, facts.year_before, facts.two_years_before
    if latest is None:
        return None
    age = months_between(latest.period_end, facts.as_of)
    return Reading(
        latest=latest,
        now=last_twelve_months(latest, facts.fiscal_year, before),
        period=Books(latest),
        before=None if before is None else Books(before),
        earlier=None if earlier is None else Books(earlier),
        quality=policy.quality[latest.basis],
        stale=age > policy.stale_after_months,
    )


def _amount(statement: StatementFacts, code: str) -> str | None:
    reported = statement.lines.get(code)
    return None if reported is None else f"{reported:f}"
