"""Outside signals, as upstream systems publish them. Topic `obligor.signals`.

Each is about one customer, its key, unless it says that it is a broadcast. A signal counts from its
own `date`; of what is told of the same document (the field that ends in `_id`), the newest date
counts, and of one date what was told last. `status` closed says that a thing is over.
"""

import datetime as dt
from decimal import Decimal
from typing import Literal

from shared.contracts.envelope import Event


class LegalProceedingFiled(Event, frozen=True, kw_only=True):
    """Somebody sued the customer, or a court acted against it.

    `kind` is claim (the customer is the defendant), enforcement (被执行人), dishonest_debtor
    (失信被执行人), consumption_limit (限制高消费), insolvency, liquidation or payment_stop.
    """

    proceeding_id: str
    kind: str
    date: dt.date
    amount: Decimal | None = None
    currency: str | None = None
    status: Literal["opened", "closed"] = "opened"


class PublicArrearsPublished(Event, frozen=True, kw_only=True):
    """An authority published that the customer owes taxes or social security contributions."""

    arrears_id: str
    kind: Literal["tax", "social_security"]
    date: dt.date
    amount: Decimal | None = None
    currency: str | None = None
    status: Literal["opened", "closed"] = "opened"


class EquityPledgeReported(Event, frozen=True, kw_only=True):
    """The controlling stake in the customer: how much of it is pledged (0..1), and if it is frozen.

    The newest report counts.
    """

    report_id: str
    date: dt.date
    pledged_share: float
    frozen: bool = False


class AdverseMediaReported(Event, frozen=True, kw_only=True):
    """A press report; `severity` and `credibility` 0..1."""

    report_id: str
    date: dt.date
    severity: float
    credibility: float


class RegistryChangeReported(Event, frozen=True, kw_only=True):
    """The company register changed.

    `kind` is abnormal_list, legal_representative, beneficial_owner, address, capital_cut or
    deregistration_notice.
    """

    change_id: str
    kind: str
    date: dt.date
    status: Literal["opened", "closed"] = "opened"


class OfficialSanctionImposed(Event, frozen=True, kw_only=True):
    """An authority acted against the customer's licence, or over safety or the environment."""

    sanction_id: str
    kind: Literal["licence", "safety", "environment"]
    measure: Literal["penalty", "suspension", "revocation"]
    date: dt.date
    status: Literal["opened", "closed"] = "opened"


class BureauReportPublished(Event, frozen=True, kw_only=True):
    """A bureau's average days beyond terms at the customer's other suppliers."""

    report_id: str
    bureau: str
    date: dt.date
    days_beyond_terms: float


class InsurerActionReported(Event, frozen=True, kw_only=True):
    """The credit insurer cut the buyer's limit by `cut_share` (0..1), cancelled or restored it."""

    action_id: str
    insurer: str
    kind: Literal["cut", "cancelled", "restored"]
    date: dt.date
    cut_share: float | None = None


class AuditEventReported(Event, frozen=True, kw_only=True):
    """Something about the customer's auditor or the opinion that no statement told."""

    event_id: str
    kind: Literal["auditor_change", "qualified", "adverse", "disclaimer", "going_concern"]
    date: dt.date


class SanctionProximityReported(Event, frozen=True, kw_only=True):
    """How near the customer is to a sanctioned party; the newest report counts.

    `band` of the best name match (strong: an id, or 0.95 and more), `blocked_share` (0..1) of the
    customer that blocked parties own.
    """

    report_id: str
    date: dt.date
    band: Literal["none", "possible", "strong"] = "none"
    blocked_share: float | None = None


class KeyCustomerDefaulted(Event, frozen=True, kw_only=True):
    """A customer of the customer failed; `revenue_share` (0..1) is what it bought of the revenue."""

    event_id: str
    date: dt.date
    revenue_share: float
    name: str | None = None
    status: Literal["opened", "closed"] = "opened"


class SecurityValued(Event, frozen=True, kw_only=True):
    """What one security is worth to us after haircuts, and until when it binds; the newest counts.

    `required_amount` is what all of the customer's security in this currency has to cover, as of
    this date: of several securities the newest valuation's figure counts.
    """

    security_id: str
    date: dt.date
    eligible_amount: Decimal
    currency: str
    required_amount: Decimal
    expires_on: dt.date | None = None
    status: Literal["opened", "closed"] = "opened"


class CovenantAgreed(Event, frozen=True, kw_only=True):
    """What the customer has promised us that its statements will show, from `date` to `expires_on`.

    `measure` stays `bound` (at_least, at_most) the `level`: a ratio; an amount in major units of
    `currency` for tangible_net_worth and equity; or, for statement_days, days from the end of a year
    until its statement is here (if there never was one: of the year of `date`). `status` closed: it
    was waived, or ended.
    """

    covenant_id: str
    date: dt.date
    measure: Literal[
        "debt_to_assets",
        "current_ratio",
        "interest_cover",
        "net_debt_to_ebitda",
        "z_score",
        "short_debt_to_cash",
        "tangible_net_worth",
        "equity",
        "statement_days",
    ]
    bound: Literal["at_least", "at_most"]
    level: Decimal
    currency: str | None = None
    expires_on: dt.date | None = None
    status: Literal["opened", "closed"] = "opened"


class BillArrearsListed(Event, frozen=True, kw_only=True):
    """The customer is on the published list of acceptors persistently overdue (票据持续逾期)."""

    listing_id: str
    date: dt.date
    status: Literal["opened", "closed"] = "opened"


class BankAccountChanged(Event, frozen=True, kw_only=True):
    """The customer pays from, or wants refunds to, another account.

    `bank_type` names the kind of bank (commercial, virtual, payment institution, …); `name_matches`
    says whether the account's holder is the customer, if that was checked.
    """

    account: str
    date: dt.date
    country: str | None = None
    bank_type: str | None = None
    name_matches: bool | None = None


class IndustryIndexPublished(Event, frozen=True, kw_only=True):
    """An index of one sector; a broadcast, about no customer.

    `index` is pmi (50 = no change), insolvency, input_price or output_price. `code` is a sector or
    a part of one: it is about every customer whose own code begins with it.
    """

    scheme: str
    code: str
    index: str
    date: dt.date
    value: float


class CountryIndexPublished(Event, frozen=True, kw_only=True):
    """An index of one country (ISO 3166-1, two letters); a broadcast, about no customer.

    `currency`: what one unit of its currency is worth in ours; `transfer_controls`: 0 none, else 1.
    """

    country: str
    index: Literal["currency", "transfer_controls"]
    date: dt.date
    value: float
