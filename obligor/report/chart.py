"""A customer's timeline as a picture: what it owed above, its early warning score below."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement, tostring

from obligor.report.timeline import Mark, Timeline
from obligor.wording import Wording

WIDTH, HEIGHT = 960, 270
_LEFT, _RIGHT = 64, 12
_MONEY_TOP, _MONEY_BOTTOM = 24, 140
_SCORE_TOP, _SCORE_BOTTOM = 160, 236
_BANDS = ((0, 25, "#e9f5e9"), (25, 50, "#fdf6d8"), (50, 75, "#fde6cc"), (75, 100, "#f9d3d0"))
_SEVERITY = {"watch": "#c9a400", "amber": "#e07b00", "red": "#c62828"}
_TIER = {"low": "#2e7d32", "medium": "#c9a400", "high": "#c62828"}
_INK, _GREY, _OWED, _OVERDUE = "#222222", "#8a8a8a", "#c8d3de", "#d9534f"
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """The days that a chart spans, and the moments that are marked from top to bottom."""

    first: date
    last: date
    shows_from: date | None = None
    warned_on: date | None = None
    failed_on: date | None = None

    def across(self, day: date) -> float:
        """Where a day lies, in pixels from the left."""
        days = max(1, (self.last - self.first).days)
        inside = min(max(day, self.first), self.last)
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * (inside - self.first).days / days


def chart_of(timeline: Timeline, frame: Frame, words: Wording) -> str:
    """The picture as SVG, to stand in a page."""
    svg = Element("svg", viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img")
    svg.set("xmlns", "http://www.w3.org/2000/svg")
    _draw_months(svg, frame)
    _draw_money(svg, timeline, frame, words)
    _draw_score(svg, timeline.scores, frame, words)
    for mark in timeline.marks:
        _draw_mark(svg, mark, frame, words)
    _draw_moments(svg, frame, words)
    return tostring(svg, encoding="unicode")


def _draw_months(svg: Element, frame: Frame) -> None:
    day = frame.first.replace(day=1)
    while day <= frame.last:
        if day >= frame.first and day.month % 3 == 1:
            across = frame.across(day)
            _line(svg, (across, _MONEY_TOP), (across, _SCORE_BOTTOM), "#eeeeee")
            _write(svg, (across + 2, HEIGHT - 20), f"{day:%Y-%m}", _GREY)
        day = (day + timedelta(days=32)).replace(day=1)


def _draw_money(svg: Element, timeline: Timeline, frame: Frame, words: Wording) -> None:
    most = max((each.open for each in timeline.money), default=0.0) or 1.0
    title = words.word("chart_owed", timeline.currency)
    _write(svg, (_LEFT, _MONEY_TOP - 10), title, _INK)
    _write(svg, (4, _MONEY_TOP + 8), f"{most:,.0f}", _GREY)
    _write(svg, (4, _MONEY_BOTTOM), "0", _GREY)
    for colour, amounts in (
        (_OWED, [(each.on, each.open) for each in timeline.money]),
        (_OVERDUE, [(each.on, each.overdue) for each in timeline.money]),
    ):
        steps = list(_steps(amounts, most, frame))
        if steps:
            corners = [(steps[0][0], _MONEY_BOTTOM), *steps, (steps[-1][0], _MONEY_BOTTOM)]
            SubElement(svg, "polygon", points=_points(corners), fill=colour)


def _steps(amounts: Sequence[tuple[date, float]], most: float, frame: Frame) -> Iterator[Point]:
    """What is owed stays until it changes: a staircase to the chart's right edge."""
    tall = _MONEY_BOTTOM - _MONEY_TOP
    for (day, amount), (until, _) in pairwise([*amounts, (frame.last, 0.0)]):
        height = _MONEY_BOTTOM - tall * amount / most
        yield frame.across(day), height
        yield frame.across(until), height


