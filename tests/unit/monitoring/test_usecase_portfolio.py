"""The whole portfolio: taken in chunks, apart by group and currency, from accounts or facts alike."""

from datetime import date
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from services.monitoring.domain.figures.portfolio import Span, open_in
from services.monitoring.domain.receivables.corrections import effective
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.ledger import Ledger, account_as_of, fold
from services.monitoring.domain.standing import Standing
from services.monitoring.storage.portfolio import Holder, PortfolioQuestion
from services.monitoring.usecases.portfolio import AgeingTally, Grouping, KpiTally, both_ends
from tests.unit.monitoring.in_memory import POLICIES
from tests.unit.monitoring.ledger_builders import a_payment, an_invoice, day

POLICY = POLICIES.in_force(date.max).policy.ledger
NAMES = count()


def a_holder(*facts: Fact, country: str | None = None, segment: str | None = None) -> Holder:
    account = fold(facts, POLICY)
    return Holder(
        customer_id=f"C{next(NAMES)}",
        ledger=Ledger(account=account),
        standing=Standing(country=country, segment=segment),
    )


def test_the_portfolio_adds_customers_but_not_currencies() -> None:
    tally = AgeingTally(as_of=day(31), policy=POLICY)
    tally.take([a_holder(an_invoice()), a_holder(an_invoice(), a_payment())])
    tally.take([a_holder(an_invoice(), an_invoice("I2", currency="USD"))])
    euros, dollars = tally.shown()
    assert (euros["currency"], euros["open_amount"], euros["customers"]) == ("EUR", "200.00", 2)
    assert (dollars["currency"], dollars["overdue_amount"]) == ("USD", "100.00")


def test_all_that_is_over_ninety_days_late_is_one_bucket_of_the_short_ageing() -> None:
    facts = [an_invoice(f"I{terms}", terms=terms) for terms in (0, 200, 300, 399)]
    tally = AgeingTally(as_of=day(400), policy=POLICY)
    tally.take([a_holder(*facts)])
    assert tally.shown()[0]["ageing"] == {
        "current": "0.00",
        "1-30": "100.00",
        "31-60": "0.00",
        "61-90": "0.00",
        "91+": "300.00",
    }


def test_groups_come_by_name_and_the_unnamed_last() -> None:
    tally = KpiTally(span=Span(as_of=day(31), days=91), by=Grouping.COUNTRY, policy=POLICY)
    tally.take([a_holder(an_invoice()), a_holder(an_invoice(), country="GB")])
    tally.take([a_holder(an_invoice(amount="50"), country="DE")])
    shown = [(each["group"], each["open_amount"]) for each in tally.shown()]
    assert shown == [("DE", "50.00"), ("GB", "100.00"), (None, "100.00")]


def test_without_a_group_everyone_of_a_currency_is_together() -> None:
    tally = KpiTally(span=Span(as_of=day(31), days=91), by=Grouping.CURRENCY, policy=POLICY)
    tally.take([a_holder(an_invoice(), segment="small"), a_holder(an_invoice(), segment="large")])
    (only,) = tally.shown()
    assert (only["group"], only["hhi"], only["effective_names"]) == (None, 0.5, 2.0)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 60), st.booleans()), max_size=25))
def test_one_fold_has_both_ends_of_a_span(happened: list[tuple[int, int, bool]]) -> None:
    facts = [
        an_invoice(f"I{number}", on=on) if is_invoice else a_payment(f"P{number}", on=on)
        for number, on, is_invoice in happened
    ]
    span = Span(as_of=day(50), days=30)
    opening, account = both_ends(effective(facts), span, POLICY)
    before = account_as_of(facts, span.after, POLICY)
    assert opening == {currency: open_in(before, currency) for currency in before.currencies}
    assert account == account_as_of(facts, span.as_of, POLICY)


def test_an_account_without_news_since_answers_by_itself() -> None:
    ledger = Ledger()
    ledger.post(an_invoice(on=5), POLICY)
    asked = PortfolioQuestion(settled_by=day(5))
    assert not asked.needs_facts(ledger)
    assert PortfolioQuestion(settled_by=day(4)).needs_facts(ledger)
    assert not asked.needs_facts(Ledger())
