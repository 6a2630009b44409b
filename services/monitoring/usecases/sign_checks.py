"""What no signal can say: days, kinds, shares, amounts and names that are refused by their field."""

from datetime import date
from decimal import Decimal

from shared.kernel.dates import EARLIEST, LATEST
from shared.kernel.errors import InvalidInputError
from shared.kernel.maths import probability
from shared.kernel.money import Money

_LONGEST_NAME = 200
_LARGEST_NUMBER = 1_000_000


def check_day(field: str, day: date) -> None:
    """Refuse a day that nobody can mean."""
    if not EARLIEST <= day <= LATEST:
        raise InvalidInputError(
            field=field, value=day.isoformat(), rule=f"must lie between {EARLIEST} and {LATEST}"
        )


def known_kind(field: str, value: str, known: tuple[str, ...]) -> str:
    """Refuse a kind that no indicator would ever read."""
    if value not in known:
        rule = f"must be one of {', '.join(known)}"
        raise InvalidInputError(field=field, value=value[:40], rule=rule)
    return value


def share_of(field: str, share: float | None) -> float | None:
    """A share of 0 to 1, where one is told."""
    return None if share is None else probability(share, field=field)


def money_of(
    amount: Decimal | None, currency: str | None, *, field: str = "data.amount"
) -> Money | None:
    """An amount of 0 or more in its currency, where one is told."""
    if amount is None:
        return None
    if currency is None:
        raise InvalidInputError(field="data.currency", value=None, rule="must come with an amount")
    money = Money.parse(amount, currency, field=field)
    if money.minor < 0:
        raise InvalidInputError(field=field, value=str(amount), rule="must not be below 0")
    return money


def named(field: str, name: str) -> str:
    """A name that can be shown."""
    check_name(field, name)
    return name


def number_of(field: str, value: Decimal) -> float:
    """A number that is no amount, 0 or more."""
    if not value.is_finite() or not 0 <= value <= _LARGEST_NUMBER:
        rule = f"must lie between 0 and {_LARGEST_NUMBER}"
        raise InvalidInputError(field=field, value=str(value)[:40], rule=rule)
    return float(value)


def check_end(day: date | None) -> None:
    """Refuse an end that nobody can mean."""
    if day is not None:
        check_day("data.expires_on", day)


def check_name(field: str, name: str) -> None:
    """Refuse a name that cannot be shown."""
    if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
        rule = f"must have 1 to {_LONGEST_NAME} printable characters"
        raise InvalidInputError(field=field, value=name[:40], rule=rule)
