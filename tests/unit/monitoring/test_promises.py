"""Promises to pay: kept by nine tenths, two business days after their day at the latest."""

from dataclasses import replace
from datetime import date

import pytest

from services.monitoring.domain.policies.undertakings import BillPolicy, PromisePolicy
from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.ledger import fold
from services.monitoring.domain.receivables.promises import (
    PROMISES_KEPT,
    PromiseRecord,
    Verdict,
    after_business_days,
    promise_days,
    promises_within,
    verdict,
)
from shared.kernel.errors import InvalidInputError
from tests.unit.monitoring.ledger_builders import (
    LEDGER,
    a_bounce,
    a_cancellation,
    a_credit,
    a_payment,
    an_invoice,
    day,
)
from tests.unit.monitoring.undertaking_builders import (
    a_bill,
    a_promise,
    an_allocation,
    an_unallocation,
)

DUE = 42  # Wednesday 12 February 2025; two business days later is Friday, day 44


def _folded(*facts: Fact) -> Account:
    return fold(facts, LEDGER)


def _paid(*facts: Fact) -> int:
    return _folded(*facts).promises["M1"].paid


def _verdict(*facts: Fact, on: int) -> Verdict:
    return verdict(_folded(*facts).promises["M1"], LEDGER.promises, as_of=day(on))


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2025, 2, 12), 0, date(2025, 2, 12)),
        (date(2025, 2, 12), 2, date(2025, 2, 14)),
        (date(2025, 2, 13), 2, date(2025, 2, 17)),
        (date(2025, 2, 14), 2, date(2025, 2, 18)),
        (date(2025, 2, 15), 1, date(2025, 2, 17)),
        (date(2025, 2, 16), 2, date(2025, 2, 18)),
    ],
)
def test_business_days_leave_out_the_weekend(start: date, days: int, end: date) -> None:
    assert after_business_days(start, days) == end


@pytest.mark.parametrize(
    ("on", "expected"), [(43, Verdict.OPEN), (44, Verdict.OPEN), (45, Verdict.BROKEN)]
)
def test_a_promise_without_money_is_broken_after_its_grace(on: int, expected: Verdict) -> None:
    assert _verdict(an_invoice(), a_promise(due=DUE), on=on) is expected


@pytest.mark.parametrize(
    ("amount", "expected"),
    [("89.99", Verdict.BROKEN), ("90", Verdict.KEPT), ("90.01", Verdict.KEPT)],
)
def test_nine_tenths_keep_a_promise(amount: str, expected: Verdict) -> None:
    facts = (an_invoice(), a_promise(due=DUE), a_payment(amount=amount, on=40))
    assert _verdict(*facts, on=50) is expected


@pytest.mark.parametrize(("on", "paid"), [(34, 0), (35, 10_000), (44, 10_000), (45, 0)])
def test_money_counts_from_the_promise_to_its_grace(on: int, paid: int) -> None:
    assert _paid(an_invoice(), a_promise(on=35, due=DUE), a_payment(on=on)) == paid


def test_a_promise_is_kept_before_its_day() -> None:
    facts = (an_invoice(), a_promise(on=35, due=DUE), a_payment(on=36))
    assert _verdict(*facts, on=36) is Verdict.KEPT


def test_money_for_other_invoices_keeps_no_promise() -> None:
    facts = (an_invoice("I1"), an_invoice("I2"), a_promise("M1", "100", 35, DUE, "I1"))
    assert _paid(*facts, a_payment(on=40, to={"I2": "100"})) == 0
    assert _paid(*facts, a_payment(on=40, to={"I1": "70", "I2": "30"})) == 7_000


def test_a_promise_may_name_several_invoices() -> None:
    facts = (an_invoice("I1"), an_invoice("I2"), a_promise("M1", "200", 35, DUE, "I1", "I2"))
    assert _paid(*facts, a_payment(amount="150", on=40)) == 15_000


def test_money_allocated_after_the_grace_counts_by_the_day_it_came() -> None:
    facts = (an_invoice(), a_promise("M1", "100", 35, DUE, "I1"))
    money = a_payment(on=40, to={"I9": "100"})
    assert _paid(*facts, money, an_allocation({"I1": "100"}, on=60)) == 10_000


