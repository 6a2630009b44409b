"""Ids that come again with another body: parked, and told to the service once each."""

from dataclasses import replace

import pytest

from shared.bus.port import Record
from shared.chassis.sieve import REPLAY_TYPE, ConflictingDuplicateError, parked
from shared.chassis.work import Work
from shared.contracts import catalogue
from shared.kernel.partitions import partition_of
from shared.log.dead_letters import wrap
from shared.testing.toy import ToyBook, ToyPolicy
from shared.testing.workers import Bench
from tests.component.chassis.test_batch import orders, take
from tests.unit.chassis.records import CUSTOMER, HOME, PARTITIONS, a_record, an_envelope, an_order

NEIGHBOUR = next(name for n in range(99) if partition_of(name := f"n{n}", PARTITIONS) == HOME)


def note_conflict(book: ToyBook, work: Work[ToyPolicy]) -> None:
    """Note the conflict where the customer's orders are kept, if there are any."""
    if work.cause.subject in book.orders:
        book.orders[work.cause.subject].append(f"conflict {work.cause.id}")


@pytest.fixture
def noting(toy: Bench) -> Bench:
    return replace(toy, service=replace(toy.service, on_conflict=note_conflict))


def told(name: str, body: str, position: int, customer: str = CUSTOMER) -> Record:
    envelope = an_envelope(id=name, subject=customer)
    return a_record(an_order(body), envelope, position=position, log_offset=position, key=customer)


STREAM = (
    told("nobody", "x", 0, NEIGHBOUR),
    told("a", "a", 1),
    told("nobody", "y", 2),
    told("a", "other", 3),
    told("b", "b", 4),
    told("a", "third", 5),
    told("b", "b", 6),
)
EXPECTED = ["a", "conflict nobody", "conflict a", "b", "conflict a"]


async def of_customer(toy: Bench) -> list[str]:
    query = "SELECT orders FROM monitoring.tally WHERE customer_id = :name"
    ((kept,),) = await toy.fetch(query, name=CUSTOMER)
    return list(kept)


@pytest.mark.parametrize("size", [1, 2, 3, len(STREAM)])
async def test_each_conflict_is_told_in_its_turn_whatever_the_batches(
    noting: Bench, size: int
) -> None:
    for start in range(0, len(STREAM), size):
        await take(noting, *STREAM[start : start + size])
    assert await of_customer(noting) == EXPECTED


async def test_a_conflict_delivered_again_is_told_once(noting: Bench) -> None:
    await take(noting, *STREAM[:4])
    await take(noting, *STREAM[2:4], *STREAM, STREAM[5])
    assert await of_customer(noting) == EXPECTED


async def test_a_conflict_that_is_replayed_is_not_told_again(noting: Bench) -> None:
    await take(noting, told("a", "a", 0), told("a", "other", 1))
    letter = parked(told("a", "other", 1), ConflictingDuplicateError())
    envelope = an_envelope(REPLAY_TYPE, id="job-1")
    await take(noting, a_record(envelope=envelope, topic=catalogue.JOBS, value=wrap(letter)))
    assert await orders(noting) == ["a", "conflict a"]


async def test_a_service_that_does_not_listen_only_parks(toy: Bench) -> None:
    outcome = await take(toy, told("a", "a", 0), told("a", "other", 1))
    assert outcome.parked == {"conflicting_duplicate": 1}
    assert await orders(toy) == ["a"]
