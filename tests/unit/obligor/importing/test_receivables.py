from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obligor.facts import NoFactsError
from obligor.importing.mapping import Mapping, MappingError, RowKind, preset, read_mapping
from obligor.importing.receivables import (
    ReceivablesFile,
    UnreadableFileError,
    read_receivables,
)
from shared.contracts import transactions as facts
from shared.contracts.envelope import Event
from shared.testing import reference_path

IBM_HEADER = (
    "countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,"
    "InvoiceAmount,Disputed,SettledDate,PaperlessBill,DaysToSettle,DaysLate\n"
)
IBM_ROW = "391,0379-NEVHP,4/6/2013,0000611365,1/2/2013,2/1/2013,55.94,No,1/15/2013,Paper,13,0\n"


def _read(tmp_path: Path, text: str, mapping: Mapping) -> ReceivablesFile:
    path = tmp_path / "receivables.csv"
    path.write_text(text, encoding="utf-8")
    return read_receivables(path, mapping)


def _plain(tmp_path: Path, header: str, *rows: str) -> ReceivablesFile:
    return _read(tmp_path, "\n".join((header, *rows)) + "\n", preset("plain"))


def _only_event(found: ReceivablesFile) -> Event:
    assert found.bad == []
    ((_, fact),) = found.transactions.values()
    return fact.event


def test_an_ibm_row_is_an_invoice_and_its_payment(tmp_path: Path) -> None:
    found = _read(tmp_path, IBM_HEADER + IBM_ROW, preset("ibm"))

    invoice, payment = (fact for _, fact in found.transactions.values())
    assert invoice.event == facts.InvoiceIssued(
        invoice_id="0000611365",
        amount=Decimal("55.94"),
        currency="USD",
        invoice_date=date(2013, 1, 2),
        due_date=date(2013, 2, 1),
    )
    assert isinstance(payment.event, facts.PaymentReceived)
    assert payment.event.value_date == date(2013, 1, 15)
    assert payment.event.allocations == (
        facts.Allocation(invoice_id="0000611365", amount=Decimal("55.94")),
    )


def test_an_ibm_customer_is_named_by_its_id_and_its_country_is_unknown(tmp_path: Path) -> None:
    found = _read(tmp_path, IBM_HEADER + IBM_ROW, preset("ibm"))

    customer = found.customers["0379-NEVHP"]
    assert customer.legal_names[0].name == "0379-NEVHP"
    assert customer.country == "ZZ"


def test_a_disputed_ibm_row_makes_no_dispute(tmp_path: Path) -> None:
    found = _read(tmp_path, IBM_HEADER + IBM_ROW.replace(",No,", ",Yes,"), preset("ibm"))

    assert len(found.transactions) == 2


def test_an_unsettled_ibm_row_has_no_payment(tmp_path: Path) -> None:
    found = _read(tmp_path, IBM_HEADER + IBM_ROW.replace("1/15/2013", ""), preset("ibm"))

    assert isinstance(_only_event(found), facts.InvoiceIssued)


def test_reading_twice_gives_the_same_ids(tmp_path: Path) -> None:
    first = _read(tmp_path, IBM_HEADER + IBM_ROW, preset("ibm"))
    second = _read(tmp_path, IBM_HEADER + IBM_ROW, preset("ibm"))

    assert list(first.transactions) == list(second.transactions)


def test_a_bad_row_is_reported_with_its_line_and_the_good_ones_are_kept(tmp_path: Path) -> None:
    bad = IBM_ROW.replace("55.94", "fifty").replace("0000611365", "2")
    found = _read(tmp_path, IBM_HEADER + IBM_ROW + bad, preset("ibm"))

    assert len(found.transactions) == 2
    assert [row.line for row in found.bad] == [3]
    assert found.bad[0].reason == "amount is 'fifty', but must be a finite decimal number"


