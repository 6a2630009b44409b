"""The scorecard: precision, recall, lead and money of the warnings, against their targets."""

from collections.abc import Sequence

import pytest

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.learning.judging import PastWarning
from services.monitoring.domain.learning.outcomes import Outcome
from services.monitoring.domain.learning.scorecard import Record, Scorecard, Span, scorecard
from services.monitoring.domain.policies.warnings import Severity
from services.monitoring.domain.watching.alerts import Label
from shared.kernel.money import Money
from tests.unit.monitoring.judged_builders import a_past_warning, happened
from tests.unit.monitoring.warning_builders import HANDLING, euros, on_day

T01, T03 = Indicator.MAX_DAYS_PAST_DUE, Indicator.LATENESS_LEVEL


def card(
    warnings: Sequence[PastWarning], *outcomes: Outcome, first: int = 0, last: int = 300
) -> Scorecard:
    span = Span(first=on_day(first), last=on_day(last), as_of=on_day(700))
    return scorecard(Record(warnings=warnings, outcomes=outcomes), HANDLING, span)


def test_nothing_raised_says_nothing() -> None:
    found = card([])
    assert (found.total.raised, found.total.precision, found.total.recall) == (0, None, None)
    assert (found.recall.is_met, found.lead_days.is_met) == (None, None)
    assert found.precision[Severity.RED].is_met is None


def test_precision_is_what_came_true_of_what_can_be_judged() -> None:
    warnings = [
        a_past_warning(customer_id="C1"),
        a_past_warning(customer_id="C2"),
        a_past_warning(customer_id="C3", label=Label.TRUE),
        a_past_warning(customer_id="C4", label=Label.DUPLICATE),
    ]
    total = card(warnings, happened(90)).total
    assert (total.raised, total.judged, total.came_true, total.duplicates) == (4, 3, 2, 1)
    assert total.precision == pytest.approx(2 / 3)
    assert total.labels == {"duplicate": 1, "true": 1}


def test_each_indicator_is_judged_by_itself() -> None:
    warnings = [
        a_past_warning(customer_id="C1"),
        a_past_warning(customer_id="C2"),
        a_past_warning(60, customer_id="C1", indicator=T03),
    ]
    found = card(warnings, happened(90))
    assert (found.indicators[T01].precision, found.indicators[T03].precision) == (0.5, 1.0)
    assert found.indicators[T01].median_lead_days == 90
    assert found.indicators[T03].median_lead_days == 30
    assert found.indicators[Indicator.INSOLVENCY].recall == 0.0


def test_recall_is_the_share_of_failures_that_a_warning_stood_before() -> None:
    warnings = [a_past_warning(customer_id="C1")]
    total = card(warnings, happened(90), happened(90, customer_id="C2")).total
    assert (total.failures, total.warned_of, total.recall) == (2, 1, 0.5)


def test_a_warning_from_before_the_span_counts_for_recall_only() -> None:
    found = card([a_past_warning(0)], happened(90), first=50)
    assert (found.total.raised, found.total.recall) == (0, 1.0)


@pytest.mark.parametrize(("first", "last", "raised"), [(0, 10, 1), (10, 10, 1), (11, 20, 0)])
def test_only_what_was_raised_in_the_span_is_judged(first: int, last: int, raised: int) -> None:
    assert card([a_past_warning(10)], first=first, last=last).total.raised == raised


def test_money_is_what_was_at_stake_when_they_were_raised() -> None:
    warnings = [
        a_past_warning(customer_id="C1"),
        a_past_warning(customer_id="C2", exposure=(Money(80_000, "CNY"),)),
    ]
    total = card(warnings, happened(90)).total
    assert (total.money_warned_of, total.money_come_true) == (euros(1100), euros(1000))


def test_the_share_held_back_is_of_all_that_was_in_breach() -> None:
    warnings = [a_past_warning(said=3, held=2), a_past_warning(said=1, held=4)]
    total = card(warnings).total
    assert (total.said, total.held, total.suppressed) == (4, 6, 0.6)


@pytest.mark.parametrize(("true", "met"), [(2, False), (3, True), (4, True)])
def test_red_is_to_be_right_three_times_in_ten(true: int, *, met: bool) -> None:
    warnings = [
        a_past_warning(customer_id=f"C{number}", amber_on=on_day(1), red_on=on_day(2))
        for number in range(10)
    ]
    outcomes = [happened(60, customer_id=f"C{number}") for number in range(true)]
    found = card(warnings, *outcomes).precision[Severity.RED]
    assert (found.cases, found.target, found.is_met) == (10, 0.3, met)


def test_what_became_amber_is_judged_as_amber() -> None:
    found = card([a_past_warning(amber_on=on_day(1))], happened(60)).precision
    assert (found[Severity.AMBER].cases, found[Severity.WATCH].cases) == (1, 0)


@pytest.mark.parametrize(("amber", "recall"), [(60, 1.0), (61, 0.0)])
def test_seven_failures_in_ten_are_to_be_warned_of_thirty_days_ahead(
    amber: int, recall: float
) -> None:
    found = card([a_past_warning(amber_on=on_day(amber))], happened(90)).recall
    assert (found.value, found.target, found.is_met) == (recall, 0.7, recall >= 0.7)


@pytest.mark.parametrize(("amber", "met"), [(30, True), (31, False)])
def test_the_median_failure_is_to_be_foretold_sixty_days_ahead(amber: int, *, met: bool) -> None:
    found = card([a_past_warning(amber_on=on_day(amber))], happened(90)).lead_days
    assert (found.value, found.is_met) == (90 - amber, met)


def test_a_failure_is_foretold_from_its_first_amber_warning_on() -> None:
    warnings = [
        a_past_warning(amber_on=on_day(20)),
        a_past_warning(indicator=T03, amber_on=on_day(70)),
    ]
    assert card(warnings, happened(90)).lead_days.value == 70
