"""Rows whose columns bear the names of the event's own fields: most kinds of facts read so."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

import msgspec
from msgspec.structs import FieldInfo

from obligor.importing.cells import Row
from shared.contracts import transactions as facts
from shared.contracts.envelope import Event
from shared.kernel.errors import InvalidInputError

Read = tuple[Event, date, str]
_YES, _NO = frozenset({"yes", "true", "1", "是"}), frozenset({"no", "false", "0", "否"})


def reader_of(kind: type[Event]) -> Callable[[Row], Read]:
    """How a row of this kind is read; the first field names the document, `date` is its day."""
    fields = msgspec.structs.fields(kind)
    document = fields[0].name

    def read(row: Row) -> Read:
        cells = {each.name: _cell(row, each) for each in fields}
        known = {name: value for name, value in cells.items() if value is not None}
        return msgspec.convert(known, kind), row.day("date"), row.required(document)

    return read


def allocations(row: Row) -> Iterator[facts.Allocation]:
    """`allocations` as INVOICE=AMOUNT;INVOICE=AMOUNT, or the whole amount for `invoice_id`."""
    written, invoice_id = row.text("allocations"), row.text("invoice_id")
    if written is None:
        if invoice_id is not None:
            amount = row.amount(currency=row.currency)
            yield facts.Allocation(invoice_id=invoice_id, amount=amount)
        return
    for part in written.split(";"):
        name, sign, text = part.partition("=")
        if not (name.strip() and sign):
            rule = "must read INVOICE=AMOUNT;INVOICE=AMOUNT"
            raise InvalidInputError(field="allocations", value=written, rule=rule)
        amount = row.exact(text, "allocations", currency=row.currency)
        yield facts.Allocation(invoice_id=name.strip(), amount=amount)


def _cell(row: Row, asked: FieldInfo) -> object:
    read = _READERS.get(asked.name)
    if read is not None:
        return read(row)
    return row.required(asked.name) if asked.required else row.text(asked.name)


def _invoice_ids(row: Row) -> tuple[str, ...]:
    names = (row.text("invoice_id") or "").split(";")
    return tuple(name.strip() for name in names if name.strip())


def _yes_or_no(row: Row, column: str) -> bool:
    cell = row.required(column).lower()
    if cell not in _YES | _NO:
        raise InvalidInputError(field=column, value=cell, rule="must be yes or no")
    return cell in _YES


_READERS: Final[dict[str, Callable[[Row], object]]] = {
    "amount": lambda row: row.amount(currency=row.currency),
    "currency": lambda row: row.currency,
    "date": lambda row: row.day("date"),
    "due_date": lambda row: row.day("due_date"),
    "due_on": lambda row: row.day("due_date"),
    "allocations": lambda row: tuple(allocations(row)),
    "invoice_ids": _invoice_ids,
    "with_recourse": lambda row: _yes_or_no(row, "with_recourse"),
}