def test_money_taken_from_the_invoice_counts_no_more() -> None:
    facts = (an_invoice(), a_promise("M1", "100", 35, DUE, "I1"), a_payment(on=40))
    assert _paid(*facts, an_unallocation("P1", on=50)) == 0


@pytest.mark.parametrize("invoices", [(), ("I1",)])
def test_money_that_bounces_keeps_no_promise(invoices: tuple[str, ...]) -> None:
    facts = (an_invoice(), a_promise("M1", "100", 35, DUE, *invoices), a_payment(on=40))
    assert _verdict(*facts, a_bounce(on=46), on=46) is Verdict.BROKEN


@pytest.mark.parametrize("invoices", [(), ("I1",)])
def test_a_commercial_bill_keeps_no_promise(invoices: tuple[str, ...]) -> None:
    promise = a_promise("M1", "100", 35, DUE, *invoices)
    assert _paid(an_invoice(), promise, a_bill(on=40, due=200)) == 0
    assert _paid(an_invoice(), promise, a_bill(on=40, due=200, kind="bank")) == 10_000


def test_nobody_is_held_to_what_was_credited_or_cancelled() -> None:
    facts = (an_invoice("I1"), an_invoice("I2"), a_promise("M1", "200", 35, DUE, "I1", "I2"))
    relieved = (a_credit(amount="40", on=36), a_cancellation("I2", on=37))
    assert _paid(*facts, *relieved) == 14_000


def test_money_in_another_currency_keeps_no_promise() -> None:
    money = replace(a_payment(on=40), currency="USD")
    assert _paid(an_invoice(), a_promise(), money) == 0


TWICE = (an_invoice("I1", "200"), a_promise("M1", "100", 2, 10), a_promise("M2", "100", 2, 20))
INSTALMENTS = (
    an_invoice("I1", "200"),
    a_promise("M1", "100", 2, 10, "I1"),
    a_promise("M2", "100", 2, 20, "I1"),
)


def _each_paid(*facts: Fact) -> tuple[int, ...]:
    promises = _folded(*facts).promises
    return tuple(promises[name].paid for name in sorted(promises))


@pytest.mark.parametrize("promised", [TWICE, INSTALMENTS])
@pytest.mark.parametrize(
    ("amount", "paid"),
    [("60", (6_000, 0)), ("100", (10_000, 0)), ("130", (10_000, 3_000)), ("200", (10_000, 10_000))],
)
def test_no_money_keeps_two_promises(
    promised: tuple[Fact, ...], amount: str, paid: tuple[int, ...]
) -> None:
    assert _each_paid(*promised, a_payment(amount=amount, on=9)) == paid


def test_of_two_promises_that_one_payment_was_for_one_is_broken() -> None:
    record = _record(*TWICE, a_payment(on=9), after=0, through=40)
    assert [each.promise_id for each in record.kept] == ["M1"]
    assert [each.promise_id for each in record.broken] == ["M2"]


def test_money_after_the_first_promise_has_ended_keeps_the_second() -> None:
    assert _each_paid(*TWICE, a_payment(on=18)) == (0, 10_000)


@pytest.mark.parametrize("promised", [TWICE, INSTALMENTS])
def test_money_that_bounces_is_taken_from_the_promise_that_it_was_for(
    promised: tuple[Fact, ...],
) -> None:
    money = (a_payment("P1", on=8), a_payment("P2", on=9))
    assert _each_paid(*promised, *money) == (10_000, 10_000)
    assert _each_paid(*promised, *money, a_bounce("P1")) == (0, 10_000)
    assert _each_paid(*promised, *money, a_bounce("P2")) == (10_000, 0)


EARLY = a_payment(on=0, to={"I9": "100"})


@pytest.mark.parametrize("on", [36, 44])
def test_a_promise_is_kept_once_earlier_money_settles_all_it_names(on: int) -> None:
    facts = (EARLY, an_invoice(on=1), a_promise("M1", "100", 35, DUE, "I1"))
    assert _verdict(*facts, on=50) is Verdict.BROKEN
    assert _verdict(*facts, an_allocation({"I1": "100"}, on=on), on=50) is Verdict.KEPT


