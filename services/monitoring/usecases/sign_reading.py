"""Outside signals, read: what each says of a customer, or why it cannot be believed."""

from collections.abc import Callable
from typing import Any, Final

from services.monitoring.domain.formulas import covenants, public_records
from services.monitoring.domain.formulas.industry import PMI
from services.monitoring.domain.indicator_facts.external import Bound, OutsideSign, Source
from services.monitoring.domain.indicator_facts.industry import Reading
from services.monitoring.domain.outside.industry_standing import (
    COUNTRY,
    CURRENCY,
    SECTOR_INDICES,
    TRANSFER_CONTROLS,
    IndexKey,
)
from services.monitoring.usecases.sign_checks import (
    check_day,
    check_end,
    check_name,
    known_kind,
    money_of,
    named,
    number_of,
    share_of,
)
from shared.contracts import signals
from shared.contracts.envelope import Event
from shared.kernel.errors import InvalidInputError
from shared.kernel.maths import probability

COURT_KINDS: Final = (
    public_records.CLAIM,
    public_records.ENFORCEMENT,
    public_records.DISHONEST_DEBTOR,
    public_records.CONSUMPTION_LIMIT,
    *public_records.FAILURES,
)
REGISTRY_KINDS: Final = (*public_records.CHANGES, *public_records.GRAVE_CHANGES)
_MOST_DAYS = 3650
_COUNTRY_LETTERS = 2
_HIGHEST_PMI = 100.0


def sign_of(event: Event) -> OutsideSign | None:
    """What a signal says of its customer; None for one that is about something else.

    Raises `InvalidInputError` for what cannot be: a share above 1, an amount without its currency.
    """
    read = _READ.get(type(event))
    sign = None if read is None else read(event)
    if sign is not None:
        check_name("the document's id", sign.document)
        check_day("data.date", sign.on)
    return sign


def index_of(event: Event) -> tuple[IndexKey, Reading] | None:
    """The index and its reading that a broadcast publishes; None for one that is about a customer.

    Raises `InvalidInputError` for an index that nobody reads, or a value it cannot have.
    """
    if isinstance(event, signals.CountryIndexPublished):
        if not _is_country(event.country):
            rule = "must be a two-letter code of ISO 3166-1"
            raise InvalidInputError(field="data.country", value=event.country[:40], rule=rule)
        key = IndexKey(COUNTRY, event.country, event.index)
        most = None if event.index == CURRENCY else 1.0
    elif isinstance(event, signals.IndustryIndexPublished):
        check_name("data.scheme", event.scheme)
        check_name("data.code", event.code)
        known_kind("data.index", event.index, SECTOR_INDICES)
        key = IndexKey(event.scheme, event.code, event.index)
        most = _HIGHEST_PMI if event.index == PMI else None
    else:
        return None
    check_day("data.date", event.date)
    above = event.value > 0 or event.index == TRANSFER_CONTROLS
    if not above or event.value < 0 or (most is not None and event.value > most):
        rule = "must be above 0" if most is None else f"must lie between 0 and {most:g}"
        raise InvalidInputError(field="data.value", value=event.value, rule=rule)
    return key, Reading(on=event.date, value=event.value)


def _is_country(code: str) -> bool:
    return len(code) == _COUNTRY_LETTERS and code.isascii() and code.isalpha() and code.isupper()


def check_signal(event: Event) -> None:
    """Refuse a signal that cannot be. Raises `InvalidInputError`."""
    if isinstance(event, signals.BankAccountChanged):
        check_account(event)
    elif index_of(event) is None:
        sign_of(event)


def check_account(event: signals.BankAccountChanged) -> None:
    """Refuse another account that nobody can pay from. Raises `InvalidInputError`."""
    check_day("data.date", event.date)
    check_name("data.account", event.account)
    for field, name in (("data.country", event.country), ("data.bank_type", event.bank_type)):
        if name is not None:
            check_name(field, name)


def _court(event: signals.LegalProceedingFiled) -> OutsideSign:
    return OutsideSign(
        source=Source.COURT,
        document=event.proceeding_id,
        kind=known_kind("data.kind", event.kind, COURT_KINDS),
        on=event.date,
        over=_over(event.status),
        amount=money_of(event.amount, event.currency),
    )


def _arrears(event: signals.PublicArrearsPublished) -> OutsideSign:
    return OutsideSign(
        source=Source.ARREARS,
        document=event.arrears_id,
        kind=event.kind,
        on=event.date,
        over=_over(event.status),
        amount=money_of(event.amount, event.currency),
    )


def _equity(event: signals.EquityPledgeReported) -> OutsideSign:
    return OutsideSign(
        source=Source.EQUITY,
        document=event.report_id,
        kind=public_records.FROZEN if event.frozen else "pledged",
        on=event.date,
        share=probability(event.pledged_share, field="data.pledged_share"),
    )


def _media(event: signals.AdverseMediaReported) -> OutsideSign:
    severity = probability(event.severity, field="data.severity")
    credibility = probability(event.credibility, field="data.credibility")
    return OutsideSign(
        source=Source.MEDIA,
        document=event.report_id,
        kind="report",
        on=event.date,
        share=severity * credibility,
    )


