"""What facts add to a customer's conduct, and what they do not."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.monitoring.domain.conduct.closing import conduct_wakes_on, end_day
from services.monitoring.domain.conduct.notes import note_fact
from services.monitoring.domain.conduct.recent import usual_gap
from services.monitoring.domain.conduct.state import Conduct
from services.monitoring.domain.conduct.usage import Usage
from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.facts import Fact, FactKind, Particulars
from services.monitoring.domain.receivables.ledger import fold
from services.monitoring.domain.streaming.seasons import Rhythm, Seasons
from tests.unit.monitoring.ledger_builders import (
    LEDGER,
    a_credit,
    a_dispute,
    a_payment,
    an_invoice,
    an_order,
    day,
)
from tests.unit.monitoring.undertaking_builders import a_delivery
from tests.unit.monitoring.warning_builders import SHIPPED


def noted(*facts: Fact) -> tuple[Conduct, Account]:
    """Conduct after facts, each noted with the account that holds it and those before."""
    conduct, account = Conduct(), Account()
    for number, fact in enumerate(facts):
        account = fold(facts[: number + 1], LEDGER)
        note_fact(conduct, fact, account, SHIPPED)
    return conduct, account


def a_cancelled_order(on: int = 5) -> Fact:
    return Fact(on=day(on), kind=FactKind.ORDER_CANCELLED, document="O1", refers_to="O1")


def sums(conduct: Conduct) -> dict[str, int]:
    return {name: sum(each[1] for each in tally.days) for name, tally in conduct.tallies.items()}


@pytest.mark.parametrize(
    "done", [replace(an_invoice(), refers_to="O1"), a_delivery(on=3)], ids=["invoiced", "delivered"]
)
def test_what_was_invoiced_or_delivered_of_an_order_is_not_cancelled(done: Fact) -> None:
    order = an_order()
    whole, _ = noted(order, a_cancelled_order())
    half = replace(done, amount=Decimal(order.amount or 0) / 2)
    rest, _ = noted(order, half, a_cancelled_order())
    nothing, _ = noted(order, replace(done, amount=order.amount), a_cancelled_order())
    assert sums(rest)["cancelled/EUR"] * 2 == sums(whole)["cancelled/EUR"]
    assert "cancelled/EUR" not in sums(nothing)


@pytest.mark.parametrize("fact", [a_cancelled_order(), a_dispute(), a_credit()])
def test_what_is_about_a_document_not_seen_yet_is_not_counted(fact: Fact) -> None:
    assert sums(noted(fact)[0]) == {}


def test_a_credit_note_in_another_currency_is_not_counted() -> None:
    assert sums(noted(an_invoice(), replace(a_credit(), currency="USD"))[0]) == {}


def offered(until: int = 20) -> Fact:
    told = Particulars(discount=an_invoice().amount, discount_until=day(until))
    return replace(an_invoice(), particulars=told)


def test_an_invoice_paid_early_in_full_says_nothing_of_its_discount() -> None:
    conduct, _ = noted(offered(), a_payment(on=5))
    assert conduct.discounts is not None
    assert (conduct.discounts.offers, conduct.discounts.taken) == ({}, 0)


def test_money_that_comes_after_the_offer_takes_nothing() -> None:
    conduct, account = noted(offered(until=4), a_payment("P1", "99", on=5))
    assert conduct.discounts is not None
    assert set(conduct.discounts.offers) == {"I1"}
    end_day(conduct, account, day(5), SHIPPED)
    assert [each.document for each in conduct.discounts.lost] == ["I1"]


@pytest.mark.parametrize(("closed", "lost"), [(19, 0), (20, 1)])
def test_an_offer_goes_by_at_the_end_of_its_last_day(closed: int, lost: int) -> None:
    conduct, account = noted(offered(until=20))
    end_day(conduct, account, day(closed), SHIPPED)
    assert conduct.discounts is not None
    assert len(conduct.discounts.lost) == lost


def test_an_offer_for_an_invoice_that_is_gone_is_dropped() -> None:
    conduct, _ = noted(offered(until=20))
    end_day(conduct, Account(), day(20), SHIPPED)
    assert conduct.discounts is not None
    assert (conduct.discounts.offers, conduct.discounts.lost) == ({}, ())


def test_a_set_off_is_no_method_of_payment() -> None:
    conduct, _ = noted(replace(a_payment(), reason="set_off"))
    assert conduct.methods is None


def test_an_orders_invoice_is_no_further_purchase() -> None:
    conduct, _ = noted(an_order(), replace(an_invoice(on=9), refers_to="O1"))
    assert conduct.rhythm is not None
    assert conduct.rhythm.gaps == 0


@pytest.mark.parametrize(("month", "gap"), [(2, 60.0), (7, 30.0)])
def test_a_quiet_month_lets_expect_a_longer_gap(month: int, gap: float) -> None:
    quiet = Seasons(sums=(3.0, 0.0, *[3.0] * 10), years=(3,) * 12)
    conduct = Conduct(rhythm=Rhythm(last=day(0), gaps=9, mean=30.0))
    conduct.seasons["EUR"] = quiet
    assert usual_gap(conduct, date(2025, month, 1)) == pytest.approx(gap)


def test_without_a_purchase_there_is_no_gap() -> None:
    assert usual_gap(Conduct(), day(0)) == 0.0


def wakes(conduct: Conduct, account: Account | None = None, *, after: int = 0) -> date | None:
    return conduct_wakes_on(conduct, account or Account(), SHIPPED, after=day(after))


def test_nothing_noted_wakes_nobody() -> None:
    assert wakes(Conduct()) is None


def test_a_silent_customer_is_looked_at_when_the_silence_tells() -> None:
    regular = Conduct(rhythm=Rhythm(last=day(0), gaps=12, mean=10.0))
    assert wakes(regular) == day(21)
    young = Conduct(rhythm=Rhythm(last=day(0), gaps=11, mean=10.0))
    assert wakes(young) is None


def test_an_offer_wakes_on_its_last_day() -> None:
    assert wakes(*noted(offered(until=20))) == day(20)


def test_a_customer_over_its_limit_is_looked_at_on_the_fourth_day() -> None:
    over = Conduct(usage={"EUR": Usage(over_since=day(1))})
    assert wakes(over, after=1) == day(4)


def test_a_share_is_looked_at_when_its_whole_leaves_the_window() -> None:
    """The order was placed on day 0 and cancelled on day 5: 91 days later only that is left."""
    conduct, account = noted(an_order(), a_cancelled_order())
    ordered = conduct.tallies["ordered/EUR"].days[0][0]
    found = wakes(conduct, account, after=5)
    assert found is not None
    assert (found - ordered).days == 91
