"""What the outside adds to the facts of a customer: signs, its sector and country."""

from decimal import ROUND_HALF_UP, Decimal

from services.monitoring.domain.formulas.statement_reading import reading_of
from services.monitoring.domain.indicator_facts.everything import IndicatorFacts
from services.monitoring.domain.indicator_facts.external import Source
from services.monitoring.domain.indicator_facts.financials import FinancialFacts
from services.monitoring.domain.outside.covenants import with_covenants
from services.monitoring.domain.outside.external_standing import external_facts
from services.monitoring.domain.outside.industry_standing import industry_facts
from services.monitoring.domain.policies.warnings import WarningPolicy
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
    worth = None if financials is None else net_worth_of(financials, policy.warnings)
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


def net_worth_of(financials: FinancialFacts, policy: WarningPolicy) -> Money | None:
    """The latest statement's tangible net worth; None if it does not say, or is too old to."""
    reading = reading_of(financials, policy.statements)
    worth = None if reading is None else reading.now.tangible_net_worth()
    if reading is None or reading.stale or worth is None:
        return None
    currency = reading.latest.currency
    scaled = Decimal(str(worth)).scaleb(minor_digits(currency))
    return Money(int(scaled.to_integral_value(ROUND_HALF_UP)), currency)
