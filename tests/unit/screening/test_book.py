"""Who holds an identifier, and whose verdict ends."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.screening.domain.model import Identifier, LastVerdict, OwnHistory, RegisterEntry
from services.screening.storage import Book
from tests.unit.screening.builders import TODAY, a_book, a_customer

FIRST = Identifier("uscc", "1")
SECOND = Identifier("uscc", "2")


def an_entry(customer_id: str, *, valid_to: date) -> RegisterEntry:
    verdict = LastVerdict("d", "pass", TODAY, valid_to)
    return RegisterEntry(a_customer(customer_id), registered_at=TODAY, verdict=verdict)


def test_the_first_to_claim_an_identifier_holds_it() -> None:
    book = a_book()
    assert book.claim("C1", (FIRST,)) == ()
    assert book.claim("C2", (FIRST, SECOND)) == (FIRST,)
    assert book.holders == {FIRST: "C1", SECOND: "C2"}


def test_claiming_again_changes_nothing() -> None:
    book = Book(partition=0, holders={FIRST: "C1"})
    assert book.claim("C1", (FIRST,)) == ()
    assert book.claimed() == []
    assert book.released() == []


def test_what_a_customer_no_longer_has_is_free_again() -> None:
    book = Book(partition=0, holders={FIRST: "C1"})
    book.claim("C1", (SECOND,))
    assert book.released() == [(FIRST, "C1")]
    assert book.claimed() == [(SECOND, "C1")]


def test_an_identifier_can_change_hands_within_a_batch() -> None:
    book = Book(partition=0, holders={FIRST: "C1"})
    book.claim("C1", ())
    assert book.claim("C2", (FIRST,)) == ()
    assert book.released() == [(FIRST, "C1")]
    assert book.claimed() == [(FIRST, "C2")]


def test_verdicts_are_due_on_their_last_day_in_the_order_of_customers() -> None:
    book = a_book()
    for name, day in (("C3", TODAY), ("C1", TODAY), ("C2", date(2026, 3, 3))):
        book.put(an_entry(name, valid_to=day))
    assert [entry.customer.customer_id for entry in book.due(TODAY)] == ["C1", "C3"]


def test_what_was_put_in_is_what_changed() -> None:
    book = a_book()
    book.put(an_entry("C1", valid_to=TODAY))
    book.put_history("C2", OwnHistory(as_of=TODAY))
    assert book.changed == {"C1"}
    assert book.changed_histories == {"C2"}


identifiers = st.sets(st.sampled_from([Identifier("x", str(each)) for each in range(5)]))


@given(st.lists(st.tuples(st.sampled_from("ABC"), identifiers), max_size=12))
def test_nobody_ever_holds_what_somebody_else_holds(
    claims: list[tuple[str, set[Identifier]]],
) -> None:
    book = a_book()
    for customer_id, wanted in claims:
        clashes = book.claim(customer_id, sorted(wanted))
        held = {each for each, holder in book.holders.items() if holder == customer_id}
        assert held == wanted - set(clashes)
