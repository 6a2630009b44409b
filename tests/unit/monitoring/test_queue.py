"""The queue: by money at risk, within the budget, yellow lowered first and red never."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.handling.queue import OpenCase, Subject, open_case, rank
from services.monitoring.domain.handling.service_levels import Moment
from services.monitoring.domain.policies.warnings import Band, Severity
from services.monitoring.domain.watching.early_warning import EarlyWarning
from services.monitoring.domain.watching.risk_warning import RiskWarning, WarningStatus
from shared.kernel.money import Money
from tests.unit.monitoring.judged_builders import a_warning
from tests.unit.monitoring.warning_builders import (
    AMBER,
    HANDLING,
    POLICY,
    RED,
    WATCH,
    euros,
    on_day,
)

TODAY = Moment(day=on_day(1))
RULES = replace(HANDLING.queue, per_analyst=2)


def subject(
    name: str,
    *warnings: RiskWarning,
    ews: float = 50.0,
    owes: Iterable[Money] = (euros(1000),),
    secured: Iterable[Money] = (),
    stale_on: dict[str, date] | None = None,
) -> Subject:
    score = EarlyWarning(as_of=TODAY.day, ews=ews, band=Band.AMBER, groups={})
    return Subject(
        customer_id=name,
        score=score,
        warnings=warnings,
        exposure=tuple(owes),
        secured=tuple(secured),
        stale_on=stale_on or {},
    )


def a_case(
    name: str, severity: Severity = WATCH, *, ews: float = 50.0, owes: int = 1000
) -> OpenCase:
    warning = a_warning(warning_id=f"w-{name}", customer_id=name, severity=severity)
    found = open_case(subject(name, warning, ews=ews, owes=[euros(owes)]), POLICY, now=TODAY)
    assert found is not None
    return found


def names(cases: Iterable[OpenCase]) -> list[str]:
    return [case.subject.customer_id for case in cases]


def test_money_at_risk_is_the_score_times_the_unsecured_exposure() -> None:
    whole = subject("C1", a_warning(), ews=78.469, owes=[euros(10_000)], secured=[euros(4000)])
    case = open_case(whole, POLICY, now=TODAY)
    assert case is not None
    assert (case.unsecured, case.money_at_risk) == (euros(6000), Money(470_814, "EUR"))


def test_more_security_than_exposure_leaves_nothing_at_risk() -> None:
    whole = subject("C1", a_warning(), owes=[euros(10)], secured=[euros(40)])
    case = open_case(whole, POLICY, now=TODAY)
    assert case is not None
    assert case.money_at_risk == euros(0)


def test_currencies_are_compared_at_the_policys_rates() -> None:
    whole = subject("C1", a_warning(), owes=[euros(100), Money(80_000, "CNY")])
    case = open_case(whole, POLICY, now=TODAY)
    assert case is not None
    assert case.unsecured == euros(200)


def test_a_currency_without_a_rate_is_not_nothing() -> None:
    case = open_case(subject("C1", a_warning(), owes=[Money(500, "KWD")]), POLICY, now=TODAY)
    assert case is not None
    assert case.unsecured == Money(50, "EUR")


def test_the_loss_to_expect_follows_the_worst_warning() -> None:
    red, watch = a_case("C1", RED), a_case("C2", WATCH)
    assert (red.expected_loss, watch.expected_loss) == (euros(180), euros(30))


def test_cases_are_ranked_by_money_not_by_count_or_colour() -> None:
    cases = [
        a_case("small red", RED, owes=100, ews=95),
        a_case("large watch", WATCH, owes=100_000, ews=10),
        a_case("large amber", AMBER, owes=20_000, ews=60),
    ]
    found = rank(cases, HANDLING.queue, analysts=1)
    assert names(found.cases) == ["large amber", "large watch", "small red"]
    assert (found.lowered, found.capacity) == ((), 30)


def test_with_nothing_at_risk_the_worse_comes_first() -> None:
    cases = [a_case("C1", WATCH, owes=0), a_case("C3", RED, owes=0), a_case("C2", RED, owes=0)]
    assert names(rank(cases, HANDLING.queue, analysts=1).cases) == ["C2", "C3", "C1"]


@pytest.mark.parametrize(("analysts", "kept"), [(1, 2), (2, 4), (3, 5)])
def test_what_is_beyond_the_budget_is_lowered(analysts: int, kept: int) -> None:
    cases = [a_case(f"C{number}", owes=1000 + number) for number in range(5)]
    found = rank(cases, RULES, analysts=analysts)
    assert len(found.cases) == kept
    assert names((*found.cases, *found.lowered)) == ["C4", "C3", "C2", "C1", "C0"]


def test_yellow_is_lowered_before_amber_however_much_money_it_is() -> None:
    cases = [
        a_case("Y", WATCH, owes=90_000),
        a_case("A", AMBER, owes=10),
        a_case("R", RED, owes=1),
    ]
    found = rank(cases, RULES, analysts=1)
    assert (names(found.cases), names(found.lowered)) == (["A", "R"], ["Y"])


def test_red_is_never_lowered() -> None:
    cases = [*(a_case(f"R{number}", RED) for number in range(3)), a_case("A", AMBER, owes=90_000)]
    found = rank(cases, RULES, analysts=1)
    assert (names(found.cases), names(found.lowered)) == (["R0", "R1", "R2"], ["A"])


def test_a_case_shows_its_worst_warning_first_and_takes_its_step_from_it() -> None:
    watch = a_warning(warning_id="w1", severity=WATCH)
    red = a_warning(
        warning_id="w2", severity=RED, indicator=Indicator.LIMIT_UTILISATION, case_id="case-2"
    )
    case = open_case(subject("C1", watch, red), POLICY, now=TODAY)
    assert case is not None
    assert [each.warning.warning_id for each in case.concerns] == ["w2", "w1"]
    assert (case.severity, case.step.code) == (RED, "stop_above_limit")
    assert set(case.step.wording) == {"en", "zh"}


def test_a_case_is_due_when_the_first_of_its_worst_warnings_is() -> None:
    watch = a_warning(warning_id="w1", severity=WATCH, pending_since=on_day(-400))
    amber = a_warning(warning_id="w2", severity=AMBER, pending_since=on_day(1))
    older = a_warning(
        warning_id="w3",
        severity=AMBER,
        pending_since=on_day(0),
        indicator=Indicator.OVERDUE_RATIO,
    )
    case = open_case(subject("C1", watch, amber, older), POLICY, now=TODAY)
    assert case is not None
    assert (case.decide_by, case.is_late) == (case.concerns[1].level.decide_by, False)
    assert case.concerns[2].level.is_late


def test_a_stale_sign_neither_makes_a_case_red_nor_says_what_to_do() -> None:
    old = a_warning(warning_id="w1", severity=RED, indicator=Indicator.LIMIT_UTILISATION)
    fresh = a_warning(warning_id="w2", severity=AMBER)
    case = open_case(subject("C1", old, fresh, stale_on={"w1": on_day(0)}), POLICY, now=TODAY)
    assert case is not None
    assert (case.severity, case.step.code) == (AMBER, "call")
    assert [each.warning.warning_id for each in case.concerns] == ["w2", "w1"]
    alone = open_case(subject("C1", old, stale_on={"w1": on_day(0)}), POLICY, now=TODAY)
    assert alone is not None
    assert (alone.severity, alone.step.code) == (WATCH, "look_at_limit")


def test_of_equally_bad_signs_hard_triggers_come_first_then_what_counts_most() -> None:
    limit = a_warning(warning_id="w1", severity=RED, indicator=Indicator.LIMIT_UTILISATION)
    ratio = a_warning(warning_id="w2", severity=RED, indicator=Indicator.OVERDUE_RATIO, value=0.9)
    court = a_warning(warning_id="w3", severity=RED, indicator=Indicator.LITIGATION, value=0.9)
    late = a_warning(warning_id="w4", severity=RED, value=91.0)
    case = open_case(subject("C1", limit, ratio, court, late), POLICY, now=TODAY)
    assert case is not None
    assert [each.warning.warning_id for each in case.concerns] == ["w4", "w3", "w2", "w1"]


def test_who_is_in_default_is_the_collectors_and_takes_nobodys_place() -> None:
    owing = subject("C9", a_warning(severity=RED), owes=[euros(90_000)])
    gone = open_case(replace(owing, in_default=True), POLICY, now=TODAY)
    assert gone is not None
    assert gone.step.code == "leave_to_recovery"
    found = rank([gone, a_case("C1"), a_case("C2")], RULES, analysts=1)
    assert (names(found.cases), names(found.lowered)) == (["C1", "C2"], [])
    assert names(found.in_default) == ["C9"]


def test_the_cases_are_named_newest_first() -> None:
    old = a_warning(warning_id="w1", case_id="old")
    new = a_warning(warning_id="w2", case_id="new", raised_on=on_day(9))
    case = open_case(subject("C1", old, new), POLICY, now=TODAY)
    assert case is not None
    assert case.case_ids == ("new", "old")


@pytest.mark.parametrize("status", [WarningStatus.SUPPRESSED, WarningStatus.RESOLVED])
def test_what_is_put_off_or_over_waits_for_nobody(status: WarningStatus) -> None:
    assert open_case(subject("C1", a_warning(status=status)), POLICY, now=TODAY) is None


@pytest.mark.parametrize(("day", "stale"), [(0, True), (1, True), (2, False)])
def test_a_sign_that_was_not_seen_again_is_stale(day: int, *, stale: bool) -> None:
    whole = subject("C1", a_warning(), stale_on={"w1": on_day(day)})
    case = open_case(whole, POLICY, now=TODAY)
    assert case is not None
    assert case.concerns[0].is_stale is stale
