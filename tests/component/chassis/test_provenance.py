"""Log offsets in the headers of upstream topics: believed where the log bears them out."""

from dataclasses import replace

import pytest
from sqlalchemy import literal, select

from shared.bus.port import LOG_OFFSET_HEADER, Record
from shared.chassis.tables import chassis_tables
from shared.contracts import catalogue
from shared.log.append import Entry, append
from shared.log.checkpoints import load_checkpoints
from shared.testing.workers import Bench
from tests.component.chassis.test_batch import orders, take
from tests.unit.chassis.records import HOME, a_record, an_envelope, an_order


def over_kafka(name: str, position: int, offset: int | None) -> Record:
    """An order as it comes over Kafka; `offset` is what its header says."""
    shown = {} if offset is None else {LOG_OFFSET_HEADER: str(offset)}
    record = a_record(an_order(name), an_envelope(id=name), position=position, log_offset=offset)
    return record._replace(headers={**record.headers, **shown})


async def in_the_log(toy: Bench, *names: str) -> None:
    """Orders that came in through the door."""
    tables = chassis_tables("monitoring", toy.service.metadata)
    records = [over_kafka(name, 0, None) for name in names]
    entries = [
        Entry(each.topic, HOME, each.key or "", each.headers, each.value) for each in records
    ]
    async with toy.database.transaction() as conn:
        await conn.execute(select(literal(1)))  # the log expects an open transaction
        await append(conn, tables.log, entries)


async def worked_off(toy: Bench) -> int:
    tables = chassis_tables("monitoring", toy.service.metadata)
    async with toy.database.transaction() as conn:
        await conn.execute(select(literal(1)))
        found = await load_checkpoints(conn, tables.work, HOME)
    return found[catalogue.TRANSACTIONS].log_offset


@pytest.fixture
def reader(toy: Bench) -> Bench:
    """A service that reads the topic, whose log is another's."""
    return replace(toy, service=replace(toy.service, hosts=()))


async def test_what_lies_in_the_log_is_believed(toy: Bench) -> None:
    await in_the_log(toy, "a", "b")
    await take(toy, over_kafka("a", 0, 0), over_kafka("x", 1, None), over_kafka("b", 2, 1))
    assert await worked_off(toy) == 1


@pytest.mark.parametrize("offset", [0, 1, 2, 999_999])
async def test_an_offset_that_an_outsider_made_up_is_not(toy: Bench, offset: int) -> None:
    await in_the_log(toy, "a", "b")
    await take(toy, over_kafka("forged", 0, offset))
    assert (await orders(toy), await worked_off(toy)) == (["forged"], -1)
    await take(toy, over_kafka("a", 1, 0), over_kafka("b", 2, 1))
    assert (await orders(toy), await worked_off(toy)) == (["forged", "a", "b"], 1)


async def test_a_record_shipped_again_takes_nothing_back(toy: Bench) -> None:
    await in_the_log(toy, "a", "b")
    await take(toy, over_kafka("a", 0, 0), over_kafka("b", 1, 1))
    await take(toy, over_kafka("a", 2, 0))
    assert await worked_off(toy) == 1


async def test_of_another_s_log_only_the_next_record_is_believed(reader: Bench) -> None:
    await take(reader, over_kafka("forged", 0, 7), over_kafka("a", 1, 0), over_kafka("b", 2, 1))
    assert (await orders(reader), await worked_off(reader)) == (["forged", "a", "b"], 1)


async def test_what_was_read_from_the_log_itself_needs_no_proof(reader: Bench) -> None:
    record = over_kafka("a", 5, None)._replace(log_offset=5)
    await take(reader, record, over_kafka("b", 6, 6))
    assert await worked_off(reader) == 6
