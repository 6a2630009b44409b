"""What invoices, credit notes and cancellations do to an account, posted one by one."""

from dataclasses import replace

import pytest

from services.monitoring.domain.receivables.account import Account, Dispute, Receivable
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.invoices import (
    answered,
    cancel_invoice,
    credit_invoice,
    issue_invoice,
    settlement_of,
)
from services.monitoring.domain.receivables.ledger import fold
from tests.unit.monitoring.ledger_builders import (
    LEDGER,
    a_bounce,
    a_cancellation,
    a_credit,
    a_dispute,
    a_payment,
    an_invoice,
    an_order,
    day,
)
from tests.unit.monitoring.undertaking_builders import a_debit


def _folded(*facts: Fact) -> Account:
    return fold((an_invoice(), *facts), LEDGER)


def _invoice(account: Account, name: str = "I1") -> Receivable:
    found = account.receivable(name)
    assert found is not None
    return found


def _disputes(*amounts: int) -> tuple[Dispute, ...]:
    return tuple(
        Dispute(dispute_id=f"D{number}", opened_on=day(number), amount=amount)
        for number, amount in enumerate(amounts, start=1)
    )


def test_an_invoice_is_owed_from_its_day() -> None:
    account = _folded()

    assert _invoice(account).open == 10_000
    assert account.currencies == ["EUR"]


def test_the_same_invoice_posted_again_changes_nothing() -> None:
    account = _folded()
    before = account.copy()

    issue_invoice(account, an_invoice(amount="900"))
    assert account == before


def test_an_invoice_without_terms_is_due_on_its_day() -> None:
    account = fold((replace(an_invoice(), due=None),), LEDGER)

    assert _invoice(account).due_date == day(0)


def test_an_invoice_counts_as_bought_on_its_day() -> None:
    assert _folded().history("EUR").purchased == {day(0): 10_000}


def test_the_terms_of_an_invoice_are_remembered() -> None:
    assert _folded().history("EUR").terms == (30,)


def test_an_invoice_takes_up_its_order() -> None:
    account = fold((an_order(amount="250"), an_invoice(refers_to="O1", on=1)), LEDGER)

    assert account.orders["O1"].open == 15_000


@pytest.mark.parametrize(("credit", "left"), [("0.01", 9_999), ("99.99", 1), ("100", 0)])
def test_a_credit_note_takes_off_what_it_is_worth(credit: str, left: int) -> None:
    assert _invoice(_folded(a_credit(amount=credit))).open == left


@pytest.mark.parametrize(("credit", "beyond"), [("100", None), ("100.01", 1), ("150", 5_000)])
def test_a_credit_beyond_what_is_owed_is_kept_for_the_customer(
    credit: str, beyond: int | None
) -> None:
    assert _folded(a_credit(amount=credit)).credits.get("EUR") == beyond


def test_credits_beyond_what_is_owed_add_up() -> None:
    account = _folded(a_credit(amount="120"), a_credit(amount="30", name="C2", on=6))

    assert account.credits == {"EUR": 5_000}


@pytest.mark.parametrize("noted", [5, 15])
def test_a_credit_note_takes_off_what_is_owed_whenever_the_money_bounces(noted: int) -> None:
    account = _folded(a_payment(on=10), a_credit(amount="40", on=noted), a_bounce(on=20))

    assert _invoice(account).open == 6_000
    assert account.credits == {}


def test_a_credit_beyond_what_is_owed_again_stays_the_customers() -> None:
    money = (a_payment("P1", "70", 3), a_payment("P2", "30", 4))
    account = _folded(*money, a_credit(amount="40"), a_bounce("P2"))

    assert (_invoice(account).open, account.credits) == (0, {"EUR": 1_000})


def test_what_a_credit_closes_again_was_settled_by_the_money_that_stayed() -> None:
    money = (a_payment("P1", "70", 3), a_payment("P2", "30", 35))
    account = _folded(*money, a_credit(amount="40", on=36), a_bounce("P2", on=40))

    settlement = settlement_of(_invoice(account))
    assert settlement is not None
    assert (settlement.settled_on, settlement.days_late, settlement.amount) == (day(40), -27, 7_000)
    assert [each.invoices for each in account.history("EUR").settled.values()] == [1]


def test_a_debit_note_is_paid_from_the_credit_that_was_left() -> None:
    account = _folded(a_credit(amount="120"), a_debit(amount="15", on=6))

    assert (_invoice(account).open, account.credits) == (0, {"EUR": 500})


@pytest.mark.parametrize("noted", [5, 8])
def test_a_cancelled_invoice_leaves_the_money_alone_whatever_was_credited(noted: int) -> None:
    account = _folded(a_payment(on=3), a_credit(amount="40", on=noted), a_cancellation(on=7))

    assert account.payments["P1"].unapplied == 10_000
    assert account.credits == {}
    assert account.history("EUR").purchased == {day(0): 0}


def test_a_credit_in_another_currency_is_unmatched() -> None:
    account = _folded(a_credit(currency="USD"))

    assert account.unmatched == ("C1",)
    assert _invoice(account).open == 10_000


def test_a_credit_for_a_cancelled_invoice_changes_nothing() -> None:
    account = _folded(a_cancellation())
    before = account.copy()

    credit_invoice(account, a_credit(on=8), _invoice(account))
    assert account == before


def test_a_credit_takes_off_what_was_bought() -> None:
    assert _folded(a_credit(amount="30")).history("EUR").purchased == {day(0): 7_000}


