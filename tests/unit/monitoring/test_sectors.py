"""An index is published: everyone exposed hears of it at one close."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.monitoring.domain.outside.industry_standing import IndexKey
from services.monitoring.usecases.sign_reading import check_signal, index_of
from shared.contracts import signals as said
from shared.contracts import transactions as tx
from shared.contracts.envelope import Event
from shared.contracts.monitoring import WarningRaised
from shared.contracts.screening import CustomerRegistered, Industry
from shared.kernel.dates import month_end, next_day
from shared.kernel.errors import InvalidInputError
from tests.unit.monitoring.in_memory import Monitoring, Told, a_close

DAY = date(2025, 3, 3)


def on_day(number: int) -> date:
    return DAY + timedelta(days=number)


def registered(name: str, code: str, *, country: str = "DE", on: date = DAY) -> Told:
    event = CustomerRegistered(
        customer_id=name,
        legal_names=(),
        country=country,
        industry=Industry(scheme="NACE", code=code),
    )
    return Told(event, name, on, id=f"r/{name}")


def pmi(value: float, *, code: str = "C25", on: int = 0) -> Told:
    event = said.IndustryIndexPublished(
        scheme="NACE", code=code, index="pmi", date=on_day(on), value=value
    )
    return Told(event, "", on_day(on), id=f"pmi/{code}/{on}/0")


def begun() -> Monitoring:
    monitoring = Monitoring()
    monitoring.run([a_close(on_day(-1))])
    customers = [registered("C1", "C25.1"), registered("C2", "C25.9"), registered("C3", "C26")]
    monitoring.run(customers, [a_close(DAY)])
    return monitoring


def raised(monitoring: Monitoring) -> list[tuple[str, str, str, date]]:
    return [
        (each.customer_id, each.indicator, each.severity, each.as_of)
        for each in monitoring.said(WarningRaised)
        if isinstance(each, WarningRaised)
    ]


def test_a_sectors_index_reaches_its_customers_when_the_day_closes() -> None:
    monitoring = begun()
    monitoring.run([pmi(44.0, on=1)])
    assert raised(monitoring) == []
    monitoring.run([a_close(on_day(1))])
    assert raised(monitoring) == [
        ("C1", "I01", "red", on_day(1)),
        ("C2", "I01", "red", on_day(1)),
    ]


def test_a_calm_index_wakes_nobody() -> None:
    monitoring = begun()
    before = dict(monitoring.accounts)
    monitoring.run([pmi(55.0, on=1)])
    assert monitoring.accounts == before


def test_an_index_dated_ahead_is_said_when_its_day_closes() -> None:
    monitoring = begun()
    monitoring.run([Told(pmi(44.0, on=3).event, "", on_day(1), id="pmi/0")])
    monitoring.run(*([a_close(on_day(number))] for number in (1, 2, 3)))
    assert [each[3] for each in raised(monitoring)] == [on_day(3), on_day(3)]


def test_a_country_in_trouble_reaches_everyone_there() -> None:
    monitoring = begun()
    monitoring.run([registered("T1", "G46", country="TR", on=on_day(1))])
    closed = said.CountryIndexPublished(
        country="TR", index="transfer_controls", date=on_day(1), value=1
    )
    monitoring.run([Told(closed, "", on_day(1), id="c/0")], [a_close(on_day(1))])
    assert raised(monitoring) == [("T1", "I05", "red", on_day(1))]


def test_where_batches_end_changes_nothing() -> None:
    story = [
        registered("C4", "C25", on=on_day(1)),
        pmi(44.0, on=1),
        a_close(on_day(1)),
        pmi(53.0, on=2),
        *(a_close(on_day(number)) for number in range(2, 6)),
    ]
    one, many = begun(), begun()
    one.run(story)
    many.run(*([each] for each in story))
    assert one.told == many.told
    assert one.accounts == many.accounts


def test_our_own_sector_warns_on_the_first_of_the_month() -> None:
    """Nine calm months of three customers, then a month in which each pays ten days late."""
    monitoring = Monitoring()
    names = ("C1", "C2", "C3")
    first = date(2024, 1, 1)
    monitoring.run([a_close(first - timedelta(days=1))])
    monitoring.run([registered(name, "C25", on=first) for name in names])
    day, last = first, date(2024, 11, 1)
    while day <= last:
        if day.day == 1:
            late = 10 if day.month == 10 else 0
            monitoring.run([each for name in names for each in _paid(name, day, late=late)])
        monitoring.run([a_close(day)])
        day = next_day(day)
    told = [each for each in raised(monitoring) if each[1] == "I04"]
    assert told == [(name, "I04", "red", date(2024, 11, 1)) for name in names]


def _paid(name: str, day: date, *, late: int) -> list[Told]:
    """An invoice of the month, paid in it: some days after it was due."""
    number, due = f"{name}/{day}", day
    invoice = tx.InvoiceIssued(
        invoice_id=number,
        amount=Decimal(100),
        currency="EUR",
        invoice_date=day,
        due_date=due,
    )
    payment = tx.PaymentReceived(
        payment_id=f"p/{number}",
        amount=Decimal(100),
        currency="EUR",
        value_date=min(due + timedelta(days=late), month_end(day)),
        method="transfer",
    )
    return [Told(invoice, name, day, id=f"i/{number}"), Told(payment, name, day, id=f"p/{number}")]


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (pmi(0.0).event, "data.value"),
        (pmi(100.1).event, "data.value"),
        (pmi(50.0, code="").event, "data.code"),
        (
            said.IndustryIndexPublished(scheme="N", code="C", index="mood", date=DAY, value=1),
            "data.index",
        ),
        (
            said.IndustryIndexPublished(
                scheme="N", code="C", index="insolvency", date=DAY, value=-1
            ),
            "data.value",
        ),
        (
            said.CountryIndexPublished(country="Tr", index="currency", date=DAY, value=1),
            "data.country",
        ),
        (
            said.CountryIndexPublished(country="TR", index="currency", date=DAY, value=0),
            "data.value",
        ),
        (
            said.CountryIndexPublished(
                country="TR", index="transfer_controls", date=DAY, value=1.5
            ),
            "data.value",
        ),
        (
            said.CountryIndexPublished(
                country="TR", index="currency", date=date(1800, 1, 1), value=1
            ),
            "data.date",
        ),
    ],
)
def test_an_index_that_cannot_be_is_refused(event: Event, field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_signal(event)
    assert refused.value.field == field


def test_a_countrys_index_is_kept_under_its_country() -> None:
    event = said.CountryIndexPublished(country="TR", index="transfer_controls", date=DAY, value=0)
    published = index_of(event)
    assert published is not None
    assert published[0] == IndexKey("country", "TR", "transfer_controls")
