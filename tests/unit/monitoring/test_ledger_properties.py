"""What must hold of the ledger whatever happens and in whatever order it is learned."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from services.monitoring.domain.figures.ageing import AgeingBucket, age_all
from services.monitoring.domain.figures.behaviour import behaviour_of, purchases_of
from services.monitoring.domain.figures.exposure import exposure_of
from services.monitoring.domain.policies.ledger import NEAR_DAYS
from services.monitoring.domain.receivables.account import Account, Order
from services.monitoring.domain.receivables.approaches import contacts_within, reliefs_within
from services.monitoring.domain.receivables.bills import overdue_bills
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.ledger import Ledger, account_as_of, fold
from services.monitoring.domain.receivables.outstanding import Outstanding
from services.monitoring.domain.receivables.promises import promises_within
from services.monitoring.domain.receivables.retention import let_go
from tests.unit.monitoring.ledger_builders import (
    LEDGER,
    a_bounce,
    a_cancellation,
    a_change,
    a_credit,
    a_dispute,
    a_payment,
    a_resolution,
    an_invoice,
    an_order,
    an_order_cancelled,
    day,
)
from tests.unit.monitoring.undertaking_builders import (
    a_bill,
    a_bill_dishonoured,
    a_bill_passed_on,
    a_bill_settled,
    a_contact,
    a_debit,
    a_delivery,
    a_promise,
    a_recovery,
    a_request,
    a_return,
    a_terms_change,
    a_write_off,
    an_allocation,
    an_unallocation,
)

INVOICES = [f"I{number}" for number in range(4)]
PAYMENTS = [f"P{number}" for number in range(4)]
ORDERS = [f"O{number}" for number in range(3)]
days = st.integers(0, 400)
cents = st.integers(1, 20_000).map(lambda minor: f"{minor / 100:.2f}")
invoices, payments, orders = map(st.sampled_from, (INVOICES, PAYMENTS, ORDERS))
splits = st.dictionaries(invoices, cents, max_size=2)

a_fact = st.one_of(
    st.builds(
        lambda name, amount, on, terms, version, order: an_invoice(
            name, amount, on, terms, version=version, refers_to=order
        ),
        invoices,
        cents,
        days,
        st.integers(0, 60),
        st.integers(1, 2),
        st.none() | orders,
    ),
    st.builds(
        lambda name, amount, on, to: a_payment(name, amount, on, to=to),
        payments,
        cents,
        days,
        splits,
    ),
    st.builds(a_bounce, payments, days),
    st.builds(a_credit, invoices, cents, days, st.sampled_from(["C1", "C2"])),
    st.builds(a_cancellation, invoices, days),
    st.builds(a_dispute, invoices, cents, days, st.sampled_from(["D1", "D2"])),
    st.builds(
        a_resolution, st.sampled_from(["D1", "D2"]), st.sampled_from(["upheld", "rejected"]), days
    ),
    st.builds(an_order, orders, cents, days, planned=st.none() | days),
    st.builds(a_change, orders, cents, days, st.integers(2, 3)),
    st.builds(an_order_cancelled, orders, days),
)


ALLOCATIONS = ["A1", "A2", *PAYMENTS]
BILLS = ["B1", "B2"]
allocations, bills = st.sampled_from(ALLOCATIONS), st.sampled_from(BILLS)
a_further_fact = st.one_of(
    st.builds(
        lambda name, amount, on: replace(a_payment(name, amount, on), reason="trade_bill"),
        payments | bills,
        cents,
        days,
    ),
    st.builds(a_delivery, st.sampled_from(["L1", "L2"]), cents, days, st.none() | orders),
    st.builds(
        lambda name, amount, on, order, invoice: a_return(name, amount, on, order, invoice=invoice),
        st.sampled_from(["R1", "R2"]),
        cents,
        days,
        st.none() | orders,
        st.none() | invoices,
    ),
    st.builds(a_debit, invoices, cents, days, st.sampled_from(["N1", "N2"])),
    st.builds(
        a_terms_change,
        invoices,
        days,
        days,
        st.sampled_from(["commercial", "difficulty"]),
        st.sampled_from(["T1", "T2"]),
    ),
    st.builds(an_allocation, splits, payments, days, st.sampled_from(["A1", "A2"])),
    st.builds(an_unallocation, allocations, payments, days, st.none() | invoices),
    st.builds(a_write_off, invoices, cents, days, st.sampled_from(["W1", "W2"])),
    st.builds(a_recovery, cents, days),
    st.builds(
        lambda name, amount, on, ahead, named: a_promise(name, amount, on, on + ahead, *named),
        st.sampled_from(["M1", "M2", "M3"]),
        cents,
        days,
        st.integers(0, 40),
        st.lists(invoices, max_size=2, unique=True),
    ),
    st.builds(
        lambda name, amount, on, tenor, kind, to: a_bill(
            name, amount, on, on + tenor, kind=kind, to=to
        ),
        bills,
        cents,
        days,
        st.integers(0, 200),
        st.sampled_from(["bank", "commercial"]),
        splits,
    ),
    st.builds(a_bill_settled, bills, days),
    st.builds(
        a_bill_passed_on, bills, days, st.sampled_from(["with_recourse", "without_recourse"])
    ),
    st.builds(a_bill_dishonoured, bills, days),
    st.builds(a_request, st.sampled_from(["Q1", "Q2"]), st.just("instalments"), days),
    st.builds(
        a_contact, st.sampled_from(["X1", "X2"]), st.sampled_from(["answered", "unanswered"]), days
    ),
)


def _each_once(facts: Sequence[Fact]) -> list[Fact]:
    return list({fact.business_key: fact for fact in facts}.values())


stories = st.lists(a_fact | a_further_fact, max_size=25).map(_each_once)


def post_all(facts: Sequence[Fact], *, slimming: bool = False) -> Ledger:
    ledger, known = Ledger(), list[Fact]()
    for fact in facts:
        other_versions = any(
            (each.kind, each.document) == (fact.kind, fact.document) for each in known
        )
        known.append(fact)
        if ledger.takes(fact) and not other_versions:
            ledger.post(fact, LEDGER)
        else:
            ledger.rebuild(known, LEDGER)
        if slimming:
            ledger.slim()
            ledger = Ledger.kept(ledger.earlier, ledger.recent)
            ledger.unfold(LEDGER)
    return ledger


def figures(account: Account, *, on: int) -> list[object]:
    ageings = age_all(account, as_of=day(on), policy=LEDGER)
    month = day(on).replace(day=1)
    shown: list[object] = [
        {name: waiting for name, waiting in account.pending.items() if waiting},
        promises_within(account, LEDGER.promises, after=day(on - 180), through=max(day(on), month)),
        reliefs_within(account, after=day(on - 180), through=day(on)),
        contacts_within(account, after=day(on - 180), through=day(on)),
        {name: lost for name, lost in account.written_off.items() if lost},
        overdue_bills(account, as_of=day(on)),
    ]
    for ageing in ageings:
        shown += [
            ageing,
            exposure_of(account, ageing, LEDGER),
            behaviour_of(account, ageing, LEDGER),
            purchases_of(account, ageing, LEDGER),
        ]
    return shown


@settings(max_examples=400, deadline=None)
@given(stories, st.randoms(use_true_random=False))
def test_facts_that_come_in_any_order_make_the_same_account(
    facts: list[Fact], random: Random
) -> None:
    shuffled = list(facts)
    random.shuffle(shuffled)
    told, mixed = (
        post_all(sorted(facts, key=lambda each: each.key)),
        post_all(shuffled, slimming=True),
    )
    for on in (100, 400, 500):
        assert figures(told.account, on=on) == figures(mixed.account, on=on)


@settings(max_examples=200, deadline=None)
@given(stories)
def test_the_account_kept_up_fact_by_fact_is_the_fold_of_all_facts(facts: list[Fact]) -> None:
    kept = post_all(facts, slimming=True).account
    assert figures(kept, on=450) == figures(fold(facts, LEDGER), on=450)


@settings(max_examples=200, deadline=None)
@given(stories, days)
def test_a_past_day_is_what_the_ledger_said_on_that_day(facts: list[Fact], on: int) -> None:
    asked = account_as_of(facts, day(on), LEDGER)
    # versions correct the past too, so only the facts of their highest version were there then
    counted = [f for f in facts if f.kind.value != "invoice.issued" or f.version == 1]
    if len(counted) == len(facts):
        then = fold([fact for fact in facts if fact.on <= day(on)], LEDGER)
        assert figures(asked, on=on) == figures(then, on=on)


@settings(max_examples=200, deadline=None)
@given(stories, days)
def test_the_buckets_add_up_to_what_is_open(facts: list[Fact], on: int) -> None:
    account = account_as_of(facts, day(on), LEDGER)
    for ageing in age_all(account, as_of=day(on), policy=LEDGER):
        assert sum(ageing.buckets.values()) == ageing.open
        assert ageing.open - ageing.buckets[AgeingBucket.CURRENT] == ageing.overdue


@settings(max_examples=200, deadline=None)
@given(stories)
def test_no_invoice_takes_more_than_it_is_owed_and_no_payment_gives_more_than_it_has(
    facts: list[Fact],
) -> None:
    account = fold(facts, LEDGER)
    for receivable in [*account.receivables.values(), *account.closed.values()]:
        assert receivable.open >= 0
        assert not (receivable.open and receivable.overcredited)
        given_to_it = sum(
            share.amount
            for payment in account.payments.values()
            for share in payment.shares
            if share.invoice_id == receivable.invoice_id
        )
        assert given_to_it == receivable.paid
        assert set(receivable.paid_by) == {
            payment.payment_id
            for payment in account.payments.values()
            if any(share.invoice_id == receivable.invoice_id for share in payment.shares)
        }
    assert all(payment.unapplied >= 0 for payment in account.payments.values())
    assert all(
        payment.applied == sum(share.amount for share in payment.shares)
        for payment in account.payments.values()
    )


@settings(max_examples=200, deadline=None)
@given(stories)
def test_what_is_credited_beyond_what_is_owed_is_what_its_invoices_say(facts: list[Fact]) -> None:
    account = fold(facts, LEDGER)
    for currency in account.currencies:
        beyond = sum(
            receivable.overcredited
            for receivable in [*account.receivables.values(), *account.closed.values()]
            if receivable.currency == currency
        )
        assert account.credits.get(currency, 0) == beyond


@settings(max_examples=300, deadline=None)
@given(stories)
def test_no_promise_has_been_paid_less_than_nothing_or_more_than_all(facts: list[Fact]) -> None:
    account = fold(facts, LEDGER)
    assert all(0 <= promise.paid <= promise.amount for promise in account.promises.values())


@settings(max_examples=300, deadline=None)
@given(stories)
def test_no_money_counts_for_more_promises_than_it_can_pay(facts: list[Fact]) -> None:
    for payment in fold(facts, LEDGER).payments.values():
        assert sum(each.amount for each in payment.kept) <= payment.amount
        for share in payment.shares:
            assert sum(each.amount for each in share.kept) <= share.amount


@settings(max_examples=200, deadline=None)
@given(stories)
def test_letting_go_of_what_is_done_changes_no_figure(facts: list[Fact]) -> None:
    account = fold(facts, LEDGER)
    before = figures(account, on=500)
    let_go(account, month=day(495).replace(day=1))
    assert figures(account, on=500) == before


@settings(max_examples=300, deadline=None)
@given(stories)
def test_the_sums_that_are_kept_up_are_those_of_the_documents(facts: list[Fact]) -> None:
    account = post_all(facts, slimming=True).account
    for currency, sums in account.outstanding.items():
        orders = [each for each in account.orders.values() if each.currency == currency]
        payments = [each for each in account.payments.values() if each.currency == currency]
        assert sums == Outstanding(
            open_orders=sum(each.open for each in orders),
            orders=sum(bool(each.open) for each in orders),
            uninvoiced=sum(each.uninvoiced for each in orders),
            unapplied=sum(each.unapplied for each in payments),
            ahead=_by_planned_day(orders),
        )


def _by_planned_day(orders: Sequence[Order]) -> tuple[tuple[date, int], ...]:
    amounts: dict[date, int] = {}
    for order in orders:
        planned = order.planned_delivery
        if planned and planned > order.placed_on + timedelta(days=NEAR_DAYS) and order.open:
            amounts[planned] = amounts.get(planned, 0) + order.open
    return tuple(sorted(amounts.items()))


a_few_days = st.lists(st.sampled_from([0, 0, 0, 0, 1, 2]), min_size=25, max_size=25)


@settings(max_examples=400, deadline=None)
@given(st.lists(a_fact | a_further_fact, max_size=25), a_few_days)
def test_facts_of_the_same_day_make_the_same_account_in_any_order(
    facts: list[Fact], moved: list[int]
) -> None:
    close = [
        replace(fact, on=day(on), due=None if fact.due is None else fact.due + (day(on) - fact.on))
        for fact, on in zip(facts, moved, strict=False)
    ]
    same_day = _each_once(close)
    assert post_all(same_day).account == fold(same_day, LEDGER)


def _trade(number: int, *, named: bool, terms: int) -> list[Fact]:
    invoice = f"I{number}"
    return [
        an_order(f"O{number}", "20", 5),
        an_invoice(invoice, "20", 5, terms, refers_to=f"O{number}"),
        a_payment(f"P{number}", "20", 5, to={invoice: "20"} if named else None),
    ]


@settings(max_examples=200, deadline=None)
@given(
    numbers=st.permutations(range(6)),
    named=st.booleans(),
    terms=st.lists(st.integers(1, 3), min_size=6, max_size=6),
    mixed=st.booleans(),
)
def test_a_busy_day_makes_the_same_account_in_any_order(
    *, numbers: list[int], named: bool, terms: list[int], mixed: bool
) -> None:
    trades = [_trade(each, named=named, terms=terms[each]) for each in numbers]
    turns = zip(*trades, strict=True) if mixed else trades
    facts = [an_invoice("I", "30", 0, 2), *(fact for turn in turns for fact in turn)]
    assert post_all(facts).account == fold(facts, LEDGER)
