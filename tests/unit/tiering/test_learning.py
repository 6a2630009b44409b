"""What tiering learns without deciding anything."""

from datetime import date

import pytest

from services.tiering.storage.book import Account, KnownExposure, TotalRow
from services.tiering.usecases.learning import (
    keep_totals,
    keep_verdict,
    register_customer,
    replace_exposure,
)
from shared.contracts.monitoring import MonitoringDayClosed
from shared.contracts.screening import (
    CustomerCleared,
    CustomerReferred,
    CustomerRegistered,
    CustomerRejected,
    LegalName,
    ScreeningVerdict,
)
from shared.kernel.errors import InvalidInputError
from tests.unit.tiering.building import DAY
from tests.unit.tiering.events import (
    CUSTOMER,
    a_book,
    a_work,
    day_closed,
    exposure_changed,
    exposure_figures,
)


def verdict(kind: type[ScreeningVerdict], outcome: str) -> ScreeningVerdict:
    return kind(
        customer_id=CUSTOMER,
        as_of=DAY,
        decision_id="s-1",
        outcome=outcome,
        points=0,
        reasons=(),
        not_checked=(),
        policy_version="p",
    )


def test_registering_opens_an_account_without_a_tier() -> None:
    book, work = a_book(), a_work()
    names = (LegalName(name="Acme"),)
    event = CustomerRegistered(customer_id=CUSTOMER, legal_names=names, country="DE")
    register_customer(event, book, work)
    assert book.accounts[CUSTOMER].tier is None
    assert set(book.changed) == {CUSTOMER}


def test_registering_decides_and_announces_nothing() -> None:
    book, work = a_book(), a_work()
    register_customer(
        CustomerRegistered(customer_id=CUSTOMER, legal_names=(), country="DE"), book, work
    )
    assert not any((work.decided, work.announced))


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (CustomerCleared, "pass"),
        (CustomerReferred, "refer"),
        (CustomerRejected, "reject_credit"),
    ],
)
def test_a_verdict_is_kept_and_decides_nothing(kind: type[ScreeningVerdict], outcome: str) -> None:
    book, work = a_book(), a_work()
    keep_verdict(verdict(kind, outcome), book, work)
    assert book.accounts[CUSTOMER].verdict == outcome
    assert not any((work.decided, work.announced))


def test_a_new_exposure_replaces_the_old_one() -> None:
    book, work = a_book(), a_work()
    replace_exposure(exposure_changed(1), book, work)
    figures = exposure_figures(70, overdue_amount=30, open_orders=20, unapplied_cash=10)
    replace_exposure(exposure_changed(2, exposures=(figures,), oldest_days_past_due=9), book, work)
    account = book.accounts[CUSTOMER]
    assert account.exposures == (KnownExposure("EUR", 7_000, 3_000, 2_000, 1_000),)
    assert (account.exposure_version, account.oldest_days_past_due) == (2, 9)
    assert account.arrears_on == DAY


@pytest.mark.parametrize(("version", "replaced"), [(4, False), (5, True), (6, True)])
def test_an_older_exposure_does_not_count(version: int, *, replaced: bool) -> None:
    book, work = a_book(), a_work()
    book.accounts[CUSTOMER] = Account(CUSTOMER, exposure_version=5)
    replace_exposure(exposure_changed(version, absorbed_orders=("O-1",)), book, work)
    assert bool(book.accounts[CUSTOMER].exposures) is replaced
    assert book.absorbed == ([(CUSTOMER, "O-1")] if replaced else [])


def test_exactly_the_absorbed_orders_end() -> None:
    book, work = a_book(), a_work()
    replace_exposure(exposure_changed(1, absorbed_orders=("O-1", "O-7")), book, work)
    assert book.absorbed == [(CUSTOMER, "O-1"), (CUSTOMER, "O-7")]


def test_an_exposure_decides_nothing() -> None:
    book, work = a_book(), a_work()
    replace_exposure(exposure_changed(1), book, work)
    assert not any((work.decided, work.announced))


def test_an_exposure_that_makes_no_sense_is_refused_before_anything_changes() -> None:
    book, work = a_book(), a_work()
    with pytest.raises(InvalidInputError):
        replace_exposure(exposure_changed(1, exposures=(exposure_figures(1.234),)), book, work)
    assert not book.accounts


def test_totals_are_kept_for_their_partition_and_the_day_is_complete() -> None:
    book, work = a_book(), a_work(partition=3)
    keep_totals(day_closed(date(2025, 6, 1), 500, 7), book, work)
    assert book.totals == [
        TotalRow(date(2025, 6, 1), 3, "EUR", 50_000, 7),
        TotalRow(date(2025, 6, 1), 3, "", 0, 0),
    ]


def test_a_quiet_partition_is_complete_too() -> None:
    book, work = a_book(partitions=1), a_work()
    keep_totals(MonitoringDayClosed(date=date(2025, 6, 1)), book, work)
    total = book.portfolio.before(DAY, "EUR")
    assert total is not None
    assert (total.open.minor, total.customers) == (0, 0)
