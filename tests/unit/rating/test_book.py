"""The book of a batch: what is due when, and what was changed."""

from datetime import date

import msgspec
import pytest

from services.rating.domain.model import GradeOverride
from services.rating.storage.book import CustomerState, OverrideProposal, WaitingFact
from tests.unit.rating.builders import DAY, YEAR_END, a_book, a_statement, an_opinion, figures

OVERRIDE = GradeOverride("B", "visit", "anna", "bert", date(2025, 7, 31))


def test_a_customer_without_a_rating_never_wakes() -> None:
    assert CustomerState("c1").wake_on is None


def test_a_customer_wakes_when_the_validity_ends() -> None:
    assert CustomerState("c1", valid_to=DAY).wake_on == DAY


def test_a_customer_wakes_the_day_after_an_override_s_last() -> None:
    assert CustomerState("c1", override=OVERRIDE).wake_on == date(2025, 8, 1)


def test_a_customer_wakes_for_the_first_of_several_things() -> None:
    waiting = (WaitingFact(date(2025, 7, 3), "x"), WaitingFact(date(2025, 7, 2), "y"))
    state = CustomerState("c1", valid_to=date(2025, 9, 1), override=OVERRIDE, waiting=waiting)
    assert state.wake_on == date(2025, 7, 2)


def test_asking_for_a_customer_changes_nothing() -> None:
    book = a_book()
    assert book.known("c1") is None
    assert book.changed == set()


def test_opening_a_customer_marks_it_as_changed() -> None:
    book = a_book()
    book.open("c1").grade = "BB"
    known = book.known("c1")
    assert known is not None
    assert known.grade == "BB"
    assert book.changed == {"c1"}


@pytest.mark.parametrize(
    ("day", "awake"), [(date(2025, 6, 29), ()), (DAY, ("c1",)), (date(2025, 7, 1), ("c1", "c2"))]
)
def test_whoever_is_due_wakes(day: date, awake: tuple[str, ...]) -> None:
    book = a_book()
    book.customers = {
        "c2": CustomerState("c2", valid_to=date(2025, 7, 1)),
        "c1": CustomerState("c1", valid_to=DAY),
        "c0": CustomerState("c0"),
    }
    assert book.waking(day) == awake


@pytest.mark.parametrize(("as_of", "counted"), [(date(2025, 6, 29), 0), (DAY, 1)])
def test_a_statement_counts_from_its_day(as_of: date, counted: int) -> None:
    book = a_book()
    book.file("c1", a_statement(), due_on=DAY)
    assert len(book.statements_of("c1", as_of=as_of)) == counted


@pytest.mark.parametrize(("as_of", "counted"), [(date(2025, 6, 29), 0), (DAY, 1)])
def test_an_opinion_counts_from_its_day(as_of: date, counted: int) -> None:
    book = a_book()
    book.publish("c1", an_opinion(), due_on=DAY)
    assert len(book.opinions_of("c1", as_of=as_of)) == counted


def test_two_agencies_opinions_stand_side_by_side() -> None:
    book = a_book()
    book.publish("c1", an_opinion("BB"), due_on=YEAR_END)
    book.publish("c1", an_opinion("BB", agency="Fitch"), due_on=YEAR_END)
    book.publish("c1", an_opinion("B", agency="fitch"), due_on=YEAR_END)
    assert [each.grade for each in book.opinions_of("c1", as_of=DAY)] == ["B", "BB"]


def test_what_was_filed_about_one_customer_is_not_another_s() -> None:
    book = a_book()
    book.file("c1", a_statement(), due_on=DAY)
    assert book.statements_of("c2", as_of=DAY) == ()
    assert book.filed == {("c1", (YEAR_END, 12))}


def test_a_state_is_the_same_after_it_was_written_and_read() -> None:
    state = CustomerState(
        "c1",
        segment="wholesale",
        country="DE",
        verdict="pass",
        figures=figures(material_days=12),
        rated=3,
        grade="BB-",
        valid_to=DAY,
        override=OVERRIDE,
        proposal=OverrideProposal("p1", "B", "visit", "anna", DAY),
        waiting=(WaitingFact(DAY, "financial_statement"),),
    )
    assert msgspec.json.decode(msgspec.json.encode(state), type=CustomerState) == state
