"""What disputes do to an account, posted one by one."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitoring.domain.receivables.account import Account, Receivable
from services.monitoring.domain.receivables.disputes import open_dispute, resolve_dispute
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.ledger import fold
from tests.unit.monitoring.ledger_builders import (
    LEDGER,
    a_cancellation,
    a_dispute,
    a_resolution,
    an_invoice,
)


def _account(*facts: Fact) -> Account:
    return fold((an_invoice(), *facts), LEDGER)


def _invoice(account: Account) -> Receivable:
    found = account.receivable("I1")
    assert found is not None
    return found


def _conceded(account: Account) -> int:
    return sum(each.amount for each in _invoice(account).disputes if each.conceded)


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
