"""What the doors make of a body, before the worker sees it."""

import msgspec
import pytest
from pydantic import ValidationError

from services.screening.api import CustomerIn, ScreeningIn
from services.screening.app import create_app
from services.screening.usecases import RegisterCustomer
from shared.testing.http import settings_for
from tests.unit.screening.builders import CHINESE_NAME


def a_body(**more: object) -> dict[str, object]:
    return {"legal_names": [{"name": "Acme"}], "country": "CN", **more}


def read(**more: object) -> RegisterCustomer:
    payload = CustomerIn.model_validate(a_body(**more)).payload("C1")
    return msgspec.json.decode(msgspec.json.encode(payload), type=RegisterCustomer)


def test_only_names_and_country_are_required() -> None:
    assert read().customer(version=1).identifiers == ()


@pytest.mark.parametrize("missing", ["legal_names", "country"])
def test_names_and_country_are_required(missing: str) -> None:
    body = a_body()
    del body[missing]
    with pytest.raises(ValidationError, match=missing):
        CustomerIn.model_validate(body)


def test_a_chinese_name_without_a_script_is_taken_for_chinese() -> None:
    wish = read(legal_names=[{"name": CHINESE_NAME}, {"name": "Xiaoju"}])
    assert [name.script for name in wish.legal_names] == ["Hans", "Latn"]


def test_a_script_that_is_given_stands() -> None:
    wish = read(legal_names=[{"name": CHINESE_NAME, "script": "Hant"}])
    assert wish.legal_names[0].script == "Hant"


def test_a_country_is_written_in_capitals() -> None:
    assert read(country="de").country == "DE"


def test_everything_that_was_given_reaches_the_register() -> None:
    wish = read(
        identifiers=[{"scheme": "USCC", "value": "91330100799655058b"}],
        industry={"scheme": "isic4", "code": "4690"},
        registered_on="2010-05-06",
        registration_status="active",
        size_class="small",
        segment="retail",
        addresses=[{"lines": ["1 Main Street"], "city": "Beijing"}],
        contacts=[{"name": "Li", "email": "li@example.com"}],
        bank_accounts=[{"number": "123", "bank": "ICBC"}],
        relationships=[{"type": "owns", "party": "P", "share": 0.5}],
    )
    customer = wish.customer(version=3)
    assert customer.version == 3
    assert customer.identifiers[0].scheme == "uscc"
    assert customer.industry is not None
    assert customer.addresses[0].city == "Beijing"
    assert customer.contacts[0].name == "Li"
    assert customer.bank_accounts[0].bank == "ICBC"
    assert customer.relationships[0].share == 0.5


@pytest.mark.parametrize(
    "wrong",
    [
        {"shoe_size": 42},
        {"country": "China"},
        {"legal_names": []},
        {"legal_names": [{"name": "a\x00b"}]},
        {"legal_names": [{"name": "Acme", "script": "chinese"}]},
        {"registered_on": "yesterday"},
        {"registration_status": "sleeping"},
        {"relationships": [{"type": "owns", "party": "P", "share": 1.5}]},
        {"identifiers": [{"scheme": "uscc"}]},
    ],
)
def test_a_body_that_cannot_be_right_is_refused_at_the_door(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        CustomerIn.model_validate(a_body(**wrong))


@pytest.mark.parametrize(
    "wrong", [{"opinion": "fine"}, {"z_double_prime": "nan"}, {"total_equity": "NaN"}, {"x": 1}]
)
def test_statement_figures_are_checked_at_the_door(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ScreeningIn.model_validate({"financials": {"period_end": "2025-12-31", **wrong}})


def test_the_doors_declare_what_they_answer() -> None:
    document = create_app(settings_for()).openapi()
    paths = document["paths"]
    put = paths["/screening/v1/customers/{customer_id}"]["put"]
    assert {"200", "201", "202", "401", "403", "422"} <= set(put["responses"])
    screening = document["components"]["schemas"]["ScreeningOut"]["properties"]
    assert {"outcome", "points", "reasons", "checks", "not_checked", "matches"} <= set(screening)
