"""Default and cure: more than 90 days on a material amount, over three months after the last trigger."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from services.monitoring.domain.figures.ageing import age
from services.monitoring.domain.figures.default_flag import (
    CURED,
    PAST_DUE,
    PROBATION,
    STILL_PAST_DUE,
    UNLIKELY_TO_PAY,
    DefaultDecision,
    DefaultFacts,
    LongOverdue,
    Proceeding,
    decide_default_flag,
    default_facts,
)
from services.monitoring.domain.figures.exposure import exposure_of
from services.monitoring.domain.policies.ledger import DefaultPolicy
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.receivables.ledger import fold
from shared.kernel.errors import InvalidInputError
from shared.kernel.money import Money
from tests.unit.monitoring.in_memory import POLICIES
from tests.unit.monitoring.ledger_builders import (
    DEFAULTS,
    LEDGER,
    a_dispute,
    a_payment,
    an_invoice,
    day,
)

GOLDEN = json.loads((Path(__file__).parents[2] / "golden/monitoring_ledger.json").read_text())
POLICY: MonitoringPolicy = POLICIES.in_force(date.max).policy
AS_OF = date(2025, 6, 1)


def overdue(
    amount: int = 12_000, days: int = 91, *, exposure: int = 150_000, currency: str = "EUR"
) -> LongOverdue:
    return LongOverdue(
        overdue=Money(amount * 100, currency),
        exposure=Money(exposure * 100, currency),
        days_past_due=days,
    )


def some_facts(
    *long_overdue: LongOverdue,
    defaulted_on: date | None = None,
    clear_since: date | None = None,
    any_overdue: bool = False,
    forborne_on: date | None = None,
    grace_ends_on: date | None = None,
) -> DefaultFacts:
    return DefaultFacts(
        long_overdue=long_overdue,
        any_overdue=any_overdue or bool(long_overdue),
        defaulted_on=defaulted_on,
        clear_since=clear_since,
        forborne_on=forborne_on,
        grace_ends_on=grace_ends_on,
    )


def decided(facts: DefaultFacts, as_of: date = AS_OF) -> DefaultDecision:
    return decide_default_flag(facts, POLICY, as_of=as_of)


def flag_on(as_of: date, amount: str, total: int) -> DefaultDecision:
    """The golden case: one invoice, due on the last of January, in a larger exposure."""
    case = GOLDEN["RC-12"]["in"]
    due = date.fromisoformat(case["due"])
    late = an_invoice(amount=amount, on=0, terms=(due - day(0)).days)
    rest = an_invoice("I2", str(total), on=0, terms=365)
    account = fold([late, rest], LEDGER)
    ageing = age(account, "EUR", as_of=as_of, policy=LEDGER)
    facts = default_facts(
        (ageing,),
        (exposure_of(account, ageing, LEDGER),),
        DEFAULTS,
        defaulted_on=None,
        clear_since=None,
    )
    return decided(facts, as_of)


def test_the_golden_customer_defaults_on_the_ninety_first_day() -> None:
    case = GOLDEN["RC-12"]
    total = case["in"]["total_exposure"] - case["in"]["past_due"]
    default_date = date.fromisoformat(case["out"]["default_date"])
    before = flag_on(default_date - timedelta(days=1), str(case["in"]["past_due"]), total)
    on_it = flag_on(default_date, str(case["in"]["past_due"]), total)
    assert (before.in_default, on_it.in_default) == (False, True)
    assert on_it.days_past_due == case["out"]["dpd"] + 1


def test_the_golden_small_amount_is_not_material() -> None:
    default_date = date.fromisoformat(GOLDEN["RC-12"]["out"]["default_date"])
    assert not flag_on(default_date, "450", 150_000).in_default


def test_the_golden_cure_is_three_months_after_the_last_trigger() -> None:
    case = GOLDEN["RC-13"]
    gone = date.fromisoformat(case["in"]["all_triggers_gone"])
    exit_on = date.fromisoformat(case["out"]["regular_exit"])
    facts = some_facts(defaulted_on=date(2025, 5, 2), clear_since=gone)
    assert decided(facts, exit_on - timedelta(days=1)).in_default
    assert not decided(facts, exit_on).in_default


def test_the_golden_forborne_cure_is_twelve_months_after_the_clock_starts() -> None:
    case = GOLDEN["RC-13"]
    gone = date.fromisoformat(case["in"]["all_triggers_gone"])
    start = date.fromisoformat(case["in"]["forborne_clock_start"])
    exit_on = date.fromisoformat(case["out"]["forborne_exit"])
    facts = some_facts(defaulted_on=date(2025, 5, 2), clear_since=gone, forborne_on=start)
    assert decided(facts, exit_on - timedelta(days=1)).in_default
    assert not decided(facts, exit_on).in_default


@pytest.mark.parametrize(
    ("forborne_on", "grace_ends_on", "ends_on"),
    [
        (date(2025, 2, 25), date(2025, 4, 1), date(2026, 4, 12)),
        (date(2025, 4, 20), date(2025, 4, 30), date(2026, 4, 30)),
        (date(2025, 2, 25), date(2025, 8, 1), date(2026, 8, 1)),
        (date(2023, 4, 10), date(2023, 4, 13), date(2026, 4, 12)),
        (date(2023, 4, 10), date(2023, 4, 12), date(2025, 7, 26)),
    ],
    ids=["the default", "an extension in default", "the day granted", "lately", "long ago"],
)
def test_a_forborne_cure_counts_from_the_latest(
    forborne_on: date, grace_ends_on: date, ends_on: date
) -> None:
    facts = some_facts(
        defaulted_on=date(2025, 4, 12),
        clear_since=date(2025, 4, 26),
        forborne_on=forborne_on,
        grace_ends_on=grace_ends_on,
    )
    assert decided(facts, ends_on - timedelta(days=1)).probation_ends_on == ends_on
    assert not decided(facts, ends_on).in_default


def test_a_forborne_cure_waits_for_the_regular_one_too() -> None:
    facts = some_facts(
        defaulted_on=date(2024, 4, 12),
        clear_since=date(2025, 5, 26),
        forborne_on=date(2024, 2, 25),
        grace_ends_on=date(2024, 4, 1),
    )
    assert decided(facts).probation_ends_on == date(2025, 8, 26)


def test_a_policy_from_before_there_was_a_forborne_cure_goes_on_without() -> None:
    rules = replace(DEFAULTS, cure_months_forborne=None)
    older = replace(POLICY, ledger=replace(POLICY.ledger, default=rules))
    facts = some_facts(
        defaulted_on=date(2025, 4, 12), clear_since=date(2025, 4, 26), forborne_on=date(2025, 2, 25)
    )
    decision = decide_default_flag(facts, older, as_of=AS_OF)
    assert decision.probation_ends_on == date(2025, 7, 26)


@pytest.mark.parametrize("days", [0, 91])
def test_an_open_proceeding_is_a_default_by_itself(days: int) -> None:
    filed = Proceeding(kind="insolvency", document="L1", on=date(2025, 5, 2))
    late = [overdue(days=days)] if days else []
    decision = decided(replace(some_facts(*late), proceedings=(filed,)))
    assert (decision.in_default, decision.defaulted_on) == (True, AS_OF)
    said = [(each.code, each.value) for each in decision.reasons]
    assert said == [(PAST_DUE, 91.0)] * bool(days) + [(UNLIKELY_TO_PAY, "L1")]


@pytest.mark.parametrize(("days", "in_default"), [(89, False), (90, False), (91, True)])
def test_default_begins_after_more_than_ninety_days(days: int, *, in_default: bool) -> None:
    assert decided(some_facts(overdue(days=days))).in_default is in_default


@pytest.mark.parametrize(("amount", "in_default"), [(499, False), (500, False), (501, True)])
def test_the_absolute_threshold_must_be_exceeded(amount: int, *, in_default: bool) -> None:
    assert decided(some_facts(overdue(amount, exposure=1000))).in_default is in_default


@pytest.mark.parametrize(("exposure", "in_default"), [(59_999, True), (60_000, False)])
def test_the_relative_threshold_must_be_exceeded(exposure: int, *, in_default: bool) -> None:
    assert decided(some_facts(overdue(600, exposure=exposure))).in_default is in_default


def test_each_currency_has_its_own_absolute_threshold() -> None:
    assert not decided(some_facts(overdue(4000, currency="CNY"))).in_default
    assert decided(some_facts(overdue(5001, currency="CNY"))).in_default


def test_one_material_currency_is_enough() -> None:
    assert decided(some_facts(overdue(10), overdue(9000, currency="USD"))).in_default


def test_a_default_says_since_when_and_why() -> None:
    decision = decided(some_facts(overdue()))
    assert decision.defaulted_on == AS_OF
    assert (decision.reasons[0].code, decision.reasons[0].value) == (PAST_DUE, 91.0)


def test_a_default_that_goes_on_keeps_its_first_day() -> None:
    began = date(2025, 5, 2)
    assert decided(some_facts(overdue(days=120), defaulted_on=began)).defaulted_on == began


def test_a_trigger_that_comes_back_restarts_the_probation() -> None:
    facts = some_facts(overdue(), defaulted_on=date(2025, 1, 1), clear_since=date(2025, 3, 1))
    assert decided(facts).clear_since is None


def test_probation_begins_on_the_first_day_without_a_trigger() -> None:
    decision = decided(some_facts(defaulted_on=date(2025, 1, 1)))
    assert (decision.clear_since, decision.probation_ends_on) == (AS_OF, date(2025, 9, 1))
    assert decision.reasons[0].code == PROBATION


def test_nobody_is_cured_while_anything_is_past_due() -> None:
    facts = some_facts(
        defaulted_on=date(2025, 1, 1), clear_since=date(2025, 2, 1), any_overdue=True
    )
    decision = decided(facts)
    assert decision.in_default
    assert decision.reasons[0].code == STILL_PAST_DUE


def test_a_cure_forgets_the_default() -> None:
    decision = decided(some_facts(defaulted_on=date(2025, 1, 1), clear_since=date(2025, 2, 1)))
    assert (decision.in_default, decision.defaulted_on, decision.clear_since) == (False, None, None)
    assert decision.reasons[0].code == CURED


def test_nothing_overdue_needs_no_reason() -> None:
    assert decided(some_facts()).reasons == ()


def test_an_invoice_disputed_in_time_is_no_default() -> None:
    account = fold([an_invoice(amount="5000"), a_dispute(amount="5000", on=20)], LEDGER)
    ageing = age(account, "EUR", as_of=day(200), policy=LEDGER)
    facts = default_facts(
        (ageing,),
        (exposure_of(account, ageing, LEDGER),),
        DEFAULTS,
        defaulted_on=None,
        clear_since=None,
    )
    assert not decided(facts).in_default


def test_amounts_long_overdue_count_together() -> None:
    invoices = [an_invoice(f"I{n}", "300", on=n) for n in range(2)]
    account = fold(invoices, LEDGER)
    ageing = age(account, "EUR", as_of=day(140), policy=LEDGER)
    facts = default_facts(
        (ageing,),
        (exposure_of(account, ageing, LEDGER),),
        DEFAULTS,
        defaulted_on=None,
        clear_since=None,
    )
    assert facts.long_overdue[0].overdue == Money(60_000, "EUR")
    assert decided(facts).in_default


def in_advance(paid: str, *, at: int) -> DefaultFacts:
    """One payment before anything was owed, then two invoices, 91 days apart."""
    early, late = an_invoice("I1", "4000", on=0), an_invoice("I2", "4000", on=91)
    account = fold([a_payment(amount=paid, on=-5), early, late], LEDGER)
    ageing = age(account, "EUR", as_of=day(at), policy=LEDGER)
    exposure = exposure_of(account, ageing, LEDGER)
    return default_facts((ageing,), (exposure,), DEFAULTS, defaulted_on=None, clear_since=None)


@pytest.mark.parametrize(("paid", "in_default"), [("5000", False), ("3500", False), ("3499", True)])
def test_an_invoice_that_our_unapplied_cash_covers_is_no_default(
    paid: str, *, in_default: bool
) -> None:
    assert decided(in_advance(paid, at=30 + 91)).in_default is in_default


def test_unapplied_cash_covers_the_oldest_first() -> None:
    facts = in_advance("5000", at=30 + 91 + 91)
    assert facts.long_overdue[0].overdue == Money(3_000_00, "EUR")
    assert facts.long_overdue[0].days_past_due == 91
    assert facts.any_overdue


def test_nothing_is_past_due_that_our_unapplied_cash_covers() -> None:
    assert not in_advance("8000", at=30 + 91 + 91).any_overdue


@pytest.mark.parametrize(
    "broken",
    [
        lambda: replace(DEFAULTS, days_past_due=0),
        lambda: replace(DEFAULTS, cure_months=0),
        lambda: replace(DEFAULTS, cure_months_forborne=2),
        lambda: replace(DEFAULTS, forborne_months=0),
        lambda: replace(DEFAULTS, material_share=1.5),
        lambda: replace(DEFAULTS, material_amount={"EUR": Decimal(5)}),
        lambda: replace(DEFAULTS, material_amount={"otherwise": Decimal(-1)}),
    ],
    ids=[
        "no days",
        "no months",
        "sooner for the forborne",
        "never forborne",
        "share above 1",
        "no amount for others",
        "below nothing",
    ],
)
def test_a_default_policy_that_makes_no_sense_is_refused(
    broken: Callable[[], DefaultPolicy],
) -> None:
    with pytest.raises(InvalidInputError):
        broken()


def test_the_shipped_policy_is_the_rule_of_the_book() -> None:
    rules: DefaultPolicy = POLICY.ledger.default
    assert (rules.days_past_due, rules.cure_months, rules.material_share) == (90, 3, 0.01)
    assert (rules.cure_months_forborne, rules.forborne_months) == (12, 24)
