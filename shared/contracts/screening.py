"""What screening publishes: the customer register and its verdicts. Topic `obligor.screening`."""

from datetime import date

from msgspec import Struct

from shared.contracts.envelope import Event
from shared.contracts.figures import ReasonGiven


class LegalName(Struct, frozen=True, kw_only=True):
    """One name of a customer, in one script."""

    name: str
    script: str = "Latn"
    type: str = "registered"


class Identifier(Struct, frozen=True, kw_only=True):
    """A registered identifier: scheme `uscc`, `lei` or another."""

    scheme: str
    value: str


class Industry(Struct, frozen=True, kw_only=True):
    """An industry code in its own scheme (GB/T 4754, ISIC, NACE), never compared across schemes."""

    scheme: str
    code: str


class Relationship(Struct, frozen=True, kw_only=True):
    """An edge to another party.

    `type` is owns, votes, controls, consolidates, guarantees, director, legal_representative,
    shares_address, shares_phone, shares_bank_account or economically_dependent; another counts for
    nothing yet. `party` is another customer's id (or a name, if it is none); `share` 0 to 1.
    """

    type: str
    party: str
    share: float | None = None


class CustomerRegistered(Event, frozen=True, kw_only=True):
    """The register knows a new customer. Decides nothing by itself."""

    customer_id: str
    legal_names: tuple[LegalName, ...]
    country: str
    identifiers: tuple[Identifier, ...] = ()
    industry: Industry | None = None
    registered_on: date | None = None
    size_class: str | None = None
    segment: str | None = None
    relationships: tuple[Relationship, ...] = ()
    version: int = 1


class CustomerUpdated(CustomerRegistered, frozen=True, kw_only=True):
    """The register's facts about a customer changed; carries all of them."""


class ScreeningVerdict(Event, frozen=True, kw_only=True):
    """What every verdict says: outcome pass|refer|reject_credit|reject, points, why, what is open."""

    customer_id: str
    as_of: date
    decision_id: str
    outcome: str
    points: int
    reasons: tuple[ReasonGiven, ...]
    not_checked: tuple[str, ...]
    policy_version: str


class CustomerCleared(ScreeningVerdict, frozen=True, kw_only=True):
    """We may deal with the customer on credit."""


class CustomerReferred(ScreeningVerdict, frozen=True, kw_only=True):
    """A person has to look at the customer first."""


class CustomerRejected(ScreeningVerdict, frozen=True, kw_only=True):
    """No credit (`reject_credit`: prepayment only) or no trade at all (`reject`)."""


class ScreeningDayClosed(Event, frozen=True, kw_only=True):
    """Screening has said all it had to say for `date` in this partition."""

    date: date
