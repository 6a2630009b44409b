"""Discounts for paying early: a habit of taking them, and when it ends (T13, domain.md §4.1)."""

from dataclasses import dataclass, field
from datetime import date

from services.monitoring.domain.conduct.tally import Noted
from services.monitoring.domain.streaming.averages import DecayedRatio
from shared.kernel.values import quick, replace

LOST_KEPT = 12
HABIT_HALF_LIFE_DAYS = 365
"""How slowly the habit fades: a year ago counts half. It only says who is asked at all."""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What may be taken off an invoice that is paid by a day, in minor units."""

    until: date
    amount: int


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Discounts:
    """The offers open, the habit of taking them, and those lost since one was last taken.

    `habit` relates what was taken to what was decided, the running loss left out.
    """

    offers: dict[str, Offer] = field(default_factory=dict)
    taken: int = 0
    habit: DecayedRatio = field(default_factory=DecayedRatio)
    lost: tuple[Noted, ...] = ()

    def offered(self, invoice_id: str, offer: Offer) -> "Discounts":
        """The state with one more invoice that allows a discount."""
        return replace(self, offers={**self.offers, invoice_id: offer})

    def took(self, invoice_id: str, on: date) -> "Discounts":
        """The state after a discount was taken: what was lost before belongs to the habit."""
        decided = 1.0 + len(self.lost)
        habit = self.habit.after(1.0, decided, on, half_life_days=HABIT_HALF_LIFE_DAYS)
        return replace(self.dropped(invoice_id), taken=self.taken + 1, habit=habit, lost=())

    def dropped(self, invoice_id: str) -> "Discounts":
        """The state without an offer that says nothing: paid early in full, or withdrawn."""
        rest = {name: offer for name, offer in self.offers.items() if name != invoice_id}
        return replace(self, offers=rest)

    def missed(self, invoice_id: str, on: date) -> "Discounts":
        """The state after an offer went by with the invoice unpaid."""
        lost = (*self.lost, Noted(on=on, document=invoice_id))
        return replace(self.dropped(invoice_id), lost=lost[-LOST_KEPT:])
