"""What screening's bodies look like."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from services.screening.domain.model import RegistrationStatus, script_of
from services.screening.usecases import Json
from shared.chassis.schemas import In, Out

WITHOUT_NUL = r"^[^\x00]*$"  # PostgreSQL cannot hold it
Text = Annotated[str, Field(min_length=1, max_length=500, pattern=WITHOUT_NUL)]
Code = Annotated[str, Field(min_length=1, max_length=50, pattern=WITHOUT_NUL)]
Outcome = Literal["pass", "refer", "reject_credit", "reject"]


class LegalNameIn(In):
    """A name; without a script it is guessed: Hans for Chinese characters, else Latn."""

    name: Text
    script: Annotated[str, Field(pattern="^[A-Z][a-z]{3}$")] | None = None
    type: Code = "registered"


class IdentifierIn(In):
    """An identifier, e.g. `uscc` or `lei`."""

    scheme: Code
    value: Text


class IndustryIn(In):
    """An industry code in its own scheme."""

    scheme: Code
    code: Code


class AddressIn(In):
    """An address."""

    lines: Annotated[tuple[Text, ...], Field(max_length=10)] = ()
    city: Text | None = None
    region: Text | None = None
    postal_code: Code | None = None
    country: Code | None = None
    type: Code = "registered"


class ContactIn(In):
    """Whom to speak to."""

    name: Text | None = None
    role: Text | None = None
    email: Text | None = None
    phone: Code | None = None


class BankAccountIn(In):
    """An account the customer pays from."""

    number: Code
    bank: Text | None = None
    holder: Text | None = None
    country: Code | None = None
    currency: Code | None = None


class RelationshipIn(In):
    """An edge to another party: owns, votes, controls, guarantees."""

    type: Code
    party: Text
    share: Annotated[float, Field(ge=0, le=1)] | None = None


class CustomerIn(In):
    """A customer; only names and country are required."""

    legal_names: Annotated[tuple[LegalNameIn, ...], Field(min_length=1, max_length=20)]
    country: Annotated[str, Field(pattern="^[A-Za-z]{2}$")]
    identifiers: Annotated[tuple[IdentifierIn, ...], Field(max_length=50)] = ()
    industry: IndustryIn | None = None
    registered_on: date | None = None
    registration_status: RegistrationStatus | None = None
    size_class: Code | None = None
    segment: Code | None = None
    addresses: Annotated[tuple[AddressIn, ...], Field(max_length=50)] = ()
    contacts: Annotated[tuple[ContactIn, ...], Field(max_length=50)] = ()
    bank_accounts: Annotated[tuple[BankAccountIn, ...], Field(max_length=50)] = ()
    relationships: Annotated[tuple[RelationshipIn, ...], Field(max_length=200)] = ()

    def payload(self, customer_id: str) -> Json:
        """The command that registers the customer."""
        written = self.model_dump(mode="json")
        for name in written["legal_names"]:
            name["script"] = name["script"] or script_of(name["name"])
        return written | {"customer_id": customer_id, "country": self.country.upper()}


class FinancialsIn(In):
    """Statement figures for check C12; what is left out is not known."""

    period_end: date
    z_double_prime: Annotated[float, Field(allow_inf_nan=False)] | None = None
    total_equity: Annotated[Decimal, Field(allow_inf_nan=False, max_digits=24)] | None = None
    audited: bool | None = None
    opinion: (
        Literal["unqualified", "qualified", "adverse", "disclaimer", "going_concern"] | None
    ) = None


class ScreeningIn(In):
    """What a screening may take into account beside the register."""

    financials: FinancialsIn | None = None


class ReasonOut(Out):
    """Why: a stable code with the figures that met."""

    code: str
    value: int | float | str | None
    threshold: int | float | str | None
    contribution: float | None


class CheckOut(Out):
    """One of the checks C01 to C21; of one that was not done, `reason` says why."""

    id: str
    status: Literal["passed", "failed", "not_checked"]
    points: int
    effect: str
    reason: str | None
    reasons: tuple[ReasonOut, ...]


class ScreeningOut(Out):
    """A screening: the most severe outcome wins, every reason is given."""

    screening_id: str
    as_of: date
    outcome: Outcome
    points: int
    reasons: tuple[ReasonOut, ...]
    checks: tuple[CheckOut, ...]
    not_checked: tuple[str, ...]
    matches: tuple[Json, ...]
    valid_to: date
    policy_version: str


class LegalNameOut(Out):
    """A name as it was given."""

    name: str
    script: str
    type: str


class IdentifierOut(Out):
    """An identifier, normalised."""

    scheme: str
    value: str


class CustomerOut(Out):
    """The register's facts about a customer, with the standing verdict in short."""

    customer_id: str
    name: str
    legal_names: tuple[LegalNameOut, ...]
    country: str
    identifiers: tuple[IdentifierOut, ...]
    industry: Json | None
    registered_on: date | None
    registration_status: RegistrationStatus | None
    size_class: str | None
    segment: str | None
    addresses: tuple[Json, ...]
    contacts: tuple[Json, ...]
    bank_accounts: tuple[Json, ...]
    relationships: tuple[Json, ...]
    version: int
    first_registered_on: date
    outcome: Outcome | None
    valid_to: date | None
    screening_id: str | None


class ScreenedCustomerOut(CustomerOut):
    """A customer with its last screening."""

    as_of: date | None = None
    points: int | None = None
    reasons: tuple[ReasonOut, ...] = ()
    checks: tuple[CheckOut, ...] = ()
    not_checked: tuple[str, ...] = ()
    matches: tuple[Json, ...] = ()
    policy_version: str | None = None
