import json
from datetime import date
from decimal import Decimal

import pytest

from obligor.facts import (
    NoFactsError,
    Registration,
    Statement,
    Transaction,
    close_of,
    history_of,
)
from shared.contracts.financials import FinancialStatementFiled
from shared.contracts.screening import Identifier, LegalName
from shared.contracts.transactions import OrderPlaced


def an_order(number: int, *, day: date, customer_id: str = "C1") -> Transaction:
    return Transaction(
        id=f"order.placed:{number}",
        source="test",
        customer_id=customer_id,
        day=day,
        event=OrderPlaced(order_id=str(number), amount=Decimal("10.00"), currency="EUR"),
    )


def a_customer(customer_id: str = "C1") -> Registration:
    return Registration(customer_id, (LegalName(name="Ferrero"),), "IT")


def a_statement(*, day: date) -> Statement:
    filed = FinancialStatementFiled(
        period_end=date(2025, 12, 31),
        months=12,
        basis="audited",
        currency="EUR",
        lines={"TA": Decimal(10), "TL": Decimal(6), "TE": Decimal(4)},
    )
    return Statement("C1", day, filed)


def test_a_transaction_is_posted_as_the_door_wants_it() -> None:
    assert json.loads(an_order(7, day=date(2026, 1, 5)).body()) == {
        "id": "order.placed:7",
        "source": "test",
        "type": "order.placed",
        "time": "2026-01-05T12:00:00Z",
        "customer_id": "C1",
        "data": {
            "order_id": "7",
            "amount": "10.00",
            "currency": "EUR",
            "planned_delivery": None,
            "terms_days": None,
            "liquid_amount": None,
        },
    }


def test_a_registration_says_only_what_is_known() -> None:
    assert json.loads(a_customer().body()) == {
        "legal_names": [{"name": "Ferrero", "script": "Latn", "type": "registered"}],
        "country": "IT",
    }


def test_a_registration_says_all_that_is_known() -> None:
    customer = Registration(
        "C1",
        (LegalName(name="Ferrero"),),
        "IT",
        identifiers=(Identifier(scheme="lei", value="X"),),
        registered_on=date(1990, 1, 2),
    )

    body = json.loads(customer.body())

    assert body["identifiers"] == [{"scheme": "lei", "value": "X"}]
    assert body["registered_on"] == "1990-01-02"


def test_a_statement_is_dated_by_the_day_it_was_filed() -> None:
    body = json.loads(a_statement(day=date(2026, 4, 1)).body())

    assert body["filed_on"] == "2026-04-01"
    assert body["lines"] == {"TA": "10", "TL": "6", "TE": "4"}


def test_a_close_is_about_no_customer() -> None:
    body = json.loads(close_of(date(2026, 1, 5), source="test").body())

    assert body["type"] == "day.closed"
    assert body["customer_id"] == ""
    assert body["data"] == {"date": "2026-01-05"}
    assert body["id"] == "day/2026-01-05"


def test_a_history_has_every_day_between_first_and_last() -> None:
    facts = [an_order(1, day=date(2026, 1, 5)), an_order(2, day=date(2026, 1, 8))]

    history = history_of([a_customer()], facts)

    assert [day.day.day for day in history.days] == [5, 6, 7, 8]


def test_facts_come_in_the_order_of_their_days() -> None:
    facts = [an_order(2, day=date(2026, 1, 8)), an_order(1, day=date(2026, 1, 5))]

    history = history_of([], facts)

    assert [one.id for day in history.days for one in day.transactions] == [
        "order.placed:1",
        "order.placed:2",
    ]


def test_facts_of_a_day_keep_the_order_of_each_customer() -> None:
    day = date(2026, 1, 5)
    facts = [
        an_order(2, day=day, customer_id="B"),
        an_order(9, day=day, customer_id="A"),
        an_order(1, day=day, customer_id="B"),
    ]

    (only,) = history_of([], facts).days

    assert [one.id[-1] for one in only.transactions] == ["9", "2", "1"]


def test_customers_are_registered_on_the_first_day() -> None:
    history = history_of([a_customer("B"), a_customer("A")], [an_order(1, day=date(2026, 1, 5))])

    assert [one.customer_id for one in history.days[0].registrations] == ["A", "B"]


def test_statements_lie_on_their_own_days() -> None:
    history = history_of(
        [], [an_order(1, day=date(2026, 1, 5))], statements=[a_statement(day=date(2026, 1, 7))]
    )

    assert [len(day.statements) for day in history.days] == [0, 0, 1]


def test_a_history_may_go_on_after_its_last_fact() -> None:
    history = history_of([], [an_order(1, day=date(2026, 1, 5))], last_day=date(2026, 1, 7))

    assert history.last_day == date(2026, 1, 7)


def test_a_last_day_before_the_last_fact_cuts_nothing_off() -> None:
    history = history_of([], [an_order(1, day=date(2026, 1, 5))], last_day=date(2026, 1, 1))

    assert history.last_day == date(2026, 1, 5)


def test_a_history_counts_all_it_holds() -> None:
    history = history_of(
        [a_customer()],
        [an_order(1, day=date(2026, 1, 5))],
        statements=[a_statement(day=date(2026, 1, 7))],
    )

    assert len(history) == 3


def test_nothing_makes_no_history() -> None:
    with pytest.raises(NoFactsError):
        history_of([a_customer()], [])
