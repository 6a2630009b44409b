"""What disputes do to an account, posted one by one."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitoring.domain.figures.ageing import age
from services.monitoring.domain.receivables.account import Account, Receivable
from services.monitoring.domain.receivables.disputes import open_dispute, resolve_dispute
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.ledger import fold
from tests.unit.monitoring.ledger_builders import (
    LEDGER,
    a_cancellation,
    a_credit,
    a_dispute,
    a_resolution,
    an_invoice,
    day,
)


def _account(*facts: Fact) -> Account:
    return fold((an_invoice(), *facts), LEDGER)


def _invoice(account: Account) -> Receivable:
    found = account.receivable("I1")
    assert found is not None
    return found


def _conceded(account: Account) -> int:
    return sum(each.amount for each in _invoice(account).disputes if each.conceded)


def _paused(account: Account) -> int:
    return _invoice(account).paused(LEDGER.dispute_pauses_within_days)


def test_a_dispute_contests_its_amount() -> None:
    assert _invoice(_account(a_dispute(amount="40"))).disputed == 4_000


def test_a_contested_invoice_stays_owed() -> None:
    assert _invoice(_account(a_dispute(amount="40"))).open == 10_000


@pytest.mark.parametrize(("amount", "disputed"), [("99.99", 9_999), ("100", 10_000)])
def test_all_of_an_invoice_may_be_contested(amount: str, disputed: int) -> None:
    assert _invoice(_account(a_dispute(amount=amount))).disputed == disputed


@pytest.mark.parametrize("amount", ["100.01", "5000"])
def test_no_more_than_the_invoice_is_contested(amount: str) -> None:
    assert _invoice(_account(a_dispute(amount=amount))).disputed == 10_000


def test_the_same_dispute_posted_again_changes_nothing() -> None:
    account = _account(a_dispute(amount="40"))
    before = account.copy()

    open_dispute(account, a_dispute(amount="90"), _invoice(account))
    assert account == before


def test_two_disputes_of_one_invoice_add_up() -> None:
    account = _account(a_dispute(amount="40"), a_dispute(amount="30", name="D2"))

    assert _invoice(account).disputed == 7_000


def test_disputes_never_contest_more_than_is_owed() -> None:
    account = _account(a_dispute(amount="80"), a_dispute(amount="80", name="D2"))

    assert _invoice(account).disputed == 10_000


def test_a_cancelled_invoice_is_not_contested_any_more() -> None:
    account = _account(a_cancellation(on=7), a_dispute(on=12))

    assert _invoice(account).disputes == ()
    assert account.disputes == {"D1": "I1"}


def test_a_rejected_dispute_leaves_nothing_contested() -> None:
    assert _invoice(_account(a_dispute(), a_resolution())).disputes == ()


def test_an_upheld_dispute_is_conceded_whole() -> None:
    account = _account(a_dispute(amount="40"), a_resolution(outcome="upheld"))

    assert _conceded(account) == 4_000


@pytest.mark.parametrize(("part", "conceded"), [("10", 1_000), ("40", 4_000), ("41", 4_000)])
def test_an_upheld_dispute_is_conceded_up_to_its_amount(part: str, conceded: int) -> None:
    account = _account(a_dispute(amount="40"), a_resolution(outcome="upheld", amount=part))

    assert _conceded(account) == conceded


@pytest.mark.parametrize(
    ("settled", "conceded"), [("0", 4_000), ("15", 2_500), ("39.99", 1), ("40", 0), ("41", 0)]
)
def test_of_a_settled_dispute_the_difference_is_conceded(settled: str, conceded: int) -> None:
    account = _account(a_dispute(amount="40"), a_resolution(outcome="settled", amount=settled))

    assert _conceded(account) == conceded


@pytest.mark.parametrize("outcome", ["settled", "rejected", "withdrawn", "anything"])
def test_without_an_amount_nothing_but_an_upheld_dispute_is_conceded(outcome: str) -> None:
    assert _conceded(_account(a_dispute(), a_resolution(outcome=outcome))) == 0


def test_a_dispute_is_resolved_once() -> None:
    account = _account(a_dispute(), a_resolution())
    before = account.copy()

    resolve_dispute(account, a_resolution(outcome="upheld"), _invoice(account))
    assert account == before


def test_resolving_one_dispute_leaves_the_other() -> None:
    account = _account(
        a_dispute(amount="40"), a_dispute(amount="30", name="D2"), a_resolution("D1")
    )

    assert [each.dispute_id for each in _invoice(account).disputes] == ["D2"]


@pytest.mark.parametrize(("opened", "counts"), [(19, 0), (20, 4_000), (21, 4_000), (39, 4_000)])
def test_once_a_dispute_was_rejected_no_other_stops_the_count(opened: int, counts: int) -> None:
    again = a_dispute(amount="40", on=opened, name="D2")
    account = _account(a_dispute(amount="60", on=12), a_resolution("D1", on=20), again)

    assert _invoice(account).disputed == 4_000
    assert 4_000 - _paused(account) == counts


def test_days_past_due_go_on_through_a_dispute_that_is_opened_again() -> None:
    again = a_dispute(amount="100", on=39, name="D2")
    account = _account(a_dispute(amount="100", on=12), a_resolution("D1", on=20), again)

    assert age(account, "EUR", as_of=day(100), policy=LEDGER).material_days_past_due == 70


def test_a_dispute_after_a_rejected_one_stops_the_count_once_it_is_conceded() -> None:
    again = a_dispute(amount="40", on=25, name="D2")
    upheld = a_resolution("D2", "upheld", on=30)
    account = _account(a_dispute(on=12), a_resolution("D1", on=20), again, upheld)

    assert _paused(account) == 4_000


@pytest.mark.parametrize("outcome", ["upheld", "settled"])
def test_after_any_other_outcome_a_new_dispute_stops_the_count(outcome: str) -> None:
    again = a_dispute(amount="40", on=25, name="D2")
    ended = a_resolution("D1", outcome, on=20, amount="30")
    account = _account(a_dispute(amount="30", on=12), ended, a_credit(amount="30", on=21), again)

    assert _paused(account) == 4_000


def test_the_first_rejection_is_remembered() -> None:
    disputes = (a_dispute(amount="40"), a_dispute(amount="30", name="D2"))
    account = _account(*disputes, a_resolution("D1", on=40), a_resolution("D2", on=50))

    assert _invoice(account).rejected_on == day(40)


@pytest.mark.parametrize(("code", "paused"), [("QUALITY", 4_000), ("PRETEXT", 0)])
def test_a_pretext_stops_no_count(code: str, paused: int) -> None:
    account = _account(replace(a_dispute(amount="40"), reason=code))

    assert _invoice(account).disputed == 4_000
    assert _paused(account) == paused


def test_what_was_called_a_pretext_stops_the_count_once_it_is_conceded() -> None:
    pretext = replace(a_dispute(amount="40"), reason="PRETEXT")

    assert _paused(_account(pretext, a_resolution(outcome="upheld"))) == 4_000


@given(
    amount=st.decimals("0.01", "500", places=2),
    part=st.decimals("0", "500", places=2),
    outcome=st.sampled_from(["upheld", "settled", "rejected"]),
)
def test_no_outcome_changes_what_is_owed(amount: Decimal, part: Decimal, outcome: str) -> None:
    account = _account(
        a_dispute(amount=str(amount)), a_resolution(outcome=outcome, amount=str(part))
    )

    assert _invoice(account).open == 10_000
    assert 0 <= _conceded(account) <= 10_000