@pytest.mark.parametrize(
    ("wrong", "right", "reason"),
    [
        ("1/2/2013", "2013-01-02", "invoice_date is '2013-01-02', but must be a date like"),
        ("2/1/2013", "1/1/2013", "must not lie before the invoice date"),
        ("55.94", "-55.94", "must be above zero"),
        ("55.94", "0.00", "must be above zero"),
        ("55.94", "55.945", "USD has 2 decimal digits"),
        ("55.94", "NaN", "must be a finite decimal number"),
        ("0379-NEVHP", "", "customer_id is '', but must not be empty here"),
        ("0000611365", "", "invoice_id is '', but must not be empty here"),
        ("0000611365", "x" * 201, "must have at most 200 characters"),
        ("Paper,", "Paper,,", "has more cells than the header"),
        (",13,0", ",13", "has fewer cells than the header"),
    ],
)
def test_each_thing_that_can_be_wrong_with_a_row_is_said(
    tmp_path: Path, wrong: str, right: str, reason: str
) -> None:
    found = _read(tmp_path, IBM_HEADER + IBM_ROW.replace(wrong, right, 1), preset("ibm"))

    assert found.transactions == {}
    assert reason in found.bad[0].reason


def test_a_row_that_is_not_text_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes((IBM_HEADER + IBM_ROW).encode() + IBM_ROW.encode().replace(b"No", b"\xe4"))

    found = read_receivables(path, preset("ibm"))

    assert [row.line for row in found.bad] == [3]
    assert "must be utf-8-sig text" in found.bad[0].reason


def test_the_same_row_twice_counts_once(tmp_path: Path) -> None:
    found = _read(tmp_path, IBM_HEADER + IBM_ROW + IBM_ROW, preset("ibm"))

    assert found.bad == []
    assert len(found.transactions) == 2


def test_the_same_invoice_with_other_figures_is_refused(tmp_path: Path) -> None:
    other = IBM_ROW.replace("55.94", "55.95")
    found = _read(tmp_path, IBM_HEADER + IBM_ROW + other, preset("ibm"))

    assert "is on line 2 already, with other figures" in found.bad[0].reason
    assert len(found.transactions) == 2


def test_a_file_without_a_needed_column_is_refused_whole(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="has no column 'DueDate', only"):
        _read(tmp_path, "customerID,invoiceNumber,InvoiceDate\n", preset("ibm"))


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"nowhere\.csv cannot be read"):
        read_receivables(tmp_path / "nowhere.csv", preset("ibm"))


def test_an_empty_file_makes_no_history(tmp_path: Path) -> None:
    with pytest.raises(NoFactsError):
        _read(tmp_path, IBM_HEADER, preset("ibm")).history()


def test_facts_are_ordered_by_day_and_quiet_days_are_kept(tmp_path: Path) -> None:
    history = _read(tmp_path, IBM_HEADER + IBM_ROW, preset("ibm")).history()

    assert history.first_day == date(2013, 1, 2)
    assert history.last_day == date(2013, 1, 15)
    assert len(history.days) == 14
    assert [len(day.transactions) for day in history.days] == [1, *[0] * 12, 1]


def test_customers_are_registered_on_the_first_day(tmp_path: Path) -> None:
    history = _read(tmp_path, IBM_HEADER + IBM_ROW, preset("ibm")).history()

    assert [one.customer_id for one in history.days[0].registrations] == ["0379-NEVHP"]


def test_a_plain_customer_row_registers_and_names(tmp_path: Path) -> None:
    found = _plain(tmp_path, "type,customer_id,name,country", "customer,C1,Ferrero S.p.A.,it")

    assert found.customers["C1"].legal_names[0].name == "Ferrero S.p.A."
    assert found.customers["C1"].country == "IT"
    assert found.transactions == {}


def test_a_later_row_may_bring_the_name(tmp_path: Path) -> None:
    found = _plain(
        tmp_path,
        "type,customer_id,name,country,date,order_id,amount,currency",
        "order.placed,C1,,,2026-01-05,O1,10.00,EUR",
        "customer,C1,Ferrero S.p.A.,IT,,,,",
    )

    assert found.customers["C1"].legal_names[0].name == "Ferrero S.p.A."


