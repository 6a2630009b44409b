"""How a foreign file is read: which column is what, and how its dates and amounts are written."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.kernel.errors import ObligorError

PRESETS = Path(__file__).with_name("presets")
FACT_COLUMNS = (
    *("type", "customer_id", "date", "name", "country", "currency", "amount", "version"),
    *("order_id", "planned_delivery", "terms_days", "invoice_id", "invoice_date", "due_date"),
    *("credit_note_id", "payment_id", "value_date", "method", "allocations", "payer_account"),
    *("dispute_id", "code", "outcome", "reason", "kind", "channel", "acceptor", "with_recourse"),
    *("delivery_id", "return_id", "debit_note_id", "allocation_id", "promise_id", "change_id"),
    *("bill_id", "write_off_id", "recovery_id", "request_id", "attempt_id"),
)
INVOICE_COLUMNS = (
    *("customer_id", "name", "country", "currency", "invoice_id", "invoice_date", "due_date"),
    *("amount", "settled_date", "settled_amount"),
)
_ALWAYS = {
    "facts": ("type", "customer_id"),
    "invoices": ("customer_id", "invoice_id", "invoice_date", "due_date", "amount"),
}


class RowKind(StrEnum):
    """What one row is: an invoice with its settlement, or one fact of any type."""

    INVOICES = "invoices"
    FACTS = "facts"


class Mapping(BaseModel):
    """A column-mapping file.

    `columns` names, for each of our columns, theirs; a column not named is looked for under our own
    name. `types` translates their words in `type` to ours. `currency` and `country` are used where
    no column says; `countries` translates their country codes to ISO 3166 alpha-2.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,100}$")] = "import-file"
    rows: RowKind = RowKind.FACTS
    columns: dict[str, str] = Field(default_factory=dict)
    types: dict[str, str] = Field(default_factory=dict)
    dates: str = "%Y-%m-%d"
    decimal: Annotated[str, Field(min_length=1, max_length=1)] = "."
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    encoding: str = "utf-8-sig"
    currency: str | None = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "ZZ"
    countries: dict[str, str] = Field(default_factory=dict)

    def theirs(self, ours: str) -> str:
        """The file's name of one of our columns."""
        return self.columns.get(ours, ours)

    @property
    def known_columns(self) -> tuple[str, ...]:
        """Our columns that rows of this kind may have."""
        return INVOICE_COLUMNS if self.rows is RowKind.INVOICES else FACT_COLUMNS

    @property
    def required_columns(self) -> tuple[str, ...]:
        """Our columns without which no row can be read."""
        return _ALWAYS[self.rows]


class MappingError(ObligorError):
    """A column-mapping file cannot be used."""

    code = "bad_mapping"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"the column mapping {path} cannot be used: {reason}")


def read_mapping(path: Path) -> Mapping:
    """Read and check a column-mapping file."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        mapping = Mapping.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise MappingError(path, f"{place}: {first['msg']}") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise MappingError(path, str(error)) from error
    unknown = set(mapping.columns) - set(mapping.known_columns)
    if unknown:
        raise MappingError(path, f"columns: {min(unknown)!r} is none of ours")
    return mapping


def preset(name: str) -> Mapping:
    """One of the mappings that come with Obligor: `ibm` or `plain`."""
    return read_mapping(PRESETS / f"{name}.yaml")
