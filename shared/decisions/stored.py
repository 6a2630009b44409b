"""A decision as it is kept: its facts, its outcome and its reasons, in canonical JSON."""

from datetime import date
from decimal import Decimal
from typing import TypeVar, cast

import msgspec
from msgspec import Struct

from shared.decisions.kinds import DecisionKind
from shared.kernel.maths import canonical

FactsT = TypeVar("FactsT")
PolicyT = TypeVar("PolicyT")
DecisionT = TypeVar("DecisionT")
_INSIDE = frozenset({float, dict, list, tuple})


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
    plain = msgspec.to_builtins(thing, builtin_types=(Decimal, date), order="deterministic")
    return msgspec.json.encode(_canonical(plain), order="deterministic").decode()


def _canonical(plain: object) -> object:
    kind = type(plain)
    if kind is float:
        return canonical(cast("float", plain))
    if kind is dict:
        members = cast("dict[str, object]", plain).items()
        return {key: _canonical(each) if type(each) in _INSIDE else each for key, each in members}
    if kind is list or kind is tuple:
        return [_canonical(each) for each in cast("list[object]", plain)]
    return plain


def read_facts(kind: DecisionKind[FactsT, PolicyT, DecisionT], inputs: str) -> FactsT:
    """Read stored facts back into the dataclass the decision takes."""
    return msgspec.json.decode(inputs, type=kind.facts)
