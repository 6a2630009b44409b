"""Which statement counts, how much, and which is refused because it cannot be true.

Rules of domain.md §1.4, §3.7 and §3.8.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from services.rating.domain import lines
from services.rating.domain.model import Capacity, Statement
from services.rating.domain.policy import StatementPolicy
from shared.kernel.dates import add_months
from shared.kernel.errors import InvalidInputError, ObligorError
from shared.kernel.money import minor_digits

MONTHS_A_YEAR = 12


class UnbalancedStatementError(ObligorError):
    """Assets are not what liabilities and equity add up to."""

    code = "unbalanced_statement"

    def __init__(self, gap: Decimal, allowed: Decimal) -> None:
        super().__init__(f"TA - TL - TE is {gap}, but may be at most {allowed:f} either way")


class UnitMismatchError(ObligorError):
    """A statement differs from the year before by a factor that only a wrong unit explains."""

    code = "statement_unit_mismatch"

    def __init__(self, period_end: date, factor: float) -> None:
        sentence = f"total assets at {period_end} are {factor:.4g} times those a year before"
        super().__init__(f"{sentence}: check `unit`")


def check_statement(
    statement: Statement, policy: StatementPolicy, *, previous: Statement | None
) -> None:
    """Refuse a statement that cannot be true: unknown lines, unbalanced, or in a wrong unit."""
    minor_digits(statement.currency)
    if not 1 <= statement.months <= 2 * MONTHS_A_YEAR:
        raise InvalidInputError(
            field="months", value=statement.months, rule="must be between 1 and 24"
        )
    _check_lines(statement.lines)
    _check_balance(statement.lines, policy)
    if previous is not None:
        _check_unit(statement, previous, policy)


def _check_lines(reported: dict[str, Decimal]) -> None:
    for code, amount in reported.items():
        if code not in lines.KNOWN:
            raise InvalidInputError(field=f"lines.{code}", value=str(amount), rule="is not a line")
        if not amount.is_finite():
            raise InvalidInputError(field=f"lines.{code}", value=str(amount), rule="must be finite")
    for code in lines.REQUIRED:
        if code not in reported:
            raise InvalidInputError(field=f"lines.{code}", value=None, rule="must be reported")


def _check_balance(reported: dict[str, Decimal], policy: StatementPolicy) -> None:
    total = reported["TA"]
    if total <= 0:
        raise InvalidInputError(field="lines.TA", value=str(total), rule="must be above zero")
    if reported.get("REV", Decimal(0)) < 0:
        raise InvalidInputError(
            field="lines.REV", value=str(reported["REV"]), rule="must not be negative"
        )
    for part, whole in (("CA", "TA"), ("CL", "TL")):
        if part in reported and reported[part] > reported[whole]:
            raise InvalidInputError(
                field=f"lines.{part}", value=str(reported[part]), rule=f"must not exceed {whole}"
            )
    gap = total - reported["TL"] - reported["TE"]
    allowed = total * Decimal(repr(policy.integrity_tolerance))
    if abs(gap) > allowed:
        raise UnbalancedStatementError(gap, allowed)


def _check_unit(statement: Statement, previous: Statement, policy: StatementPolicy) -> None:
    if statement.currency != previous.currency:
        return
    now = statement.lines["TA"] * statement.unit.factor
    factor = float(now / (previous.lines["TA"] * previous.unit.factor))
    if not 1 / policy.unit_error_factor < factor < policy.unit_error_factor:
        raise UnitMismatchError(statement.period_end, factor)


def months_between(earlier: date, later: date) -> float:
    """Calendar months from one date to another, with the part of the last one; 0 if not later."""
    if later <= earlier:
        return 0.0
    whole = (later.year - earlier.year) * MONTHS_A_YEAR + later.month - earlier.month
    if add_months(earlier, whole) > later:
        whole -= 1
    start, end = add_months(earlier, whole), add_months(earlier, whole + 1)
    return whole + (later - start).days / (end - start).days


def latest_statement(statements: Iterable[Statement], *, as_of: date) -> Statement | None:
    """The statement with the latest period that has ended by `as_of`; of two, the longer one."""
    ended = (each for each in statements if each.period_end <= as_of)
    return max(ended, key=lambda each: (each.period_end, each.months), default=None)


def year_before(
    statements: Iterable[Statement], statement: Statement, policy: StatementPolicy
) -> Statement | None:
    """The statement of the same length about a year before, in the same currency."""
    shortest, longest = policy.prior_year_months
    fitting = (
        each
        for each in statements
        if each.currency == statement.currency
        and each.months == statement.months
        and shortest <= months_between(each.period_end, statement.period_end) <= longest
    )
    return max(fitting, key=lambda each: each.period_end, default=None)


def capacity_of(statement: Statement) -> Capacity:
    """Tangible net worth, working capital and payables in major units; None = not reported.

    Intangible lines that a statement leaves out cannot be deducted.
    """
    reported, factor = statement.lines, statement.unit.factor
    intangible = sum((reported.get(code, Decimal(0)) for code in lines.NOT_TANGIBLE), Decimal(0))
    return Capacity(
        currency=statement.currency,
        tangible_net_worth=(reported["TE"] - intangible) * factor,
        working_capital=_difference(reported.get("CA"), reported.get("CL"), factor),
        accounts_payable=_difference(reported.get("AP"), Decimal(0), factor),
    )


def _difference(more: Decimal | None, less: Decimal | None, factor: int) -> Decimal | None:
    return None if more is None or less is None else (more - less) * factor


def freshness(statement: Statement, policy: StatementPolicy, *, as_of: date) -> float:
    """How much of a statement's weight its age leaves: 1 while fresh, linear to 0 (domain.md §3.7)."""
    age = months_between(statement.period_end, as_of)
    span = policy.worthless_from - policy.fresh_until
    return min(1.0, max(0.0, (policy.worthless_from - age) / span))


def is_stale(statement: Statement, policy: StatementPolicy, *, as_of: date) -> bool:
    """Whether a statement is so old that it costs notches."""
    return months_between(statement.period_end, as_of) > policy.stale_after


def is_usable(statement: Statement, policy: StatementPolicy, *, as_of: date) -> bool:
    """Whether a statement still counts as one at all."""
    return months_between(statement.period_end, as_of) <= policy.worthless_from
