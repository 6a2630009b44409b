"""Requests for relief, and attempts to reach the customer."""

from decimal import Decimal

import pytest

from services.monitoring.domain.receivables.approaches import (
    CONTACTS_KEPT,
    REQUESTS_KEPT,
    contacts_within,
    reliefs_within,
    unanswered_in_a_row,
)
from services.monitoring.domain.receivables.ledger import fold
from tests.unit.monitoring.ledger_builders import LEDGER, a_dispute, a_payment, an_invoice, day
from tests.unit.monitoring.undertaking_builders import a_contact, a_request


@pytest.mark.parametrize(("on", "late"), [(29, False), (30, False), (31, True)])
def test_a_request_tells_more_once_something_is_past_due(on: int, *, late: bool) -> None:
    request = fold([an_invoice(terms=30), a_request(on=on)], LEDGER).reliefs[0]
    assert (request.request_id, request.kind, request.after_overdue) == ("Q1", "instalments", late)


def test_what_is_paid_is_not_past_due() -> None:
    facts = [an_invoice(terms=30), a_payment(on=40), a_request(on=41)]
    assert not fold(facts, LEDGER).reliefs[0].after_overdue


@pytest.mark.parametrize(("rest", "late"), [("5.00", False), ("5.01", True)])
def test_a_rest_of_no_more_than_the_de_minimis_is_not_past_due(rest: str, *, late: bool) -> None:
    paid = a_payment(amount=str(Decimal(100) - Decimal(rest)), on=20, to={"I1": "100"})
    account = fold([an_invoice(terms=30), paid, a_request(on=40)], LEDGER)
    assert account.reliefs[0].after_overdue is late


@pytest.mark.parametrize(("disputed_on", "late"), [(40, False), (41, True)])
def test_what_is_disputed_in_time_is_not_past_due(disputed_on: int, *, late: bool) -> None:
    disputed = a_dispute(amount="100", on=disputed_on)
    account = fold([an_invoice(terms=30), disputed, a_request(on=50)], LEDGER)
    assert account.reliefs[0].after_overdue is late


@pytest.mark.parametrize(("after", "found"), [(29, 1), (30, 0)])
def test_requests_are_found_by_window(after: int, found: int) -> None:
    account = fold([a_request(on=30)], LEDGER)
    assert len(reliefs_within(account, after=day(after), through=day(30))) == found
    assert reliefs_within(account, after=day(after), through=day(29)) == ()


def test_the_attempts_since_the_last_answer_are_counted() -> None:
    outcomes = ["unanswered", "answered", "unanswered", "premises_closed"]
    facts = [a_contact(f"X{on}", outcome, on) for on, outcome in enumerate(outcomes, start=10)]
    account = fold(facts, LEDGER)
    lately = contacts_within(account, after=day(0), through=day(20))
    assert [each.attempt_id for each in unanswered_in_a_row(lately)] == ["X12", "X13"]
    assert lately[0].channel == "phone"


@pytest.mark.parametrize(("after", "found"), [(9, 2), (10, 1), (11, 0)])
def test_attempts_are_found_by_window(after: int, found: int) -> None:
    account = fold([a_contact("X1", on=10), a_contact("X2", on=11)], LEDGER)
    assert len(contacts_within(account, after=day(after), through=day(11))) == found


def test_only_the_latest_are_kept() -> None:
    requests = [a_request(f"Q{on:02}", on=on) for on in range(REQUESTS_KEPT + 1)]
    contacts = [a_contact(f"X{on:02}", on=on) for on in range(CONTACTS_KEPT + 1)]
    account = fold([*requests, *contacts], LEDGER)
    assert (len(account.reliefs), account.reliefs[0].request_id) == (REQUESTS_KEPT, "Q01")
    assert (len(account.contacts), account.contacts[0].attempt_id) == (CONTACTS_KEPT, "X01")
