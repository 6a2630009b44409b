"""Where a batch begins and ends changes nothing of what statements and transactions together say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.envelope import Event
from shared.contracts.monitoring import ExposureChanged
from tests.unit.monitoring.in_memory import Monitoring, Told, a_close
from tests.unit.monitoring.statement_builders import filed
from tests.unit.monitoring.telling import issued, paid

START = date(2025, 3, 3)


@dataclass(frozen=True, slots=True)
class Telling:
    """A statement of a year (its equity in thousandths of assets), an invoice or a payment."""

    kind: int
    year: int
    equity: int
    basis: str
    name: str

    def event(self, number: int) -> Event:
        match self.kind:
            case 0:
                return issued(self.name, on=number, terms=3)
            case 1:
                return paid(self.name, on=number, to=self.name)
            case _:
                owed, own = 1000 - self.equity, self.equity
                return filed(self.year, basis=self.basis, TL=owed, TE=own, CL=100)


said_of = st.builds(
    Telling,
    kind=st.integers(0, 4),
    year=st.integers(2021, 2024),
    equity=st.sampled_from([-50, 20, 240, 300, 500]),
    basis=st.sampled_from(["audited", "management"]),
    name=st.sampled_from(["1", "2"]),
)
days = st.lists(st.tuples(st.integers(1, 3), st.lists(said_of, max_size=3)), max_size=6)


def _stream(told: Sequence[tuple[int, list[Telling]]]) -> list[Told]:
    stream, number = [a_close(START - timedelta(days=1))], 0
    for gap, events in told:
        day = START + timedelta(days=number)
        stream += [
            Told(each.event(number), "C1", day, id=f"{day}/{place}")
            for place, each in enumerate(events)
        ]
        stream += [a_close(day + timedelta(days=more)) for more in range(gap)]
        number += gap
    return stream


def _run(stream: Sequence[Told], cuts: Sequence[int]) -> Monitoring:
    monitoring = Monitoring()
    edges = [0, *sorted({cut % (len(stream) + 1) for cut in cuts}), len(stream)]
    for begin, end in pairwise(edges):
        monitoring.run(stream[begin:end])
    return monitoring


def _said(monitoring: Monitoring) -> list[Event]:
    return [event for _, event in monitoring.told if not isinstance(event, ExposureChanged)]


@settings(max_examples=60, deadline=None)
@given(days.map(_stream), st.lists(st.integers(0, 40), max_size=5))
def test_batch_boundaries_change_nothing_of_what_statements_say(
    stream: list[Told], cuts: list[int]
) -> None:
    one, many = _run(stream, []), _run(stream, cuts)
    assert one.profiles == many.profiles
    assert one.accounts == many.accounts
    assert one.statuses == many.statuses
    assert _said(one) == _said(many)
