"""What is kept of the customer's statements, and what of it counts on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.indicator_facts.financials import (
    CashFlowFacts,
    FinancialFacts,
    StatementFacts,
)
from services.monitoring.domain.policies.statements import StatementPolicy
from services.monitoring.domain.policies.warnings import WarningPolicy
from shared.kernel.dates import add_months

MONTHS_A_YEAR = 12


@dataclass(slots=True, kw_only=True)
class FinancialStanding:
    """What is kept of the customer's statements, in the order in which they came."""

    statements: tuple[StatementFacts, ...] = ()


def keep_statement(
    standing: FinancialStanding, statement: StatementFacts, policy: StatementPolicy, *, as_of: date
) -> None:
    """Keep a statement. Of one period, one version that counts by `as_of` stays, and those to come.

    The oldest periods beyond the policy's count go.
    """
    known = [*standing.statements, statement]
    counting = {id(each) for each in _counting(known, policy, as_of=as_of)}
    kept = [each for each in known if id(each) in counting or each.counts_from > as_of]
    gone = _beyond(kept, policy)
    standing.statements = tuple(each for each in kept if _period(each) not in gone)


def financial_facts(
    standing: FinancialStanding,
    policy: StatementPolicy,
    *,
    as_of: date,
    industry: str | None = None,
) -> FinancialFacts:
    """What the indicators see of the statements on a day; `industry` is the register's scheme/code."""
    known = _known(standing, policy, as_of=as_of)
    latest = max(known, key=_period, default=None)
    if latest is None:
        return FinancialFacts(as_of=as_of, industry=industry)
    before = _year_before(known, latest, policy)
    return FinancialFacts(
        as_of=as_of,
        industry=industry,
        latest=latest,
        year_before=before,
        two_years_before=None if before is None else _year_before(known, before, policy),
        fiscal_year=_fiscal_year(known, latest),
        cash_flows=_cash_flows(known, latest, policy),
        next_period_end=_next_period_end(known, latest),
    )


def latest_before(standing: FinancialStanding, statement: StatementFacts) -> StatementFacts | None:
    """The latest statement kept of an earlier period than this one's."""
    earlier = (each for each in standing.statements if each.period_end < statement.period_end)
    return max(earlier, key=_period, default=None)


def statement_days(standing: FinancialStanding, policy: WarningPolicy, *, day: date) -> list[date]:
    """The days, `day` or later, whose close changes what the statements say by time alone.

    One that was filed ahead begins to count, or the next one becomes late.
    """
    entry = policy.indicators[Indicator.STATEMENTS_LATE]
    days = [max(each.counts_from, each.period_end) for each in standing.statements]
    known = _known(standing, policy.statements, as_of=day)
    if known:
        ends = _next_period_end(known, max(known, key=_period))
        expected = ends + timedelta(days=int(entry.numbers["expected_after_days"]))
        given = [each for each in (entry.watch, entry.amber, entry.red) if each is not None]
        days += [expected + timedelta(days=int(late) + more) for late in given for more in (0, 1)]
    return [each for each in days if each >= day]


@lru_cache(maxsize=4096)
def months_between(earlier: date, later: date) -> float:
    """Calendar months from one date to another, with the part of the last one; 0 if not later."""
    if later <= earlier:
        return 0.0
    whole = (later.year - earlier.year) * MONTHS_A_YEAR + later.month - earlier.month
    if add_months(earlier, whole) > later:
        whole -= 1
    start, end = add_months(earlier, whole), add_months(earlier, whole + 1)
    return whole + (later - start).days / (end - start).days


def _known(
    standing: FinancialStanding, policy: StatementPolicy, *, as_of: date
) -> list[StatementFacts]:
    """The statements that count on a day, of periods that are over."""
    ended = [each for each in standing.statements if each.period_end <= as_of]
    return _counting(ended, policy, as_of=as_of)


def _period(statement: StatementFacts) -> tuple[date, int]:
    return statement.period_end, statement.months


def _counting(
    statements: Iterable[StatementFacts], policy: StatementPolicy, *, as_of: date
) -> list[StatementFacts]:
    """Of each period the version that counts: the highest quality, among equals the newest."""
    best: dict[tuple[date, int], StatementFacts] = {}
    for each in statements:
        if each.counts_from > as_of:
            continue
        rival = best.get(_period(each))
        if rival is None or policy.quality[each.basis] >= policy.quality[rival.basis]:
            best[_period(each)] = each
    return list(best.values())


def _beyond(statements: Iterable[StatementFacts], policy: StatementPolicy) -> set[tuple[date, int]]:
    """The oldest periods, beyond as many whole years and shorter periods as are kept."""
    periods = sorted({_period(each) for each in statements}, reverse=True)
    years = [each for each in periods if each[1] >= MONTHS_A_YEAR]
    shorter = [each for each in periods if each[1] < MONTHS_A_YEAR]
    return {*years[policy.kept_annual :], *shorter[policy.kept_interim :]}


def _year_before(
    known: Iterable[StatementFacts], statement: StatementFacts, policy: StatementPolicy
) -> StatementFacts | None:
    """The statement of the same length and currency about a year before."""
    shortest, longest = policy.year_before_months
    fitting = (
        each
        for each in _alike(known, statement)
        if shortest <= months_between(each.period_end, statement.period_end) <= longest
    )
    return max(fitting, key=_period, default=None)


def _alike(known: Iterable[StatementFacts], statement: StatementFacts) -> Sequence[StatementFacts]:
    """Statements of the same length and currency, the latest first."""
    alike = (
        each
        for each in known
        if each.currency == statement.currency and each.months == statement.months
    )
    return sorted(alike, key=_period, reverse=True)


def _fiscal_year(
    known: Iterable[StatementFacts], statement: StatementFacts
) -> StatementFacts | None:
    """The whole year that ended where an interim period begins."""
    if statement.months >= MONTHS_A_YEAR:
        return None
    began = add_months(statement.period_end, -statement.months)
    fitting = (
        each
        for each in known
        if each.months == MONTHS_A_YEAR
        and each.currency == statement.currency
        and _month(each.period_end) == _month(began)
    )
    return max(fitting, key=_period, default=None)


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _cash_flows(
    known: Iterable[StatementFacts], latest: StatementFacts, policy: StatementPolicy
) -> tuple[CashFlowFacts, ...]:
    """Operating cash flows of like periods, the latest first, up to the first hole in the row.

    A half-year without the next one is such a hole. Ends may differ as those of years may.
    """
    row: list[StatementFacts] = []
    longest = latest.months + policy.year_before_months[1] - MONTHS_A_YEAR
    for each in _alike(known, latest):
        if row and months_between(each.period_end, row[-1].period_end) > longest:
            break
        row.append(each)
    return tuple(
        CashFlowFacts(period_end=each.period_end, cash_flow=each.lines.get("CFO")) for each in row
    )


def _next_period_end(known: Iterable[StatementFacts], latest: StatementFacts) -> date:
    """The end of the year after the last one reported; of the last period, if no year was."""
    years = [each.period_end for each in known if each.months >= MONTHS_A_YEAR]
    return add_months(max(years, default=latest.period_end), MONTHS_A_YEAR)
