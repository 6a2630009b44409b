"""The register's facts: what is refused, what counts as the same, how names are found."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.screening.domain.model import (
    Address,
    Contact,
    Customer,
    Identifier,
    LastVerdict,
    LegalName,
    RegisterEntry,
    name_key,
    script_of,
)
from shared.kernel.errors import InvalidInputError
from tests.unit.screening.builders import CHINESE_NAME, USCC, a_customer, a_name


def test_a_chinese_name_is_kept_exactly_as_given() -> None:
    assert LegalName(CHINESE_NAME, "Hans").name == CHINESE_NAME


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Acme Trading", "ACME trading"),
        ("\uff21cme  Trading", "acme trading"),
        ("Straße AG", "STRASSE ag"),
        ("北京小桔科技有限公司", "北京小桔科技有限公司"),
        ("Ａ股份有限公司", "a股份有限公司"),  # full-width on purpose
    ],
)
def test_a_name_is_found_however_it_is_typed(stored: str, typed: str) -> None:
    assert LegalName(stored, "Latn").key == name_key(typed)


@given(st.text(max_size=60))
def test_a_search_key_has_single_spaces_only(name: str) -> None:
    assert "  " not in name_key(name)
    assert name_key(name) == name_key(name).strip()


@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("Acme", "Latn"),
        (CHINESE_NAME, "Hans"),
        ("Acme 中国", "Hans"),
        ("\U00020000", "Hans"),
        ("", "Latn"),
        ("Ελλάς", "Latn"),
    ],
)
def test_a_chinese_character_makes_a_name_chinese(name: str, script: str) -> None:
    assert script_of(name) == script


@pytest.mark.parametrize("name", ["", "   ", "a\x00b", "x" * 501])
def test_a_name_has_readable_characters(name: str) -> None:
    with pytest.raises(InvalidInputError, match="characters"):
        a_name(name)


@pytest.mark.parametrize("script", ["", "Han", "Chinese", "Ha1s"])
def test_a_script_has_four_letters(script: str) -> None:
    with pytest.raises(InvalidInputError, match="15924"):
        LegalName("Acme", script)


def test_the_longest_name_has_five_hundred_characters() -> None:
    assert len(a_name("x" * 500).name) == 500


def test_identifiers_written_differently_are_the_same() -> None:
    assert Identifier.given(" USCC ", "9133 0100 7996 5505 8b") == Identifier("uscc", USCC)


@pytest.mark.parametrize(("scheme", "value"), [("", "1"), ("uscc", ""), ("uscc", " - ")])
def test_an_identifier_has_a_scheme_and_a_value(scheme: str, value: str) -> None:
    with pytest.raises(InvalidInputError):
        Identifier.given(scheme, value)


@pytest.mark.parametrize("customer_id", ["", " ", "\x00"])
def test_a_customer_has_an_id(customer_id: str) -> None:
    with pytest.raises(InvalidInputError):
        a_customer(customer_id)


def test_a_customer_has_at_least_one_name() -> None:
    with pytest.raises(InvalidInputError, match="at least one name"):
        Customer("C1", (), "CN")


@pytest.mark.parametrize("country", ["", "C", "CHN", "cn", "C1", "ÄÖ"])
def test_a_country_has_two_capital_letters(country: str) -> None:
    with pytest.raises(InvalidInputError, match="3166"):
        Customer("C1", (a_name(),), country)


def test_an_identifier_is_not_given_twice() -> None:
    twice = (Identifier("uscc", USCC), Identifier("uscc", USCC))
    with pytest.raises(InvalidInputError, match="not repeat"):
        a_customer(identifiers=twice)


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
def test_text_that_no_database_can_hold_is_refused_wherever_it_stands(text: str) -> None:
    with pytest.raises(InvalidInputError, match="NUL"):
        replace(a_customer(), addresses=(Address(lines=("Street 1", text)),))
    with pytest.raises(InvalidInputError, match="NUL"):
        replace(a_customer(), contacts=(Contact(email=text),))


def test_the_first_name_is_the_one_shown() -> None:
    customer = Customer("C1", (a_name("Acme"), a_name(CHINESE_NAME, "Hans")), "CN")
    assert customer.name == "Acme"


def test_the_version_is_no_fact() -> None:
    assert a_customer(version=1).says_the_same_as(a_customer(version=7))
    assert not a_customer(name="Acme").says_the_same_as(a_customer(name="Bcme"))


def test_changes_are_named_by_their_fields() -> None:
    before = a_customer()
    after = replace(before, segment="retail", registered_on=date(2020, 1, 1), version=2)
    assert after.changes_since(before) == {"segment", "registered_on"}


def test_an_entry_without_a_verdict_wakes_never() -> None:
    assert RegisterEntry(a_customer(), registered_at=date(2026, 1, 1)).wake_on is None


def test_an_entry_wakes_when_its_verdict_ends() -> None:
    verdict = LastVerdict("d1", "pass", date(2026, 1, 1), date(2027, 1, 1))
    entry = RegisterEntry(a_customer(), registered_at=date(2026, 1, 1), verdict=verdict)
    assert entry.wake_on == date(2027, 1, 1)
