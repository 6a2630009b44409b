"""Check digits of the identifiers a customer is known by; pure arithmetic, no register is asked.

USCC: GB 32100-2015. Organisation code: GB 11714. LEI: ISO 17442-1 over ISO 7064 MOD 97-10.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from unicodedata import normalize

USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ALNUM: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS: Final = "0123456789"
_SEPARATORS: Final = "-.\u2010\u2013"  # hyphens and the en dash
_USCC_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORG_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
# GB 32100-2015 table 1: registering departments; letters are allowed, e.g. N rural collectives.
_USCC_DEPARTMENTS: Final = "123456789ANY"
_USCC_LENGTH: Final = 18
_ORG_LENGTH: Final = 9
_LEI_LENGTH: Final = 20
_DUNS_LENGTH: Final = 9
_MOD_97: Final = 97


class IdentifierFault(StrEnum):
    """Why an identifier cannot be right."""

    LENGTH = "LENGTH"
    CHARACTERS = "CHARACTERS"
    CHECKSUM = "CHECKSUM"


class IdentifierNote(StrEnum):
    """What is odd about an identifier, without making it wrong."""

    ORG_CODE_CHECK = "ORG_CODE_CHECK"
    UNKNOWN_DEPARTMENT = "UNKNOWN_DEPARTMENT"


@dataclass(frozen=True, slots=True)
class IdentifierVerdict:
    """Whether an identifier can exist; `expected_check` is what its check characters should be.

    `verifiable` is False for a scheme without a public check digit: then `valid` says only that
    nothing speaks against it.
    """

    valid: bool
    verifiable: bool = True
    fault: IdentifierFault | None = None
    expected_check: str | None = None
    notes: tuple[IdentifierNote, ...] = ()


def normalised(value: str) -> str:
    """Upper case without spaces, hyphens and full-width forms: how identifiers are compared."""
    folded = normalize("NFKC", value).upper()
    return "".join(char for char in folded if not char.isspace() and char not in _SEPARATORS)


def uscc_check(first_17: str) -> str:
    """The 18th character of a USCC: 31 less the weighted sum modulo 31 (GB 32100-2015)."""
    pairs = zip(first_17, _USCC_WEIGHTS, strict=True)
    weighted = sum(USCC_ALPHABET.index(char) * weight for char, weight in pairs)
    return USCC_ALPHABET[(31 - weighted % 31) % 31]


def org_code_check(first_8: str) -> str:
    """The 9th character of an organisation code: 11 less the weighted sum modulo 11 (GB 11714)."""
    pairs = zip(first_8, _ORG_WEIGHTS, strict=True)
    remainder = 11 - sum(_ALNUM.index(char) * weight for char, weight in pairs) % 11
    return {10: "X", 11: "0"}.get(remainder, str(remainder))


def lei_check(first_18: str) -> str:
    """The two check digits of an LEI: 98 less the number with `00` appended, modulo 97."""
    return f"{98 - _as_integer(first_18 + '00') % _MOD_97:02d}"


def verify_uscc(value: str) -> IdentifierVerdict:
    """Verify a unified social credit code (统一社会信用代码).

    Only the outer check character decides; a wrong inner organisation code is a note, because
    legacy codes exist, and so is a registering department outside the standard's table.
    """
    code = normalised(value)
    fault = _shape_fault(code, length=_USCC_LENGTH, alphabet=USCC_ALPHABET)
    if fault is None and any(char not in _DIGITS for char in code[2:8]):
        fault = IdentifierFault.CHARACTERS
    if fault is not None:
        return IdentifierVerdict(valid=False, fault=fault)
    return _checked(code[-1:], uscc_check(code[:-1]), notes=_uscc_notes(code))


def verify_org_code(value: str) -> IdentifierVerdict:
    """Verify an organisation code (组织机构代码), alone or as characters 9 to 17 of a USCC."""
    code = normalised(value)
    fault = _shape_fault(code, length=_ORG_LENGTH, alphabet=_ALNUM)
    if fault is not None:
        return IdentifierVerdict(valid=False, fault=fault)
    return _checked(code[-1:], org_code_check(code[:-1]))


def verify_lei(value: str) -> IdentifierVerdict:
    """Verify a legal entity identifier: 20 characters, modulo 97 equal to 1."""
    code = normalised(value)
    fault = _shape_fault(code, length=_LEI_LENGTH, alphabet=_ALNUM)
    if fault is None and not code[-2:].isdigit():
        fault = IdentifierFault.CHARACTERS
    if fault is not None:
        return IdentifierVerdict(valid=False, fault=fault)
    return _checked(code[-2:], lei_check(code[:-2]))


def verify_duns(value: str) -> IdentifierVerdict:
    """Look at the shape of a D-U-N-S number: nine digits; it has no reliable public check."""
    fault = _shape_fault(normalised(value), length=_DUNS_LENGTH, alphabet=_DIGITS)
    return IdentifierVerdict(valid=fault is None, verifiable=fault is not None, fault=fault)


VERIFIERS: Final[dict[str, Callable[[str], IdentifierVerdict]]] = {
    "uscc": verify_uscc,
    "org_code": verify_org_code,
    "lei": verify_lei,
    "duns": verify_duns,
}


def verify(scheme: str, value: str) -> IdentifierVerdict:
    """Verify an identifier of any scheme; one without a known rule is valid but not verifiable."""
    verifier = VERIFIERS.get(scheme)
    if verifier is None:
        return IdentifierVerdict(valid=True, verifiable=False)
    return verifier(value)


def _checked(
    given: str, expected: str, *, notes: tuple[IdentifierNote, ...] = ()
) -> IdentifierVerdict:
    if given == expected:
        return IdentifierVerdict(valid=True, expected_check=expected, notes=notes)
    return IdentifierVerdict(
        valid=False, fault=IdentifierFault.CHECKSUM, expected_check=expected, notes=notes
    )


def _shape_fault(code: str, *, length: int, alphabet: str) -> IdentifierFault | None:
    if len(code) != length:
        return IdentifierFault.LENGTH
    if any(char not in alphabet for char in code):
        return IdentifierFault.CHARACTERS
    return None


def _uscc_notes(code: str) -> tuple[IdentifierNote, ...]:
    notes = []
    if org_code_check(code[8:16]) != code[16]:
        notes.append(IdentifierNote.ORG_CODE_CHECK)
    if code[0] not in _USCC_DEPARTMENTS:
        notes.append(IdentifierNote.UNKNOWN_DEPARTMENT)
    return tuple(notes)


def _as_integer(code: str) -> int:
    return int("".join(str(_ALNUM.index(char)) for char in code))