@pytest.mark.parametrize(
    ("header", "row", "event"),
    [
        (
            "order_id,amount,currency,planned_delivery,terms_days",
            "order.placed,C1,2026-01-05,O1,1200.50,EUR,2026-01-20,30",
            facts.OrderPlaced(
                order_id="O1",
                amount=Decimal("1200.50"),
                currency="EUR",
                planned_delivery=date(2026, 1, 20),
                terms_days=30,
            ),
        ),
        (
            "order_id,version,amount,currency",
            "order.changed,C1,2026-01-05,O1,3,900,EUR",
            facts.OrderChanged(order_id="O1", version=3, amount=Decimal("900.00")),
        ),
        (
            "order_id,reason",
            "order.cancelled,C1,2026-01-05,O1,late",
            facts.OrderCancelled(order_id="O1", reason="late"),
        ),
        (
            "invoice_id,due_date,amount,currency",
            "invoice.issued,C1,2026-01-05,I1,2026-02-04,99.90,EUR",
            facts.InvoiceIssued(
                invoice_id="I1",
                amount=Decimal("99.90"),
                currency="EUR",
                invoice_date=date(2026, 1, 5),
                due_date=date(2026, 2, 4),
            ),
        ),
        (
            "invoice_id,reason",
            "invoice.cancelled,C1,2026-01-05,I1,",
            facts.InvoiceCancelled(invoice_id="I1"),
        ),
        (
            "credit_note_id,invoice_id,amount,currency,reason",
            "credit_note.issued,C1,2026-01-05,CN1,I1,5,EUR,rebate",
            facts.CreditNoteIssued(
                credit_note_id="CN1",
                invoice_id="I1",
                amount=Decimal("5.00"),
                currency="EUR",
                reason="rebate",
                date=date(2026, 1, 5),
            ),
        ),
        (
            "payment_id,amount,currency,method,allocations",
            "payment.received,C1,2026-01-05,P1,30,EUR,cheque,I1=10;I2=20.00",
            facts.PaymentReceived(
                payment_id="P1",
                amount=Decimal("30.00"),
                currency="EUR",
                value_date=date(2026, 1, 5),
                method="cheque",
                allocations=(
                    facts.Allocation(invoice_id="I1", amount=Decimal("10.00")),
                    facts.Allocation(invoice_id="I2", amount=Decimal("20.00")),
                ),
            ),
        ),
        (
            "payment_id,reason",
            "payment.bounced,C1,2026-01-05,P1,insufficient_funds",
            facts.PaymentBounced(
                payment_id="P1", reason="insufficient_funds", date=date(2026, 1, 5)
            ),
        ),
        (
            "dispute_id,invoice_id,amount,currency,code",
            "dispute.opened,C1,2026-01-05,D1,I1,7.50,EUR,quality",
            facts.DisputeOpened(
                dispute_id="D1",
                invoice_id="I1",
                amount=Decimal("7.50"),
                code="quality",
                date=date(2026, 1, 5),
            ),
        ),
        (
            "dispute_id,outcome,currency",
            "dispute.resolved,C1,2026-01-05,D1,upheld,EUR",
            facts.DisputeResolved(dispute_id="D1", outcome="upheld", date=date(2026, 1, 5)),
        ),
    ],
)
def test_every_type_of_plain_row_becomes_its_event(
    tmp_path: Path, header: str, row: str, event: Event
) -> None:
    assert _only_event(_plain(tmp_path, f"type,customer_id,date,{header}", row)) == event


def test_a_payment_that_names_one_invoice_settles_it(tmp_path: Path) -> None:
    payment = _only_event(
        _plain(
            tmp_path,
            "type,customer_id,date,payment_id,amount,currency,invoice_id",
            "payment.received,C1,2026-01-05,P1,30,EUR,I1",
        )
    )

    assert isinstance(payment, facts.PaymentReceived)
    assert payment.allocations == (facts.Allocation(invoice_id="I1", amount=Decimal("30.00")),)


def test_a_payment_that_names_none_is_on_account(tmp_path: Path) -> None:
    payment = _only_event(
        _plain(
            tmp_path,
            "type,customer_id,date,payment_id,amount,currency",
            "payment.received,C1,2026-01-05,P1,30,EUR",
        )
    )

    assert isinstance(payment, facts.PaymentReceived)
    assert payment.allocations == ()


