"""The report as one page that a browser opens: no script, no font, nothing from elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from obligor.wording import Wording

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1000px; margin: 2rem auto; color: #222; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.05rem; margin: 2rem 0 .2rem; }
p { margin: .3rem 0; } .quiet { color: #666; } svg { width: 100%; height: auto; }
table { border-collapse: collapse; } td, th { padding: .2rem .8rem; text-align: right; }
td:first-child, th:first-child { text-align: left; } tr { border-bottom: 1px solid #ddd; }
"""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One customer: a heading, a sentence, a picture (SVG)."""

    heading: str
    sentence: str
    picture: str


@dataclass(frozen=True, slots=True)
class Report:
    """What the page says before its chapters: sentences, and one table with its headings."""

    title: str
    sentences: Sequence[str]
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    chapters: Sequence[Chapter]


def page_of(report: Report, words: Wording) -> str:
    """The whole page; everything but the pictures is escaped."""
    parts = [f"<h1>{escape(report.title)}</h1>"]
    parts += [f"<p>{escape(sentence)}</p>" for sentence in report.sentences]
    if report.rows:
        parts.append(_table(report.headings, report.rows))
    parts.append(f'<p class="quiet">{escape(words.sentence("chart_legend"))}</p>')
    for chapter in report.chapters:
        parts.append(f"<h2>{escape(chapter.heading)}</h2>")
        parts.append(f'<p class="quiet">{escape(chapter.sentence)}</p>{chapter.picture}')
    language = words.language.value
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        f"<title>{escape(report.title)}</title><style>{_STYLE}</style>" + "\n".join(parts)
    )


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(each)}</th>" for each in headings)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(each)}</td>" for each in row) + "</tr>" for row in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"
