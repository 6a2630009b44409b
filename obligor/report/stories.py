"""The page that shows each failed customer's story, or, without a known truth, the worst ones'."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from msgspec import Struct

from obligor.remote import Remote
from obligor.report.chart import chart_of, frame_of
from obligor.report.page import Chapter, Report, page_of
from obligor.report.standing import standings, worst
from obligor.report.tables import failure_sentences
from obligor.report.timeline import timeline_of
from obligor.report.verdict import Verdict, judge, warnings_said
from obligor.rest import look
from obligor.sample.portfolio import Truth
from obligor.wording import Wording

MOST_WITHOUT_TRUTH = 30
DEFAULTED = "monitoring.default_flagged.v1"


class DefaultSaid(Struct, frozen=True):
    """A default, as far as it is drawn."""

    customer_id: str
    as_of: date


class DefaultEvent(Struct, frozen=True):
    """An event of `GET /monitoring/v1/events`."""

    event: DefaultSaid


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose story is told, and the moments that are known of it."""

    customer_id: str
    heading: str
    sentence: str
    shows_from: date | None = None
    warned_on: date | None = None
    failed_on: date | None = None


def stories_page(remote: Remote, truths: Sequence[Truth], words: Wording) -> str:
    """Every failed customer's two years as charts, in one page."""
    as_of = look(remote).chain_closed_on or date.min
    verdict = judge(truths, warnings_said(remote), as_of=as_of) if truths else None
    subjects = list(_failed(verdict, words) if verdict else _defaulted(remote, words))
    tell = partial(_chapter, remote, words, as_of)
    return page_of(
        Report(
            title=words.word("chart_title", as_of.isoformat()),
            sentences=failure_sentences(verdict, words) if verdict else (),
            headings=[words.word(each) for each in ("story", "failed", "warned", "median_lead")],
            rows=_by_story(verdict, words) if verdict else (),
            chapters=list(remote.for_each(subjects, tell)),
        ),
        words,
    )


def _failed(verdict: Verdict, words: Wording) -> Iterator[Subject]:
    for seen in verdict.failures:
        if seen.lead is None:
            sentence = words.sentence("chart_unseen", failed_on=seen.failed_on)
        else:
            sentence = words.sentence("chart_seen", failed_on=seen.failed_on, lead=seen.lead)
        yield Subject(
            customer_id=seen.truth.customer_id,
            heading=f"{seen.truth.name} · {seen.truth.customer_id}",
            sentence=f"{words.story(seen.truth.story)}. {sentence}",
            shows_from=seen.truth.shows_from,
            warned_on=seen.warned_on,
            failed_on=seen.failed_on,
        )


def _defaulted(remote: Remote, words: Wording) -> Iterator[Subject]:
    """Customers in default, the first time each; the worst ones where nobody is."""
    first: dict[str, date] = {}
    for each in remote.pages("/monitoring/v1/events", DefaultEvent, type=DEFAULTED):
        first.setdefault(each.event.customer_id, each.event.as_of)
    for customer_id, day in sorted(first.items(), key=lambda one: one[1])[:MOST_WITHOUT_TRUTH]:
        sentence = words.sentence("chart_default", failed_on=day)
        yield Subject(customer_id, customer_id, sentence, failed_on=day)
    if not first:
        for one in worst(standings(remote), MOST_WITHOUT_TRUTH):
            yield Subject(one.customer_id, one.customer_id, one.customer.tier)


def _by_story(verdict: Verdict, words: Wording) -> list[list[str]]:
    rows = []
    for story, failures in verdict.by_story().items():
        part = Verdict(failures, {}, 0, 0)
        lead = part.median_lead
        shown = "-" if lead is None else f"{lead:.0f}"
        rows.append([words.story(story), str(len(failures)), str(len(part.warned)), shown])
    return rows


def _chapter(remote: Remote, words: Wording, as_of: date, subject: Subject) -> Chapter:
    timeline = timeline_of(remote, subject.customer_id)
    frame = frame_of(
        timeline,
        last=as_of,
        shows_from=subject.shows_from,
        warned_on=subject.warned_on,
        failed_on=subject.failed_on,
    )
    return Chapter(subject.heading, subject.sentence, chart_of(timeline, frame, words))
