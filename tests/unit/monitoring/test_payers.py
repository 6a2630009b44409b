"""Who pays, how and from which account."""

from dataclasses import replace

import pytest

from services.monitoring.domain.conduct.payers import (
    ACCOUNTS_KEPT,
    FROM_ELSEWHERE,
    NAME_MISMATCH,
    NEW,
    AccountChange,
    Accounts,
    MethodRules,
    Methods,
    country_of,
)
from tests.unit.monitoring.warning_builders import on_day

RULES = MethodRules(least=3, usual_share=0.1, half_life_days=180, settled=6)
TRANSFER, BANK_BILL, TRADE_BILL, CHEQUE, CASH = range(5)


def methods_of(*steps: int, rules: MethodRules = RULES) -> Methods:
    state = Methods()
    for number, step in enumerate(steps):
        state = state.after(step, on_day(number), f"P{number}", rules)
    return state


@pytest.mark.parametrize(("before", "steps"), [(2, 0), (3, 3), (4, 3)])
def test_a_downgrade_needs_three_receipts_before(before: int, steps: int) -> None:
    assert methods_of(*[TRANSFER] * before, CHEQUE).steps == steps


def test_a_better_method_ends_a_downgrade() -> None:
    assert methods_of(*[TRANSFER] * 5, CASH, TRANSFER).steps == 0


def test_who_mixes_methods_downgrades_nothing() -> None:
    assert methods_of(*[TRANSFER] * 2, CHEQUE, *[TRANSFER] * 4, CHEQUE).steps == 0


@pytest.mark.parametrize(("running", "steps"), [(6, 3), (7, 0)])
def test_what_is_kept_up_is_the_new_usual(running: int, steps: int) -> None:
    state = methods_of(*[TRANSFER] * 9, *[CHEQUE] * running)
    assert state.steps == steps
    assert state.usual == (TRANSFER if steps else CHEQUE)


def test_the_past_fades() -> None:
    state = methods_of(TRANSFER, CHEQUE, TRANSFER)
    assert state.usual_step(RULES) == CHEQUE
    later = state.after(TRANSFER, on_day(2000), "P9", RULES)
    assert later.usual_step(RULES) == TRANSFER


def seen(account: str, *, country: str | None = None, number: int = 0) -> AccountChange:
    return AccountChange(
        on=on_day(number), level=NEW, account=account, country=country, document=f"P{number}"
    )


def accounts_of(*accounts: str) -> Accounts:
    state = Accounts()
    for number, account in enumerate(accounts):
        state = state.after(seen(account, number=number), least=3)
    return state


@pytest.mark.parametrize(("before", "changes"), [(2, 0), (3, 1), (4, 1)])
def test_a_new_account_tells_once_three_payments_came(before: int, changes: int) -> None:
    assert len(accounts_of(*["DE11"] * before, "DE22").changes) == changes


def test_an_account_is_new_once() -> None:
    assert len(accounts_of(*["DE11"] * 3, "DE22", "DE22").changes) == 1


@pytest.mark.parametrize(("account", "level"), [("DE22", NEW), ("CY22", FROM_ELSEWHERE)])
def test_an_account_in_another_country_is_worse(account: str, level: int) -> None:
    assert accounts_of(*["DE11"] * 3, account).changes[0].level == level


def test_the_country_told_counts_before_the_accounts_number() -> None:
    known = accounts_of(*["DE11"] * 3)
    found = known.after(seen("12345", country="KY", number=9), least=3)
    assert found.changes[0].country == "KY"
    assert found.changes[0].level == FROM_ELSEWHERE


def test_only_the_latest_accounts_are_remembered() -> None:
    known = accounts_of(*[f"DE{number:02}" for number in range(ACCOUNTS_KEPT + 3)])
    assert len(known.known) == ACCOUNTS_KEPT


def test_an_account_that_was_announced_is_no_surprise_when_money_comes() -> None:
    announced = accounts_of(*["DE11"] * 3).announced(seen("DE22"))
    assert len(announced.changes) == 1
    assert announced.after(seen("DE22"), least=3).changes == announced.changes


def test_announcing_a_known_account_changes_nothing_unless_the_name_is_anothers() -> None:
    known = accounts_of(*["DE11"] * 3)
    assert known.announced(seen("DE11")) == known
    mismatch = replace(seen("DE11"), level=NAME_MISMATCH)
    assert known.announced(mismatch).changes[0].level == NAME_MISMATCH


@pytest.mark.parametrize(
    ("account", "country"),
    [("DE02120300000000202051", "DE"), ("cy17", "CY"), ("12345678", None), ("ACME", None)],
)
def test_an_iban_begins_with_its_country(account: str, country: str | None) -> None:
    assert country_of(account) == country


def test_a_mismatch_is_never_pushed_out_by_milder_changes() -> None:
    state = accounts_of(*["DE11"] * 3).announced(replace(seen("DE99"), level=NAME_MISMATCH))
    for number in range(9):
        state = state.announced(seen(f"DE5{number}", number=number))
    assert [each.level for each in state.changes] == [NAME_MISMATCH, NEW, NEW, NEW, NEW]
    assert state.changes[-1].account == "DE58"
