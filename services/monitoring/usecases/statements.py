"""A statement is filed: keep it, and see at once what it says."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from services.monitoring.domain.indicator_facts.financials import Opinion, StatementFacts
from services.monitoring.domain.outside import statement_lines as lines
from services.monitoring.domain.outside.financial_standing import keep_statement, latest_before
from services.monitoring.domain.outside.statement_checks import check_statement
from services.monitoring.domain.policies.statements import Basis
from services.monitoring.storage.book import Book
from services.monitoring.usecases.figures import view_of
from services.monitoring.usecases.observing import MonitoringWork, watch_news
from services.monitoring.usecases.posting import WAITING
from shared.contracts.financials import FinancialStatementFiled
from shared.kernel.errors import InvalidInputError

_UNITS: Final = {
    "units": Decimal(1),
    "thousands": Decimal(1_000),
    "ten_thousands": Decimal(10_000),
    "millions": Decimal(1_000_000),
}


def file_statement(event: FinancialStatementFiled, book: Book, work: MonitoringWork) -> None:
    """Refuse a statement that cannot be true; else keep it, and measure what it says once it counts.

    One that counts from a day to come waits for the close of that day.
    """
    customer_id = work.cause.subject
    if not customer_id:
        raise InvalidInputError(field="ce_subject", value="", rule="must name the customer")
    policy, today = work.policy, work.business_day
    rules = policy.warnings.statements
    statement = statement_of(event, known_on=work.cause.day)
    kept = book.customers.get(customer_id)
    profile = None if kept is None else kept.profile
    previous = None if profile is None else latest_before(profile.financials, statement)
    check_statement(statement, rules, previous=previous)
    customer = book.customer(customer_id)
    slim = replace(statement, lines={k: v for k, v in statement.lines.items() if k in lines.KEPT})
    keep_statement(book.profile(customer_id).financials, slim, rules, as_of=today)
    if work.closed_on is None or statement.counts_from > today:
        customer.wake_by(statement.counts_from)
        work.status = WAITING
        return
    account = customer.ledger.unfold(policy.ledger)
    watch_news(customer, view_of(account, policy.ledger, as_of=today), book, work)
    customer.wake_by(today)


def statement_of(event: FinancialStatementFiled, *, known_on: date) -> StatementFacts:
    """A filed statement in major units, its lines in order; it counts once its period has ended."""
    factor = _UNITS[event.unit]
    return StatementFacts(
        period_end=event.period_end,
        months=event.months,
        basis=Basis(event.basis),
        currency=event.currency,
        counts_from=max(event.period_end, known_on),
        lines={code: amount * factor for code, amount in sorted(event.lines.items())},
        opinion=None if event.opinion is None else Opinion(event.opinion),
        auditor=event.auditor,
    )
