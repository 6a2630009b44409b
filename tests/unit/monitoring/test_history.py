"""The rolling history: what is counted, taken back and forgotten."""

from datetime import date

from services.monitoring.domain.receivables.history import (
    TERMS_KEPT,
    History,
    Settlement,
    purchased_within,
    settled_within,
)

MAY = date(2025, 5, 10)


def a_settlement(name: str = "I1", late: int = 0, parts: int = 1, amount: int = 100) -> Settlement:
    return Settlement(
        invoice_id=name,
        invoice_date=date(2025, 4, 3),
        settled_on=MAY,
        amount=amount,
        days_late=late,
        parts=parts,
    )


def test_what_is_settled_adds_up_by_day() -> None:
    history = History()
    history.settle(a_settlement("I1", late=10))
    history.settle(a_settlement("I2", late=-4, parts=2))
    day = history.settled[MAY]
    assert (day.invoices, day.amount, day.late_days, day.signed_days) == (2, 200, 1000, 600)
    assert (day.late, day.split, day.most_days_late) == (("I1",), ("I2",), 10)


def test_taking_a_settlement_back_leaves_what_was_there_before() -> None:
    history = History()
    history.settle(a_settlement("I1", late=3))
    before = history.copy()
    history.settle(a_settlement("I2", late=40, parts=3))
    history.unsettle(a_settlement("I2", late=40, parts=3), rest=3)
    assert history == before


def test_a_day_without_settlements_is_forgotten() -> None:
    history = History()
    history.settle(a_settlement())
    history.unsettle(a_settlement(), rest=0)
    assert (history.settled, history.on_time) == ({}, {})


def test_only_what_is_paid_by_its_due_date_is_proven() -> None:
    history = History()
    history.settle(a_settlement("I1", late=0))
    history.settle(a_settlement("I2", late=1))
    assert history.on_time == {date(2025, 4, 1): 100}


def test_a_window_begins_after_its_first_day() -> None:
    history = History()
    history.settle(a_settlement())
    history.buy(MAY, 70)
    assert settled_within(history, after=MAY, through=MAY) == []
    assert len(settled_within(history, after=date(2025, 5, 9), through=MAY)) == 1
    assert purchased_within(history, after=date(2025, 5, 9), through=MAY) == 70


def test_only_the_latest_terms_are_kept() -> None:
    history = History()
    for days in range(20):
        history.agree_terms(days)
    assert history.terms == tuple(range(20 - TERMS_KEPT, 20))


def test_old_days_and_older_documents_are_forgotten() -> None:
    history = History()
    history.settle(a_settlement(late=2, parts=2))
    history.buy(MAY, 5)
    history.forget_before(MAY, documents_from=date(2025, 6, 1))
    assert (history.settled[MAY].late, history.settled[MAY].late_days) == ((), 200)
    history.forget_before(date(2025, 5, 11), documents_from=date(2025, 6, 1))
    assert (history.settled, history.purchased) == ({}, {})


def test_a_credit_on_a_day_that_was_forgotten_takes_nothing_off() -> None:
    history = History()
    history.buy(MAY, 100)
    history.buy(date(2023, 1, 1), -40)
    assert history.purchased == {MAY: 100}


def test_a_credit_takes_off_what_was_bought_that_day() -> None:
    history = History()
    history.buy(MAY, 100)
    history.buy(MAY, -40)
    assert history.purchased == {MAY: 60}


def test_two_purchases_of_a_day_add_up() -> None:
    history = History()
    history.buy(MAY, 100)
    history.buy(MAY, 20)
    assert history.purchased == {MAY: 120}


def test_only_the_latest_terms_are_remembered() -> None:
    history = History()
    for days in range(TERMS_KEPT + 3):
        history.agree_terms(days)
    assert history.terms == tuple(range(3, TERMS_KEPT + 3))


def test_a_copy_changes_alone() -> None:
    history = History()
    history.buy(MAY, 100)
    copied = history.copy()
    copied.buy(MAY, 1)
    copied.settle(a_settlement())
    copied.agree_terms(30)
    assert (history.purchased, history.settled, history.terms) == ({MAY: 100}, {}, ())


def test_what_is_left_of_a_month_paid_on_time_stays() -> None:
    history = History()
    history.settle(a_settlement("I1", amount=100))
    history.settle(a_settlement("I2", amount=30))
    history.unsettle(a_settlement("I1", amount=100), rest=0)
    assert history.on_time == {date(2025, 4, 1): 30}
