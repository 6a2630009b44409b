"""Who pays, how and from which account: B09 and B11 (domain.md §4.1)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from services.monitoring.domain.detectors import decay
from shared.kernel.values import quick, replace

ACCOUNTS_KEPT = 12
CHANGES_KEPT = 5
NEW, FROM_ELSEWHERE, NAME_MISMATCH = 1, 2, 3
USUAL_BANK = "commercial"
"""The type of bank that says nothing; virtual banks and payment institutions are a level 2."""
_COUNTRY_LETTERS = 2

METHODS: Final = {
    "transfer": 0,
    "card": 0,
    "bank_bill": 1,
    "bank": 1,
    "trade_bill": 2,
    "commercial": 2,
    "cheque": 3,
    "cash": 4,
}
"""How far down the ladder of payment methods one stands; bills by their kind. A set-off is no payment."""
STEPS: Final = ("transfer", "bank bill", "trade bill", "cheque", "cash")


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChange:
    """Money came, or is to come, from an account not seen before.

    `level` 1 is a new account, 2 one in a country not seen before, 3 one in another's name.
    """

    on: date
    level: int
    account: str
    country: str | None = None
    document: str | None = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """The accounts a customer pays from: those seen, the latest last, their countries, the changes.

    `paid` counts payments until there are enough to say what is usual.
    """

    known: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    paid: int = 0
    changes: tuple[AccountChange, ...] = ()

    def after(self, change: AccountChange, *, least: float) -> "Accounts":
        """The state after a payment from an account; new ones tell once `least` payments came."""
        if self.paid > least and self.known[-1] == change.account:
            return self
        country = change.country or country_of(change.account)
        seen = replace(
            self,
            known=_last(self.known, change.account, ACCOUNTS_KEPT),
            countries=self.countries if country is None else _last(self.countries, country, 5),
            paid=self.paid + 1,
        )
        if change.account in self.known or self.paid < least:
            return seen
        return seen.told(replace(change, country=country, level=self._level(country)))

    def told(self, change: AccountChange) -> "Accounts":
        """The state with a change, whoever told it; the account is known from now on."""
        return replace(
            self,
            known=_last(self.known, change.account, ACCOUNTS_KEPT),
            changes=_kept(self.changes, change),
        )

    def announced(self, change: AccountChange) -> "Accounts":
        """The state after somebody else told of a change; a foreign country makes it a level 2."""
        if change.account in self.known and change.level < NAME_MISMATCH:
            return self
        country = change.country or country_of(change.account)
        level = max(change.level, self._level(country))
        return self.told(replace(change, country=country, level=level))

    def _level(self, country: str | None) -> int:
        elsewhere = country is not None and self.countries and country not in self.countries
        return FROM_ELSEWHERE if elsewhere else NEW


def _kept(before: tuple[AccountChange, ...], newest: AccountChange) -> tuple[AccountChange, ...]:
    """The changes with the newest: where they get too many, the mildest goes, of equals the oldest."""
    if len(before) < CHANGES_KEPT:
        return (*before, newest)
    mildest = min(range(len(before)), key=lambda place: before[place].level)
    return (*before[:mildest], *before[mildest + 1 :], newest)


def country_of(account: str) -> str | None:
    """The country an IBAN begins with; None for other numbers."""
    start = account[:_COUNTRY_LETTERS].upper()
    digits = account[_COUNTRY_LETTERS : _COUNTRY_LETTERS + 2]
    return start if start.isascii() and start.isalpha() and digits.isdigit() else None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class MethodRules:
    """How a downgrade is judged.

    A method is usual if it has `usual_share` of the receipts, which fade by half every
    `half_life_days`; nothing is said before `least` receipts. What is kept up for more than `settled` receipts
    running is the new usual.
    """

    least: float
    usual_share: float
    half_life_days: float
    settled: float


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Methods:
    """The ladder of payment methods: what is usual, and a downgrade while it lasts.

    `weights` are the receipts by step of the ladder, faded to `on`. `steps` is how far below the usual
    the latest receipt stands, `running` for how many receipts.
    """

    weights: tuple[float, ...] = (0.0,) * len(STEPS)
    on: date | None = None
    receipts: int = 0
    usual: int = 0
    latest: int = 0
    steps: int = 0
    running: int = 0
    document: str | None = None

    def after(self, step: int, day: date, document: str, rules: MethodRules) -> "Methods":
        """The state after a receipt; a downgrade is not learned from until it has become usual."""
        steps = max(0, step - self.usual) if self.receipts >= rules.least else 0
        if steps and self.running < rules.settled:
            return replace(
                self,
                latest=step,
                steps=steps,
                running=self.running + 1,
                document=document,
            )
        return self._learned(step, day, document, rules, anew=bool(steps))

    def usual_step(self, rules: MethodRules) -> int:
        """The lowest step of the ladder that is usual; 0 before anything came."""
        total = sum(self.weights)
        usual = [s for s, w in enumerate(self.weights) if w and w >= rules.usual_share * total]
        return max(usual, default=0)

    def _learned(
        self, step: int, day: date, document: str, rules: MethodRules, *, anew: bool
    ) -> "Methods":
        on = day if self.on is None else max(self.on, day)
        kept = 0.0 if anew or self.on is None else decay((on - self.on).days, rules.half_life_days)
        weights = [weight * kept for weight in self.weights]
        weights[step] += decay((on - day).days, rules.half_life_days)
        learned = Methods(
            weights=tuple(weights),
            on=on,
            receipts=self.receipts + 1,
            latest=step,
            document=document,
        )
        return replace(learned, usual=learned.usual_step(rules))


def _last(kept: tuple[str, ...], one: str, most: int) -> tuple[str, ...]:
    return (*(each for each in kept if each != one), one)[-most:]
