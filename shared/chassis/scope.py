"""What a batch is about, from its sifted records and the days it may close."""

from collections.abc import Sequence

from shared.chassis.answering import COMMAND_PREFIX
from shared.chassis.memory import Memory
from shared.chassis.service import Scope
from shared.chassis.sieve import Sifted
from shared.chassis.waking import ClosePlan


def scope_of(
    partition: int, sifted: Sequence[Sifted], plan: ClosePlan, memory: Memory | None = None
) -> Scope:
    """Everyone whom a record is about or a day's end wakes, and what was told of them."""
    told = [each for each in sifted if each.skipped is None]
    subjects = {each.delivery.envelope.subject for each in told if each.delivery is not None}
    subjects |= {each.record.key for each in told if each.letter is None and each.record.key}
    subjects |= {each.conflict.subject for each in told if each.conflict is not None}
    return Scope(
        partition=partition,
        customers=frozenset({*subjects, *plan.customers} - {""}),
        closing_through=plan.through,
        deliveries=tuple(each.delivery for each in told if each.delivery is not None),
        commands=tuple(
            (each.envelope.type.removeprefix(COMMAND_PREFIX), each.record.value)
            for each in told
            if each.envelope is not None
        ),
        memory=memory,
    )
