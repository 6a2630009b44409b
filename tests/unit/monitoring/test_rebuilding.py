"""One chunk of customers rebuilt: what is sound stays untouched, what is not is put right and said."""

from datetime import UTC, date, datetime

import pytest

from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.ledger import Ledger
from services.monitoring.domain.standing import Standing
from services.monitoring.handlers import SERVICE
from services.monitoring.storage.book import Book, Customer, Total
from services.monitoring.storage.rebuilds import (
    EXAMPLES_KEPT,
    Difference,
    RebuildAccounts,
    RebuildChunk,
    RebuildPart,
    job_of,
    rebuilds_in,
)
from services.monitoring.usecases.rebuilding import rebuild_accounts
from shared.chassis.work import Work
from shared.contracts.monitoring import ExposureChanged
from shared.kernel.errors import NotFoundError
from tests.unit.monitoring.in_memory import POLICIES, a_close
from tests.unit.monitoring.ledger_builders import a_payment, an_invoice, day

POLICY = POLICIES.in_force(date.max).policy.ledger
ASKED_AT = datetime(2025, 3, 3, 12, tzinfo=UTC)
WISH = RebuildAccounts(rebuild_id="r1", partition=0, asked_at=ASKED_AT)
FACTS = (an_invoice("I1", "100"), an_invoice("I2", "50", on=40), a_payment("P1", "30", on=41))


def a_ledger(*facts: Fact) -> Ledger:
    ledger = Ledger()
    if facts:
        ledger.rebuild(facts, POLICY)
    return ledger


def a_customer(ledger: Ledger, *facts: Fact, owes: int = 120_00) -> Customer:
    return Customer(
        customer_id="C1",
        ledger=ledger,
        standing=Standing(open={"EUR": owes} if owes else {}),
        history=list(facts),
    )


def a_book(customer: Customer) -> Book:
    part = RebuildPart(rebuild_id="r1", partition=0, asked_at=ASKED_AT)
    return Book(
        partition=0,
        customers={"C1": customer},
        totals={"EUR": Total(open=1_000_00, customers=3)},
        rebuilds={"r1": RebuildChunk(part=part, customers=("C1",), following=None)},
    )


def a_work() -> Work[MonitoringPolicy]:
    return Work(
        service=SERVICE.name,
        topic=SERVICE.topic,
        partition=0,
        policies=POLICIES,
        closed_on=day(50),
        cause=a_close(day(50)).envelope,
    )


def rebuilt(book: Book, wish: RebuildAccounts = WISH) -> tuple[RebuildPart, Work[MonitoringPolicy]]:
    work = a_work()
    answer = rebuild_accounts(wish, book, work)
    assert (answer.status, answer.body["done"]) == (200, True)
    return book.rebuilds["r1"].part, work


def test_a_sound_account_is_not_even_written() -> None:
    book = a_book(a_customer(a_ledger(*FACTS), *FACTS))
    part, work = rebuilt(book)
    assert (part.customers, part.differed, part.jobs, part.done) == (1, 0, 1, True)
    assert (book.changed, work.announced) == (set(), [])
    assert book.rebuilds["r1"].handled


def test_a_customer_without_facts_is_sound() -> None:
    part, _ = rebuilt(a_book(a_customer(a_ledger(), owes=0)))
    assert part.differed == 0


def test_an_account_that_lost_a_fact_is_put_right_and_said() -> None:
    book = a_book(a_customer(a_ledger(*FACTS[:2]), *FACTS, owes=150_00))
    part, work = rebuilt(book)
    assert part.differed == 1
    assert part.figures["open"] == 1
    by_figure = {each.figure: (each.before, each.after) for each in part.examples}
    assert by_figure["open"] == ("150.00", "120.00")
    assert (book.totals["EUR"].open, book.totals["EUR"].customers) == (970_00, 3)
    assert [type(event) for _, event in work.announced] == [ExposureChanged]
    assert book.customers["C1"].wake_on == day(51)
    assert book.changed == {"C1"}


def test_a_difference_that_no_figure_shows_today_is_called_by_its_name() -> None:
    wrong = a_ledger(*FACTS)
    receivable = wrong.earlier.receivables["I1"]
    wrong.earlier.receivables["I1"] = receivable._replace(order_id="O9")
    part, _ = rebuilt(a_book(a_customer(wrong, *FACTS)))
    assert part.figures == {"state": 1}


def test_sums_are_corrected_once_and_for_no_customer() -> None:
    book = a_book(a_customer(a_ledger(*FACTS), *FACTS))
    book.rebuilds["r1"].corrects = True
    wish = RebuildAccounts(
        rebuild_id="r1", partition=0, asked_at=ASKED_AT, drift={"EUR": (7_00, 2), "USD": (-5, -1)}
    )
    part, _ = rebuilt(book, wish)
    assert (part.differed, part.figures) == (0, {"portfolio_total": 2})
    assert (book.totals["EUR"].open, book.totals["EUR"].customers) == (993_00, 1)
    assert (book.totals["USD"].open, book.totals["USD"].customers) == (5, 1)


def test_a_job_whose_chunk_was_not_loaded_is_refused() -> None:
    book = a_book(a_customer(a_ledger(*FACTS), *FACTS))
    book.rebuilds.clear()
    with pytest.raises(NotFoundError):
        rebuild_accounts(WISH, book, a_work())


def test_only_the_first_examples_are_kept() -> None:
    part = RebuildPart(rebuild_id="r1", partition=0, asked_at=ASKED_AT)
    for number in range(EXAMPLES_KEPT + 3):
        part.note(
            [
                Difference(
                    customer_id=f"C{number}", figure="open", currency="EUR", before="0", after="1"
                )
            ]
        )
    assert (part.differed, part.figures["open"]) == (EXAMPLES_KEPT + 3, EXAMPLES_KEPT + 3)
    assert len(part.examples) == EXAMPLES_KEPT


def test_a_job_reads_back_as_it_was_written() -> None:
    entry = job_of(WISH)
    assert entry.headers["ce_id"] == "r1/0/1"
    assert rebuilds_in([("rebuild_accounts", entry.value), ("rebuild_accounts", b"{}")]) == [WISH]
    assert rebuilds_in([("resolve_warning", entry.value)]) == []
