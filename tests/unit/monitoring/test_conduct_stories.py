"""Each sign of conduct, from the events to the warning: what a credit manager would want to hear of."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from services.monitoring.domain.standing import note_limit
from services.monitoring.domain.watching.risk_warning import RiskWarning
from services.monitoring.storage.accounts import write_state
from shared.contracts import bills
from shared.contracts import transactions as tx
from shared.contracts.envelope import Event
from shared.contracts.signals import BankAccountChanged
from tests.unit.monitoring.in_memory import POLICIES, Monitoring, Told, a_close

START = date(2025, 1, 6)
RULES = POLICIES.in_force(date.max).policy


class Story:
    """One customer's events day by day, every day closed."""

    def __init__(self) -> None:
        self.monitoring = Monitoring()
        self.monitoring.run([a_close(START - timedelta(days=1))])
        self.today = 0

    def day(self, number: int) -> date:
        return START + timedelta(days=number)

    def on(self, number: int, *events: Event) -> "Story":
        """Close the days before, then tell the events."""
        closes = [a_close(self.day(each)) for each in range(self.today, number)]
        told = [
            Told(each, "C1", self.day(number), id=f"{number}/{place}/{each!r}")
            for place, each in enumerate(events)
        ]
        self.monitoring.run([*closes, *told])
        self.today = number
        return self

    def limit(self, amount: int) -> "Story":
        customer = self.monitoring.customer("C1")
        note_limit(
            customer.standing,
            "EUR",
            amount * 100,
            effective_from=self.day(self.today),
            policy=RULES.ledger,
        )
        _, wake_on = self.monitoring.accounts["C1"]
        self.monitoring.accounts["C1"] = (write_state(customer), wake_on)
        return self

    def warning(self, code: str) -> RiskWarning | None:
        found = self.monitoring.customer("C1").watch.warnings
        return next((each for name, each in found.items() if name == code), None)

    def severity(self, code: str) -> str | None:
        found = self.warning(code)
        return None if found is None else found.severity.value


def ordered(name: str, amount: int = 1000, liquid: int | None = None) -> Event:
    part = None if liquid is None else Decimal(liquid)
    return tx.OrderPlaced(order_id=name, amount=Decimal(amount), currency="EUR", liquid_amount=part)


def invoiced(story: Story, name: str, *, on: int, amount: int = 1000, **more: Any) -> Event:
    terms = more.pop("terms", 30)
    return tx.InvoiceIssued(
        invoice_id=name,
        amount=Decimal(amount),
        currency="EUR",
        invoice_date=story.day(on),
        due_date=story.day(on + terms),
        **more,
    )


def paid(story: Story, name: str, *, on: int, amount: int = 1000, **more: Any) -> Event:
    to = more.pop("to", None)
    named = () if to is None else (tx.Allocation(invoice_id=to, amount=Decimal(amount)),)
    return tx.PaymentReceived(
        payment_id=name,
        amount=Decimal(amount),
        currency="EUR",
        value_date=story.day(on),
        method=more.pop("method", "transfer"),
        allocations=named,
        **more,
    )


def a_trader(until: int, *, every: int = 7, late: int = 0, **payment: Any) -> Story:
    """A customer who buys every week and pays each invoice after its terms of fourteen days."""
    story = Story()
    for day in range(until):
        events: list[Event] = []
        if day % every == 0:
            events.append(invoiced(story, f"I{day}", on=day, terms=14))
        begun = day - 14 - late
        if begun >= 0 and begun % every == 0:
            events.append(paid(story, f"P{day}", on=day, to=f"I{begun}", **payment))
        if events:
            story.on(day, *events)
    return story


def warned(story: Story) -> Sequence[str]:
    return sorted(story.monitoring.customer("C1").watch.warnings)


def test_a_healthy_trader_is_left_in_peace() -> None:
    assert warned(a_trader(300).on(300)) == []


