"""What a batch of screening works on: entries of the register, taken out and put back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from services.screening.domain.model import Identifier, OwnHistory, RegisterEntry
from services.screening.domain.screen import ScreeningDecision


@dataclass(frozen=True, slots=True)
class ScreeningRow:
    """One screening to keep."""

    decision_id: str
    customer_id: str
    as_of: date
    policy_version: str
    decision: ScreeningDecision


@dataclass(slots=True)
class Book:
    """The entries, histories and identifiers that a batch may touch, and what changed of them."""

    partition: int
    entries: dict[str, RegisterEntry] = field(default_factory=dict)
    histories: dict[str, OwnHistory] = field(default_factory=dict)
    holders: dict[Identifier, str] = field(default_factory=dict)
    screenings: list[ScreeningRow] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)
    changed_histories: set[str] = field(default_factory=set)
    _held_before: Mapping[Identifier, str] = field(init=False)

    def __post_init__(self) -> None:
        self._held_before = dict(self.holders)

    def put(self, entry: RegisterEntry) -> None:
        """Put an entry in, new or changed."""
        customer_id = entry.customer.customer_id
        self.entries[customer_id] = entry
        self.changed.add(customer_id)

    def put_history(self, customer_id: str, history: OwnHistory) -> None:
        """Put in how a customer stands with us."""
        self.histories[customer_id] = history
        self.changed_histories.add(customer_id)

    def claim(self, customer_id: str, wanted: Iterable[Identifier]) -> tuple[Identifier, ...]:
        """Give a customer its identifiers, except those that another one holds: the clashes.

        What it held before and no longer has is free again.
        """
        wanted = tuple(wanted)
        for held in [each for each, holder in self.holders.items() if holder == customer_id]:
            if held not in wanted:
                del self.holders[held]
        for each in wanted:
            self.holders.setdefault(each, customer_id)
        return tuple(each for each in wanted if self.holders[each] != customer_id)

    def due(self, day: date) -> list[RegisterEntry]:
        """The entries whose verdict ends by a day, in the order of their customers."""
        return [
            entry
            for _, entry in sorted(self.entries.items())
            if entry.wake_on is not None and entry.wake_on <= day
        ]

    def released(self) -> list[tuple[Identifier, str]]:
        """Identifiers that nobody, or somebody else, holds now; with who held them."""
        return [
            (each, holder)
            for each, holder in sorted(self._held_before.items())
            if self.holders.get(each) != holder
        ]

    def claimed(self) -> list[tuple[Identifier, str]]:
        """Identifiers that have a new holder, in a fixed order."""
        return [
            (each, holder)
            for each, holder in sorted(self.holders.items())
            if self._held_before.get(each) != holder
        ]
