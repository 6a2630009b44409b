"""What a decision is: a pure function of facts, policy and day, that can be stored and replayed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

FactsT = TypeVar("FactsT")
PolicyT = TypeVar("PolicyT")
DecisionT = TypeVar("DecisionT")


@dataclass(frozen=True, slots=True)
class DecisionKind(Generic[FactsT, PolicyT, DecisionT]):
    """One kind of decision.

    `decide(facts, policy, as_of=day)` is pure and returns a frozen dataclass with `reasons`; `facts`
    and `decision` are the dataclasses it takes and returns; `model_version` names the code that
    decides, and changes whenever the same facts may come out differently.
    """

    name: str
    decide: Callable[..., DecisionT]
    facts: type[FactsT]
    decision: type[DecisionT]
    model_version: str