def test_t04_days_late_that_creep_up_are_a_drift() -> None:
    story = Story()
    for number in range(24):
        begin, late = number * 14, 1 if number < 14 else 9
        story.on(begin, invoiced(story, f"I{number}", on=begin, terms=5))
        story.on(begin + 5 + late, paid(story, f"P{number}", on=begin + 5 + late, to=f"I{number}"))
    found = story.on(24 * 14).warning("T04")
    assert found is not None
    figures = found.evidence.figures
    assert figures["usual"] == pytest.approx(1, abs=0.5)
    assert figures["days_late"] == pytest.approx(9)
    assert found.evidence.documents


def test_t05_invoices_that_stay_open_longer_stretch_dso() -> None:
    story = a_trader(270)
    for day in range(273, 330, 7):
        story.on(day, invoiced(story, f"I{day}", on=day, terms=60))
    found = story.on(335).warning("T05")
    assert found is not None
    assert found.evidence.figures["ratio"] == found.value


@pytest.mark.parametrize(("owes", "severity"), [(True, "red"), (False, None)])
def test_t05_without_sales_is_unknown_while_anything_is_open(
    *, owes: bool, severity: str | None
) -> None:
    """The last invoice is of day 294, at the end of October: no window from February on has any."""
    story = a_trader(260)
    for day in range(266, 300, 7):
        story.on(day, invoiced(story, f"I{day}", on=day, terms=14))
    assert story.on(301).severity("T05") == "red"
    assert story.on(400).severity("T05") == "red"
    if not owes:
        owed = story.monitoring.customer("C1").ledger.unfold(RULES.ledger).receivables
        story.on(400, *[paid(story, f"X{each}", on=400, to=each) for each in owed])
    assert story.on(460).severity("T05") == severity


def test_t08_small_rests_without_a_reason_are_short_payments() -> None:
    story = a_trader(40)
    for day in (42, 49, 56):
        story.on(day, paid(story, f"S{day}", on=day, amount=900, to=f"I{day - 14}"))
        story.on(day, invoiced(story, f"I{day}", on=day, terms=14))
    found = story.on(58).warning("T08")
    assert found is not None
    assert found.evidence.documents == ("I28", "I35", "I42")
    assert found.evidence.figures["part"] == "300.00"
    assert found.value == pytest.approx(300 / 7000)


@pytest.mark.parametrize(("kept", "severity"), [(10, None), (30, "watch")])
def test_t08_the_paid_part_of_what_was_short_paid_was_due_too(
    kept: int, severity: str | None
) -> None:
    """Every invoice of 1,000 is short by 10, or by 30: 1 %, or 3 %, of what was due."""
    story = Story()
    for number in range(10):
        begin = number * 5
        story.on(begin, invoiced(story, f"I{number}", on=begin, terms=10))
        sent = paid(story, f"P{number}", on=begin + 4, amount=1000 - kept, to=f"I{number}")
        story.on(begin + 4, sent)
    assert story.on(80).severity("T08") == severity


def test_t08_the_rest_of_what_is_not_due_yet_is_not_short() -> None:
    story = Story()
    story.on(0, *[invoiced(story, f"I{each}", on=0, terms=5) for each in range(4)])
    story.on(5, *[paid(story, f"P{each}", on=5, to=f"I{each}") for each in range(4)])
    story.on(10, *[invoiced(story, name, on=10, terms=60) for name in ("A", "B")])
    story.on(12, *[paid(story, f"P{name}", on=12, amount=850, to=name) for name in ("A", "B")])
    assert story.on(71).warning("T08") is None
    assert story.on(72).severity("T08") == "watch"


@pytest.mark.parametrize(("kept", "severity"), [(30, None), (31, "watch")])
def test_t08_a_discount_taken_in_time_is_a_reason_told_or_not(
    kept: int, severity: str | None
) -> None:
    story = Story()
    for number in range(6):
        begin = number * 10
        offer: dict[str, Any] = {
            "discount_until": story.day(begin + 5),
            "discount_amount": Decimal(30),
        }
        story.on(begin, invoiced(story, f"I{number}", on=begin, **offer))
        sent = paid(story, f"P{number}", on=begin + 4, amount=1000 - kept, to=f"I{number}")
        story.on(begin + 4, sent)
    assert story.on(100).severity("T08") == severity


