"""From rating's answer to the facts decided on: which currency, which figures."""

from decimal import Decimal

import pytest

from services.tiering.domain.model import Band, Confidence, Tier
from services.tiering.storage.book import Account, PortfolioTotal
from services.tiering.usecases.facts import limit_currency, limit_figures, tier_facts
from shared.contracts.rating import CapacityFigures
from shared.kernel.money import Money
from tests.unit.tiering.building import DAY, POLICY, eur
from tests.unit.tiering.events import (
    CUSTOMER,
    customer_figures,
    exposure_figures,
    grade_answer,
    purchase_figures,
)

NOBODY = Account(CUSTOMER)
NOTHING = customer_figures(purchases=(), exposures=())
USD_STATEMENT = CapacityFigures(currency="USD", tangible_net_worth=Decimal(1_000_000))


def test_a_first_limit_is_in_the_main_currency_of_purchases() -> None:
    figures = customer_figures(purchases=(purchase_figures(currency="USD"), purchase_figures()))
    assert limit_currency(grade_answer(figures=figures), NOBODY, POLICY) == "USD"


def test_without_purchases_the_exposure_names_the_currency() -> None:
    figures = customer_figures(purchases=(), exposures=(exposure_figures(1, "CNY"),))
    assert limit_currency(grade_answer(figures=figures), NOBODY, POLICY) == "CNY"


def test_a_newcomer_is_limited_in_its_statements_currency() -> None:
    answer = grade_answer(figures=NOTHING, capacity=USD_STATEMENT)
    assert limit_currency(answer, NOBODY, POLICY) == "USD"


def test_with_nothing_known_the_default_currency_is_taken() -> None:
    assert limit_currency(grade_answer(figures=NOTHING), NOBODY, POLICY) == "EUR"


def test_a_limit_stays_in_its_currency_while_we_trade_in_it() -> None:
    figures = customer_figures(
        purchases=(purchase_figures(9_000_000, currency="USD"), purchase_figures())
    )
    account = Account(CUSTOMER, limit=eur(1_000))
    assert limit_currency(grade_answer(figures=figures), account, POLICY) == "EUR"


def test_a_limit_follows_the_trade_to_another_currency() -> None:
    figures = customer_figures(purchases=(purchase_figures(currency="USD"),), exposures=())
    account = Account(CUSTOMER, limit=eur(1_000))
    assert limit_currency(grade_answer(figures=figures), account, POLICY) == "USD"


def test_a_statement_in_another_currency_cannot_be_used() -> None:
    facts = limit_figures(grade_answer(capacity=USD_STATEMENT), None, currency="EUR")
    assert facts.tangible_net_worth is None


def test_a_statement_in_the_limits_currency_is_used() -> None:
    facts = limit_figures(grade_answer(capacity=USD_STATEMENT), None, currency="USD")
    assert facts.tangible_net_worth == Money(100_000_000, "USD")
    assert facts.working_capital is None


def test_purchases_in_another_currency_cannot_be_used() -> None:
    facts = limit_figures(grade_answer(), None, currency="USD")
    assert (facts.purchases_12m, facts.terms_days) == (None, None)
    assert facts.largest_month_paid_on_time is None


def test_statement_figures_are_rounded_to_the_currencys_digits() -> None:
    capacity = CapacityFigures(currency="JPY", working_capital=Decimal("1234.5"))
    facts = limit_figures(grade_answer(capacity=capacity), None, currency="JPY")
    assert facts.working_capital == Money(1235, "JPY")


def test_the_verdict_comes_with_the_answer() -> None:
    assert limit_figures(grade_answer(verdict="reject"), None, currency="EUR").verdict == "reject"


def test_the_exposure_is_the_total_in_the_limits_currency() -> None:
    figures = customer_figures(
        exposures=(exposure_figures(7, "USD"), exposure_figures(5_000, total=4_000))
    )
    facts = tier_facts(grade_answer(figures=figures), NOBODY, None, currency="EUR")
    assert facts.exposure == eur(4_000)


def test_no_exposure_in_the_currency_is_not_known() -> None:
    assert tier_facts(grade_answer(), NOBODY, None, currency="USD").exposure is None


def test_the_standing_tier_is_part_of_the_facts() -> None:
    account = Account(CUSTOMER, tier=Tier.HIGH, since=DAY, better_count=2)
    facts = tier_facts(grade_answer(month_end=True), account, None, currency="EUR")
    assert (facts.current, facts.since, facts.better_count) == (Tier.HIGH, DAY, 2)
    assert facts.month_end


def test_words_become_what_they_mean() -> None:
    facts = tier_facts(grade_answer(confidence="low"), NOBODY, None, currency="EUR")
    assert (facts.band, facts.confidence) == (Band.GREEN, Confidence.LOW)


@pytest.mark.parametrize("known", [True, False])
def test_the_portfolio_is_named_with_its_day(*, known: bool) -> None:
    portfolio = PortfolioTotal(DAY, eur(1_000), 30) if known else None
    facts = tier_facts(grade_answer(), NOBODY, portfolio, currency="EUR")
    assert facts.own_receivables == (eur(1_000) if known else None)
    assert facts.portfolio_day == (DAY if known else None)
    assert facts.own_customers == (30 if known else None)


def test_statistics_are_decided_on_as_they_are_stored() -> None:
    facts = tier_facts(grade_answer(pd=0.1234567890123456), NOBODY, None, currency="EUR")
    assert facts.pd == 0.123456789012
