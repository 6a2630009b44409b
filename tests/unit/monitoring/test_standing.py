"""What is remembered of exposure and limits: a limit cut is no evidence against the customer."""

import pytest

from services.monitoring.domain.figures.ageing import age, age_all
from services.monitoring.domain.figures.exposure import Exposure
from services.monitoring.domain.receivables.ledger import fold
from services.monitoring.domain.standing import (
    Standing,
    fingerprint,
    limit_days,
    limit_measured,
    note_exposures,
    note_limit,
)
from tests.unit.monitoring.ledger_builders import LEDGER, a_dispute, a_payment, an_invoice, day


def an_exposure(total: int, currency: str = "EUR") -> Exposure:
    return Exposure(
        currency=currency,
        open=total,
        overdue=0,
        disputed=0,
        open_orders=0,
        orders=0,
        unapplied=0,
        total=total,
    )


def limited(*steps: tuple[int, int]) -> Standing:
    """A standing with limits of an amount from a day on."""
    standing = Standing()
    for effective, amount in steps:
        note_limit(standing, "EUR", amount, effective_from=day(effective), policy=LEDGER)
    return standing


def measured(standing: Standing, on: int) -> int | None:
    return limit_measured(standing, "EUR", as_of=day(on), policy=LEDGER)


def test_without_a_limit_there_is_nothing_to_measure_against() -> None:
    assert measured(Standing(), 5) is None


def test_a_limit_counts_from_its_day_on() -> None:
    standing = limited((3, 1000))
    assert (measured(standing, 2), measured(standing, 3)) == (None, 1000)


def test_a_raised_limit_counts_at_once() -> None:
    assert measured(limited((0, 1000), (10, 2000)), 10) == 2000


@pytest.mark.parametrize(("on", "amount"), [(9, 1000), (10, 1000), (39, 1000), (40, 400)])
def test_a_cut_counts_after_thirty_days(on: int, amount: int) -> None:
    assert measured(limited((0, 1000), (10, 400)), on) == amount


def test_a_cut_counts_once_exposure_rises() -> None:
    standing = limited((0, 1000), (10, 400))
    note_exposures(standing, (an_exposure(500),), on=day(12))
    assert measured(standing, 12) == 400


def test_exposure_that_rose_before_the_cut_is_no_reason() -> None:
    standing = limited((0, 1000))
    note_exposures(standing, (an_exposure(500),), on=day(9))
    note_limit(standing, "EUR", 400, effective_from=day(10), policy=LEDGER)
    assert measured(standing, 12) == 1000


def test_exposure_that_falls_is_no_reason() -> None:
    standing = limited((0, 1000))
    note_exposures(standing, (an_exposure(500),), on=day(1))
    note_limit(standing, "EUR", 400, effective_from=day(10), policy=LEDGER)
    note_exposures(standing, (an_exposure(450),), on=day(12))
    assert measured(standing, 12) == 1000


def test_of_two_cuts_running_the_oldest_limit_still_measured_counts() -> None:
    assert measured(limited((0, 1000), (10, 400), (20, 300)), 25) == 1000


def test_a_second_decision_of_the_same_day_replaces_the_first() -> None:
    assert measured(limited((0, 1000), (10, 400), (10, 2000)), 10) == 2000


def test_the_days_on_which_a_limit_begins_to_tell_are_known() -> None:
    standing = limited((5, 1000))
    assert limit_days(standing, after=day(0), policy=LEDGER) == [day(5), day(35)]
    assert limit_days(standing, after=day(5), policy=LEDGER) == [day(35)]


def test_exposure_that_stays_is_not_new() -> None:
    standing = Standing()
    assert note_exposures(standing, (an_exposure(5),), on=day(0))
    assert not note_exposures(standing, (an_exposure(5),), on=day(1))
    assert standing.exposure_version == 1


def test_arrears_have_a_fingerprint_only_when_there_are_any() -> None:
    account = fold([an_invoice()], LEDGER)
    assert fingerprint(age_all(account, as_of=day(30), policy=LEDGER)) == ""
    assert fingerprint(age_all(account, as_of=day(31), policy=LEDGER)) != ""


def test_growing_older_leaves_the_fingerprint_alone() -> None:
    account = fold([an_invoice()], LEDGER)
    prints = {fingerprint((age(account, "EUR", as_of=day(on), policy=LEDGER),)) for on in (31, 60)}
    assert len(prints) == 1


def test_payments_and_disputes_change_the_fingerprint() -> None:
    stories = [
        [an_invoice()],
        [an_invoice(), a_payment(amount="5")],
        [an_invoice(), a_dispute()],
    ]
    prints = {
        fingerprint(age_all(fold(story, LEDGER), as_of=day(31), policy=LEDGER)) for story in stories
    }
    assert len(prints) == 3