@pytest.mark.parametrize(
    ("header", "row", "reason"),
    [
        ("date", "refund.paid,C1,2026-01-05", "type is 'refund.paid', but must be one of customer"),
        (
            "date,payment_id,reason",
            "payment.bounced,C1,2026-01-05,P1,bad luck",
            "Invalid enum value 'bad luck'",
        ),
        (
            "date,payment_id,amount,currency,allocations",
            "payment.received,C1,2026-01-05,P1,30,EUR,I1:30",
            "must read INVOICE=AMOUNT;INVOICE=AMOUNT",
        ),
        (
            "date,payment_id,amount",
            "payment.received,C1,2026-01-05,P1,30",
            "currency is '', but must be given by a column or by --currency",
        ),
        (
            "date,order_id,amount,currency,terms_days",
            "order.placed,C1,2026-01-05,O1,30,EUR,thirty",
            "terms_days is 'thirty', but must be a whole number",
        ),
        (
            "country",
            "customer,C1,Germany",
            "country is 'Germany', but must be an ISO 3166 alpha-2 code",
        ),
    ],
)
def test_each_thing_that_can_be_wrong_with_a_plain_row_is_said(
    tmp_path: Path, header: str, row: str, reason: str
) -> None:
    found = _plain(tmp_path, f"type,customer_id,{header}", row)

    assert reason in found.bad[0].reason


def test_a_mapping_translates_columns_types_dates_and_decimals(tmp_path: Path) -> None:
    mapping = Mapping(
        source="import-erp",
        columns={
            "type": "Belegart",
            "customer_id": "Kunde",
            "date": "Datum",
            "invoice_id": "Beleg",
            "amount": "Betrag",
            "due_date": "Fällig",
        },
        types={"RE": "invoice.issued"},
        dates="%d.%m.%Y",
        decimal=",",
        delimiter=";",
        currency="EUR",
    )
    text = (
        "Belegart;Kunde;Datum;Beleg;Betrag;Fällig\nRE;4711;31.01.2026;90001;1.234,50;02.03.2026\n"
    )

    invoice = _only_event(_read(tmp_path, text, mapping))

    assert invoice == facts.InvoiceIssued(
        invoice_id="90001",
        amount=Decimal("1234.50"),
        currency="EUR",
        invoice_date=date(2026, 1, 31),
        due_date=date(2026, 3, 2),
    )


def test_a_mapping_translates_countries(tmp_path: Path) -> None:
    mapping = Mapping(countries={"276": "DE"})
    found = _read(tmp_path, "type,customer_id,country\ncustomer,C1,276\n", mapping)

    assert found.customers["C1"].country == "DE"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("rows: orders\n", "rows: Input should be"),
        ("columns: {shoe_size: x}\n", "'shoe_size' is none of ours"),
        ("colums: {}\n", "colums: Extra inputs are not permitted"),
        ("rows: [\n", "cannot be used"),
        ("country: Germany\n", "country: String should match"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_why(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(MappingError, match=reason):
        read_mapping(path)


def test_a_mapping_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text("rows: invoices\ncolumns: {amount: Total}\n", encoding="utf-8")

    mapping = read_mapping(path)

    assert mapping.rows is RowKind.INVOICES
    assert mapping.theirs("amount") == "Total"
    assert mapping.theirs("due_date") == "due_date"


def test_a_mapping_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="cannot be used"):
        read_mapping(tmp_path / "none.yaml")


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused_but_never_breaks(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any_text.csv"
    path.write_text("type,customer_id\n" + text, encoding="utf-8", errors="replace")

    found = read_receivables(path, preset("plain"))

    assert len(found.bad) + len(found.customers) <= 2 * found.rows


def test_the_whole_ibm_file_is_read_without_a_bad_row() -> None:
    path = reference_path("data/ar_ibm/WA_Fn-UseC_-Accounts-Receivable.csv")
    if path is None:
        pytest.skip("the IBM file may not be redistributed and does not lie beside this checkout")

    found = read_receivables(path, preset("ibm"))

    assert (found.rows, len(found.bad)) == (2466, 0)
    assert len(found.customers) == 100
    assert len(found.transactions) == 2 * 2466
