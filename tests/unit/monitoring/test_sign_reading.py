"""Signals, read: what they say, and what is refused."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.monitoring.domain.indicator_facts.external import Bound, OutsideSign, Source
from services.monitoring.usecases.sign_reading import check_signal, sign_of
from shared.contracts import signals as said
from shared.contracts.envelope import Event
from shared.kernel.errors import InvalidInputError
from shared.kernel.money import Money

ON = date(2025, 3, 3)


def a_covenant(
    measure: Any, bound: Any, level: str, **fields: Any
) -> Event:  # words of the contract
    told = {"covenant_id": "K1", "date": ON, "measure": measure, "bound": bound}
    return said.CovenantAgreed(**told, level=Decimal(level), **fields)


SIGNALS: list[tuple[Event, OutsideSign]] = [
    (
        said.LegalProceedingFiled(
            proceeding_id="L1", kind="claim", date=ON, amount=Decimal(5), currency="EUR"
        ),
        OutsideSign(
            source=Source.COURT, document="L1", kind="claim", on=ON, amount=Money(500, "EUR")
        ),
    ),
    (
        said.LegalProceedingFiled(proceeding_id="L1", kind="insolvency", date=ON, status="closed"),
        OutsideSign(source=Source.COURT, document="L1", kind="insolvency", on=ON, over=True),
    ),
    (
        said.PublicArrearsPublished(arrears_id="A1", kind="tax", date=ON),
        OutsideSign(source=Source.ARREARS, document="A1", kind="tax", on=ON),
    ),
    (
        said.EquityPledgeReported(report_id="E1", date=ON, pledged_share=0.6),
        OutsideSign(source=Source.EQUITY, document="E1", kind="pledged", on=ON, share=0.6),
    ),
    (
        said.EquityPledgeReported(report_id="E1", date=ON, pledged_share=1, frozen=True),
        OutsideSign(source=Source.EQUITY, document="E1", kind="frozen", on=ON, share=1),
    ),
    (
        said.AdverseMediaReported(report_id="M1", date=ON, severity=0.5, credibility=0.5),
        OutsideSign(source=Source.MEDIA, document="M1", kind="report", on=ON, share=0.25),
    ),
    (
        said.RegistryChangeReported(change_id="R1", kind="capital_cut", date=ON),
        OutsideSign(source=Source.REGISTRY, document="R1", kind="capital_cut", on=ON),
    ),
    (
        said.OfficialSanctionImposed(
            sanction_id="S1", kind="safety", measure="suspension", date=ON
        ),
        OutsideSign(source=Source.AUTHORITY, document="S1", kind="suspension", on=ON, by="safety"),
    ),
    (
        said.BureauReportPublished(report_id="B1", bureau="D", date=ON, days_beyond_terms=-2),
        OutsideSign(source=Source.BUREAU, document="B1", kind="report", on=ON, days=-2, by="D"),
    ),
    (
        said.InsurerActionReported(action_id="I1", insurer="H", kind="cut", date=ON, cut_share=0.2),
        OutsideSign(source=Source.INSURER, document="I1", kind="cut", on=ON, share=0.2, by="H"),
    ),
    (
        said.AuditEventReported(event_id="U1", kind="qualified", date=ON),
        OutsideSign(source=Source.AUDITOR, document="U1", kind="qualified", on=ON),
    ),
    (
        said.SanctionProximityReported(report_id="P1", date=ON, band="possible"),
        OutsideSign(source=Source.PROXIMITY, document="P1", kind="possible", on=ON),
    ),
    (
        said.KeyCustomerDefaulted(event_id="K1", date=ON, revenue_share=0.3, name="Big"),
        OutsideSign(
            source=Source.KEY_CUSTOMER, document="K1", kind="default", on=ON, share=0.3, by="Big"
        ),
    ),
    (
        said.SecurityValued(
            security_id="G1",
            date=ON,
            eligible_amount=Decimal(90),
            required_amount=Decimal(100),
            currency="EUR",
            expires_on=ON,
        ),
        OutsideSign(
            source=Source.SECURITY,
            document="G1",
            kind="valuation",
            on=ON,
            amount=Money(9_000, "EUR"),
            required=Money(10_000, "EUR"),
            expires_on=ON,
        ),
    ),
    (
        said.BillArrearsListed(listing_id="H1", date=ON),
        OutsideSign(source=Source.BILL_LIST, document="H1", kind="listed", on=ON),
    ),
    (
        a_covenant("current_ratio", "at_least", "1.2", expires_on=ON),
        OutsideSign(
            source=Source.COVENANT,
            document="K1",
            kind="current_ratio",
            on=ON,
            bound=Bound.AT_LEAST,
            level=1.2,
            expires_on=ON,
        ),
    ),
    (
        a_covenant("equity", "at_least", "1000", currency="EUR", status="closed"),
        OutsideSign(
            source=Source.COVENANT,
            document="K1",
            kind="equity",
            on=ON,
            over=True,
            bound=Bound.AT_LEAST,
            amount=Money(100_000, "EUR"),
        ),
    ),
]
NONSENSE: list[tuple[Event, str]] = [
    (said.LegalProceedingFiled(proceeding_id="L1", kind="divorce", date=ON), "data.kind"),
    (
        said.LegalProceedingFiled(proceeding_id="L1", kind="claim", date=ON, amount=Decimal(1)),
        "data.currency",
    ),
    (
        said.LegalProceedingFiled(
            proceeding_id="L1", kind="claim", date=ON, amount=Decimal(-1), currency="EUR"
        ),
        "data.amount",
    ),
    (said.LegalProceedingFiled(proceeding_id="", kind="claim", date=ON), "the document's id"),
    (said.PublicArrearsPublished(arrears_id="A", kind="tax", date=date(1900, 1, 1)), "data.date"),
    (said.EquityPledgeReported(report_id="E", date=ON, pledged_share=1.01), "data.pledged_share"),
    (
        said.AdverseMediaReported(report_id="M", date=ON, severity=-0.1, credibility=1),
        "data.severity",
    ),
    (
        said.AdverseMediaReported(report_id="M", date=ON, severity=1, credibility=1.1),
        "data.credibility",
    ),
    (said.RegistryChangeReported(change_id="R", kind="colour", date=ON), "data.kind"),
    (
        said.BureauReportPublished(report_id="B", bureau="D", date=ON, days_beyond_terms=3651),
        "data.days_beyond_terms",
    ),
    (
        said.BureauReportPublished(report_id="B", bureau="", date=ON, days_beyond_terms=1),
        "data.bureau",
    ),
    (
        said.InsurerActionReported(action_id="I", insurer="H", kind="cut", date=ON),
        "data.cut_share",
    ),
    (
        said.SanctionProximityReported(report_id="P", date=ON, blocked_share=2),
        "data.blocked_share",
    ),
    (said.KeyCustomerDefaulted(event_id="K", date=ON, revenue_share=1.5), "data.revenue_share"),
    (
        said.SecurityValued(
            security_id="G",
            date=ON,
            eligible_amount=Decimal(1),
            required_amount=Decimal(1),
            currency="EUR",
            expires_on=date(2500, 1, 1),
        ),
        "data.expires_on",
    ),
    (a_covenant("equity", "at_least", "1000"), "data.currency"),
    (a_covenant("current_ratio", "at_least", "1", currency="EUR"), "data.currency"),
    (a_covenant("equity", "at_least", "-1", currency="EUR"), "data.level"),
    (a_covenant("current_ratio", "at_least", "-0.1"), "data.level"),
    (a_covenant("current_ratio", "at_least", "NaN"), "data.level"),
    (a_covenant("current_ratio", "at_least", "1000000.1"), "data.level"),
    (a_covenant("current_ratio", "at_least", "1", expires_on=date(2500, 1, 1)), "data.expires_on"),
]


@pytest.mark.parametrize(("event", "sign"), SIGNALS)
def test_a_signal_is_read(event: Event, sign: OutsideSign) -> None:
    assert sign_of(event) == sign


@pytest.mark.parametrize(("event", "field"), NONSENSE)
def test_nonsense_is_refused_by_the_name_of_its_field(event: Event, field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        sign_of(event)
    assert refused.value.field == field


def test_a_bank_account_is_no_sign_of_the_outside() -> None:
    assert sign_of(said.BankAccountChanged(account="1", date=ON)) is None


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (said.BankAccountChanged(account="", date=ON), "data.account"),
        (said.BankAccountChanged(account="1", date=date(1, 1, 1)), "data.date"),
        (said.BankAccountChanged(account="1", date=ON, country="x" * 201), "data.country"),
        (said.BankAccountChanged(account="1", date=ON, bank_type="a\nb"), "data.bank_type"),
        (
            said.KeyCustomerDefaulted(event_id="K", date=ON, revenue_share=0.1, name="x" * 201),
            "data.name",
        ),
    ],
)
def test_names_that_cannot_be_shown_are_refused_at_the_door(event: Event, field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_signal(event)
    assert refused.value.field == field
