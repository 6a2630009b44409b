"""The customer register: who a customer is, as screening knows it."""

from dataclasses import astuple, dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from unicodedata import normalize

from services.screening.domain.identifiers import normalised
from shared.kernel.errors import InvalidInputError

_LONGEST = 500  # characters; a longer name or id is a mistake upstream
_COUNTRY_LETTERS = 2  # ISO 3166-1 alpha-2
_SCRIPT_LETTERS = 4  # ISO 15924
_CJK = (("㐀", "鿿"), ("豈", "﫿"), ("\U00020000", "\U0003134f"))


class RegistrationStatus(StrEnum):
    """What the company register says; `None` on a customer means nobody has looked."""

    ACTIVE = "active"
    LAPSED = "lapsed"
    DEREGISTERED = "deregistered"
    REVOKED = "revoked"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class LegalName:
    """One name, kept exactly as given, with its script by ISO 15924 (Hans, Latn)."""

    name: str
    script: str
    type: str = "registered"

    def __post_init__(self) -> None:
        _refuse_blank("legal_names.name", self.name)
        if len(self.script) != _SCRIPT_LETTERS or not self.script.isalpha():
            rule = "must be a four-letter code of ISO 15924"
            raise InvalidInputError(field="legal_names.script", value=self.script, rule=rule)

    @property
    def key(self) -> str:
        """How the name is searched for."""
        return name_key(self.name)


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """A registered identifier; `scheme` lower case, `value` normalised, so equal ones compare so."""

    scheme: str
    value: str

    def __post_init__(self) -> None:
        _refuse_blank("identifiers.scheme", self.scheme)
        _refuse_blank("identifiers.value", self.value)

    @classmethod
    def given(cls, scheme: str, value: str) -> "Identifier":
        """The identifier as people write it, normalised."""
        return cls(scheme.strip().lower(), normalised(value))


@dataclass(frozen=True, slots=True)
class Industry:
    """An industry code in its own scheme; never compared across schemes."""

    scheme: str
    code: str


@dataclass(frozen=True, slots=True)
class Address:
    """Where a customer is; free lines, as given."""

    lines: tuple[str, ...] = ()
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None
    type: str = "registered"


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to speak to."""

    name: str | None = None
    role: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account the customer pays from."""

    number: str
    bank: str | None = None
    holder: str | None = None
    country: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Relationship:
    """An edge to another party: owns, votes, controls, guarantees …; `share` 0 to 1 if it has one."""

    type: str
    party: str
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer of the register. `version` counts its accepted changes, from 1."""

    customer_id: str
    legal_names: tuple[LegalName, ...]
    country: str
    identifiers: tuple[Identifier, ...] = ()
    industry: Industry | None = None
    registered_on: date | None = None
    registration_status: RegistrationStatus | None = None
    size_class: str | None = None
    segment: str | None = None
    addresses: tuple[Address, ...] = ()
    contacts: tuple[Contact, ...] = ()
    bank_accounts: tuple[BankAccount, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    version: int = 1

    def __post_init__(self) -> None:
        _refuse_blank("customer_id", self.customer_id)
        if not self.legal_names:
            raise InvalidInputError(field="legal_names", value=[], rule="needs at least one name")
        if len(self.country) != _COUNTRY_LETTERS or not (
            self.country.isascii() and self.country.isalpha() and self.country.isupper()
        ):
            rule = "must be a two-letter code of ISO 3166-1"
            raise InvalidInputError(field="country", value=self.country, rule=rule)
        _refuse_unstorable(astuple(self))
        if len(set(self.identifiers)) != len(self.identifiers):
            values = [f"{each.scheme}:{each.value}" for each in self.identifiers]
            raise InvalidInputError(field="identifiers", value=values, rule="must not repeat")

    @property
    def name(self) -> str:
        """The first name given: the one shown in lists."""
        return self.legal_names[0].name

    def says_the_same_as(self, other: "Customer") -> bool:
        """Whether two versions state the same facts."""
        return replace(self, version=other.version) == other

    def changes_since(self, earlier: "Customer") -> frozenset[str]:
        """The fields in which this version differs from an earlier one."""
        return frozenset(
            name
            for name in self.__dataclass_fields__
            if name != "version" and getattr(self, name) != getattr(earlier, name)
        )


@dataclass(frozen=True, slots=True)
class FinancialHealth:
    """What screening asks of a statement. `z_double_prime` is Altman's Z″; None = not known."""

    period_end: date
    z_double_prime: float | None = None
    total_equity: Decimal | None = None
    audited: bool | None = None
    opinion: str | None = None


@dataclass(frozen=True, slots=True)
class OwnHistory:
    """How the customer stands with us: the oldest undisputed overdue invoice's due date, if any.

    `unrecovered_write_off` is None as long as nobody has said.
    """

    as_of: date
    oldest_due_on: date | None = None
    unrecovered_write_off: bool | None = None


@dataclass(frozen=True, slots=True)
class LastVerdict:
    """What the last screening said, and until when it counts."""

    decision_id: str
    outcome: str
    as_of: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """A customer with what has been said about it. `financials` are the last that were passed in."""

    customer: Customer
    registered_at: date
    financials: FinancialHealth | None = None
    verdict: LastVerdict | None = None

    @property
    def wake_on(self) -> date | None:
        """The day at whose close the verdict has to be renewed."""
        return self.verdict.valid_to if self.verdict else None


def name_key(name: str) -> str:
    """A name as it is searched for: NFKC, case folded, single spaces."""
    return " ".join(normalize("NFKC", name).casefold().split())


def script_of(name: str) -> str:
    """A first guess at a name's script: Hans if it holds a Chinese character, else Latn."""
    chinese = any(low <= char <= high for char in name for low, high in _CJK)
    return "Hans" if chinese else "Latn"


def _refuse_blank(field_name: str, value: str) -> None:
    if not value.strip() or len(value) > _LONGEST or "\x00" in value:
        rule = f"needs 1 to {_LONGEST} characters that are not blank"
        raise InvalidInputError(field=field_name, value=value[:40], rule=rule)


def _refuse_unstorable(thing: object) -> None:
    """Refuse text that no database and no JSON can hold: NUL and half characters."""
    if isinstance(thing, tuple):
        for each in thing:
            _refuse_unstorable(each)
    elif isinstance(thing, str) and any(
        char == "\x00" or "\ud800" <= char <= "\udfff" for char in thing
    ):
        rule = "must be text without NUL and lone surrogates"
        raise InvalidInputError(field="customer", value=ascii(thing)[:40], rule=rule)
