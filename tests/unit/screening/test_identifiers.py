"""Check digits of USCC, organisation code and LEI, against golden cases and python-stdnum."""

import json
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import lei as stdnum_lei
from stdnum.cn import uscc as stdnum_uscc

from services.screening.domain.identifiers import (
    USCC_ALPHABET,
    IdentifierFault,
    IdentifierNote,
    lei_check,
    normalised,
    org_code_check,
    uscc_check,
    verify,
    verify_duns,
    verify_lei,
    verify_org_code,
    verify_uscc,
)

GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "screening.json").read_text())
REAL_USCC = "91330100799655058B"
REAL_LEI = "5493001KJTIIGC8Y1R12"

uscc_digits = st.text("0123456789", min_size=8, max_size=8)
uscc_tail = st.text(USCC_ALPHABET, min_size=9, max_size=9)
lei_stem = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=18, max_size=18)


def test_golden_id_1_is_a_valid_credit_code() -> None:
    case = GOLDEN["ID-1"]
    verdict = verify_uscc(case["in"]["uscc"])
    assert verdict.valid is case["out"]["valid"]
    assert verdict.expected_check == case["out"]["check"]
    assert org_code_check(case["in"]["uscc"][8:16]) == case["out"]["org_check"]
    assert verdict.notes == ()


def test_golden_id_2_names_the_check_character_it_expected() -> None:
    case = GOLDEN["ID-2"]
    verdict = verify_uscc(case["in"]["uscc"])
    assert verdict.valid is False
    assert verdict.fault == case["out"]["reason"]
    assert verdict.expected_check == case["out"]["expected_check"]


def test_golden_id_3_is_a_valid_lei() -> None:
    case = GOLDEN["ID-3"]
    verdict = verify_lei(case["in"]["lei"])
    assert verdict.valid
    assert verdict.expected_check == case["out"]["check"]


def test_golden_id_4_has_swapped_check_digits() -> None:
    verdict = verify_lei(GOLDEN["ID-4"]["in"]["lei"])
    assert not verdict.valid
    assert verdict.fault is IdentifierFault.CHECKSUM


@given(uscc_digits, uscc_tail)
def test_a_computed_credit_code_satisfies_stdnum_too(digits: str, tail: str) -> None:
    stem = digits + tail
    code = stem + uscc_check(stem)
    assert verify_uscc(code).valid
    assert stdnum_uscc.is_valid(code)


@given(uscc_digits, uscc_tail, st.sampled_from(USCC_ALPHABET))
def test_we_and_stdnum_refuse_the_same_credit_codes(digits: str, tail: str, check: str) -> None:
    code = digits + tail + check
    assert verify_uscc(code).valid == stdnum_uscc.is_valid(code)


@given(uscc_digits, uscc_tail, st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_any_single_wrong_character_breaks_a_credit_code(
    digits: str, tail: str, position: int, wrong: str
) -> None:
    stem = digits + tail
    code = stem + uscc_check(stem)
    assume(code[position] != wrong)
    assert not verify_uscc(code[:position] + wrong + code[position + 1 :]).valid


@given(lei_stem)
def test_a_computed_lei_satisfies_stdnum_too(stem: str) -> None:
    code = stem + lei_check(stem)
    assert verify_lei(code).valid
    assert stdnum_lei.is_valid(code)


@given(lei_stem, st.integers(0, 97))
def test_only_one_pair_of_check_digits_is_right(stem: str, pair: int) -> None:
    given_pair = f"{pair:02d}"
    verdict = verify_lei(stem + given_pair)
    assert verdict.valid == (given_pair == lei_check(stem))


@pytest.mark.parametrize("code", [REAL_USCC[:-1], REAL_USCC + "0", ""])
def test_a_credit_code_has_eighteen_characters(code: str) -> None:
    assert verify_uscc(code).fault is IdentifierFault.LENGTH


@pytest.mark.parametrize("letter", "IOSVZ")
def test_letters_that_look_like_digits_are_not_in_credit_codes(letter: str) -> None:
    code = REAL_USCC[:9] + letter + REAL_USCC[10:]
    assert verify_uscc(code).fault is IdentifierFault.CHARACTERS


def test_a_credit_code_of_a_rural_collective_begins_with_n() -> None:
    stem = "N2330100799655058"
    verdict = verify_uscc(stem + uscc_check(stem))
    assert verdict.valid
    assert verdict.notes == ()


def test_the_region_of_a_credit_code_is_numeric() -> None:
    stem = "91A30100799655058"
    assert verify_uscc(stem + uscc_check(stem)).fault is IdentifierFault.CHARACTERS


def test_an_unknown_department_is_a_note_and_not_a_fault() -> None:
    stem = "X1330100799655058"
    verdict = verify_uscc(stem + uscc_check(stem))
    assert verdict.valid
    assert verdict.notes == (IdentifierNote.UNKNOWN_DEPARTMENT,)


def test_a_wrong_inner_organisation_code_is_a_note_because_legacy_codes_exist() -> None:
    stem = "91330100799655059"
    verdict = verify_uscc(stem + uscc_check(stem))
    assert verdict.valid
    assert verdict.notes == (IdentifierNote.ORG_CODE_CHECK,)


def test_an_organisation_code_alone_is_verified() -> None:
    assert verify_org_code("79965505-8").valid
    assert verify_org_code("79965505-7").fault is IdentifierFault.CHECKSUM
    assert verify_org_code("7996550").fault is IdentifierFault.LENGTH


@pytest.mark.parametrize(
    ("stem", "check"), [("79965505", "8"), ("00000000", "0"), ("00000006", "X"), ("00000005", "1")]
)
def test_organisation_checks_of_ten_and_eleven_are_x_and_zero(stem: str, check: str) -> None:
    assert org_code_check(stem) == check
    assert verify_org_code(stem + check).valid


def test_an_lei_has_twenty_characters() -> None:
    assert verify_lei(REAL_LEI[:-1]).fault is IdentifierFault.LENGTH


def test_the_check_digits_of_an_lei_are_digits() -> None:
    assert verify_lei(REAL_LEI[:-2] + "A2").fault is IdentifierFault.CHARACTERS


def test_a_duns_number_has_no_public_check() -> None:
    assert verify_duns("12-345-6789").valid
    assert not verify_duns("12-345-6789").verifiable
    assert verify_duns("12345678").fault is IdentifierFault.LENGTH
    assert verify_duns("12345678A").fault is IdentifierFault.CHARACTERS


def test_a_scheme_without_a_rule_is_accepted_but_not_verified() -> None:
    verdict = verify("vat", "DE123456789")
    assert verdict.valid
    assert not verdict.verifiable


@pytest.mark.parametrize("scheme", ["uscc", "lei", "org_code"])
def test_known_schemes_are_verified_by_their_rule(scheme: str) -> None:
    assert verify(scheme, "not a code").valid is False


@pytest.mark.parametrize(
    "written",
    ["\uff19\uff11\uff13\uff130100799655058b", " 9133 0100 7996 5505 8B ", "9133-0100-79965505-8B"],
)
def test_identifiers_are_compared_without_width_case_spaces_and_hyphens(written: str) -> None:
    assert normalised(written) == REAL_USCC
    assert verify_uscc(written).valid


@given(st.text(max_size=40))
def test_any_text_gets_a_verdict_and_no_crash(text: str) -> None:
    for scheme in ("uscc", "lei", "org_code", "duns", "other"):
        verify(scheme, text)


@given(st.text(st.characters(max_codepoint=0x7F) | st.sampled_from("\uff10\uff21\u3000")))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)
