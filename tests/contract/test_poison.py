"""What can never be applied is kept with a reason, and nothing behind it waits."""

from dataclasses import replace

import pytest

from tests.contract.facts import transaction
from tests.contract.probe import REFUSED
from tests.contract.rig import Rig
from tests.contract.workers import PARTITIONS

pytestmark = pytest.mark.timeout(180)
MISTAKES = ("broken_envelope", "malformed_event", "refused")


async def test_poison_is_parked_and_the_rest_goes_on(rig: Rig) -> None:
    good = transaction("C-1", 1)
    async with rig.worker():
        await rig.send(
            replace(good, headers={"ce_id": "no-time"}),
            replace(good, value=b"\xff not JSON", headers={**good.headers, "ce_id": "bad-value"}),
            transaction("C-1", 7, reason=REFUSED),
            good,
        )
        await rig.until_applied(1)
        letters = await rig.dead_letters()
    assert {code for code, _ in letters} == set(MISTAKES)
    assert [each.number for each in await rig.applied()] == [1]


async def test_an_unknown_type_is_skipped_and_counted(rig: Rig) -> None:
    good = transaction("C-1", 1)
    strange = replace(good, headers={**good.headers, "ce_type": "order.sung", "ce_id": "song"})
    async with rig.worker() as running:
        await rig.send(strange, good)
        await rig.until_applied(1)
        assert running.skipped["unknown_type"] == 1
    assert await rig.dead_letters() == []


async def test_the_same_id_with_another_body_is_parked_and_overwrites_nothing(rig: Rig) -> None:
    good = transaction("C-1", 1)
    other = replace(transaction("C-1", 2), headers=good.headers)
    async with rig.worker():
        await rig.send(good, other, transaction("C-1", 3))
        await rig.until_applied(2)
        assert await rig.dead_letters() == [("conflicting_duplicate", "C-1")]
    assert [each.number for each in await rig.applied()] == [1, 3]


async def test_a_record_on_the_wrong_partition_is_put_right_and_applied_once(rig: Rig) -> None:
    right = transaction("C-1", 1)
    wrong = (right.partition + 1) % PARTITIONS
    async with rig.worker() as running:
        await rig.send(replace(right, partition=wrong))
        rig.posted["C-1"] = 1
        await rig.until_worked_off()
        assert running.skipped["misplaced"] == 1
    assert [each.partition for each in await rig.applied()] == [right.partition]


async def test_an_offset_header_of_an_outsider_proves_nothing(rig: Rig) -> None:
    good = transaction("C-1", 1)
    forged = replace(good, headers={**good.headers, "obligor_log_offset": "999999"})
    async with rig.worker():
        await rig.send(forged)
        await rig.post("C-2", "C-1")
        await rig.until_applied(2)
    assert {(each.customer, each.number) for each in await rig.applied()} == {
        ("C-1", 1),
        ("C-2", 1),
    }


async def test_an_outsider_cannot_say_that_the_log_is_worked_off(rig: Rig) -> None:
    good = transaction("C-1", 1)
    forged = replace(good, headers={**good.headers, "obligor_log_offset": "999999"})
    rig.posted["C-1"] = 1
    async with rig.worker():
        await rig.send(forged)
        await rig.until_applied(1)
        await rig.post("C-1", "C-1")
        await rig.until_worked_off()
        worked_off = (
            "SELECT c.log_offset = h.next_offset - 1 FROM monitoring.checkpoint c "
            "JOIN monitoring_log.log_head h USING (topic, partition) "
            "WHERE topic = 'obligor.transactions' AND partition = :partition"
        )
        assert await rig.sql(worked_off, partition=good.partition) == [(True,)]


async def test_what_is_not_even_text_is_parked(rig: Rig) -> None:
    good = transaction("C-1", 1)
    async with rig.worker():
        await rig.send(replace(good, value=b"", headers={**good.headers, "ce_id": "empty"}), good)
        await rig.until_applied(1)
    assert await rig.dead_letters() == [("malformed_event", "C-1")]
