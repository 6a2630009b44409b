"""Frozen values, made quickly: for classes of which a second needs hundreds of thousands.

A frozen dataclass sets its fields one by one through `object.__setattr__`, and `dataclasses.replace`
looks its fields up by name each time. `quick` makes both a third as slow or less; nothing else of
the class changes.
"""

import dataclasses
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from dataclasses import replace
else:

    def replace(value: object, /, **changes: object) -> object:
        """The value with some fields changed, as `dataclasses.replace`."""
        copied = _COPIERS.get(type(value))
        return dataclasses.replace(value, **changes) if copied is None else copied(value, changes)


__all__ = ["in_key_order", "quick", "replace"]
ValueT = TypeVar("ValueT")
KeyT = TypeVar("KeyT", str, date)
_COPIERS: dict[type[object], Callable[[Any, dict[str, object]], Any]] = {}


def quick(cls: type[ValueT]) -> type[ValueT]:
    """Decorate a frozen dataclass with slots, of no other base, whose fields are all given.

    Its instances are filled as those of a plain class with the same slots, and then become its own.
    """
    fields = dataclasses.fields(cls)  # type: ignore[arg-type]  # a dataclass, or it raises
    if cls.__bases__ != (object,) or not all(each.init for each in fields):
        message = f"{cls.__name__} cannot be made quick"
        raise TypeError(message)
    plain = type(cls.__name__, (), {"__slots__": tuple(each.name for each in fields)})
    known: dict[str, object] = {
        "own": cls,
        "plain": plain,
        "new": object.__new__,
        "become": object.__setattr__,
        "absent": dataclasses.MISSING,
        "put": setattr,
    }
    for each in fields:
        known |= {f"default_{each.name}": each.default, f"make_{each.name}": each.default_factory}
    exec("\n".join([*_init(cls, fields), *_copy(cls, fields)]), known)  # noqa: S102  # as dataclasses do
    made, copied = known["__init__"], known["copy"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"  # type: ignore[attr-defined]  # a function
    cls.__init__ = made  # type: ignore[assignment]  # takes what the old one took
    _COPIERS[cls] = copied  # type: ignore[assignment]  # just compiled
    return cls


def in_key_order(table: dict[KeyT, ValueT]) -> dict[KeyT, ValueT]:
    """The same entries in the order of their keys; the table itself where they are so already."""
    if len(table) < 2:  # noqa: PLR2004  # one is always in order
        return table
    keys = list(table)
    ordered = sorted(keys)
    return table if keys == ordered else {key: table[key] for key in ordered}


Fields = tuple[dataclasses.Field[Any], ...]


def _init(cls: type[object], fields: Fields) -> list[str]:
    named = sorted(fields, key=lambda each: bool(each.kw_only))
    arguments = ["self"]
    for each in named:
        if each.kw_only and "*" not in arguments:
            arguments.append("*")
        arguments.append(each.name + _default_of(each))
    lines = [f"def __init__({', '.join(arguments)}):", " become(self, '__class__', plain)"]
    for each in fields:
        if each.default_factory is not dataclasses.MISSING:
            lines.append(f" if {each.name} is absent: {each.name} = make_{each.name}()")
        lines.append(f" self.{each.name} = {each.name}")
    return [*lines, " self.__class__ = own", *_checked(cls, "self")]


def _default_of(field: dataclasses.Field[Any]) -> str:
    if field.default is not dataclasses.MISSING:
        return f"=default_{field.name}"
    return "=absent" if field.default_factory is not dataclasses.MISSING else ""


def _copy(cls: type[object], fields: Fields) -> list[str]:
    return [
        "def copy(value, changes):",
        " made = new(plain)",
        *(f" made.{each.name} = value.{each.name}" for each in fields),
        " for name, changed in changes.items(): put(made, name, changed)",
        " made.__class__ = own",
        *_checked(cls, "made"),
        " return made",
    ]


def _checked(cls: type[object], name: str) -> list[str]:
    return [f" {name}.__post_init__()"] if hasattr(cls, "__post_init__") else []