def test_a_promise_is_not_kept_by_what_is_settled_after_its_grace() -> None:
    facts = (EARLY, an_invoice(on=1), a_promise("M1", "100", 35, DUE, "I1"))
    assert _verdict(*facts, an_allocation({"I1": "100"}, on=45), on=50) is Verdict.BROKEN


def test_all_the_invoices_of_a_promise_have_to_be_settled() -> None:
    facts = (EARLY, an_invoice(on=1), an_invoice("I2"), a_promise("M1", "200", 35, DUE, "I1", "I2"))
    one = an_allocation({"I1": "100"}, on=36)
    assert _verdict(*facts, one, on=50) is Verdict.BROKEN
    assert _verdict(*facts, one, a_cancellation("I2", on=40), on=50) is Verdict.KEPT


def test_a_promise_made_again_is_kept_with_the_first() -> None:
    again = (a_promise("M1", "100", 2, 10, "I1"), a_promise("M2", "100", 5, 20, "I1"))
    record = _record(an_invoice(), *again, a_payment(on=9), after=0, through=40)
    assert (len(record.kept), len(record.broken)) == (2, 0)


def test_a_promise_is_open_again_with_its_invoice() -> None:
    facts = (EARLY, an_invoice(on=1), a_promise("M1", "100", 35, DUE, "I1"))
    told = (an_allocation({"I1": "100"}, on=36), a_bounce(on=37))
    assert _verdict(*facts, *told, on=50) is Verdict.BROKEN


def test_a_commercial_bill_settles_the_invoice_and_keeps_no_promise() -> None:
    facts = (an_invoice(), a_promise("M1", "100", 35, DUE, "I1"), a_bill(on=40, due=200))
    assert _verdict(*facts, on=50) is Verdict.BROKEN


def _record(*facts: Fact, after: int, through: int) -> PromiseRecord:
    account = _folded(*facts)
    return promises_within(account, LEDGER.promises, after=day(after), through=day(through))


THREE = (
    an_invoice(amount="500"),
    a_promise("M1", "100", 1, 10),
    a_promise("M2", "100", 20, 30),
    a_promise("M3", "100", 40, 60),
    a_payment(on=25),
)


def test_promises_are_counted_by_how_they_ended() -> None:
    record = _record(*THREE, after=0, through=50)
    assert [each.promise_id for each in record.broken] == ["M1"]
    assert [each.promise_id for each in record.kept] == ["M2"]
    assert [each.promise_id for each in record.open] == ["M3"]
    assert (record.ended, record.broken_share) == (2, 0.5)


@pytest.mark.parametrize(("after", "broken"), [(9, 1), (10, 0), (11, 0)])
def test_the_window_begins_after_its_first_day(after: int, broken: int) -> None:
    assert len(_record(*THREE, after=after, through=50).broken) == broken


def test_before_any_promise_has_ended_nothing_is_known() -> None:
    assert _record(an_invoice(), a_promise(), after=0, through=36).broken_share is None
    assert _record(an_invoice(), after=0, through=36) == PromiseRecord()


def test_the_day_that_breaks_a_promise_is_named() -> None:
    account = _folded(a_promise(due=DUE))
    assert promise_days(account, after=day(44)) == [day(45)]
    assert promise_days(account, after=day(45)) == []


def test_of_many_promises_those_due_last_are_kept() -> None:
    many = [a_promise(f"M{number:02}", on=0, due=number) for number in range(PROMISES_KEPT + 2)]
    account = _folded(*reversed(many))
    assert sorted(account.promises) == [f"M{number:02}" for number in range(2, PROMISES_KEPT + 2)]


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_lies_between_nothing_and_all(share: float) -> None:
    with pytest.raises(InvalidInputError, match="kept_share"):
        PromisePolicy(kept_share=share, grace_business_days=2)


@pytest.mark.parametrize("days", [-1, 366])
def test_days_lie_within_a_year(days: int) -> None:
    with pytest.raises(InvalidInputError, match="grace_business_days"):
        PromisePolicy(kept_share=0.9, grace_business_days=days)
    with pytest.raises(InvalidInputError, match="recourse_days"):
        BillPolicy(longest_tenor_days=184, recourse_days=days)
    with pytest.raises(InvalidInputError, match="longest_tenor_days"):
        BillPolicy(longest_tenor_days=days, recourse_days=30)