def test_t08_a_claim_is_a_reason() -> None:
    story = a_trader(40)
    for day in (42, 49, 56):
        kept = tx.Deduction(invoice_id=f"I{day - 14}", amount=Decimal(100), claim_code="DAMAGED")
        short = paid(story, f"S{day}", on=day, amount=900, to=f"I{day - 14}", deductions=(kept,))
        story.on(day, short, invoiced(story, f"I{day}", on=day, terms=14))
    assert story.on(58).warning("T08") is None


def test_t10_promises_that_are_broken() -> None:
    story = a_trader(21)
    for number in (21, 30):
        promise = tx.PromiseMade(
            promise_id=f"W{number}",
            amount=Decimal(1000),
            currency="EUR",
            due_on=story.day(number + 3),
        )
        story.on(number, promise)
    found = story.on(40).warning("T10")
    assert found is not None
    assert (found.value, found.evidence.documents) == (1.0, ("W21", "W30"))


def test_t11_round_sums_that_no_invoice_explains() -> None:
    story = Story()
    for day in range(0, 60, 7):
        story.on(day, invoiced(story, f"I{day}", on=day, amount=1300))
        story.on(day + 3, paid(story, f"P{day}", on=day + 3, amount=1000))
    assert story.severity("T11") == "red"


@pytest.mark.parametrize(
    ("currency", "sent", "severity"),
    [("EUR", 1000, "red"), ("JPY", 151_000, None), ("JPY", 200_000, "red"), ("KRW", 200_000, None)],
)
def test_t11_what_is_round_depends_on_the_currency(
    currency: str, sent: int, severity: str | None
) -> None:
    story = Story()
    for day in range(0, 60, 7):
        owed = invoiced(story, f"I{day}", on=day, amount=sent * 13 // 10)
        money = paid(story, f"P{day}", on=day + 3, amount=sent)
        story.on(day, structs.replace(owed, currency=currency))
        story.on(day + 3, structs.replace(money, currency=currency))
    assert story.severity("T11") == severity


def test_t11_money_that_comes_out_even_is_no_sum_on_account() -> None:
    story = Story()
    for day in range(0, 60, 7):
        story.on(day, invoiced(story, f"I{day}", on=day, amount=1000))
        story.on(day + 3, paid(story, f"P{day}", on=day + 3, amount=1000))
    assert story.severity("T11") is None


@pytest.mark.parametrize(
    ("until", "severity"),
    [(date(2025, 3, 30), None), (date(2025, 3, 31), "watch"), (date(2025, 4, 30), "amber")],
)
def test_t12_a_balance_older_at_each_month_end(until: date, severity: str | None) -> None:
    """Due on 25 January: older at the ends of February, of March and of April."""
    story = Story()
    story.on(0, invoiced(story, "I1", on=0, terms=40))
    story.on((until - START).days + 1)
    assert story.severity("T12") == severity


def test_t12_names_the_balance_that_it_counts_the_days_of() -> None:
    """I1 is older, but only 1.00 is left of it; I3 is as old as I2, and disputed."""
    story = Story()
    story.on(0, invoiced(story, "I1", on=0, terms=5))
    story.on(5, paid(story, "P1", on=5, amount=999, to="I1"))
    story.on(6, *[invoiced(story, name, on=6, terms=9, amount=500) for name in ("I2", "I3")])
    disputed = tx.DisputeOpened(
        dispute_id="X", invoice_id="I3", amount=Decimal(500), code="QTY", date=story.day(7)
    )
    found = story.on(7, disputed).on(60).warning("T12")
    assert found is not None
    assert found.evidence.documents == ("I2",)
    assert found.evidence.figures["days_past_due"] == (date(2025, 2, 28) - story.day(15)).days


def test_t13_a_discount_no_longer_taken() -> None:
    story = Story()
    for number in range(8):
        begin = number * 10
        offer: dict[str, Any] = {
            "discount_until": story.day(begin + 5),
            "discount_amount": Decimal(20),
        }
        story.on(begin, invoiced(story, f"I{number}", on=begin, **offer))
        taking = number < 5
        if taking:
            note = tx.CreditNoteIssued(
                credit_note_id=f"N{number}",
                invoice_id=f"I{number}",
                amount=Decimal(20),
                currency="EUR",
                reason="rebate",
            )
            taken = paid(
                story,
                f"P{number}",
                on=begin + 4,
                amount=980,
                to=f"I{number}",
                discount_taken=Decimal(20),
            )
            story.on(begin + 4, taken, note)
    found = story.on(79).warning("T13")
    assert found is not None
    assert found.evidence.documents == ("I5", "I6", "I7")
    assert found.evidence.figures["taken_before"] == 5
    assert story.warning("T08") is None


def a_bill(story: Story, name: str, *, on: int, tenor: int, kind: Any = "commercial") -> Event:
    return bills.BillReceived(
        bill_id=name,
        kind=kind,
        amount=Decimal(1000),
        currency="EUR",
        due_date=story.day(on + tenor),
        date=story.day(on),
    )


def test_t14_bills_of_a_company_where_money_was_usual() -> None:
    story = a_trader(70).on(70)
    story.on(70, a_bill(story, "B1", on=70, tenor=90))
    found = story.warning("T14")
    assert found is not None
    assert (found.severity.value, found.evidence.figures["worse"]) == (
        "watch",
        "switched_to_commercial",
    )


def test_t14_a_companys_bill_told_as_a_payment_is_one_too() -> None:
    story = a_trader(70).on(70)
    story.on(70, paid(story, "PB", on=70, method="trade_bill"))
    found = story.warning("T14")
    assert found is not None
    assert (found.severity.value, found.evidence.figures["worse"], found.evidence.documents) == (
        "watch",
        "switched_to_commercial",
        ("PB",),
    )


@pytest.mark.parametrize(("closed", "severity"), [(35, None), (36, "amber")])
def test_t14_a_bill_unpaid_after_its_days_of_grace(closed: int, severity: str | None) -> None:
    story = Story()
    story.on(0, invoiced(story, "I1", on=0), a_bill(story, "B1", on=0, tenor=30))
    assert story.on(closed + 1).severity("T14") == severity


def test_t14_bills_unpaid_again_and_again() -> None:
    story = Story()
    for number in range(3):
        day = number * 10
        story.on(day, invoiced(story, f"I{day}", on=day))
        story.on(day, a_bill(story, f"B{day}", on=day, tenor=20))
    assert story.on(50).severity("T14") == "red"


@pytest.mark.parametrize(
    ("reason", "severity"),
    [(None, "amber"), ("acceptor refused payment", "amber"), ("technical", None)],
)
def test_t09_a_bill_was_not_paid_in_whatever_words(
    reason: str | None, severity: str | None
) -> None:
    story = Story()
    story.on(0, invoiced(story, "I1", on=0), a_bill(story, "B1", on=0, tenor=60))
    refused = bills.BillDishonoured(bill_id="B1", reason=reason, date=story.day(61))
    assert story.on(61, refused).severity("T09") == severity


@pytest.mark.parametrize(("year", "season"), [(2026, 1.0), (2027, 0.25 * 0.5 + 0.75)])
def test_b02_a_month_is_held_against_the_same_months_of_the_years_before(
    year: int, season: float
) -> None:
    """Half as much in each February; the first year only finds the average, and its own never counts."""
    story = Story()
    for number in range(12 * (year - 2025) + 2):
        month = date(2025 + number // 12, number % 12 + 1, 10)
        day, amount = (month - START).days, 500 if month.month == 2 else 1000
        story.on(day, invoiced(story, f"I{number}", on=day, amount=amount))
    found = story.on((date(year, 3, 1) - START).days).monitoring.customer("C1").watch.months["EUR"]
    assert found.latest is not None
    assert found.latest.season == pytest.approx(season, abs=0.01)


def test_b03_orders_that_swing_more_than_ever() -> None:
    story = Story()
    for number in range(40):
        story.on(number * 3, ordered(f"O{number}", 1000 + 10 * (number % 3)))
    for number in range(40, 46):
        story.on(number * 3, ordered(f"O{number}", 300 if number % 2 else 3000))
    assert story.warning("B03") is not None


def test_b04_cancelled_orders() -> None:
    story = Story()
    for number in range(6):
        story.on(number, ordered(f"O{number}"))
    story.on(10, tx.OrderCancelled(order_id="O0"))
    assert story.warning("B04") is None
    story.on(11, tx.OrderCancelled(order_id="O1"))
    found = story.warning("B04")
    assert found is not None
    assert found.value == pytest.approx(2 / 6)
    assert found.evidence.documents == ("O0", "O1")


def test_b05_goods_that_come_back() -> None:
    story = Story()
    for number in range(6):
        made = tx.DeliveryMade(delivery_id=f"D{number}", amount=Decimal(1000), currency="EUR")
        story.on(number, made)
    for number in range(2):
        back = tx.GoodsReturned(return_id=f"R{number}", amount=Decimal(200), currency="EUR")
        story.on(10 + number, back)
    found = story.warning("B05")
    assert found is not None
    assert found.value == pytest.approx(400 / 6000)


def credit(story: Story, name: str, to: str, reason: Any) -> Event:
    return tx.CreditNoteIssued(
        credit_note_id=name,
        invoice_id=to,
        amount=Decimal(300),
        currency="EUR",
        reason=reason,
        date=story.day(story.today),
    )


@pytest.mark.parametrize(("reason", "warns"), [("price", True), ("rebate", False)])
def test_b06_credit_notes_dilute_but_contractual_rebates_do_not(
    reason: str, *, warns: bool
) -> None:
    story = a_trader(43).on(43)
    story.on(43, credit(story, "N1", "I35", reason), credit(story, "N2", "I42", reason))
    found = story.warning("B06")
    assert (found is not None) is warns
    if found is not None:
        assert found.value == pytest.approx(600 / 7000)


@pytest.mark.parametrize(("on", "value"), [(54, 2 * 400 / 7000), (55, 2 * 400 / 7000 * 1.5)])
def test_b07_disputes_opened_late_weigh_more(on: int, value: float) -> None:
    """I35 is due on day 49: five days after is in time, six are not."""
    story = a_trader(43).on(on)
    disputes = [
        tx.DisputeOpened(dispute_id=f"X{number}", invoice_id="I35", amount=Decimal(400), code="QTY")
        for number in range(2)
    ]
    found = story.on(on, *disputes).warning("B07")
    assert found is not None
    assert found.value == pytest.approx(value)


def test_b08_a_request_for_longer_terms() -> None:
    story = a_trader(43).on(43)
    story.on(43, tx.ReliefRequested(request_id="Q1", kind="longer_terms"))
    assert story.severity("B08") == "watch"


def test_b08_a_request_while_something_is_overdue_is_red() -> None:
    story = a_trader(43).on(60)
    story.on(60, tx.ReliefRequested(request_id="Q1", kind="instalments"))
    assert story.severity("B08") == "red"


@pytest.mark.parametrize(
    ("account", "severity"), [("DE02", None), ("DE99", "watch"), ("CY11", "amber")]
)
def test_b09_money_from_another_account(account: str, severity: str | None) -> None:
    story = a_trader(64, payer_account="DE02").on(64)
    story.on(64, paid(story, "PX", on=64, payer_account=account))
    assert story.severity("B09") == severity


@pytest.mark.parametrize(
    ("matches", "severity"), [(True, "watch"), (None, "watch"), (False, "red")]
)
def test_b09_an_account_in_anothers_name_is_red(*, matches: bool | None, severity: str) -> None:
    story = a_trader(64).on(64)
    told = BankAccountChanged(account="DE77", date=story.day(64), name_matches=matches)
    story.on(64, told)
    assert story.severity("B09") == severity


def test_b10_money_from_strangers() -> None:
    story = a_trader(64).on(64)
    payer = tx.Payer(relation="unrelated", name="Somebody Ltd")
    story.on(64, paid(story, "PX", on=64, payer=payer))
    found = story.warning("B10")
    assert found is not None
    assert found.value == pytest.approx(1000 / 9000)
    assert found.evidence.documents == ("PX",)


@pytest.mark.parametrize(
    ("method", "severity"), [("card", None), ("bank_bill", "watch"), ("cheque", "red")]
)
def test_b11_payment_by_a_worse_method(method: str, severity: str | None) -> None:
    story = a_trader(64).on(64)
    story.on(64, paid(story, "PX", on=64, method=method))
    assert story.severity("B11") == severity


def attempt(name: str, outcome: Any) -> Event:
    return tx.ContactAttempted(attempt_id=name, channel="phone", outcome=outcome)


@pytest.mark.parametrize(("attempts", "severity"), [(2, None), (3, "watch"), (5, "amber")])
def test_b12_calls_that_nobody_answers(attempts: int, severity: str | None) -> None:
    story = a_trader(15).on(15)
    for number in range(attempts):
        story.on(15 + number, attempt(f"A{number}", "unanswered"))
    assert story.severity("B12") == severity


def test_b12_shut_premises_are_red() -> None:
    story = a_trader(15).on(15)
    assert story.on(15, attempt("A1", "premises_closed")).severity("B12") == "red"


def test_b13_orders_shift_to_what_is_easily_resold() -> None:
    story = Story()
    for number in range(64):
        liquid = 100 + 10 * (number % 4) if number < 52 else 900
        story.on(number * 5, ordered(f"O{number}", 1000, liquid=liquid))
    assert story.on(330).warning("B13") is not None
    assert story.on(460).warning("B13") is not None, "nothing was ordered since"


@pytest.mark.parametrize(("silent", "severity"), [(14, None), (15, "watch"), (22, "amber")])
def test_b14_a_customer_falls_silent(silent: int, severity: str | None) -> None:
    """Who buys every week on the day is silent after two weeks."""
    story = a_trader(141)
    assert story.on(140 + silent + 1).severity("B14") == severity


def test_b14_a_customer_gone_for_a_year_is_left_in_peace() -> None:
    story = a_trader(141).on(400)
    assert story.severity("B14") == "red"
    assert story.on(140 + 372).severity("B14") is None


def test_l02_a_limit_used_more_and_more() -> None:
    story = Story()
    for day in range(0, 35, 7):
        story.on(day, invoiced(story, f"I{day}", on=day, amount=100, terms=300))
    story.limit(5000)
    for day in range(112, 147, 7):
        story.on(day, invoiced(story, f"I{day}", on=day, amount=900, terms=300))
    found = story.on(180).warning("L02")
    assert found is not None
    assert found.evidence.figures["rise"] == found.value


@pytest.mark.parametrize(("days", "severity"), [(3, None), (4, "watch"), (11, "amber")])
def test_l03_days_over_the_limit(days: int, severity: str | None) -> None:
    story = Story()
    for number in range(5):
        story.on(0, invoiced(story, f"I{number}", on=0, amount=1000, terms=300))
    story.limit(4000)
    assert story.on(days).severity("L03") == severity


@pytest.mark.parametrize(("paying", "severity"), [(False, "red"), (True, None)])
def test_l03_a_limit_of_zero_ends_no_excess(*, paying: bool, severity: str | None) -> None:
    """The cut counts after 30 days; until then use is measured against the limit before."""
    story = Story()
    story.on(0, *[invoiced(story, f"I{each}", on=0, terms=300) for each in range(6)])
    story.limit(1000)
    assert story.on(40).severity("L03") == "red"
    story.limit(0)
    story.on(80)
    if paying:
        story.on(80, *[paid(story, f"P{each}", on=80, to=f"I{each}") for each in range(6)])
    assert story.on(90).severity("L03") == severity
    story.limit(5000)
    assert story.on(95).severity("L03") == severity
