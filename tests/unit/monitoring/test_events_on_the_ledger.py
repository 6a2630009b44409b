"""The further facts, as events through monitoring: what is said of them, and when."""

from datetime import date
from decimal import Decimal

import pytest

from services.monitoring.storage.accounts import read_state
from shared.contracts import bills
from shared.contracts import transactions as tx
from shared.contracts.envelope import Event
from shared.contracts.figures import ExposureFigures
from shared.contracts.monitoring import (
    ArrearsChanged,
    BehaviourReported,
    CustomerCured,
    DefaultFlagged,
    ExposureChanged,
)
from tests.unit.monitoring.in_memory import Monitoring
from tests.unit.monitoring.telling import begun, closes, issued, on_day, paid, told


def exposure(monitoring: Monitoring) -> ExposureFigures:
    latest = [
        each for each in monitoring.said(ExposureChanged) if isinstance(each, ExposureChanged)
    ]
    return latest[-1].exposures[0]


def written_off(amount: str = "1000", *, on: int = 0) -> Event:
    return tx.ReceivableWrittenOff(
        write_off_id="W1", invoice_id="I1", amount=Decimal(amount), currency="EUR", date=on_day(on)
    )


def recovered(amount: str = "1000", *, on: int = 0) -> Event:
    return tx.ReceivableRecovered(
        recovery_id="Y1", amount=Decimal(amount), currency="EUR", date=on_day(on)
    )


def billed(due: int, *, kind: str = "commercial", on: int = 0) -> Event:
    return bills.BillReceived(
        bill_id="B1",
        kind="bank" if kind == "bank" else "commercial",
        amount=Decimal(1000),
        currency="EUR",
        due_date=on_day(due),
        date=on_day(on),
    )


def test_deliveries_and_bills_are_said_with_the_exposure() -> None:
    monitoring = begun()
    delivery = tx.DeliveryMade(
        delivery_id="L1", amount=Decimal(200), currency="EUR", order_id="O1", date=on_day(0)
    )
    monitoring.run([told(issued()), told(billed(90)), told(delivery)])
    said = exposure(monitoring)
    figures = [int(each) for each in (said.open_amount, said.dni, said.bills, said.total)]
    assert figures == [0, 200, 1000, 1200]


def test_a_bill_passed_on_is_said_to_be_over_when_recourse_ends() -> None:
    monitoring = begun()
    passed_on = bills.BillTransferred(bill_id="B1", with_recourse=True, date=on_day(0))
    monitoring.run([told(issued()), told(billed(20)), told(passed_on), *closes(0, 50)])
    assert exposure(monitoring).total == 1000
    monitoring.run(closes(51, 51))
    assert exposure(monitoring).total == 0


def test_a_dishonoured_bill_brings_the_arrears_back_with_their_age() -> None:
    monitoring = begun()
    back = bills.BillDishonoured(bill_id="B1", date=on_day(41))
    monitoring.run([told(issued(terms=10)), told(billed(40)), *closes(0, 40)])
    assert monitoring.said(ArrearsChanged) == []
    monitoring.run([told(back, on=41), *closes(41, 41)])
    arrears = monitoring.said(ArrearsChanged)[-1]
    assert isinstance(arrears, ArrearsChanged)
    assert arrears.invoices[0].due_date == on_day(10)


def _defaulted() -> Monitoring:
    monitoring = begun()
    monitoring.run([told(issued(terms=10)), *closes(0, 101)])
    assert len(monitoring.said(DefaultFlagged)) == 1
    return monitoring


@pytest.mark.parametrize("loss", [True, False])
def test_giving_a_claim_up_cures_nobody(*, loss: bool) -> None:
    monitoring = _defaulted()
    end = written_off(on=102) if loss else paid(on=102)
    monitoring.run([told(end, on=102), *closes(102, 250)])
    assert bool(monitoring.said(CustomerCured)) is not loss


def test_what_comes_in_after_all_lets_the_cure_begin() -> None:
    monitoring = _defaulted()
    monitoring.run([told(written_off(on=102), on=102), *closes(102, 230)])
    monitoring.run([told(recovered(on=231), on=231), *closes(231, 231)])
    assert len(monitoring.said(CustomerCured)) == 1


def test_broken_promises_travel_with_behaviour() -> None:
    monitoring = begun()
    promise = tx.PromiseMade(
        promise_id="M1",
        amount=Decimal(1000),
        currency="EUR",
        due_on=on_day(5),
        date=on_day(0),
    )
    monitoring.run([told(issued()), told(promise), *closes(0, 28)])
    report = monitoring.said(BehaviourReported)[-1]
    assert isinstance(report, BehaviourReported)
    behaviour = report.figures.behaviour
    assert behaviour is not None
    assert behaviour.broken_promises_12m == 1


def _due(monitoring: Monitoring) -> tuple[date, date | None]:
    ledger = read_state(monitoring.accounts["C1"][0]).ledger
    invoices = {**ledger.earlier.receivables}
    for fact in ledger.recent:
        assert fact.document != "I1"
    return invoices["I1"].due_date, invoices["I1"].extended_to


@pytest.mark.parametrize(("learned", "counts"), [(10, 40), (11, 10)])
def test_a_correction_told_after_the_due_date_hides_nothing(learned: int, counts: int) -> None:
    monitoring = begun()
    corrected = tx.InvoiceIssued(
        invoice_id="I1",
        amount=Decimal(1000),
        currency="EUR",
        invoice_date=on_day(0),
        due_date=on_day(40),
        version=2,
    )
    monitoring.run([told(issued(terms=10)), *closes(0, learned - 1)])
    monitoring.run([told(corrected, on=learned), told(issued("I2", on=learned), on=learned)])
    due, extended = _due(monitoring)
    assert due == on_day(counts)
    assert extended == (None if counts == 40 else on_day(40))
