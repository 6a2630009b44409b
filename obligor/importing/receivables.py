"""Read a whole file: good rows become facts, bad ones are listed with their line and reason."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from obligor.facts import History, Registration, Transaction, history_of
from obligor.importing.cells import Row
from obligor.importing.mapping import Mapping
from obligor.importing.rows import Stated, read_row
from shared.kernel.errors import InvalidInputError, ObligorError

_SURROGATES = range(0xDC80, 0xDD00)


class UnreadableFileError(ObligorError):
    """A file cannot be read as what it is said to be."""

    code = "unreadable_file"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} cannot be read: {reason}")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was left out, and why."""

    line: int
    reason: str


@dataclass(slots=True)
class ReceivablesFile:
    """What a file states, and which of its rows could not be used."""

    rows: int = 0
    bad: list[BadRow] = field(default_factory=list)
    customers: dict[str, Registration] = field(default_factory=dict)
    transactions: dict[str, tuple[int, Transaction]] = field(default_factory=dict)

    def history(self) -> History:
        """The file's facts by day."""
        facts = [fact for _, fact in self.transactions.values()]
        return history_of(self.customers.values(), facts)

    def take(self, line: int, stated: Stated) -> None:
        """Keep what a row states; refuse a document that an earlier row states otherwise."""
        for fact in stated.transactions:
            earlier_line, earlier = self.transactions.get(fact.id, (line, fact))
            if earlier != fact:
                rule = f"is on line {earlier_line} already, with other figures"
                raise InvalidInputError(field="document", value=fact.id, rule=rule)
        for fact in stated.transactions:
            self.transactions.setdefault(fact.id, (line, fact))
        known = self.customers.get(stated.customer.customer_id)
        if known is None or _says_more(stated.customer, known):
            self.customers[stated.customer.customer_id] = stated.customer


def _says_more(customer: Registration, known: Registration) -> bool:
    """Whether only the later row knows the customer's name."""
    return (
        known.legal_names[0].name == known.customer_id
        and customer.legal_names[0].name != customer.customer_id
    )


def read_receivables(path: Path, mapping: Mapping) -> ReceivablesFile:
    """Read a CSV file by its mapping."""
    found = ReceivablesFile()
    try:
        with path.open(encoding=mapping.encoding, errors="surrogateescape", newline="") as lines:
            for line, cells in _numbered(path, lines, mapping):
                found.rows += 1
                _take_row(found, line, Row(mapping, cells))
    except (OSError, LookupError, UnicodeError, csv.Error) as error:
        raise UnreadableFileError(path, str(error)) from error
    return found


def _numbered(
    path: Path, lines: Iterable[str], mapping: Mapping
) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(lines, delimiter=mapping.delimiter)
    present = [name.strip() for name in reader.fieldnames or ()]
    reader.fieldnames = present
    for column in mapping.required_columns:
        if mapping.theirs(column) not in present:
            reason = f"it has no column {mapping.theirs(column)!r}, only {', '.join(present)}"
            raise UnreadableFileError(path, reason)
    for cells in reader:
        yield reader.line_num, cells


def _take_row(found: ReceivablesFile, line: int, row: Row) -> None:
    try:
        _refuse_broken(row)
        found.take(line, read_row(row))
    except InvalidInputError as error:
        found.bad.append(BadRow(line, str(error)))


def _refuse_broken(row: Row) -> None:
    if None in row.cells:
        raise InvalidInputError(field="row", value="…", rule="has more cells than the header")
    if None in row.cells.values():
        raise InvalidInputError(field="row", value="…", rule="has fewer cells than the header")
    if any(ord(sign) in _SURROGATES for cell in row.cells.values() for sign in cell):
        rule = f"must be {row.mapping.encoding} text"
        raise InvalidInputError(field="row", value="…", rule=rule)
