"""What a customer's latest statements say, as of one day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from services.monitoring.domain.indicator_facts.external import OutsideSign
from services.monitoring.domain.policies.statements import Basis
from shared.kernel.values import quick


class Opinion(StrEnum):
    """What the auditor said."""

    UNQUALIFIED = "unqualified"
    QUALIFIED = "qualified"
    ADVERSE = "adverse"
    DISCLAIMER = "disclaimer"
    GOING_CONCERN = "going_concern"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFacts:
    """One statement: `lines` by code (domain.md §1.4) in major units of `currency`.

    `months` is the length of the period its flows cover, `counts_from` the day from which it is
    known. A line that is absent was not reported, which is not 0.
    """

    period_end: date
    months: int
    basis: Basis
    currency: str
    counts_from: date
    lines: dict[str, Decimal]
    opinion: Opinion | None = None
    auditor: str | None = None

    @property
    def label(self) -> str:
        """The statement's name as evidence shows it."""
        return f"{self.period_end} {self.months}m {self.basis.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CashFlowFacts:
    """A period's operating cash flow in major units; None if the statement does not say."""

    period_end: date
    cash_flow: Decimal | None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class FinancialFacts:
    """What a customer's latest statements say, as of one day.

    `latest` is the one whose period ended last; `year_before` and `two_years_before` have its length
    and currency. `fiscal_year` is the whole year before an interim one. `cash_flows` are those of the
    periods of its length, the latest first, without a hole. `next_period_end` is the end of the year
    whose statement is to come next. `industry` is the register's, as scheme/code. `audit_events` are
    what was told of the auditor and the opinion beside statements. `covenants` are those in force, and only
    with them `earlier` is what was known on the day before `latest` was.
    """

    as_of: date
    industry: str | None = None
    latest: StatementFacts | None = None
    year_before: StatementFacts | None = None
    two_years_before: StatementFacts | None = None
    fiscal_year: StatementFacts | None = None
    cash_flows: tuple[CashFlowFacts, ...] = ()
    next_period_end: date | None = None
    audit_events: tuple[OutsideSign, ...] = ()
    covenants: tuple[OutsideSign, ...] = ()
    earlier: "FinancialFacts | None" = None

    def awaited_end(self, since: date) -> date:
        """The end of the year whose statement is to come next; of the year `since` lies in, without any."""
        return self.next_period_end or date(since.year, 12, 31)
