"""Amounts as they are told, in minor units."""

from decimal import ROUND_HALF_UP, Decimal

from shared.kernel.money import minor_digits


def minor_of(amount: Decimal | None, currency: str) -> int:
    """An amount in minor units, rounded half up; nothing given counts as nothing."""
    if amount is None:
        return 0
    scaled = amount.scaleb(minor_digits(currency))
    whole = int(scaled)
    return whole if whole == scaled else int(scaled.to_integral_value(ROUND_HALF_UP))
