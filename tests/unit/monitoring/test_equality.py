"""Where a batch begins and ends changes nothing: neither what is kept nor what is said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from services.monitoring.domain.receivables.ledger import fold
from services.monitoring.storage.reading import stored_fact
from shared.contracts import transactions as tx
from shared.contracts.envelope import Event
from shared.contracts.monitoring import ExposureChanged
from tests.unit.monitoring.further_events import FURTHER, Ingredients, further
from tests.unit.monitoring.in_memory import POLICIES, Monitoring, Told, a_close

START = date(2025, 1, 1)
LONG = 260


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that may be told on any day, dated `shift` days from it."""

    kind: int
    customer: str
    name: str
    about: str
    cents: int
    shift: int
    number: int

    def event(self, told_on: date) -> Event:
        on, amount = told_on + timedelta(days=self.shift), Decimal(self.cents) / 100
        name, about = self.name, self.about
        match self.kind:
            case 0 | 1:
                return tx.InvoiceIssued(
                    invoice_id=name,
                    amount=amount,
                    currency="EUR",
                    invoice_date=on,
                    due_date=on + timedelta(days=self.number * 5),
                    order_id=about,
                    version=1 + self.number % 2,
                )
            case 2 | 3:
                named = (tx.Allocation(invoice_id=about, amount=amount),)
                return tx.PaymentReceived(
                    payment_id=name,
                    amount=amount,
                    currency="EUR",
                    value_date=on,
                    method="transfer",
                    allocations=named if self.number % 2 else (),
                )
            case 4:
                return tx.PaymentBounced(payment_id=name, reason="insufficient_funds", date=on)
            case 5:
                return tx.CreditNoteIssued(
                    credit_note_id=name,
                    invoice_id=about,
                    amount=amount,
                    currency="EUR",
                    reason="price",
                    date=on,
                )
            case _:
                return self._rarer(on, amount)

    def _rarer(self, on: date, amount: Decimal) -> Event:
        name = self.name
        match self.kind:
            case 6:
                return tx.InvoiceCancelled(invoice_id=name)
            case 7:
                return tx.OrderPlaced(order_id=name, amount=amount, currency="EUR")
            case 8:
                return tx.DisputeOpened(
                    dispute_id=name, invoice_id=self.about, amount=amount, code="PRICE", date=on
                )
            case 9:
                return tx.DisputeResolved(dispute_id=name, outcome="upheld")
            case _:
                of = Ingredients(name, self.about, amount, on, self.number)
                return further(self.kind - 10, of)


happenings = st.builds(
    Happening,
    kind=st.integers(0, 9 + len(FURTHER)),
    customer=st.sampled_from(["A", "B"]),
    name=st.sampled_from(["1", "2", "3"]),
    about=st.sampled_from(["1", "2", "3"]),
    cents=st.integers(1, 90_000),
    shift=st.sampled_from([0, 0, 0, -1, -3, 1, 2]),
    number=st.integers(0, 4),
)
told_days = st.tuples(st.sampled_from([1, 1, 2, LONG]), st.lists(happenings, max_size=4))


def _stream(days: Sequence[tuple[int, list[Happening]]]) -> list[Told]:
    """Days with facts of two customers, each closed at its end; some far enough apart to forget."""
    stream, day = [a_close(START - timedelta(days=1))], START
    for gap, told in days:
        stream += [
            Told(each.event(day), each.customer, day, id=f"{day}/{number}")
            for number, each in enumerate(told)
        ]
        stream += [a_close(day), a_close(day + timedelta(days=gap - 1))]
        day += timedelta(days=gap)
    return stream


streams = st.lists(told_days, min_size=1, max_size=8).map(_stream)


def run(stream: Sequence[Told], cuts: Sequence[int]) -> Monitoring:
    monitoring = Monitoring()
    edges = [0, *sorted({cut % (len(stream) + 1) for cut in cuts}), len(stream)]
    for begin, end in pairwise(edges):
        monitoring.run(stream[begin:end])
    return monitoring


def said(monitoring: Monitoring) -> list[object]:
    """Everything announced, exposure by its last value of the customer's day."""
    last = {
        (event.customer_id, event.as_of): event.exposures
        for event in monitoring.said(ExposureChanged)
        if isinstance(event, ExposureChanged)
    }
    rest = [event for _, event in monitoring.told if not isinstance(event, ExposureChanged)]
    return [last, rest]


@settings(max_examples=40, deadline=None)
@given(streams, st.lists(st.integers(0, 60), max_size=6))
def test_batch_boundaries_change_nothing(stream: list[Told], cuts: list[int]) -> None:
    one, many = run(stream, []), run(stream, cuts)
    assert one.accounts == many.accounts
    assert one.facts == many.facts
    assert one.waiting == many.waiting
    assert one.totals == many.totals
    assert one.statuses == many.statuses
    assert said(one) == said(many)


@settings(max_examples=40, deadline=None)
@given(streams)
def test_each_account_is_the_fold_of_its_facts(stream: list[Told]) -> None:
    policy = POLICIES.in_force(date.max).policy.ledger
    monitoring = run(stream, list(range(len(stream))))
    for name in monitoring.accounts:
        account = monitoring.customer(name).ledger.account
        mine = [stored_fact(row) for row in monitoring.facts.values() if row.customer_id == name]
        whole = fold(mine, policy)
        assert account.receivables == whole.receivables
        assert account.credits == whole.credits
        assert account.pending == whole.pending
        held = {key: order for key, order in whole.orders.items() if order.open}
        assert {key: order for key, order in account.orders.items() if order.open} == held
