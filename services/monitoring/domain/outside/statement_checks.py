"""Which statement is refused because it cannot be true (domain.md §1.4)."""

from datetime import date
from decimal import Decimal

from services.monitoring.domain.indicator_facts.financials import StatementFacts
from services.monitoring.domain.outside import statement_lines as lines
from services.monitoring.domain.outside.financial_standing import MONTHS_A_YEAR
from services.monitoring.domain.policies.statements import StatementPolicy
from shared.kernel.errors import InvalidInputError, ObligorError
from shared.kernel.money import minor_digits


class UnbalancedStatementError(ObligorError):
    """Assets are not what liabilities and equity add up to."""

    code = "unbalanced_statement"

    def __init__(self, gap: Decimal, allowed: Decimal) -> None:
        super().__init__(f"TA - TL - TE is {gap}, but may be at most {allowed:f} either way")


class UnitMismatchError(ObligorError):
    """A statement differs from the one before by a factor that only a wrong unit explains."""

    code = "statement_unit_mismatch"

    def __init__(self, period_end: date, factor: float) -> None:
        sentence = f"total assets at {period_end} are {factor:.4g} times those before"
        super().__init__(f"{sentence}: check `unit`")


def check_statement(
    statement: StatementFacts, policy: StatementPolicy, *, previous: StatementFacts | None
) -> None:
    """Refuse a statement that cannot be true: unknown lines, parts above their whole, unbalanced, a wrong unit.

    `previous` is the latest one of an earlier period. Gross profit need not be revenue less its cost:
    charges that stand between the two differ by accounting standard.
    """
    minor_digits(statement.currency)
    if not 1 <= statement.months <= 2 * MONTHS_A_YEAR:
        rule = "must be between 1 and 24"
        raise InvalidInputError(field="months", value=statement.months, rule=rule)
    for code, amount in statement.lines.items():
        if code not in lines.KNOWN:
            raise InvalidInputError(field=f"lines.{code}", value=str(amount), rule="is not a line")
        if not amount.is_finite():
            raise InvalidInputError(field=f"lines.{code}", value=str(amount), rule="must be finite")
    for code in lines.REQUIRED:
        if code not in statement.lines:
            raise InvalidInputError(field=f"lines.{code}", value=None, rule="must be reported")
    _check_sizes(statement.lines)
    _check_balance(statement.lines, policy)
    if previous is not None and previous.currency == statement.currency:
        _check_unit(statement, previous, policy)


def _check_sizes(reported: dict[str, Decimal]) -> None:
    if reported["TA"] <= 0:
        rule = "must be above zero"
        raise InvalidInputError(field="lines.TA", value=str(reported["TA"]), rule=rule)
    if reported.get("REV", Decimal(0)) < 0:
        rule = "must not be negative"
        raise InvalidInputError(field="lines.REV", value=str(reported["REV"]), rule=rule)
    for part, whole in lines.PART_OF.items():
        if part in reported and whole in reported and reported[part] > reported[whole]:
            rule = f"must not exceed {whole}"
            raise InvalidInputError(field=f"lines.{part}", value=str(reported[part]), rule=rule)


def _check_balance(reported: dict[str, Decimal], policy: StatementPolicy) -> None:
    gap = reported["TA"] - reported["TL"] - reported["TE"]
    allowed = reported["TA"] * Decimal(repr(policy.integrity_tolerance))
    if abs(gap) > allowed:
        raise UnbalancedStatementError(gap, allowed)


def _check_unit(
    statement: StatementFacts, previous: StatementFacts, policy: StatementPolicy
) -> None:
    factor = float(statement.lines["TA"] / previous.lines["TA"])
    if not 1 / policy.unit_error_factor < factor < policy.unit_error_factor:
        raise UnitMismatchError(statement.period_end, factor)
