"""A decision as it is kept: its facts, its outcome and its reasons, in canonical JSON."""

from datetime import date
from functools import lru_cache
from typing import TypeVar

import msgspec
from msgspec import Struct

from shared.decisions.kinds import DecisionKind
from shared.kernel.maths import canonical

FactsT = TypeVar("FactsT")
PolicyT = TypeVar("PolicyT")
DecisionT = TypeVar("DecisionT")


@lru_cache(maxsize=8192)
def _canonical(written: str) -> float:
    return canonical(float(written))


_CANONICAL = msgspec.json.Decoder(float_hook=_canonical)


class StoredDecision(Struct, frozen=True, kw_only=True):
    """One row of a service's `decision` table. `inputs` and `outcome` are canonical JSON text."""

    decision_id: str
    customer_id: str
    kind: str
    as_of: date
    inputs: str
    outcome: str
    policy_version: str
    model_version: str
    cause_id: str
    cause_source: str
    cause_type: str
    correlation_id: str


def canonical_json(thing: object) -> str:
    """Write any tree of dataclasses and plain values the one way: floats to 12 digits, keys sorted."""
    plain = _CANONICAL.decode(msgspec.json.encode(thing, order="deterministic"))
    return msgspec.json.encode(plain, order="deterministic").decode()


def read_facts(kind: DecisionKind[FactsT, PolicyT, DecisionT], inputs: str) -> FactsT:
    """Read stored facts back into the dataclass the decision takes."""
    return msgspec.json.decode(inputs, type=kind.facts)
