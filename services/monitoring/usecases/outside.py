"""What the outside adds to the facts of a customer: signs, its sector and country."""

from decimal import ROUND_HALF_UP, Decimal

from services.monitoring.domain.indicator_facts.everything import IndicatorFacts
from services.monitoring.domain.indicator_facts.external import Source
from services.monitoring.domain.indicator_facts.financials import StatementFacts
from services.monitoring.domain.outside.covenants import with_covenants
from services.monitoring.domain.outside.external_standing import external_facts
from services.monitoring.domain.outside.industry_standing import industry_facts
from services.monitoring.domain.outside.statement_ratios import Books
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.storage.book import Book, Customer
from shared.kernel.money import Money, minor_digits
from shared.kernel.values import replace


def with_outside(
    facts: IndicatorFacts, customer: Customer, book: Book, policy: MonitoringPolicy
) -> IndicatorFacts:
    """The facts with what the outside says of the customer, its sector and its country."""
    profile, standing = customer.profile, customer.standing
    if profile is None:
        return facts
    financials = facts.financials
    worth = net_worth_of(None if financials is None else financials.latest)
    external = external_facts(profile.external, as_of=facts.as_of, net_worth=worth)
    if financials is not None:
        financials = replace(financials, audit_events=external.of(Source.AUDITOR))
        financials = with_covenants(financials, external, profile.financials, policy.warnings)
    return replace(
        facts,
        financials=financials,
        external=external,
        industry=industry_facts(
            book.sectors,
            industry=standing.industry,
            country=standing.country,
            as_of=facts.as_of,
        ),
    )


def net_worth_of(statement: StatementFacts | None) -> Money | None:
    """A statement's tangible net worth; None if it does not say."""
    worth = None if statement is None else Books(statement).tangible_net_worth()
    if statement is None or worth is None:
        return None
    scaled = Decimal(str(worth)).scaleb(minor_digits(statement.currency))
    return Money(int(scaled.to_integral_value(ROUND_HALF_UP)), statement.currency)
