"""Exact money: integer minor units and an ISO 4217 currency."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from shared.kernel.errors import InvalidInputError

# ISO 4217:2015 list one, currencies whose minor unit is not a hundredth.
_NO_DIGITS = (
    "BIF",
    "CLP",
    "DJF",
    "GNF",
    "ISK",
    "JPY",
    "KMF",
    "KRW",
    "PYG",
    "RWF",
    "UGX",
    "UYI",
    "VND",
    "VUV",
    "XAF",
    "XOF",
    "XPF",
)
_THREE_DIGITS = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
_DIGITS = {
    **dict.fromkeys(_NO_DIGITS, 0),
    **dict.fromkeys(_THREE_DIGITS, 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
_CODE_LETTERS = 3
_LARGEST = 10**15  # minor units; beyond it a figure is a mistake, and sums could leave int64


@lru_cache(maxsize=512)
def minor_digits(currency: str) -> int:
    """Digits after the decimal point of a currency: EUR 2, JPY 0, KWD 3 (ISO 4217)."""
    if len(currency) != _CODE_LETTERS or not (currency.isascii() and currency.isupper()):
        raise InvalidInputError(field="currency", value=currency, rule="must be an ISO 4217 code")
    return _DIGITS.get(currency, 2)


@lru_cache(maxsize=512)
def _exactly(factor: float) -> Decimal:
    return Decimal(repr(factor))


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An exact amount: `minor` integer minor units (cents) of `currency`. May be negative."""

    minor: int
    currency: str

    @classmethod
    def parse(cls, amount: Decimal | str, currency: str, *, field: str = "amount") -> "Money":
        """Read a decimal amount; refuses NaN, infinities, excess digits and absurd sizes."""
        digits = minor_digits(currency)
        try:
            scaled = Decimal(amount).scaleb(digits)
            minor = int(scaled)
        except (InvalidOperation, ValueError, OverflowError) as error:
            rule = "must be a finite decimal number"
            raise InvalidInputError(field=field, value=str(amount)[:40], rule=rule) from error
        if scaled != minor:
            rule = f"{currency} has {digits} decimal digits"
            raise InvalidInputError(field=field, value=str(amount)[:40], rule=rule)
        if abs(minor) > _LARGEST:
            raise InvalidInputError(
                field=field, value=str(amount)[:40], rule="must be below 10^15 minor units"
            )
        return cls(minor, currency)

    @classmethod
    def zero(cls, currency: str) -> "Money":
        """Nothing, in a currency."""
        return cls(0, currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units, with exactly the currency's digits."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._same(other)

    def times(self, factor: float) -> "Money":
        """Scale by a statistic and round once, half up, to the minor unit."""
        if not self.minor:
            return self
        exact = Decimal(self.minor) * _exactly(factor)
        return Money(int(exact.quantize(Decimal(1), ROUND_HALF_UP)), self.currency)

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            rule = f"cannot be combined with {self.currency}; convert first"
            raise InvalidInputError(field="currency", value=other.currency, rule=rule)
        return other.minor

    def shown(self) -> str:
        """Grouped digits and currency, for people: `1,234.50 EUR`."""
        return f"{self.amount:,} {self.currency}"


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Sum of amounts of one currency; zero of that currency when there are none."""
    return sum(amounts, Money.zero(currency))
