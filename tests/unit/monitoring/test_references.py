"""Which documents a fact is about, and what an account holds of them."""

from dataclasses import replace

import pytest

from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.ledger import fold
from services.monitoring.domain.receivables.references import (
    begun_by,
    holds,
    mentions,
    missing,
    needs_history,
    pending_name,
)
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

EMPTY = Account()


def _folded(*facts: Fact) -> Account:
    return fold(facts, LEDGER)


FULL = _folded(an_order(), an_invoice(), a_payment(amount="60"), a_dispute())


@pytest.mark.parametrize("fact", [an_order(), an_invoice(), a_payment()])
def test_what_begins_a_document_misses_nothing(fact: Fact) -> None:
    assert missing(EMPTY, fact) is None


@pytest.mark.parametrize(
    ("fact", "name"),
    [
        (a_change(), ("order", "O1")),
        (an_order_cancelled(), ("order", "O1")),
        (a_dispute(), ("invoice", "I1")),
        (a_credit(), ("invoice", "I1")),
        (a_cancellation(), ("invoice", "I1")),
        (a_bounce(), ("payment", "P1")),
        (a_resolution(), ("dispute", "D1")),
    ],
)
def test_what_is_about_a_document_misses_it_until_it_comes(
    fact: Fact, name: tuple[str, str]
) -> None:
    assert missing(EMPTY, fact) == name
    assert missing(FULL, fact) is None


@pytest.mark.parametrize(
    "name", [("order", "O1"), ("invoice", "I1"), ("payment", "P1"), ("dispute", "D1")]
)
def test_an_account_holds_what_was_posted(name: tuple[str, str]) -> None:
    assert holds(FULL, name)
    assert not holds(EMPTY, name)


def test_a_placeholder_is_no_order() -> None:
    account = _folded(an_invoice(refers_to="O7"))

    assert "O7" in account.orders
    assert not holds(account, ("order", "O7"))


def test_a_settled_invoice_is_still_held() -> None:
    assert holds(_folded(an_invoice(), a_payment()), ("invoice", "I1"))


def test_a_name_waits_under_its_family() -> None:
    assert pending_name(("invoice", "I1")) == "invoice/I1"


def test_a_payment_mentions_what_it_is_for() -> None:
    fact = a_payment(to={"I1": "10", "I2": "20"})

    assert mentions(EMPTY, fact) == {("invoice", "I1"), ("invoice", "I2")}


def test_a_payment_without_a_word_mentions_nothing() -> None:
    assert mentions(FULL, a_payment()) == set()


def test_a_bounce_mentions_what_its_payment_had_paid() -> None:
    assert mentions(FULL, a_bounce()) == {("payment", "P1"), ("invoice", "I1")}


def test_a_bounce_of_an_unknown_payment_mentions_that_alone() -> None:
    assert mentions(EMPTY, a_bounce()) == {("payment", "P1")}


def test_a_resolution_mentions_the_invoice_of_its_dispute() -> None:
    assert mentions(FULL, a_resolution()) == {("dispute", "D1"), ("invoice", "I1")}


def test_a_resolution_of_an_unknown_dispute_mentions_that_alone() -> None:
    assert mentions(EMPTY, a_resolution()) == {("dispute", "D1")}


@pytest.mark.parametrize(("version", "needed"), [(1, False), (2, True)])
def test_a_corrected_invoice_needs_the_whole_history(version: int, *, needed: bool) -> None:
    assert needs_history(EMPTY, an_invoice(version=version)) is needed


@pytest.mark.parametrize("fact", [a_change(), a_credit(), a_bounce(), a_resolution()])
def test_what_is_at_hand_needs_no_history(fact: Fact) -> None:
    assert not needs_history(FULL, fact)
    assert needs_history(EMPTY, fact)


MORE = _folded(
    an_invoice(),
    a_payment(amount="60"),
    an_allocation({"I1": "60"}),
    a_bill(amount="10"),
)


@pytest.mark.parametrize(
    ("fact", "name"),
    [
        (a_debit(), ("invoice", "I1")),
        (a_terms_change(), ("invoice", "I1")),
        (a_write_off(), ("invoice", "I1")),
        (an_allocation({"I1": "1"}, name="A2"), ("payment", "P1")),
        (an_unallocation(), ("allocation", "A1")),
        (an_unallocation("P1"), ("payment", "P1")),
        (a_bill_settled(), ("bill", "B1")),
        (a_bill_passed_on(), ("bill", "B1")),
        (a_bill_dishonoured(), ("bill", "B1")),
    ],
)
def test_what_changes_a_document_misses_it_until_it_comes(
    fact: Fact, name: tuple[str, str]
) -> None:
    assert missing(EMPTY, fact) == name
    assert missing(MORE, fact) is None
    assert needs_history(EMPTY, fact)
    assert not needs_history(MORE, fact)


@pytest.mark.parametrize(
    "fact", [a_delivery(), a_return(), a_promise(), a_recovery(), a_request(), a_contact()]
)
def test_what_stands_for_itself_misses_nothing(fact: Fact) -> None:
    assert missing(EMPTY, fact) is None
    assert mentions(EMPTY, fact) == set()


def test_what_frees_money_mentions_the_invoices_that_have_it() -> None:
    has = {("payment", "P1"), ("invoice", "I1")}
    assert mentions(MORE, an_allocation({"I2": "1"})) == {*has, ("invoice", "I2")}
    assert mentions(MORE, an_unallocation()) == {*has, ("allocation", "A1")}
    assert mentions(MORE, a_bill_dishonoured()) == {
        ("bill", "B1"),
        ("payment", "bill/B1"),
        ("invoice", "I1"),
    }


def test_an_unknown_bill_has_no_money_behind_it() -> None:
    assert mentions(EMPTY, a_bill_dishonoured()) == {("bill", "B1")}


def test_what_begins_a_document_names_it() -> None:
    assert begun_by(a_payment()) == (("payment", "P1"),)
    assert begun_by(replace(a_payment(), reason="trade_bill")) == (("payment", "P1"),)
    assert begun_by(a_bill()) == (("bill", "B1"),)
    assert begun_by(a_bounce()) == ()


def test_a_payment_for_an_invoice_let_go_needs_the_history() -> None:
    assert needs_history(FULL, a_payment("P2", to={"I9": "10"}))


def test_a_fact_without_a_reference_is_about_nothing_known() -> None:
    nameless = replace(a_credit(), refers_to=None)

    assert missing(FULL, nameless) == ("invoice", "")
