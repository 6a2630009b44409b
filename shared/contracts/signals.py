"""Outside signals, as upstream systems publish them. Topic `obligor.signals`.

The first version records them; the indicators that read them come with the full catalogue.
"""

import datetime as dt
from decimal import Decimal

from shared.contracts.envelope import Event


class LegalProceedingFiled(Event, frozen=True, kw_only=True):
    """Somebody sued the customer, or a court acted against it."""

    proceeding_id: str
    kind: str
    date: dt.date
    amount: Decimal | None = None
    currency: str | None = None


class AdverseMediaReported(Event, frozen=True, kw_only=True):
    """A press report; `severity` and `credibility` 0..1."""

    report_id: str
    date: dt.date
    severity: float
    credibility: float


class RegistryChangeReported(Event, frozen=True, kw_only=True):
    """The company register changed: legal representative, address, status, capital."""

    change_id: str
    kind: str
    date: dt.date


class BankAccountChanged(Event, frozen=True, kw_only=True):
    """The customer pays from, or wants refunds to, another account."""

    account: str
    date: dt.date
    country: str | None = None


class IndustryIndexPublished(Event, frozen=True, kw_only=True):
    """An index of one sector; a broadcast, about no customer."""

    scheme: str
    code: str
    index: str
    date: dt.date
    value: float