def _draw_score(
    svg: Element, scores: Sequence[tuple[date, float]], frame: Frame, words: Wording
) -> None:
    wide = WIDTH - _LEFT - _RIGHT
    for low, high, colour in _BANDS:
        top = _score_height(high)
        box = {"x": f"{_LEFT}", "y": f"{top:.1f}", "width": f"{wide}", "fill": colour}
        SubElement(svg, "rect", box, height=f"{_score_height(low) - top:.1f}")
    _write(svg, (_LEFT, _SCORE_TOP - 6), words.word("ews"), _INK)
    for level in (50, 100):
        _write(svg, (30, _score_height(level) + 4), str(level), _GREY)
    line = [(frame.across(day), _score_height(score)) for day, score in sorted(scores)]
    if line:
        SubElement(svg, "polyline", points=_points(line), fill="none", stroke=_INK)


def _score_height(score: float) -> float:
    return _SCORE_BOTTOM - (_SCORE_BOTTOM - _SCORE_TOP) * score / 100


def _draw_mark(svg: Element, mark: Mark, frame: Frame, words: Wording) -> None:
    across = frame.across(mark.on)
    match mark.kind:
        case "sign":
            colour = _SEVERITY.get(mark.severity, _GREY)
            spot = {"cx": f"{across:.1f}", "cy": f"{_SCORE_BOTTOM + 8}", "r": "3", "fill": colour}
            drawn = SubElement(svg, "circle", spot)
            said = f"{mark.on} {mark.severity}: {words.warning(mark.label)}"
        case "tier":
            box = {"x": f"{across - 3:.1f}", "y": f"{_MONEY_BOTTOM + 3}", "width": "6"}
            drawn = SubElement(svg, "rect", box, height="6", fill=_TIER.get(mark.label, _GREY))
            said = f"{mark.on} {words.word(f'tier_{mark.label}')}"
        case _:
            low, high = _MONEY_BOTTOM + 11, _MONEY_BOTTOM + 3
            corners = [(across - 4, low), (across + 4, low), (across, high)]
            drawn = SubElement(svg, "polygon", points=_points(corners), fill="#4a4a9c")
            said = f"{mark.on} {words.word('chart_case')}"
    SubElement(drawn, "title").text = said


def _draw_moments(svg: Element, frame: Frame, words: Wording) -> None:
    moments = (
        (frame.shows_from, "chart_shows", _GREY, "4 3"),
        (frame.warned_on, "chart_warned", "#e07b00", ""),
        (frame.failed_on, "chart_failed", "#000000", ""),
    )
    for row, (day, word, colour, dashes) in enumerate(moments):
        if day is not None:
            across = frame.across(day)
            drawn = _line(svg, (across, _MONEY_TOP), (across, _SCORE_BOTTOM), colour)
            drawn.set("stroke-dasharray", dashes)
            label = f"{words.word(word)} {day}"
            place = (across + 3, _MONEY_TOP + 10 + 12 * row)
            if across > WIDTH * 0.8:
                place = (across - 7 * len(label), place[1])
            _write(svg, place, label, colour)


def _line(svg: Element, start: Point, end: Point, colour: str) -> Element:
    ends = {"x1": f"{start[0]:.1f}", "y1": f"{start[1]:.1f}"}
    return SubElement(svg, "line", ends, x2=f"{end[0]:.1f}", y2=f"{end[1]:.1f}", stroke=colour)


def _write(svg: Element, place: Point, text: str, colour: str) -> None:
    where = {"x": f"{place[0]:.1f}", "y": f"{place[1]:.1f}", "font-size": "11", "fill": colour}
    SubElement(svg, "text", where).text = text


def _points(corners: Sequence[Point]) -> str:
    return " ".join(f"{across:.1f},{down:.1f}" for across, down in corners)


def frame_of(
    timeline: Timeline,
    *,
    last: date,
    shows_from: date | None = None,
    warned_on: date | None = None,
    failed_on: date | None = None,
) -> Frame:
    """The days from the first thing known of the customer to the last closed day."""
    known = [each.on for each in timeline.money] + [each.on for each in timeline.marks]
    known += [day for day, _ in timeline.scores]
    return Frame(
        first=min(known, default=last),
        last=last,
        shows_from=shows_from,
        warned_on=warned_on,
        failed_on=failed_on,
    )
