"""Whatever happens in whatever order: one open case at most, always with a next day, no step twice."""

from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

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
from shared.contracts.recovery import CaseClosed, CaseOpened, DunningStepTaken
from shared.kernel.errors import ObligorError
from tests.unit.recovery.builders import (
    TODAY,
    a_book,
    a_tier,
    an_invoice,
    announced,
    arrears,
    close,
    days,
    said_by,
    some_work,
    turn_to,
)


@dataclass(frozen=True)
class Happening:
    """One thing that happens to a customer, or the end of some days when `kind` is `night`."""

    kind: str
    customer_id: str
    number: int
    tier: str
    action: ActionType


happenings = st.builds(
    Happening,
    kind=st.sampled_from(["arrears", "paid", "tier", "default", "cure", "act", "night", "night"]),
    customer_id=st.sampled_from(["A", "B"]),
    number=st.integers(0, 40),
    tier=st.sampled_from(["low", "medium", "high"]),
    action=st.sampled_from(ActionType),
)


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


def told(story: list[Happening]) -> Story:
    teller = Story()
    for what in story:
        teller.play(what)
    return teller


stories = st.lists(happenings, max_size=30)


@given(stories)
def test_a_customer_never_has_two_open_cases(story: list[Happening]) -> None:
    open_now: dict[str, set[str]] = defaultdict(set)
    for event in announced(told(story).work):
        if isinstance(event, CaseOpened):
            open_now[event.customer_id].add(event.case_id)
        if isinstance(event, CaseClosed):
            open_now[event.customer_id].remove(event.case_id)
        assert all(len(cases) <= 1 for cases in open_now.values())


@given(stories)
def test_what_was_announced_is_what_stands_in_the_book(story: list[Happening]) -> None:
    teller = told(story)
    opened = {event.case_id for event in said_by(teller.work, CaseOpened)}
    closed = {event.case_id for event in said_by(teller.work, CaseClosed)}
    assert {case.case_id for case in teller.book.open_cases.values()} == opened - closed


@given(stories)
def test_no_case_takes_a_dunning_step_twice(story: list[Happening]) -> None:
    steps = Counter(
        (event.case_id, event.step) for event in said_by(told(story).work, DunningStepTaken)
    )
    assert all(number == 1 for number in steps.values())


@given(stories)
def test_every_case_has_at_any_time_a_next_action(story: list[Happening]) -> None:
    for case in told(story).book.changed_cases.values():
        assert (case.plan is None) is (case.closed_on is not None)


@given(stories)
def test_an_open_case_is_always_woken_again(story: list[Happening]) -> None:
    teller = told(story)
    for customer_id, case in teller.book.open_cases.items():
        wake_on = teller.book.debtor(customer_id).wake_on
        assert wake_on is not None
        assert case.plan is not None
        assert wake_on <= max(case.plan.on, teller.day)


@given(stories)
def test_histories_are_numbered_without_repeats(story: list[Happening]) -> None:
    numbers = Counter((deed.case_id, deed.ordinal) for deed in told(story).book.deeds)
    assert all(count == 1 for count in numbers.values())


@given(stories)
def test_nobody_who_owes_nothing_has_a_case_in_the_morning(story: list[Happening]) -> None:
    teller = told([*story, Happening("night", "A", 0, "low", ActionType.NOTE)])
    for customer_id in teller.book.open_cases:
        assert teller.book.debtor(customer_id).claims


@given(stories)
def test_the_same_story_told_again_ends_the_same(story: list[Happening]) -> None:
    first, second = told(story), told(story)
    assert first.work.announced == second.work.announced
    assert first.work.decided == second.work.decided
    assert first.book == second.book
