"""What a customer does beside paying: promises, requests, accounts, answers, as of one day.

A part is empty, or None, where nothing of its kind is on record: that is calm, not unknown. What is
unknown is there, without its value.
"""

from dataclasses import dataclass
from datetime import date

from shared.kernel.money import Money
from shared.kernel.values import quick


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class RateFacts:
    """A part of a whole in one currency, over the indicator's window; the latest documents of the part.

    `parts` and `wholes` count documents. `late` is the part of the part that came late (B07).
    """

    currency: str
    part: Money
    whole: Money
    parts: int
    wholes: int
    documents: tuple[str, ...] = ()
    late: Money | None = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseFacts:
    """Promises judged in the window: kept and broken, and which were broken."""

    kept: int
    broken: int
    documents: tuple[str, ...] = ()


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class DriftFacts:
    """The cumulative sum of the monthly days late above the own usual, in deviations (T04).

    `heard` is whether a person has taken note of it and no month has come since.
    """

    currency: str
    on: date
    height: float
    days_late: float | None
    usual: float
    deviation: float
    months: int
    documents: tuple[str, ...] = ()
    heard: bool = False


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class NormFacts:
    """DSO at the last month end, and the own norm before it, in days (T05).

    `invoiced_days` of the window had an invoice: what the DSO rests on; None where there was none.
    """

    currency: str
    on: date
    days_outstanding: float | None
    norm: float
    months: int
    invoiced_days: int


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class AgeingRunFacts:
    """For how many month ends running the oldest balance has got older, and how old it is (T12)."""

    currency: str
    on: date
    month_ends: int
    days_past_due: int
    document: str | None = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsFacts:
    """The liquid share of what was ordered, and how far it lies above the usual one (B13).

    Neither is known where too little was ordered.
    """

    currency: str
    on: date
    share: float | None
    usual: float
    z: float | None
    months: int


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class SwingFacts:
    """How much orders vary lately against the long run: standard deviations of ln amounts (B03)."""

    currency: str
    ratio: float
    short: float
    long: float
    orders: int


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountFacts:
    """Discounts on offer that went by running, of a customer with the habit of taking them (T13)."""

    lost: int
    taken: int
    habit: float
    documents: tuple[str, ...] = ()


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class BillFacts:
    """What the customer's bills say (T14): worse than usual, unpaid, lapsed in the window and month.

    `why` is switched_to_commercial or longer_tenor; tenors in days. `unpaid` are overdue now. `listed` is
    the entry in the published list of acceptors persistently overdue.
    """

    why: str | None = None
    worse: str | None = None
    tenor: int | None = None
    usual_tenor: float | None = None
    unpaid: tuple[str, ...] = ()
    lapsed: tuple[str, ...] = ()
    lapsed_recently: bool = False
    lapsed_this_month: bool = False
    listed: str | None = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFacts:
    """Requests for easier terms in the window, and those made while something was past due (B08)."""

    requests: tuple[str, ...]
    while_overdue: tuple[str, ...]
    kinds: tuple[str, ...]


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """The gravest change of the account that the customer pays from, in the window (B09)."""

    on: date
    level: int
    account: str
    country: str | None
    document: str | None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class MethodFacts:
    """How far the latest payment's method stands below the usual one, on the ladder (B11)."""

    steps: int
    method: str
    usual: str
    receipts: int
    running: int
    document: str | None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    """Attempts to reach the customer without an answer, in the window (B12)."""

    unanswered: tuple[str, ...]
    premises_closed: str | None
    answered_on: date | None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceFacts:
    """How long nothing was bought, against the usual gap (seasonal) and its deviation, in days (B14)."""

    last: date
    silent_days: int
    usual_gap: float
    deviation: float
    gaps: int


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class UsageFacts:
    """The use of the limit: the average's rise over the window (L02), the days above it (L03), when it is reached.

    Neither of the first two is known while the limit is zero and something is owed.
    """

    currency: str
    utilisation: float
    average: float
    rise: float | None
    days_over: int | None
    over_since: date | None
    open_documents: int
    limit_reached_on: date | None = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class ConductFacts:
    """What a customer does beside paying, as of one day."""

    short_paid: tuple[RateFacts, ...] = ()
    cancellations: tuple[RateFacts, ...] = ()
    returns: tuple[RateFacts, ...] = ()
    credits: tuple[RateFacts, ...] = ()
    disputes: tuple[RateFacts, ...] = ()
    on_account: tuple[RateFacts, ...] = ()
    third_party: tuple[RateFacts, ...] = ()
    promises: PromiseFacts | None = None
    drifts: tuple[DriftFacts, ...] = ()
    norms: tuple[NormFacts, ...] = ()
    ageing: tuple[AgeingRunFacts, ...] = ()
    goods: tuple[GoodsFacts, ...] = ()
    swings: tuple[SwingFacts, ...] = ()
    discounts: DiscountFacts | None = None
    bills: BillFacts | None = None
    requests: RequestFacts | None = None
    account: AccountFacts | None = None
    method: MethodFacts | None = None
    contacts: ContactFacts | None = None
    silence: SilenceFacts | None = None
    usage: tuple[UsageFacts, ...] = ()
