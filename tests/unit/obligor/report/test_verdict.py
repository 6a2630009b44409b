from datetime import date

import pytest

from obligor.report.tables import failure_sentences
from obligor.report.verdict import Score, WarningSaid, judge
from obligor.sample.portfolio import Truth
from obligor.sample.stories import Story
from obligor.wording import Language, Wording

TODAY = date(2026, 6, 30)


def a_failure(
    name: str = "C1",
    *,
    story: Story = Story.DRIFTING,
    shows_from: date | None = date(2026, 1, 1),
    fails_on: date | None = date(2026, 5, 1),
) -> Truth:
    return Truth(name, name, story, shows_from, fails_on)


def a_healthy(name: str, story: Story = Story.STEADY) -> Truth:
    return Truth(name, name, story, None, None)


def said(name: str, day: date, band: str = "amber") -> WarningSaid:
    return WarningSaid(name, day, "T01", Score(band))


def test_a_failure_is_warned_of_by_the_first_amber_score_after_its_signs_began() -> None:
    warnings = [said("C1", date(2026, 3, 2)), said("C1", date(2026, 2, 1), "red")]

    (seen,) = judge([a_failure()], warnings, as_of=TODAY).failures

    assert seen.warned_on == date(2026, 2, 1)
    assert seen.lead == 89


@pytest.mark.parametrize(
    ("day", "band"),
    [
        (date(2025, 12, 31), "amber"),
        (date(2026, 5, 1), "amber"),
        (date(2026, 5, 2), "red"),
        (date(2026, 2, 1), "yellow"),
    ],
)
def test_a_warning_too_early_too_late_or_too_mild_does_not_count(day: date, band: str) -> None:
    verdict = judge([a_failure()], [said("C1", day, band)], as_of=TODAY)

    assert verdict.warned == ()
    assert verdict.failures[0].lead is None


def test_a_failure_without_signs_counts_as_warned_in_the_ninety_days_before_only() -> None:
    sudden = a_failure(story=Story.SUDDEN, shows_from=None)

    early = judge([sudden], [said("C1", date(2026, 1, 30))], as_of=TODAY)
    late = judge([sudden], [said("C1", date(2026, 1, 31))], as_of=TODAY)

    assert len(early.warned) == 0
    assert len(late.warned) == 1


def test_a_healthy_customer_with_a_red_score_is_a_false_alarm() -> None:
    truths = [a_failure(), a_healthy("C2", Story.SLOW), a_healthy("C3")]
    warnings = [said("C1", date(2026, 2, 1)), said("C2", date(2026, 2, 1), "red")]

    verdict = judge(truths, warnings, as_of=TODAY)

    assert verdict.false_alarms == {Story.SLOW: 1}
    assert verdict.alarms == 2
    assert verdict.precision == pytest.approx(0.5)
    assert verdict.recall == pytest.approx(1.0)


def test_a_failure_still_to_come_is_neither_hit_nor_false_alarm() -> None:
    coming = a_failure(fails_on=date(2026, 8, 1))

    verdict = judge([coming], [said("C1", date(2026, 2, 1))], as_of=TODAY)

    assert verdict.failures == ()
    assert verdict.alarms == 0
    assert (verdict.still_to_fail, verdict.still_to_fail_warned) == (1, 1)


def test_a_failure_on_the_last_day_has_happened() -> None:
    verdict = judge([a_failure(fails_on=TODAY)], [], as_of=TODAY)

    assert len(verdict.failures) == 1


def test_the_lead_is_the_median_over_those_warned_of() -> None:
    truths = [a_failure("C1"), a_failure("C2"), a_failure("C3")]
    warnings = [said("C1", date(2026, 4, 1)), said("C2", date(2026, 3, 2))]

    assert judge(truths, warnings, as_of=TODAY).median_lead == 45


def test_without_failures_there_is_no_recall_and_no_lead() -> None:
    verdict = judge([a_healthy("C1")], [], as_of=TODAY)

    assert verdict.recall is None
    assert verdict.precision is None
    assert verdict.median_lead is None


def test_failures_are_told_apart_by_how_they_showed() -> None:
    truths = [a_failure("C1"), a_failure("C2", story=Story.SUDDEN, shows_from=None)]

    verdict = judge(truths, [], as_of=TODAY)

    assert {story: len(seen) for story, seen in verdict.by_story().items()} == {
        Story.DRIFTING: 1,
        Story.SUDDEN: 1,
    }


@pytest.mark.parametrize("language", Language)
def test_the_verdict_is_said_in_sentences(language: Language) -> None:
    truths = [a_failure(), a_healthy("C2", Story.SLOW), a_failure("C3", fails_on=date(2026, 9, 1))]
    warnings = [said("C1", date(2026, 2, 1)), said("C2", date(2026, 2, 1))]

    sentences = failure_sentences(judge(truths, warnings, as_of=TODAY), Wording(language))

    assert len(sentences) == 3
    assert "100%" in sentences[0]
    assert "50%" in sentences[1]
