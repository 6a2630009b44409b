"""How dataclasses are kept: as the values of their fields, in their order, without the names.

That takes half the bytes of a mapping with names. A field may be added at the end, with a default:
what was written before reads as if it had it.
"""

from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from operator import attrgetter
from types import GenericAlias
from typing import Generic, TypeVar, get_type_hints

import msgspec

from shared.kernel.values import in_key_order

ValueT = TypeVar("ValueT")


class Flat(Generic[ValueT]):
    """One dataclass of at least two fields: `row` is the type that its bytes are read into.

    `rows` are the types of those of its fields that are flat themselves.
    """

    def __init__(self, of: type[ValueT], **rows: object) -> None:
        known = fields(of)  # type: ignore[arg-type]  # a dataclass, or it raises
        hints = get_type_hints(of) | rows
        self._make = of
        self._places = {each.name: place for place, each in enumerate(known)}
        self.row: type[msgspec.Struct] = msgspec.defstruct(
            f"{of.__name__}Row",
            [(each.name, hints[each.name], _default_of(each)) for each in known],
            array_like=True,
            kw_only=True,
        )
        self.parts: Callable[[object], tuple[object, ...]] = attrgetter(*self._places)

    def in_order(self, value: ValueT, **flat: object) -> list[object]:
        """The values of the fields, tables in the order of their keys; `flat` are fields as parts."""
        found = [
            in_key_order(part) if part.__class__ is dict and len(part) > 1 else part
            for part in self.parts(value)
        ]
        for name, part in flat.items():
            found[self._places[name]] = part
        return found

    def made(self, row: object, **others: object) -> ValueT:
        """What a row says; `others` are fields that were flat themselves."""
        return self._make(**dict(zip(self._places, self.parts(row), strict=True)) | others)

    def all_made(self, rows: object) -> list[ValueT]:
        """What the rows of a `list_of` say."""
        return [self.made(row) for row in rows] if isinstance(rows, list) else []

    def table_made(self, rows: object) -> dict[str, ValueT]:
        """What the rows of a `table_of` say."""
        found = rows if isinstance(rows, dict) else {}
        return {name: self.made(row) for name, row in found.items()}


def list_of(flat: Flat[ValueT]) -> object:
    """The type of a list of rows."""
    return GenericAlias(list, (flat.row,))


def table_of(flat: Flat[ValueT]) -> object:
    """The type of a table of rows by name."""
    return GenericAlias(dict, (str, flat.row))


def _default_of(field: Field[object]) -> object:
    if field.default_factory is not MISSING:
        return msgspec.field(default_factory=field.default_factory)
    return msgspec.NODEFAULT if field.default is MISSING else field.default