def test_a_credit_that_settles_counts_as_no_settlement_without_money() -> None:
    account = _folded(a_credit(amount="100"))

    assert _invoice(account).settled_on == day(5)
    assert account.history("EUR").settled == {}


def test_a_credit_for_the_rest_settles_what_was_paid() -> None:
    account = _folded(a_payment(amount="70", on=3), a_credit(amount="30"))

    settled = account.history("EUR").settled[day(5)]
    assert (settled.invoices, settled.amount) == (1, 7_000)


@pytest.mark.parametrize(("paid", "late"), [(20, -10), (30, 0), (33, 3)])
def test_our_credit_note_makes_no_money_late_that_came_before_it(paid: int, late: int) -> None:
    account = _folded(a_payment(amount="70", on=paid), a_credit(amount="30", on=70))

    settlement = settlement_of(_invoice(account))
    assert settlement is not None
    assert (settlement.settled_on, settlement.days_late) == (day(70), late)


def test_what_a_credit_note_settles_late_was_paid_on_time() -> None:
    account = _folded(a_payment(amount="70", on=30), a_credit(amount="30", on=70))

    assert account.history("EUR").on_time == {day(0): 7_000}


def test_a_credit_answers_a_dispute() -> None:
    account = _folded(a_dispute(amount="40", on=3), a_credit(amount="30"))

    assert [each.amount for each in _invoice(account).disputes] == [1_000]


@pytest.mark.parametrize(
    ("amount", "left"),
    [
        (0, [1_000, 2_000]),
        (1, [999, 2_000]),
        (999, [1, 2_000]),
        (1_000, [2_000]),
        (1_001, [1_999]),
        (2_999, [1]),
        (3_000, []),
        (9_000, []),
    ],
)
def test_disputes_are_answered_oldest_first(amount: int, left: list[int]) -> None:
    assert [each.amount for each in answered(_disputes(1_000, 2_000), amount)] == left


def test_a_cancelled_invoice_is_not_owed() -> None:
    assert _invoice(_folded(a_cancellation())).open == 0


def test_a_cancelled_invoice_was_not_bought() -> None:
    assert _folded(a_cancellation()).history("EUR").purchased == {day(0): 0}


def test_an_invoice_is_cancelled_once() -> None:
    account = _folded(a_cancellation())
    before = account.copy()

    cancel_invoice(account, a_cancellation(on=9), _invoice(account))
    assert account == before


def test_money_on_a_cancelled_invoice_is_free_again() -> None:
    account = _folded(a_payment(amount="60", on=3), a_cancellation())

    assert account.payments["P1"].unapplied == 6_000
    assert account.payments["P1"].shares == ()


def test_a_cancelled_invoice_gives_its_order_back() -> None:
    facts = (
        an_order(amount="250"),
        an_invoice(refers_to="O1", on=1),
        a_cancellation(on=7),
    )

    assert fold(facts, LEDGER).orders["O1"].open == 25_000


def test_a_settled_invoice_that_is_cancelled_was_never_settled() -> None:
    account = _folded(a_payment(on=3), a_cancellation())

    assert account.history("EUR").settled == {}
    assert account.history("EUR").on_time == {}


@pytest.mark.parametrize(("on", "late"), [(29, -1), (30, 0), (31, 1), (45, 15)])
def test_a_settlement_knows_how_late_it_came(on: int, late: int) -> None:
    settlement = settlement_of(_invoice(_folded(a_payment(on=on))))

    assert settlement is not None
    assert settlement.days_late == late


def test_an_open_invoice_is_no_settlement() -> None:
    assert settlement_of(_invoice(_folded(a_payment(amount="99.99")))) is None


def test_an_invoice_that_was_only_credited_is_no_settlement() -> None:
    assert settlement_of(_invoice(_folded(a_credit(amount="100")))) is None


def test_a_cancelled_invoice_is_no_settlement() -> None:
    assert settlement_of(_invoice(_folded(a_payment(), a_cancellation(on=12)))) is None


@pytest.mark.parametrize(("on", "paid_on_time"), [(30, 10_000), (31, None)])
def test_what_was_paid_by_its_due_date_counts_for_its_month(
    on: int, paid_on_time: int | None
) -> None:
    assert _folded(a_payment(on=on)).history("EUR").on_time.get(day(0)) == paid_on_time


def test_a_bounce_takes_a_settlement_back() -> None:
    account = _folded(a_payment(on=10), a_bounce())

    assert account.history("EUR").settled == {}
    assert account.history("EUR").on_time == {}


def test_after_a_bounce_the_other_settlements_of_that_day_stay() -> None:
    account = _folded(
        an_invoice("I2", terms=5),
        a_payment("P1", to={"I1": "100"}),
        a_payment("P2", to={"I2": "100"}),
        a_bounce("P1"),
    )

    settled = account.history("EUR").settled[day(10)]
    assert (settled.invoices, settled.most_days_late, settled.late) == (1, 5, ("I2",))


def test_after_a_bounce_what_else_was_paid_on_time_that_month_stays() -> None:
    account = _folded(
        an_invoice("I2"),
        a_payment("P1", to={"I1": "100"}),
        a_payment("P2", to={"I2": "100"}),
        a_bounce("P1"),
    )

    assert account.history("EUR").on_time == {day(0): 10_000}


def test_the_longest_delay_of_a_day_is_forgotten_with_its_settlement() -> None:
    account = _folded(
        an_invoice("I2", terms=2),
        an_invoice("I3", terms=7),
        a_payment("P2", to={"I2": "100"}),
        a_payment("P3", to={"I3": "100"}),
        a_bounce("P2"),
    )

    assert account.history("EUR").settled[day(10)].most_days_late == 3
