from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from obligor.facts import Transaction
from obligor.sample.portfolio import Sample, Truth, build_sample, read_truths
from obligor.sample.stories import Story
from shared.contracts.transactions import (
    CreditNoteIssued,
    InvoiceIssued,
    OrderPlaced,
    PaymentBounced,
    PaymentReceived,
)

LAST_DAY = date(2026, 6, 30)


@pytest.fixture(scope="module")
def sample() -> Sample:
    return build_sample(last_day=LAST_DAY)


@pytest.fixture(scope="module")
def facts(sample: Sample) -> list[Transaction]:
    return [fact for day in sample.history.days for fact in day.transactions]


def _failed(sample: Sample) -> Iterator[Truth]:
    return (truth for truth in sample.truths if truth.fails_on and truth.fails_on <= LAST_DAY)


def _bytes(sample: Sample) -> bytes:
    lines = [one.body() for day in sample.history.days for one in day.registrations]
    lines += [one.body() for day in sample.history.days for one in day.transactions]
    lines += [repr(one).encode() for day in sample.history.days for one in day.statements]
    return b"\n".join(lines) + sample.truth_file()


def test_the_same_seed_gives_the_same_bytes(sample: Sample) -> None:
    assert _bytes(build_sample(last_day=LAST_DAY)) == _bytes(sample)


def test_another_seed_gives_another_portfolio(sample: Sample) -> None:
    assert _bytes(build_sample(last_day=LAST_DAY, seed=21)) != _bytes(sample)


def test_it_covers_two_years_to_its_last_day(sample: Sample) -> None:
    assert sample.history.first_day == date(2024, 7, 1)
    assert sample.history.last_day == LAST_DAY


def test_no_day_is_left_out(sample: Sample) -> None:
    days = [day.day for day in sample.history.days]

    assert all(later - earlier == timedelta(1) for earlier, later in pairwise(days))


def test_it_is_large_enough_to_be_read_and_small_enough_to_stream(sample: Sample) -> None:
    assert len(sample.truths) >= 200
    assert 15_000 <= len(sample.history) <= 45_000


def test_every_customer_is_registered_on_the_first_day(sample: Sample) -> None:
    assert len(sample.history.days[0].registrations) == len(sample.truths)


def test_every_fact_is_about_a_registered_customer(
    sample: Sample, facts: list[Transaction]
) -> None:
    known = {truth.customer_id for truth in sample.truths}

    assert {fact.customer_id for fact in facts} <= known


def test_no_fact_comes_twice(facts: list[Transaction]) -> None:
    assert max(Counter((fact.source, fact.id) for fact in facts).values()) == 1


def test_every_payment_settles_invoices_that_were_issued_before(facts: list[Transaction]) -> None:
    issued: dict[str, date] = {}
    for fact in facts:
        match fact.event:
            case InvoiceIssued():
                issued[fact.event.invoice_id] = fact.event.invoice_date
            case PaymentReceived():
                settled = [issued[part.invoice_id] for part in fact.event.allocations]
                assert all(day < fact.day for day in settled)
            case _:
                pass


def test_allocations_never_exceed_the_payment(facts: list[Transaction]) -> None:
    for payment in (fact.event for fact in facts if isinstance(fact.event, PaymentReceived)):
        if payment.allocations:
            assert sum(part.amount for part in payment.allocations) == payment.amount


def test_nobody_pays_more_than_it_owes(facts: list[Transaction]) -> None:
    owed: defaultdict[str, Decimal] = defaultdict(Decimal)
    paid: dict[str, PaymentReceived] = {}
    for fact in facts:
        match fact.event:
            case InvoiceIssued():
                owed[fact.customer_id] += fact.event.amount
            case CreditNoteIssued():
                owed[fact.customer_id] -= fact.event.amount
            case PaymentReceived():
                paid[fact.event.payment_id] = fact.event
                owed[fact.customer_id] -= fact.event.amount
            case PaymentBounced():
                owed[fact.customer_id] += paid[fact.event.payment_id].amount
            case _:
                pass
    assert min(owed.values()) >= 0


def test_failures_stop_paying(sample: Sample, facts: list[Transaction]) -> None:
    ends = {truth.customer_id: truth.fails_on for truth in sample.truths}
    for fact in facts:
        if isinstance(fact.event, PaymentReceived | OrderPlaced):
            end = ends[fact.customer_id]
            assert end is None or fact.day < end


