"""Every event there is: its `ce_type`, its struct, its topic; and how it is written and read."""

import re
from typing import Final

import msgspec

from shared.contracts import (
    bills,
    financials,
    monitoring,
    rating,
    recovery,
    screening,
    signals,
    tiering,
    transactions,
)
from shared.contracts.envelope import Event
from shared.kernel.errors import PoisonError

TRANSACTIONS: Final = "obligor.transactions"
FINANCIALS: Final = "obligor.financials"
SIGNALS: Final = "obligor.signals"
SCREENING: Final = "obligor.screening"
MONITORING: Final = "obligor.monitoring"
RATING: Final = "obligor.rating"
TIERING: Final = "obligor.tiering"
RECOVERY: Final = "obligor.recovery"
COMMANDS: Final = "commands"
JOBS: Final = "jobs"
LOCAL_TOPICS: Final = frozenset({COMMANDS, JOBS})
"""Topics that never leave a service's own log."""

DAY_CLOSED: Final = "day.closed"

PUBLISHER_OF: Final[dict[str, str]] = {
    TRANSACTIONS: "monitoring",
    SIGNALS: "monitoring",
    FINANCIALS: "rating",
    SCREENING: "screening",
    MONITORING: "monitoring",
    RATING: "rating",
    TIERING: "tiering",
    RECOVERY: "recovery",
}
BROADCAST_TYPES: Final = frozenset(
    {DAY_CLOSED, "industry_index.published", "country_index.published"}
)

EVENTS: Final[dict[str, dict[str, type[Event]]]] = {
    TRANSACTIONS: {
        "order.placed": transactions.OrderPlaced,
        "order.changed": transactions.OrderChanged,
        "order.cancelled": transactions.OrderCancelled,
        "invoice.issued": transactions.InvoiceIssued,
        "invoice.cancelled": transactions.InvoiceCancelled,
        "credit_note.issued": transactions.CreditNoteIssued,
        "payment.received": transactions.PaymentReceived,
        "payment.bounced": transactions.PaymentBounced,
        "dispute.opened": transactions.DisputeOpened,
        "dispute.resolved": transactions.DisputeResolved,
        "delivery.made": transactions.DeliveryMade,
        "goods.returned": transactions.GoodsReturned,
        "debit_note.issued": transactions.DebitNoteIssued,
        "payment.allocated": transactions.PaymentAllocated,
        "payment.unallocated": transactions.PaymentUnallocated,
        "promise.made": transactions.PromiseMade,
        "terms.changed": transactions.TermsChanged,
        "bill.received": bills.BillReceived,
        "bill.settled": bills.BillSettled,
        "bill.transferred": bills.BillTransferred,
        "bill.dishonoured": bills.BillDishonoured,
        "receivable.written_off": transactions.ReceivableWrittenOff,
        "receivable.recovered": transactions.ReceivableRecovered,
        "relief.requested": transactions.ReliefRequested,
        "contact.attempted": transactions.ContactAttempted,
        DAY_CLOSED: transactions.DayClosed,
    },
    FINANCIALS: {
        "financial_statement.filed": financials.FinancialStatementFiled,
        "external_rating.published": financials.ExternalRatingPublished,
    },
    SIGNALS: {
        "industry_index.published": signals.IndustryIndexPublished,
        "legal_proceeding.filed": signals.LegalProceedingFiled,
        "adverse_media.reported": signals.AdverseMediaReported,
        "registry_change.reported": signals.RegistryChangeReported,
        "bank_account.changed": signals.BankAccountChanged,
        "public_arrears.published": signals.PublicArrearsPublished,
        "equity_pledge.reported": signals.EquityPledgeReported,
        "official_sanction.imposed": signals.OfficialSanctionImposed,
        "bureau_report.published": signals.BureauReportPublished,
        "insurer_action.reported": signals.InsurerActionReported,
        "audit_event.reported": signals.AuditEventReported,
        "sanction_proximity.reported": signals.SanctionProximityReported,
        "key_customer.defaulted": signals.KeyCustomerDefaulted,
        "security.valued": signals.SecurityValued,
        "covenant.agreed": signals.CovenantAgreed,
        "bill_arrears.listed": signals.BillArrearsListed,
        "country_index.published": signals.CountryIndexPublished,
    },
    SCREENING: {
        "screening.customer_registered.v1": screening.CustomerRegistered,
        "screening.customer_updated.v1": screening.CustomerUpdated,
        "screening.customer_cleared.v1": screening.CustomerCleared,
        "screening.customer_referred.v1": screening.CustomerReferred,
        "screening.customer_rejected.v1": screening.CustomerRejected,
        "screening.day_closed.v1": screening.ScreeningDayClosed,
    },
    MONITORING: {
        "monitoring.warning_raised.v1": monitoring.WarningRaised,
        "monitoring.warning_escalated.v1": monitoring.WarningEscalated,
        "monitoring.warning_resolved.v1": monitoring.WarningResolved,
        "monitoring.behaviour_reported.v1": monitoring.BehaviourReported,
        "monitoring.arrears_changed.v1": monitoring.ArrearsChanged,
        "monitoring.exposure_changed.v1": monitoring.ExposureChanged,
        "monitoring.default_flagged.v1": monitoring.DefaultFlagged,
        "monitoring.customer_cured.v1": monitoring.CustomerCured,
        "monitoring.day_closed.v1": monitoring.MonitoringDayClosed,
    },
    RATING: {
        "rating.grade_assigned.v1": rating.GradeAssigned,
        "rating.grade_affirmed.v1": rating.GradeAffirmed,
        "rating.grade_overridden.v1": rating.GradeOverridden,
        "rating.review_due.v1": rating.ReviewDue,
        "rating.day_closed.v1": rating.RatingDayClosed,
    },
    TIERING: {
        "tiering.tier_assigned.v1": tiering.TierAssigned,
        "tiering.credit_limit_set.v1": tiering.CreditLimitSet,
        "tiering.order_decided.v1": tiering.OrderDecided,
        "tiering.day_closed.v1": tiering.TieringDayClosed,
    },
    RECOVERY: {
        "recovery.case_opened.v1": recovery.CaseOpened,
        "recovery.dunning_step_taken.v1": recovery.DunningStepTaken,
        "recovery.case_closed.v1": recovery.CaseClosed,
        "recovery.day_closed.v1": recovery.RecoveryDayClosed,
    },
}

