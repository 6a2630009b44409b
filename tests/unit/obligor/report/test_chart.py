"""A chart is a picture that stands by itself, and shows what the timeline says."""

from datetime import date
from xml.etree.ElementTree import Element, fromstring

import pytest

from obligor.report.chart import Frame, chart_of, frame_of
from obligor.report.timeline import Mark, Money, Timeline
from obligor.wording import Language, Wording

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
WORDS = Wording()
NOTHING = Timeline(currency="EUR", money=(), scores=(), marks=())
SVG = "{http://www.w3.org/2000/svg}"


def drawn(timeline: Timeline, frame: Frame, words: Wording = WORDS) -> Element:
    return fromstring(chart_of(timeline, frame, words))  # noqa: S314  # a picture of our own


def texts(picture: Element) -> list[str]:
    return [each.text or "" for each in picture.iter(f"{SVG}text")]


def titles(picture: Element) -> list[str]:
    return [each.text or "" for each in picture.iter(f"{SVG}title")]


def test_days_run_from_left_to_right_and_stay_inside() -> None:
    frame = Frame(FIRST, LAST)
    middle = frame.across(date(2025, 7, 2))
    assert frame.across(FIRST) < middle < frame.across(LAST)
    assert frame.across(date(2024, 1, 1)) == frame.across(FIRST)
    assert frame.across(date(2026, 1, 1)) == frame.across(LAST)


def test_a_frame_of_one_day_has_a_place_for_it() -> None:
    assert Frame(FIRST, FIRST).across(FIRST) == Frame(FIRST, LAST).across(FIRST)


def test_what_is_owed_is_a_staircase_up_to_the_last_day() -> None:
    owed = (Money(FIRST, 100.0, 0.0), Money(date(2025, 7, 2), 50.0, 50.0))
    timeline = Timeline(currency="EUR", money=owed, scores=(), marks=())
    picture = drawn(timeline, Frame(FIRST, LAST))
    grey, red = list(picture.iter(f"{SVG}polygon"))
    corners = [each.split(",") for each in (grey.get("points") or "").split()]
    heights = [float(down) for _, down in corners]
    assert heights == [140.0, 24.0, 24.0, 82.0, 82.0, 140.0]
    assert float(corners[-1][0]) == pytest.approx(Frame(FIRST, LAST).across(LAST), abs=0.1)
    assert red.get("points") != grey.get("points")
    assert "100" in texts(picture)


def test_a_score_of_a_hundred_is_at_the_top_and_nothing_at_the_bottom() -> None:
    scores = ((FIRST, 0.0), (LAST, 100.0))
    picture = drawn(Timeline("EUR", (), scores, ()), Frame(FIRST, LAST))
    line = next(picture.iter(f"{SVG}polyline"))
    heights = [float(each.split(",")[1]) for each in (line.get("points") or "").split()]
    assert heights == [236.0, 160.0]


def test_marks_say_what_they_are() -> None:
    marks = (
        Mark(FIRST, "sign", "T01", "red"),
        Mark(FIRST, "tier", "high"),
        Mark(FIRST, "case", ""),
    )
    said = titles(drawn(Timeline("EUR", (), (), marks), Frame(FIRST, LAST)))
    assert [each.split(" ", 1)[0] for each in said] == ["2025-01-01"] * 3
    assert "red: oldest unpaid invoice" in said[0]
    assert (said[1], said[2]) == ("2025-01-01 high risk", "2025-01-01 recovery case opened")


@pytest.mark.parametrize("day", [date(2025, 2, 1), date(2025, 12, 30)])
def test_the_moments_are_named_with_their_days(day: date) -> None:
    frame = Frame(FIRST, LAST, shows_from=day, warned_on=day, failed_on=day)
    said = texts(drawn(NOTHING, frame))
    assert {f"signs begin {day}", f"score 50 {day}", f"failed {day}"} <= set(said)


def test_moments_that_are_not_known_are_not_drawn() -> None:
    assert not [each for each in texts(drawn(NOTHING, Frame(FIRST, LAST))) if "failed" in each]


def test_a_chart_speaks_chinese() -> None:
    frame = Frame(FIRST, LAST, failed_on=LAST)
    assert f"失败 {LAST}" in texts(drawn(NOTHING, frame, Wording(Language.CHINESE)))


def test_a_frame_begins_with_the_first_thing_known() -> None:
    early = Mark(date(2025, 2, 1), "tier", "low")
    money = (Money(date(2025, 3, 1), 1.0, 0.0),)
    timeline = Timeline("EUR", money, ((date(2025, 4, 1), 1.0),), (early,))
    assert frame_of(timeline, last=LAST).first == date(2025, 2, 1)
    assert frame_of(NOTHING, last=LAST).first == LAST
