"""Days past due and ageing, by due date."""

import pytest

from services.monitoring.domain.figures.ageing import Ageing, AgeingBucket, age, age_all, bucket_of
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.ledger import fold
from tests.unit.monitoring.ledger_builders import (
    LEDGER,
    a_dispute,
    a_payment,
    a_resolution,
    an_invoice,
    day,
)


def aged(*facts: Fact, on: int) -> Ageing:
    return age(fold(facts, LEDGER), "EUR", as_of=day(on), policy=LEDGER)


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (0, AgeingBucket.CURRENT),
        (1, AgeingBucket.TO_30),
        (30, AgeingBucket.TO_30),
        (31, AgeingBucket.TO_60),
        (60, AgeingBucket.TO_60),
        (61, AgeingBucket.TO_90),
        (90, AgeingBucket.TO_90),
        (91, AgeingBucket.OVER_90),
        (4000, AgeingBucket.OVER_90),
    ],
)
def test_a_bucket_ends_with_its_last_day(days: int, bucket: AgeingBucket) -> None:
    assert bucket_of(days) is bucket


def test_the_due_day_itself_is_not_late() -> None:
    ageing = aged(an_invoice(), on=30)
    assert (ageing.max_days_past_due, ageing.overdue) == (0, 0)


def test_the_day_after_the_due_day_is_one_day_late() -> None:
    ageing = aged(an_invoice(), on=31)
    assert (ageing.max_days_past_due, ageing.overdue) == (1, 10_000)


def test_age_counts_from_the_due_date_not_the_invoice_date() -> None:
    ageing = aged(an_invoice(terms=90), on=91)
    assert ageing.buckets[AgeingBucket.TO_30] == 10_000


def test_a_part_payment_leaves_the_rest_overdue() -> None:
    ageing = aged(an_invoice(), a_payment(amount="60", on=40), on=45)
    assert (ageing.open, ageing.overdue, ageing.max_days_past_due) == (4000, 4000, 15)


def test_a_dispute_in_time_pauses_its_part_only() -> None:
    ageing = aged(an_invoice(), a_dispute(amount="40", on=35), on=60)
    assert (ageing.overdue, ageing.counted_overdue, ageing.disputed) == (10_000, 6000, 4000)


@pytest.mark.parametrize(("opened", "counted"), [(30, 6000), (40, 6000), (41, 10_000)])
def test_a_dispute_more_than_ten_days_late_goes_on_counting(opened: int, counted: int) -> None:
    ageing = aged(an_invoice(), a_dispute(amount="40", on=opened), on=60)
    assert ageing.counted_overdue == counted


def test_an_invoice_disputed_whole_does_not_age_materially() -> None:
    ageing = aged(an_invoice(), a_dispute(amount="100", on=20), on=60)
    assert (ageing.max_days_past_due, ageing.undisputed_days_past_due) == (30, 0)
    assert ageing.material_days_past_due == 0


def test_a_rejected_dispute_counts_again_from_the_old_due_date() -> None:
    ageing = aged(an_invoice(), a_dispute(amount="100", on=20), a_resolution(on=50), on=60)
    assert ageing.material_days_past_due == 30


def test_an_upheld_dispute_stays_out_until_it_is_credited() -> None:
    upheld = a_resolution(outcome="upheld", on=50)
    ageing = aged(an_invoice(), a_dispute(amount="40", on=20), upheld, on=60)
    assert ageing.counted_overdue == 6000


@pytest.mark.parametrize(("amount", "days"), [("5.00", 0), ("5.01", 10)])
def test_an_invoice_of_no_more_than_the_de_minimis_is_not_material(amount: str, days: int) -> None:
    ageing = aged(an_invoice(amount=amount), on=40)
    assert ageing.material_days_past_due == days
    assert ageing.max_days_past_due == 10


@pytest.mark.parametrize(("paid", "days"), [("94", 20), ("95", 10), ("195", 0), ("250", 0)])
def test_what_our_unapplied_cash_covers_is_not_material(paid: str, days: int) -> None:
    invoices = [an_invoice("I1", "100", on=0), an_invoice("I2", "100", on=10)]
    ageing = aged(a_payment(amount=paid, on=-1), *invoices, on=50)
    assert ageing.material_days_past_due == days
    assert ageing.undisputed_days_past_due == 20


def test_the_main_currency_owes_the_most() -> None:
    facts = [an_invoice(amount="10"), an_invoice("I2", "90", currency="USD")]
    ageings = age_all(fold(facts, LEDGER), as_of=day(1), policy=LEDGER)
    assert [each.currency for each in ageings] == ["USD", "EUR"]


def test_where_nothing_is_owed_the_main_currency_is_the_one_bought_in() -> None:
    dollars = an_invoice("I2", "90", currency="USD")
    facts = [an_invoice(amount="10"), a_payment(amount="10", on=1, to={"I1": "10"}), dollars]
    paid = a_payment("P2", "90", on=2, to={"I2": "90"})
    account = fold([*facts, paid], LEDGER)
    assert age_all(account, as_of=day(3), policy=LEDGER)[0].currency == "USD"


def test_the_oldest_invoice_comes_first() -> None:
    ageing = aged(an_invoice("I1", on=5), an_invoice("I2", on=1), on=50)
    assert [each.receivable.invoice_id for each in ageing.past_due] == ["I2", "I1"]
