"""Whose earlier facts a batch has to look at."""

from dataclasses import replace

from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.ledger import Ledger
from services.monitoring.storage.book import Customer, WaitingFact
from services.monitoring.storage.looking_back import looks_back
from services.monitoring.storage.reading import FactRow
from tests.unit.monitoring.ledger_builders import (
    LEDGER,
    a_bounce,
    a_change,
    a_credit,
    a_dispute,
    a_payment,
    a_resolution,
    an_invoice,
    an_order,
    day,
)


def a_customer(*facts: Fact) -> Customer:
    ledger = Ledger()
    for fact in facts:
        ledger.post(fact, LEDGER)
    customer = Customer(customer_id="C1", ledger=ledger)
    for fact in facts:
        customer.remember(fact)
    return customer


def test_facts_in_their_order_about_what_is_held_look_forward() -> None:
    customer = a_customer(an_invoice())
    assert not looks_back(customer, [a_payment(to={"I1": "50"}), a_credit(on=11)])


def test_a_late_fact_looks_back() -> None:
    assert looks_back(a_customer(an_invoice(on=5)), [a_payment(on=4)])


def test_facts_of_the_newest_day_in_any_order_look_forward() -> None:
    assert not looks_back(a_customer(a_payment(on=5)), [an_invoice(on=5)])


def test_a_fact_that_is_late_within_the_batch_looks_back() -> None:
    assert looks_back(a_customer(), [an_invoice(on=5), a_payment(on=4)])


def test_what_is_new_in_the_batch_needs_no_looking_back() -> None:
    batch = [
        an_invoice(on=1),
        a_payment(on=2, to={"I1": "100"}),
        a_bounce(on=3),
        an_order(on=4),
        a_change(on=5),
    ]
    assert not looks_back(a_customer(), batch)


def test_a_document_that_nobody_holds_looks_back() -> None:
    assert looks_back(a_customer(), [a_bounce()])
    assert looks_back(a_customer(), [a_payment(to={"I7": "1"})])


def test_an_order_of_the_same_number_is_not_the_invoice() -> None:
    assert looks_back(a_customer(), [an_order("1", on=1), a_credit("1", on=2)])


def test_a_correction_looks_back() -> None:
    assert looks_back(a_customer(an_invoice()), [an_invoice(on=3, version=2)])


def test_the_same_document_from_another_source_looks_back() -> None:
    other = replace(an_invoice(on=0), source="other")
    assert looks_back(a_customer(an_invoice(on=0)), [other])
    assert looks_back(a_customer(), [an_invoice(), other])


def test_a_duplicate_does_not_look_back() -> None:
    customer = a_customer(an_invoice(on=0), an_invoice("I2", on=9))
    assert not looks_back(customer, [an_invoice(on=0)])


def test_a_dispute_may_wait_so_its_resolution_looks_back() -> None:
    customer = a_customer(an_invoice())
    assert looks_back(customer, [a_dispute(on=12), a_resolution(on=13)])


def test_whoever_has_facts_waiting_looks_back() -> None:
    customer = a_customer()
    fact = an_invoice(on=9)
    row = FactRow("C1", fact.kind.value, "I1", 1, "", "e", 0, day(9), None, b"{}")
    customer.waiting.append(WaitingFact(fact=fact, row=row))
    assert looks_back(customer, [])


def test_a_customer_without_news_looks_forward() -> None:
    assert not looks_back(a_customer(an_invoice()), [])
