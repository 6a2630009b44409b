"""Sums over customers and the key figures they give."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from services.monitoring.domain.figures.ageing import age
from services.monitoring.domain.figures.kpis import bad_debt_ratio, concentration, share_of
from services.monitoring.domain.figures.portfolio import (
    TOP_NAMES,
    PortfolioBucket,
    Share,
    Span,
    Sums,
    key_figures,
    open_in,
    portfolio_bucket,
    recovered_in,
    share_in,
)
from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.facts import Fact, FactKind
from services.monitoring.domain.receivables.history import History
from services.monitoring.domain.receivables.ledger import account_as_of
from tests.unit.monitoring.ledger_builders import LEDGER, a_payment, an_invoice, day

PORTFOLIO = json.loads((Path(__file__).parents[2] / "golden/portfolio.json").read_text())
SPAN = Span(as_of=day(90), days=90)


def test_concentration_is_the_golden_one() -> None:
    case = PORTFOLIO["PF-2"]
    found = concentration(case["in"]["shares"], top=3)
    assert found is not None
    assert found.hhi == pytest.approx(case["out"]["HHI"], abs=0.0005)
    assert found.effective_names == pytest.approx(case["out"]["effective_n"], abs=0.00005)
    assert found.top_share == pytest.approx(0.6)


def test_sums_give_the_golden_concentration_too() -> None:
    case = PORTFOLIO["PF-2"]
    sums = Sums()
    for share in case["in"]["shares"]:
        account = account_as_of([an_invoice(amount=str(share * 1000))], day(90), LEDGER)
        sums.add(a_share(account, account))
    found = key_figures(sums, SPAN).concentration
    assert found is not None
    assert found.hhi == pytest.approx(case["out"]["HHI"], abs=0.0005)


def test_nobody_owing_anything_is_no_concentration() -> None:
    assert concentration([], top=10) is None
    assert concentration([0.0], top=10) is None


def test_one_name_is_all_of_it() -> None:
    found = concentration([5.0], top=10)
    assert found is not None
    assert (found.hhi, found.effective_names, found.top_share) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (0, PortfolioBucket.CURRENT),
        (1, PortfolioBucket.TO_30),
        (30, PortfolioBucket.TO_30),
        (31, PortfolioBucket.TO_60),
        (60, PortfolioBucket.TO_60),
        (61, PortfolioBucket.TO_90),
        (90, PortfolioBucket.TO_90),
        (91, PortfolioBucket.TO_180),
        (180, PortfolioBucket.TO_180),
        (181, PortfolioBucket.TO_360),
        (360, PortfolioBucket.TO_360),
        (361, PortfolioBucket.OVER_360),
    ],
)
def test_buckets_end_where_the_specification_says(days: int, bucket: PortfolioBucket) -> None:
    assert portfolio_bucket(days) is bucket


def test_a_span_begins_after_its_days_and_ends_with_its_last() -> None:
    assert SPAN.after == day(0)
    assert not SPAN.covers(day(0))
    assert SPAN.covers(day(1))
    assert SPAN.covers(day(90))
    assert not SPAN.covers(day(91))


def test_the_months_of_a_span_are_the_one_so_far_and_the_eleven_before() -> None:
    months = Span(as_of=date(2025, 3, 10), days=90).months
    assert [each.days for each in months[:3]] == [10, 28, 31]
    assert len(months) == 12
    assert months[-1].after == date(2024, 3, 31)


def a_share(account: Account, before: Account, *facts: Fact) -> Share:
    return share_in(
        age(account, "EUR", as_of=SPAN.as_of, policy=LEDGER),
        account.histories.get("EUR", History()),
        opening=open_in(before, "EUR"),
        span=SPAN,
        recovered=recovered_in(facts, "EUR", SPAN),
    )


def test_collection_effectiveness_compares_both_ends_of_the_span() -> None:
    facts = [
        an_invoice("I1", "100", on=0, terms=10),
        an_invoice("I2", "50", on=50, terms=10),
        an_invoice("I3", "30", on=80, terms=30),
        a_payment("P1", "100", on=20),
    ]
    account = account_as_of(facts, SPAN.as_of, LEDGER)
    before = account_as_of(facts, SPAN.after, LEDGER)
    sums = Sums()
    sums.add(a_share(account, before))
    found = key_figures(sums, SPAN)
    assert (sums.opening, sums.sales, sums.open, sums.overdue) == (100_00, 80_00, 80_00, 50_00)
    assert found.collection_effectiveness == pytest.approx(100 * 100 / 150)
    assert found.dso == pytest.approx(90.0)
    assert found.average_days_delinquent == pytest.approx(50 / 80 * 90)
    assert found.overdue_share == pytest.approx(50 / 80)


def test_only_the_ten_that_owe_most_are_remembered() -> None:
    sums = Sums()
    for owed in range(1, TOP_NAMES + 3):
        account = account_as_of([an_invoice(amount=str(owed))], SPAN.as_of, LEDGER)
        sums.add(a_share(account, account))
    assert sorted(sums.largest) == [100 * owed for owed in range(3, TOP_NAMES + 3)]
    assert sums.customers == TOP_NAMES + 2


def test_shares_of_nothing_are_not_known() -> None:
    found = key_figures(Sums(), SPAN)
    assert found.overdue_share is None
    assert found.bad_debt_ratio is None
    assert share_of(1.0, 0.0) is None


def test_bad_debt_is_net_of_recoveries() -> None:
    assert bad_debt_ratio(30.0, 10.0, 200.0) == pytest.approx(0.1)


def a_loss(kind: FactKind, name: str, on: int, amount: str, currency: str = "EUR") -> Fact:
    return Fact(
        on=day(on),
        kind=kind,
        document=name,
        amount=Decimal(amount),
        currency=currency,
        refers_to="I1",
    )


def test_no_more_is_written_off_than_was_owed() -> None:
    facts = [
        an_invoice(on=5),
        a_payment(amount="60", on=20),
        a_loss(FactKind.WRITTEN_OFF, "W1", 30, "100"),
        a_loss(FactKind.RECOVERED, "R1", 40, "10"),
    ]
    account = account_as_of(facts, SPAN.as_of, LEDGER)
    sums = Sums()
    sums.add(a_share(account, Account(), *facts))
    assert (sums.written_off, sums.recovered) == (40_00, 10_00)
    assert key_figures(sums, SPAN).bad_debt_ratio == pytest.approx(0.3)


def test_recoveries_count_in_their_span_and_currency_only() -> None:
    facts = [
        a_loss(FactKind.RECOVERED, "R0", 0, "100"),
        a_loss(FactKind.RECOVERED, "R1", 1, "100"),
        a_loss(FactKind.RECOVERED, "R2", 2, "100", "USD"),
    ]
    assert recovered_in(facts, "EUR", SPAN) == 100_00