def test_failures_owe_something_when_they_fail(sample: Sample, facts: list[Transaction]) -> None:
    owed: defaultdict[str, Decimal] = defaultdict(Decimal)
    for fact in facts:
        if isinstance(fact.event, InvoiceIssued):
            owed[fact.customer_id] += fact.event.amount
        if isinstance(fact.event, PaymentReceived):
            owed[fact.customer_id] -= fact.event.amount
    assert all(owed[truth.customer_id] > 0 for truth in _failed(sample))


def test_three_failures_are_still_to_come_and_can_be_seen(sample: Sample) -> None:
    coming = [one for one in sample.truths if one.fails_on and one.fails_on > LAST_DAY]

    assert len(coming) == 3
    assert all(one.shows_from is not None and one.shows_from < LAST_DAY for one in coming)


def test_every_kind_of_failure_happens(sample: Sample) -> None:
    assert {truth.story for truth in _failed(sample)} == {
        Story.DRIFTING,
        Story.PART_PAYING,
        Story.BOUNCING,
        Story.BUST_OUT,
        Story.WITHDRAWING,
        Story.SUDDEN,
    }


def test_a_drifting_customer_pays_later_and_later(sample: Sample, facts: list[Transaction]) -> None:
    due = _due_dates(facts)
    for truth in (one for one in _failed(sample) if one.story is Story.DRIFTING):
        assert truth.shows_from is not None
        before, after = _days_late(facts, truth, due)
        assert after > before + 8, truth


def _due_dates(facts: list[Transaction]) -> dict[str, date]:
    invoices = (fact.event for fact in facts if isinstance(fact.event, InvoiceIssued))
    return {invoice.invoice_id: invoice.due_date for invoice in invoices}


def _days_late(facts: list[Transaction], truth: Truth, due: dict[str, date]) -> tuple[float, float]:
    late: dict[bool, list[int]] = {False: [], True: []}
    for fact in facts:
        if fact.customer_id == truth.customer_id and isinstance(fact.event, PaymentReceived):
            for part in fact.event.allocations:
                shown = truth.shows_from is not None and fact.day >= truth.shows_from
                late[shown].append((fact.day - due[part.invoice_id]).days)
    if not late[False] or not late[True]:
        return (0.0, 99.0)  # pays on account: its allocations are not its own
    return sum(late[False]) / len(late[False]), sum(late[True]) / len(late[True])


def test_a_bust_out_orders_more_before_it_fails(sample: Sample, facts: list[Transaction]) -> None:
    for truth in (one for one in _failed(sample) if one.story is Story.BUST_OUT):
        assert truth.shows_from is not None
        orders = [
            (fact.day, fact.event.amount)
            for fact in facts
            if fact.customer_id == truth.customer_id and isinstance(fact.event, OrderPlaced)
        ]
        usual = [amount for day, amount in orders if day < truth.shows_from]
        last = [amount for day, amount in orders if day >= truth.shows_from]
        assert max(last) > Decimal("1.5") * sum(usual) / len(usual)


def test_only_bouncing_customers_lack_the_funds(sample: Sample, facts: list[Transaction]) -> None:
    bouncing = {one.customer_id for one in sample.truths if one.story is Story.BOUNCING}
    lacking = {
        fact.customer_id
        for fact in facts
        if isinstance(fact.event, PaymentBounced) and fact.event.reason == "insufficient_funds"
    }

    assert lacking
    assert lacking <= bouncing


def test_some_customers_trade_in_yuan(facts: list[Transaction]) -> None:
    currencies = {
        fact.customer_id: fact.event.currency
        for fact in facts
        if isinstance(fact.event, InvoiceIssued)
    }

    assert 3 <= Counter(currencies.values())["CNY"] <= 20


def test_about_two_customers_in_five_file_statements(sample: Sample) -> None:
    filing = {one.customer_id for day in sample.history.days for one in day.statements}

    assert 0.3 < len(filing) / len(sample.truths) < 0.5


def test_every_statement_balances(sample: Sample) -> None:
    for statement in (one for day in sample.history.days for one in day.statements):
        lines = statement.filed.lines
        assert lines["TA"] == lines["TL"] + lines["TE"]
        assert lines["CA"] <= lines["TA"]
        assert lines["CL"] <= lines["TL"]
        assert lines["LT_DEBT"] >= 0


def test_a_truth_file_reads_back(sample: Sample) -> None:
    assert read_truths(sample.truth_file()) == sample.truths
