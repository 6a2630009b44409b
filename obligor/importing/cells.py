"""One row's cells, read with the mapping's dates and decimals; what is wrong is said by name."""

from collections.abc import Mapping as Cells
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from obligor.importing.mapping import Mapping
from shared.kernel.errors import InvalidInputError
from shared.kernel.money import Money

LONGEST = 200
_GROUP_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file, asked for by our column names."""

    mapping: Mapping
    cells: Cells[str, str]

    def text(self, column: str) -> str | None:
        """A cell's text without the space around it; None if it is empty or there is none."""
        cell = (self.cells.get(self.mapping.theirs(column)) or "").strip()
        if len(cell) > LONGEST:
            rule = f"must have at most {LONGEST} characters"
            raise InvalidInputError(field=column, value=cell[:20] + "…", rule=rule)
        return cell or None

    def required(self, column: str) -> str:
        """A cell that this row cannot do without."""
        cell = self.text(column)
        if cell is None:
            raise InvalidInputError(field=column, value="", rule="must not be empty here")
        return cell

    def day(self, *columns: str) -> date:
        """The first of several cells that is filled, as a date."""
        filled = next((column for column in columns if self.text(column)), columns[0])
        return self._date(filled, self.required(filled))

    def perhaps_day(self, column: str) -> date | None:
        """A date, or None for an empty cell."""
        cell = self.text(column)
        return None if cell is None else self._date(column, cell)

    def _date(self, column: str, cell: str) -> date:
        try:
            return datetime.strptime(cell, self.mapping.dates).replace(tzinfo=UTC).date()
        except ValueError as error:
            rule = f"must be a date like {date(2026, 3, 31).strftime(self.mapping.dates)}"
            raise InvalidInputError(field=column, value=cell, rule=rule) from error

    def amount(self, column: str = "amount", *, currency: str) -> Decimal:
        """An amount above zero, exact in its currency."""
        return self.exact(self.required(column), column, currency=currency)

    def perhaps_amount(self, column: str, *, currency: str) -> Decimal | None:
        """An amount above zero, or None for an empty cell."""
        cell = self.text(column)
        return None if cell is None else self.exact(cell, column, currency=currency)

    def exact(self, text: str, column: str, *, currency: str) -> Decimal:
        """Read an amount as the file writes it: its own decimal sign, grouped or not.

        `12,50` where a comma groups is refused, not read as 1250.
        """
        grouping = "," if self.mapping.decimal == "." else "."
        *groups, last = text.partition(self.mapping.decimal)[0].split(grouping)
        if groups and len(last.strip()) != _GROUP_DIGITS:
            rule = f"has no three digits behind its last {grouping!r}: see `decimal`"
            raise InvalidInputError(field=column, value=text, rule=rule)
        plain = text.replace(grouping, "").replace(" ", "").replace(self.mapping.decimal, ".")
        amount = Money.parse(plain, currency, field=column)
        if amount.minor <= 0:
            raise InvalidInputError(field=column, value=text, rule="must be above zero")
        return amount.amount

    def number(self, column: str) -> int | None:
        """A whole number, or None for an empty cell."""
        cell = self.text(column)
        if cell is None:
            return None
        try:
            number = Decimal(cell)
            whole = int(number)
        except (InvalidOperation, ValueError, OverflowError) as error:
            raise _not_whole(column, cell) from error
        if whole != number:
            raise _not_whole(column, cell)
        return whole

    @property
    def currency(self) -> str:
        """The row's currency, else the file's."""
        currency = self.text("currency") or self.mapping.currency
        if currency is None:
            rule = "must be given by a column or by --currency"
            raise InvalidInputError(field="currency", value="", rule=rule)
        return currency.upper()

    @property
    def country(self) -> str:
        """The customer's country, ISO 3166 alpha-2; ZZ where it is unknown."""
        cell = self.text("country")
        if cell is None:
            return self.mapping.country
        country = self.mapping.countries.get(cell, cell.upper())
        if len(country) != len("ZZ") or not (country.isascii() and country.isalpha()):
            rule = "must be an ISO 3166 alpha-2 code, or be named under `countries`"
            raise InvalidInputError(field="country", value=cell, rule=rule)
        return country


def _not_whole(column: str, cell: str) -> InvalidInputError:
    return InvalidInputError(field=column, value=cell, rule="must be a whole number")
