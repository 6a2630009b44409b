"""Identifiers with valid check digits, invented from dice (domain.md §1.2)."""

from random import Random

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_LEI_OPERATING_UNIT = "9845"  # an issuer prefix in use; the rest is invented


def an_uscc(dice: Random, *, region: str) -> str:
    """A Unified Social Credit Code of an enterprise: GB 32100 with a GB 11714 organisation code."""
    serial = f"{dice.randrange(10**8):08d}"
    body = f"91{region}{serial}{_organisation_check(serial)}"
    weighted = sum(
        _USCC_ALPHABET.index(symbol) * weight
        for symbol, weight in zip(body, _USCC_WEIGHTS, strict=True)
    )
    return body + _USCC_ALPHABET[(31 - weighted % 31) % 31]


def _organisation_check(serial: str) -> str:
    weighted = sum(
        int(digit) * weight for digit, weight in zip(serial, _ORGANISATION_WEIGHTS, strict=True)
    )
    check = 11 - weighted % 11
    return {10: "X", 11: "0"}.get(check, str(check))


def a_lei(dice: Random) -> str:
    """A Legal Entity Identifier: ISO 17442-1, check digits by ISO 7064 MOD 97-10."""
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    body = _LEI_OPERATING_UNIT + "00" + "".join(dice.choice(alphabet) for _ in range(12))
    number = int("".join(str(int(symbol, 36)) for symbol in body + "00"))
    return f"{body}{98 - number % 97:02d}"
