"""Take a stored decision again, from its own facts and policy, and compare bit for bit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import msgspec

from shared.decisions.kinds import DecisionKind
from shared.decisions.stored import StoredDecision, canonical_json, read_facts
from shared.kernel.errors import ConflictError, NotFoundError

FactsT = TypeVar("FactsT")
PolicyT = TypeVar("PolicyT")
DecisionT = TypeVar("DecisionT")
PolicyT_co = TypeVar("PolicyT_co", covariant=True)


class KnownPolicy(Protocol[PolicyT_co]):
    """A policy version, as far as deciding again is concerned."""

    @property
    def policy(self) -> PolicyT_co:
        """What the version says."""
        ...


class KnownPolicies(Protocol[PolicyT_co]):
    """Where policies of the past are found: a `PolicyBook`, which lives beside this room."""

    def version(self, name: str) -> KnownPolicy[PolicyT_co] | None:
        """The version of that name, if it was ever approved."""
        ...


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the two outcomes part; `path` leads there from the top."""

    path: str
    then: object
    now: object


@dataclass(frozen=True, slots=True)
class ReplayedDecision:
    """What came of deciding again.

    `identical` is claimed only for the same model version; another one reports its differences and
    leaves the judgement to the reader.
    """

    decision_id: str
    identical: bool
    differences: tuple[Difference, ...]
    model_version_then: str
    model_version_now: str
    policy_version: str
    outcome_now: object


class PolicyGoneError(ConflictError):
    """The policy version a decision was taken under is not to be found any more."""

    code = "policy_gone"

    def __init__(self, version: str) -> None:
        super().__init__(f"policy version {version!r} is not known here any more")


def replay(
    stored: StoredDecision,
    kinds: Sequence[DecisionKind[FactsT, PolicyT, DecisionT]],
    policies: KnownPolicies[PolicyT],
) -> ReplayedDecision:
    """Decide again with today's code. Raises `NotFoundError` for a kind nobody decides any more."""
    kind = next((each for each in kinds if each.name == stored.kind), None)
    if kind is None:
        raise NotFoundError(kind="kind of decision", name=stored.kind)
    version = policies.version(stored.policy_version)
    if version is None:
        raise PolicyGoneError(stored.policy_version)
    facts = read_facts(kind, stored.inputs)
    outcome = canonical_json(kind.decide(facts, version.policy, as_of=stored.as_of))
    then, now = msgspec.json.decode(stored.outcome), msgspec.json.decode(outcome)
    same_code = kind.model_version == stored.model_version
    return ReplayedDecision(
        decision_id=stored.decision_id,
        identical=same_code and outcome == stored.outcome,
        differences=tuple(_differences(then, now, path="")),
        model_version_then=stored.model_version,
        model_version_now=kind.model_version,
        policy_version=stored.policy_version,
        outcome_now=now,
    )


def _differences(then: object, now: object, *, path: str) -> list[Difference]:
    if isinstance(then, dict) and isinstance(now, dict):
        keys = dict.fromkeys([*then, *now])
        pairs = [(f"{path}.{key}".lstrip("."), then.get(key), now.get(key)) for key in keys]
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        pairs = [(f"{path}[{n}]", a, b) for n, (a, b) in enumerate(zip(then, now, strict=True))]
    else:
        return [] if then == now else [Difference(path, then, now)]
    return [each for name, a, b in pairs for each in _differences(a, b, path=name)]