def _registry(event: signals.RegistryChangeReported) -> OutsideSign:
    return OutsideSign(
        source=Source.REGISTRY,
        document=event.change_id,
        kind=known_kind("data.kind", event.kind, REGISTRY_KINDS),
        on=event.date,
        over=_over(event.status),
    )


def _authority(event: signals.OfficialSanctionImposed) -> OutsideSign:
    return OutsideSign(
        source=Source.AUTHORITY,
        document=event.sanction_id,
        kind=event.measure,
        on=event.date,
        over=_over(event.status),
        by=event.kind,
    )


def _bureau(event: signals.BureauReportPublished) -> OutsideSign:
    if abs(event.days_beyond_terms) > _MOST_DAYS:
        rule = f"must lie between -{_MOST_DAYS} and {_MOST_DAYS} days"
        field = "data.days_beyond_terms"
        raise InvalidInputError(field=field, value=event.days_beyond_terms, rule=rule)
    return OutsideSign(
        source=Source.BUREAU,
        document=event.report_id,
        kind="report",
        on=event.date,
        days=event.days_beyond_terms,
        by=named("data.bureau", event.bureau),
    )


def _insurer(event: signals.InsurerActionReported) -> OutsideSign:
    if event.kind == "cut" and event.cut_share is None:
        raise InvalidInputError(field="data.cut_share", value=None, rule="must be given for a cut")
    return OutsideSign(
        source=Source.INSURER,
        document=event.action_id,
        kind=event.kind,
        on=event.date,
        share=share_of("data.cut_share", event.cut_share),
        by=named("data.insurer", event.insurer),
    )


def _auditor(event: signals.AuditEventReported) -> OutsideSign:
    return OutsideSign(
        source=Source.AUDITOR, document=event.event_id, kind=event.kind, on=event.date
    )


def _proximity(event: signals.SanctionProximityReported) -> OutsideSign:
    return OutsideSign(
        source=Source.PROXIMITY,
        document=event.report_id,
        kind=event.band,
        on=event.date,
        share=share_of("data.blocked_share", event.blocked_share),
    )


def _key_customer(event: signals.KeyCustomerDefaulted) -> OutsideSign:
    return OutsideSign(
        source=Source.KEY_CUSTOMER,
        document=event.event_id,
        kind="default",
        on=event.date,
        over=_over(event.status),
        share=probability(event.revenue_share, field="data.revenue_share"),
        by=None if event.name is None else named("data.name", event.name),
    )


def _security(event: signals.SecurityValued) -> OutsideSign:
    check_end(event.expires_on)
    return OutsideSign(
        source=Source.SECURITY,
        document=event.security_id,
        kind="valuation",
        on=event.date,
        over=_over(event.status),
        amount=money_of(event.eligible_amount, event.currency, field="data.eligible_amount"),
        required=money_of(event.required_amount, event.currency, field="data.required_amount"),
        expires_on=event.expires_on,
    )


def _bill_list(event: signals.BillArrearsListed) -> OutsideSign:
    return OutsideSign(
        source=Source.BILL_LIST,
        document=event.listing_id,
        kind="listed",
        on=event.date,
        over=_over(event.status),
    )


def _covenant(event: signals.CovenantAgreed) -> OutsideSign:
    check_end(event.expires_on)
    in_currency = event.measure in covenants.IN_CURRENCY
    if in_currency and event.currency is None:
        rule = f"must be given for {event.measure}"
        raise InvalidInputError(field="data.currency", value=None, rule=rule)
    if not in_currency and event.currency is not None:
        rule = f"must not be given: {event.measure} is no amount"
        raise InvalidInputError(field="data.currency", value=event.currency[:40], rule=rule)
    return OutsideSign(
        source=Source.COVENANT,
        document=event.covenant_id,
        kind=event.measure,
        on=event.date,
        over=_over(event.status),
        bound=Bound(event.bound),
        amount=money_of(event.level, event.currency, field="data.level") if in_currency else None,
        level=None if in_currency else number_of("data.level", event.level),
        expires_on=event.expires_on,
    )


def _over(status: str) -> bool:
    return status == "closed"


_READ: Final[dict[type[Event], Callable[[Any], OutsideSign]]] = {
    signals.LegalProceedingFiled: _court,
    signals.PublicArrearsPublished: _arrears,
    signals.EquityPledgeReported: _equity,
    signals.AdverseMediaReported: _media,
    signals.RegistryChangeReported: _registry,
    signals.OfficialSanctionImposed: _authority,
    signals.BureauReportPublished: _bureau,
    signals.InsurerActionReported: _insurer,
    signals.AuditEventReported: _auditor,
    signals.SanctionProximityReported: _proximity,
    signals.KeyCustomerDefaulted: _key_customer,
    signals.SecurityValued: _security,
    signals.BillArrearsListed: _bill_list,
    signals.CovenantAgreed: _covenant,
}
