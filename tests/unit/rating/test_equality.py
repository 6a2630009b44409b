"""Where a batch begins and ends changes nothing: neither what is kept nor what is said."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rating.handlers import SERVICE
from services.rating.storage.book import Book, CustomerState
from shared.contracts.envelope import Event
from shared.contracts.financials import ExternalRatingPublished, FinancialStatementFiled
from shared.contracts.monitoring import BehaviourReported
from shared.decisions.stored import canonical_json
from tests.unit.rating.builders import a_book, a_statement, a_work, figures, hear

Heard = tuple[str, Event, date]
CUSTOMERS = st.sampled_from(["c1", "c2", "c3"])
DAYS = st.dates(date(2025, 6, 28), date(2025, 7, 4))


def filing(year: int, payables: int) -> FinancialStatementFiled:
    return FinancialStatementFiled(
        period_end=date(year, 12, 31),
        months=12,
        basis="audited",
        currency="EUR",
        unit="millions",
        lines={**a_statement().lines, "AP": Decimal(payables)},
    )


def report(customer_id: str, material_days: int, settled: int) -> BehaviourReported:
    return BehaviourReported(
        customer_id=customer_id,
        as_of=date(2025, 6, 30),
        occasion="month_end",
        figures=figures(material_days=material_days, settled=settled),
    )


@st.composite
def histories(draw: st.DrawFn) -> list[Heard]:
    heard: list[Heard] = []
    for _ in range(draw(st.integers(1, 12))):
        customer_id, day = draw(CUSTOMERS), draw(DAYS)
        kind = draw(st.sampled_from(["report", "filing", "grade"]))
        event: Event
        if kind == "report":
            late, settled = draw(st.sampled_from([0, 40, 70, 95])), draw(st.integers(0, 40))
            event = report(customer_id, late, settled)
        elif kind == "filing":
            event = filing(draw(st.sampled_from([2023, 2024])), draw(st.integers(1, 9)))
        else:
            grade = draw(st.sampled_from(["A", "BB", "B-"]))
            event = ExternalRatingPublished(agency="S&P", grade=grade, affirmed_on=day)
        heard.append((customer_id, event, day))
    return heard


def between_batches(book: Book) -> Book:
    """What is left of a book when it was saved and another batch loads it."""
    kept = a_book()
    for customer_id, state in book.customers.items():
        stored = msgspec.json.encode(state)
        kept.customers[customer_id] = msgspec.json.decode(stored, type=CustomerState)
    kept.evidence = book.evidence
    return kept


class Run:
    """One service worked through a history, in batches of some sizes; a day closes in between."""

    def __init__(self, history: Sequence[Heard], sizes: Iterator[int]) -> None:
        self.book, self.work = a_book(), a_work(closed_on=date(2025, 6, 29))
        self.ratings: list[str] = []
        left = next(sizes)
        for number, (customer_id, event, day) in enumerate(history):
            self._hear(number, customer_id, event, day)
            left -= 1
            if left <= 0:
                self._save()
                left = next(sizes)
        self._close(date(2025, 7, 4))
        self._save()

    def _hear(self, number: int, customer_id: str, event: Event, day: date) -> None:
        del number
        hear(event, self.book, self.work, subject=customer_id, day=day)

    def _save(self) -> None:
        self.ratings += [canonical_json(rating) for rating in self.book.ratings]
        self.book = between_batches(self.book)

    def _close(self, day: date) -> None:
        self.work.closing = day
        SERVICE.close_day(day, self.book, self.work)

    @property
    def told(self) -> tuple[object, ...]:
        """Everything that was said and kept."""
        states = {name: msgspec.to_builtins(each) for name, each in self.book.customers.items()}
        said = [(envelope, event) for envelope, event in self.work.announced]
        return (said, self.work.decided, self.ratings, states)


def forever(sizes: Sequence[int]) -> Iterator[int]:
    while True:
        yield from sizes


@settings(max_examples=60)
@given(histories(), st.lists(st.integers(1, 5), min_size=1, max_size=4))
def test_batch_boundaries_change_nothing(history: list[Heard], sizes: list[int]) -> None:
    assert Run(history, forever(sizes)).told == Run(history, forever([1000])).told


@settings(max_examples=30)
@given(histories())
def test_the_same_history_is_told_the_same_way_twice(history: list[Heard]) -> None:
    assert Run(history, forever([3])).told == Run(history, forever([3])).told


@settings(max_examples=30)
@given(histories())
def test_customers_do_not_touch_one_another(history: list[Heard]) -> None:
    together = Run(history, forever([1000]))
    for customer_id in ("c1", "c2", "c3"):
        alone = Run([each for each in history if each[0] == customer_id], forever([1000]))
        mine = [each.outcome for each in together.work.decided if each.customer_id == customer_id]
        assert [each.outcome for each in alone.work.decided] == mine


@settings(max_examples=30)
@given(histories())
def test_every_decision_has_one_rating_and_one_answer(history: list[Heard]) -> None:
    run = Run(history, forever([2]))
    answers = [event for _, event in run.work.announced if hasattr(event, "decision_id")]
    assert len(run.work.decided) == len(run.ratings) == len(answers)
