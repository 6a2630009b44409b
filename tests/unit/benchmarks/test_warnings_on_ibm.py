"""What the warnings are judged by on the IBM ledger, and the counting itself on a small one."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from benchmarks.ibm_ledger import PaidInvoice, Portfolio, lifetime, read_portfolio
from benchmarks.warnings_on_ibm import (
    Tally,
    ends_late,
    naive,
    replay,
    shares_warned,
)

START = date(2013, 1, 1)
AT_LEAST_WARNED = 0.5
AT_MOST_RAISED = 0.3


def an_invoice(number: int, *, on: int = 0, paid_late: int = 0) -> PaidInvoice:
    due = START + timedelta(days=on + 30)
    return PaidInvoice(
        customer_id="C1",
        invoice_id=f"I{number}",
        invoice_date=START + timedelta(days=on),
        due_date=due,
        settled_on=due + timedelta(days=paid_late),
        amount=Decimal("60.00"),
    )


def a_portfolio(*invoices: PaidInvoice) -> Portfolio:
    return Portfolio(customers={"C1": invoices})


def the_ibm_ledger() -> Portfolio:
    portfolio = read_portfolio()
    if portfolio is None:
        pytest.skip("the IBM ledger is not beside this checkout")
    return portfolio


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("with_limits", [False, True])
def test_half_of_the_late_invoices_are_warned_of_at_little_noise(*, with_limits: bool) -> None:
    portfolio = the_ibm_ledger()
    tally = replay(portfolio, with_limits=with_limits)
    warned, late = shares_warned(portfolio, tally, ends_late, after_days=3)
    assert late == 174
    assert warned / late >= AT_LEAST_WARNED
    assert tally.raised / portfolio.customer_months <= AT_MOST_RAISED


@pytest.mark.slow
def test_the_naive_rule_warns_of_all_and_raises_more() -> None:
    portfolio = the_ibm_ledger()
    assert len(portfolio.invoices) == 2466
    tally = naive(portfolio)
    assert shares_warned(portfolio, tally, ends_late, after_days=3) == (174, 174)
    assert tally.raised / portfolio.customer_months == pytest.approx(0.297, abs=0.001)


def test_the_naive_rule_raises_once_per_spell_of_lateness() -> None:
    portfolio = a_portfolio(
        an_invoice(1, paid_late=5), an_invoice(2, on=2, paid_late=5), an_invoice(3, on=90)
    )
    tally = naive(portfolio)
    assert tally.raised == 1
    assert ("C1", START + timedelta(days=30)) not in tally.standing
    assert ("C1", START + timedelta(days=31)) in tally.standing


def test_an_invoice_eight_days_late_is_one_warning() -> None:
    portfolio = a_portfolio(an_invoice(1, paid_late=8), an_invoice(2, on=30))
    tally = replay(portfolio, with_limits=False)
    assert (tally.raised, dict(tally.indicators)) == (0, {})
    portfolio = a_portfolio(an_invoice(1, paid_late=9), an_invoice(2, on=30))
    assert dict(replay(portfolio, with_limits=False).indicators) == {"T01": 1}


def test_only_a_standing_warning_counts() -> None:
    invoice = an_invoice(1, paid_late=16)
    stood = Tally(standing={("C1", invoice.due_date + timedelta(days=3))})
    assert shares_warned(a_portfolio(invoice), stood, ends_late, after_days=3) == (1, 1)
    assert shares_warned(a_portfolio(invoice), stood, ends_late, after_days=2) == (0, 1)


@pytest.mark.parametrize(("days", "late"), [(15, False), (16, True)])
def test_late_is_more_than_fifteen_days(days: int, *, late: bool) -> None:
    assert ends_late(an_invoice(1, paid_late=days)) is late


def test_a_customer_lives_from_the_first_invoice_to_the_last_payment() -> None:
    invoices = [an_invoice(1, paid_late=100), an_invoice(2, on=60)]
    assert lifetime(invoices) == (START, START + timedelta(days=130))
    assert a_portfolio(*invoices).customer_months == pytest.approx(131 / 30.4375)
