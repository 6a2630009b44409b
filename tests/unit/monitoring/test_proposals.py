"""Proposals: an indicator that cries wolf is tuned anew where stored values allow it, else retired."""

from dataclasses import replace

import pytest

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.learning.judging import Judged, Verdict
from services.monitoring.domain.learning.proposals import Proposal, ProposalKind, propose
from services.monitoring.domain.policies.warnings import Comparator, IndicatorPolicy
from tests.unit.monitoring.judged_builders import a_past_warning
from tests.unit.monitoring.warning_builders import AMBER, HANDLING, RED, SHIPPED, WATCH

T01 = Indicator.MAX_DAYS_PAST_DUE
ENTRY = SHIPPED.indicators[T01]
RULES = HANDLING.scorecard


def judged(value: float, *, true: bool = False, count: int = 1) -> list[Judged]:
    verdict = Verdict.TRUE if true else Verdict.FALSE
    return [Judged(warning=a_past_warning(worst_value=value), verdict=verdict)] * count


def proposed(warnings: list[Judged], entry: IndicatorPolicy = ENTRY) -> Proposal | None:
    found = propose(warnings, {T01: entry}, RULES)
    return found[0] if found else None


@pytest.mark.parametrize(("count", "found"), [(99, False), (100, True), (101, True)])
def test_an_indicator_is_judged_over_a_hundred_warnings(count: int, *, found: bool) -> None:
    assert (proposed(judged(8.0, count=count)) is not None) is found


@pytest.mark.parametrize(("true", "found"), [(4, True), (5, False), (6, False)])
def test_below_five_in_a_hundred_is_poor(true: int, *, found: bool) -> None:
    warnings = judged(8.0, true=True, count=true) + judged(8.0, count=100 - true)
    assert (proposed(warnings) is not None) is found


def test_what_is_pending_or_late_is_not_counted() -> None:
    pending = Judged(warning=a_past_warning(), verdict=Verdict.PENDING)
    assert proposed(judged(8.0, count=99) + [pending] * 50) is None


def test_where_no_threshold_helps_it_is_to_be_retired() -> None:
    found = proposed(judged(8.0, true=True, count=2) + judged(20.0, count=98))
    assert found is not None
    assert (found.kind, found.thresholds, found.would_be_judged) == (ProposalKind.RETIRE, {}, 0)
    assert found.before == {WATCH: 7.0, AMBER: 30.0, RED: 60.0}


def test_it_is_retuned_to_the_mildest_threshold_that_would_have_been_right() -> None:
    warnings = (
        judged(8.0, count=80)
        + judged(12.0, count=25)
        + judged(20.0, count=6)
        + judged(25.0, true=True, count=4)
    )
    found = proposed(warnings)
    assert found is not None
    assert (found.kind, found.thresholds) == (
        ProposalKind.RETUNE,
        {WATCH: 12.0, AMBER: 30.0, RED: 60.0},
    )
    assert (found.would_be_judged, found.would_come_true) == (10, 4)
    assert (found.judged, found.came_true) == (115, 4)


def test_a_threshold_is_not_fitted_to_a_handful() -> None:
    warnings = judged(8.0, count=95) + judged(20.0, count=5) + judged(25.0, true=True, count=4)
    found = proposed(warnings)
    assert found is not None
    assert found.kind is ProposalKind.RETIRE


def test_a_new_threshold_stands_for_the_worst_severity_it_has_overtaken() -> None:
    warnings = judged(20.0, count=100) + judged(35.0, count=20) + judged(50.0, true=True, count=4)
    found = proposed(warnings + judged(45.0, count=10))
    assert found is not None
    assert found.thresholds == {AMBER: 35.0, RED: 60.0}


def test_levels_are_retuned_to_a_level() -> None:
    levels = replace(ENTRY, watch=1, amber=2, red=3, comparator=Comparator.AT_LEAST)
    warnings = judged(1.0, count=100) + judged(2.0, count=8) + judged(2.0, true=True, count=3)
    found = proposed(warnings, levels)
    assert found is not None
    assert (found.thresholds, found.would_be_judged) == ({AMBER: 2.0, RED: 3.0}, 11)


def test_where_less_is_worse_the_threshold_falls() -> None:
    ratio = replace(ENTRY, watch=1.2, amber=1.0, red=0.8, comparator=Comparator.LESS_THAN)
    warnings = judged(1.15, count=100) + judged(1.05, count=8) + judged(1.02, true=True, count=3)
    found = proposed(warnings, ratio)
    assert found is not None
    assert found.thresholds == {WATCH: 1.15, AMBER: 1.0, RED: 0.8}


def test_what_would_not_be_raised_any_more_is_not_held_against_it() -> None:
    stricter = replace(ENTRY, watch=12)
    assert proposed(judged(8.0, count=200) + judged(20.0, count=99), stricter) is None


def test_what_is_retired_is_left_alone() -> None:
    assert proposed(judged(8.0, count=200), replace(ENTRY, retired=True)) is None


def test_the_same_proposal_has_the_same_id_and_another_has_another() -> None:
    once, again = proposed(judged(8.0, count=100)), proposed(judged(8.0, count=150))
    other = proposed(judged(8.0, count=100), replace(ENTRY, watch=6))
    assert once is not None
    assert again is not None
    assert other is not None
    assert once.proposal_id == again.proposal_id != other.proposal_id
    assert once.proposal_id.startswith("T01-retire-")
