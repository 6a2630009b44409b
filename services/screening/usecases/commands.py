"""What people ask of screening, as it travels to the worker."""

from datetime import date

from msgspec import Struct

from services.screening.domain.model import (
    Address,
    BankAccount,
    Contact,
    Customer,
    FinancialHealth,
    Identifier,
    Industry,
    LegalName,
    RegistrationStatus,
    Relationship,
)
from shared.contracts import screening as said


class RegisterCustomer(Struct, frozen=True, kw_only=True):
    """Register a customer, or replace what the register says about it."""

    customer_id: str
    legal_names: tuple[said.LegalName, ...]
    country: str
    identifiers: tuple[said.Identifier, ...] = ()
    industry: said.Industry | None = None
    registered_on: date | None = None
    registration_status: RegistrationStatus | None = None
    size_class: str | None = None
    segment: str | None = None
    addresses: tuple[Address, ...] = ()
    contacts: tuple[Contact, ...] = ()
    bank_accounts: tuple[BankAccount, ...] = ()
    relationships: tuple[Relationship, ...] = ()

    def customer(self, *, version: int) -> Customer:
        """The customer it describes. Raises `InvalidInputError`."""
        industry = self.industry
        return Customer(
            customer_id=self.customer_id,
            legal_names=tuple(
                LegalName(each.name, each.script, each.type) for each in self.legal_names
            ),
            country=self.country,
            identifiers=tuple(
                Identifier.given(each.scheme, each.value) for each in self.identifiers
            ),
            industry=Industry(industry.scheme, industry.code) if industry else None,
            registered_on=self.registered_on,
            registration_status=self.registration_status,
            size_class=self.size_class,
            segment=self.segment,
            addresses=self.addresses,
            contacts=self.contacts,
            bank_accounts=self.bank_accounts,
            relationships=self.relationships,
            version=version,
        )


class ScreenCustomer(Struct, frozen=True, kw_only=True):
    """Screen a customer now; `financials` replace the statement figures known so far."""

    customer_id: str
    financials: FinancialHealth | None = None
