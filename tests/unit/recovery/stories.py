"""Stories of customers who pay or do not, played to recovery record by record, night by night."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.recovery.domain.acting import ActionType
from services.recovery.domain.policy import RecoveryPolicy
from services.recovery.storage import Book
from services.recovery.usecases import (
    AddAction,
    add_action,
    keep_arrears,
    keep_cure,
    keep_default,
    take_tier,
)
from shared.chassis.work import Work
from shared.contracts.figures import CustomerFigures
from shared.contracts.monitoring import CustomerCured, DefaultFlagged
from shared.kernel.errors import ObligorError
from shared.kernel.ids import derived_id
from tests.unit.recovery.builders import (
    TODAY,
    a_book,
    a_tier,
    an_invoice,
    arrears,
    close,
    days,
    some_work,
    turn_to,
)

KINDS: Final = ("arrears", "paid", "tier", "default", "cure", "act", "night", "night")
CUSTOMERS: Final = ("A", "B")
TIERS: Final = ("low", "medium", "high")


@dataclass(frozen=True)
class Happening:
    """One thing that happens to a customer, or the end of some days when `kind` is `night`."""

    kind: str
    customer_id: str
    number: int
    tier: str
    action: ActionType


class Story:
    """Plays happenings to recovery, day after day."""

    def __init__(self) -> None:
        self.book: Book = a_book()
        self.work: Work[RecoveryPolicy] = some_work()
        self.day: date = TODAY
        self._records = 0

    def play(self, what: Happening) -> None:
        if what.kind == "night":
            for _ in range(what.number % 9 + 1):
                self._night()
            return
        self._records += 1
        turn_to(self.work, f"record-{self._records}", subject=what.customer_id)
        self._hear(what)

    def _hear(self, what: Happening) -> None:
        customer_id, due = what.customer_id, self.day - days(what.number + 1)
        match what.kind:
            case "arrears":
                disputed = "100.00" if what.number % 5 == 0 else "0.00"
                owed = an_invoice(due, disputed=disputed)
                keep_arrears(arrears(owed, customer_id=customer_id), self.book, self.work)
            case "paid":
                keep_arrears(arrears(customer_id=customer_id), self.book, self.work)
            case "tier":
                overdue = "100.00" if what.number % 3 else "0"
                event = a_tier(what.tier, overdue=overdue, customer_id=customer_id)
                take_tier(event, self.book, self.work)
            case "default":
                keep_default(self._default(customer_id), self.book, self.work)
            case "cure":
                keep_cure(self._cure(customer_id), self.book, self.work)
            case _:
                self._act(what)

    def _act(self, what: Happening) -> None:
        case = self.book.open_cases.get(what.customer_id)
        wish = AddAction(
            customer_id=what.customer_id,
            case_id=case.case_id if case else "none",
            type=what.action,
            note="as agreed",
            next_action="visit" if what.number % 2 else None,
            next_action_on=self.day + days(what.number) if what.number % 2 else None,
            promised_on=self.day + days(what.number % 15),
            waiver=what.number % 7 == 0,
        )
        with suppress(ObligorError):
            add_action(wish, self.book, self.work)

    def _night(self) -> None:
        close(self.day, self.book, self.work)
        for case in self.book.open_cases.values():
            assert case.plan is not None
            assert case.plan.on > self.day
        self.day += days(1)

    def _default(self, customer_id: str) -> DefaultFlagged:
        return DefaultFlagged(
            customer_id=customer_id,
            as_of=self.day,
            cause="past_due",
            days_past_due=91,
            figures=self._figures(),
        )

    def _cure(self, customer_id: str) -> CustomerCured:
        return CustomerCured(customer_id=customer_id, as_of=self.day, figures=self._figures())

    def _figures(self) -> CustomerFigures:
        return CustomerFigures(as_of=self.day, ews=50.0, band="amber")


def a_story(seed: int, length: int = 40) -> list[Happening]:
    """A story that follows from its seed, the same on every machine."""
    return [_happening(int(derived_id("story", seed, index), 16)) for index in range(length)]


def _happening(chance: int) -> Happening:
    return Happening(
        kind=KINDS[chance % 8],
        customer_id=CUSTOMERS[chance >> 8 & 1],
        number=(chance >> 16) % 41,
        tier=TIERS[(chance >> 32) % 3],
        action=tuple(ActionType)[(chance >> 48) % len(ActionType)],
    )
