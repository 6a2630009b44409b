"""The policy versions of a service and which of them is in force on a day."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

import msgspec
import yaml

from shared.kernel.errors import InvalidInputError

PolicyT = TypeVar("PolicyT")
ALWAYS = date.min
_READ: dict[tuple[str, type[object]], object] = {}  # workers read policies with every batch
_SHIPPED: dict[Path, tuple[str, str]] = {}


@dataclass(frozen=True, slots=True)
class PolicyVersion(Generic[PolicyT]):
    """One approved version: in force from `effective_from` until the next one's."""

    version: str
    effective_from: date
    policy: PolicyT


class PolicyBook(Generic[PolicyT]):
    """All approved versions of one service's policy, the shipped default first."""

    def __init__(self, versions: list[PolicyVersion[PolicyT]]) -> None:
        self._versions = sorted(versions, key=lambda each: each.effective_from)
        self._starts = [each.effective_from for each in self._versions]

    def in_force(self, day: date) -> PolicyVersion[PolicyT]:
        """The version in force on a day."""
        return self._versions[max(0, bisect_right(self._starts, day) - 1)]

    def version(self, name: str) -> PolicyVersion[PolicyT] | None:
        """The version of that name, if it was ever approved."""
        return next((each for each in self._versions if each.version == name), None)


def read_policy(text: str, policy: type[PolicyT]) -> PolicyT:
    """Read a policy from YAML (or JSON): every field required, none unknown, all rules kept.

    Raises `InvalidInputError` naming the field and the rule.
    """
    known = _READ.get((text, policy))
    if isinstance(known, policy):
        return known
    try:
        plain = _plain(text)
        parsed = msgspec.convert(plain, policy, strict=False)
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise InvalidInputError(field="policy", value="…", rule=str(error)) from error
    _refuse_unknown(plain, msgspec.to_builtins(parsed), path="policy")
    _READ[text, policy] = parsed
    return parsed


def shipped(path: Path, policy: type[PolicyT]) -> PolicyVersion[PolicyT]:
    """The default policy that ships with a service; its `version` key names it."""
    if path not in _SHIPPED:
        plain = _plain(path.read_text())
        _SHIPPED[path] = (str(plain.pop("version")), yaml.safe_dump(plain))
    version, text = _SHIPPED[path]
    return PolicyVersion(version, ALWAYS, read_policy(text, policy))


def _plain(text: str) -> dict[str, object]:
    """What a YAML text says; by the parser in C, which reads a long policy in a tenth of the time."""
    plain: dict[str, object] = yaml.load(text, Loader=yaml.CSafeLoader)
    return plain


def _refuse_unknown(given: object, known: object, *, path: str) -> None:
    if isinstance(given, dict) and isinstance(known, dict):
        for key, value in given.items():
            if str(key) not in {str(each) for each in known}:
                raise InvalidInputError(field=f"{path}.{key}", value=value, rule="is not a field")
            _refuse_unknown(value, known.get(key, known.get(str(key))), path=f"{path}.{key}")
    elif isinstance(given, list) and isinstance(known, list | tuple):
        for index, value in enumerate(given):
            _refuse_unknown(value, known[index], path=f"{path}[{index}]")