EVENT_TYPES: Final[dict[type[Event], str]] = {
    struct: name for events in EVENTS.values() for name, struct in events.items()
}
TOPIC_OF: Final[dict[str, str]] = {
    name: topic for topic, events in EVENTS.items() for name in events
}

_DECODERS = {
    name: msgspec.json.Decoder(struct)
    for events in EVENTS.values()
    for name, struct in events.items()
}
_NUL: Final = rb"\u0000"
_ESCAPED_NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_HAS_NUL: Final = "a text contains NUL, which no text of the database may hold"
_encoder = msgspec.json.Encoder(decimal_format="string", order="deterministic")


class MalformedEventError(PoisonError):
    """A record's value is not what its type promises."""

    code = "malformed_event"

    def __init__(self, event_type: str, cause: Exception) -> None:
        super().__init__(f"{event_type}: {cause}"[:500])


def encode(event: Event) -> bytes:
    """Write an event as JSON: decimals and dates as strings, fields in a fixed order."""
    return _encoder.encode(event)


def decode(event_type: str, value: bytes) -> Event | None:
    """Read an event; None for a type nobody here knows (skip and count it).

    Raises `MalformedEventError` for a value that does not fit its type, or has a NUL in a text.
    """
    decoder = _DECODERS.get(event_type)
    if decoder is None:
        return None
    try:
        if _NUL in value and _ESCAPED_NUL.search(value):
            raise ValueError(_HAS_NUL)  # noqa: TRY301  # a reason like those of the decoder
        return decoder.decode(value)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise MalformedEventError(event_type, error) from error
