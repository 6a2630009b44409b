"""One customer's history again, under some policy, through the handlers themselves and without a database."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from services.monitoring.domain.learning.past import Era, Past, Surroundings, Told, in_order
from services.monitoring.domain.learning.simulation import Run, Score
from services.monitoring.domain.outside.external_standing import ExternalStanding
from services.monitoring.domain.outside.group_standing import MemberDay
from services.monitoring.domain.outside.industry_standing import Sectors
from services.monitoring.domain.outside.profile import Profile
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.standing import Standing
from services.monitoring.storage.book import Book, Customer
from services.monitoring.usecases.figures import customer_figures, view_of
from services.monitoring.usecases.observing import MonitoringWork
from services.monitoring.usecases.surroundings import heard_from, know_months
from shared.chassis.work import Work
from shared.contracts import catalogue
from shared.contracts.envelope import Envelope, Event, first_of_chain
from shared.contracts.monitoring import DefaultFlagged, WarningChanged, WarningResolved
from shared.kernel.dates import month_end, next_day, previous_day
from shared.kernel.errors import ObligorError
from shared.policies.book import ALWAYS, PolicyBook, PolicyVersion

_MONITORING = "monitoring"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """What a service does with an event and at a day's end; plain functions, so that they travel."""

    handlers: Mapping[str, Callable[[Any, Book, MonitoringWork], None]]
    close_day: Callable[[date, Book, MonitoringWork], Event]


@dataclass(slots=True, kw_only=True)
class Replay:
    """Monitoring with one customer, one policy and no database.

    `others` are the records of those linked to it, by day, as far as they are still to come.
    """

    acting: Acting
    era: Era
    work: MonitoringWork
    book: Book
    around: Surroundings
    others: deque[MemberDay] = field(default_factory=deque)
    run: Run = field(default_factory=Run)

    @property
    def customer(self) -> Customer:
        """The customer as it stands."""
        return next(iter(self.book.customers.values()))

    @property
    def word_left(self) -> list[MemberDay]:
        """How the customer stood at the closes, for those linked to it."""
        return self.book.groups.members.get(self.customer.customer_id, [])

    def take(self, told: Told) -> None:
        """Have a stored event handled; one that is refused today is left out."""
        event = catalogue.decode(told.kind, told.payload)
        handler = self.acting.handlers.get(told.kind)
        if event is None or handler is None:
            return
        self.work.begin(_cause(told, self.customer.customer_id, self.era.zone))
        know_months(self.book.sectors, self.around, self.work.business_day)
        try:
            handler(event, self.book, self.work)
        except ObligorError:
            return
        self._heard()

    def close_until(self, last: date) -> None:
        """Close the days up to one, of which only those matter on which the customer wakes."""
        while True:
            tomorrow = next_day(self.work.closed_on or previous_day(last))
            wakes = self.customer.wake_on
            day = last if wakes is None else max(tomorrow, wakes)
            stop = min(day, month_end(tomorrow))
            if stop > last or tomorrow > last:
                break
            if wakes is not None and wakes <= stop:
                self._close(stop)
            self.work.closed_on = stop
            if stop == month_end(stop):
                self._score(stop)
        self.work.closed_on = last

    def _close(self, day: date) -> None:
        told = Told(
            on=day, dated=day, kind=catalogue.DAY_CLOSED, source="", event_id=f"{day}", payload=b""
        )
        self.work.begin(_cause(told, "", self.era.zone))
        self.work.closing = day
        know_months(self.book.sectors, self.around, day)
        while self.others and self.others[0].day < day:
            record = self.others.popleft()
            self.book.groups.members[record.customer_id] = [record]
        self.acting.close_day(day, self.book, self.work)
        self.work.closing = None
        self._heard()

    def _score(self, day: date) -> None:
        if not self.era.since <= day <= self.era.through:
            return
        rules = self.work.policy
        view = view_of(self.customer.ledger.unfold(rules.ledger), rules.ledger, as_of=day)
        figures = customer_figures(self.customer, view, rules)
        self.run.scores[day] = Score(ews=figures.ews, band=figures.band)

    def _heard(self) -> None:
        """Count what was announced, and forget it: only the customer's state stays."""
        for _, event in self.work.announced:
            if isinstance(event, WarningChanged):
                self._warned(event)
            elif isinstance(event, DefaultFlagged) and event.as_of >= self.era.since:
                self.run.default(event.as_of)
        day = self.work.closing or self.work.business_day
        self.run.spells.note(day, is_open=bool(self.customer.watch.warnings))
        self._forget()

    def _warned(self, event: WarningChanged) -> None:
        if isinstance(event, WarningResolved):
            self.run.speaking.pop(event.warning_id, None)
            return
        if event.as_of >= self.era.since:
            self.run.alert(event.indicator, event.severity, event.previous_severity)
        self.run.speak(event.warning_id, event.severity, event.as_of)

    def _forget(self) -> None:
        self.work.announced.clear()
        self.work.decided.clear()
        self.book.groups.news.clear()
        customer = self.customer
        self.book = Book(
            partition=0,
            customers={customer.customer_id: customer},
            sectors=self.book.sectors,
            groups=self.book.groups,
        )


def replayed(
    past: Past,
    policy: MonitoringPolicy,
    acting: Acting,
    era: Era,
    *,
    others: Iterable[MemberDay] = (),
) -> Replay:
    """Replay a customer's history under a policy, up to the era's end.

    `others` are how those linked to it stood under the same policy, by day.
    """
    sectors, heard = heard_from(past, era.through)
    told = in_order([*heard, *(each for each in past.told if each.on <= era.through)])
    counting = past.counting_days() | past.links.starts(past.customer_id)
    wakes = {each for each in counting if each <= era.through}
    days = sorted({*(each.on for each in told), *wakes})
    first = days[0] if days else era.through
    replay = Replay(
        acting=acting,
        era=era,
        work=_work(policy, previous_day(first), era),
        book=_book(past, sectors),
        around=past.around,
        others=deque(others),
    )
    for day, events in _by_day(told, days):
        replay.close_until(previous_day(day))
        for each in events:
            replay.take(each)
        if day in wakes:
            replay.customer.wake_by(day)
    replay.close_until(era.through)
    replay.run.days = max(0, (era.through - max(first, era.since)).days + 1) if days else 0
    return replay


def _by_day(told: Iterable[Told], days: Iterable[date]) -> Iterator[tuple[date, list[Told]]]:
    """Each of the days in order, with the events told on it."""
    events: dict[date, list[Told]] = {}
    for each in told:
        events.setdefault(each.on, []).append(each)
    for day in days:
        yield day, events.get(day, [])


def _book(past: Past, sectors: Sectors) -> Book:
    """The customer before its history begins; what others told of it counts from its days on."""
    customer = Customer(
        customer_id=past.customer_id,
        standing=_begun(past.standing),
        history=[],
        profile=Profile(
            financials=replace(past.financials), external=ExternalStanding(ratings=past.ratings)
        ),
    )
    return Book(
        partition=0,
        customers={past.customer_id: customer},
        sectors=sectors,
        groups=past.links.groups(),
    )


def _begun(now: Standing) -> Standing:
    """What others told of the customer: the register as it is, limits from their days on."""
    return Standing(
        registered=now.registered,
        country=now.country,
        segment=now.segment,
        industry=now.industry,
        limits=dict(now.limits),
    )


def _work(policy: MonitoringPolicy, closed_on: date, era: Era) -> MonitoringWork:
    begin = Told(on=closed_on, dated=closed_on, kind="", source="", event_id="", payload=b"")
    return Work(
        service=_MONITORING,
        topic=catalogue.MONITORING,
        partition=0,
        policies=PolicyBook([PolicyVersion("simulated", ALWAYS, policy)]),
        closed_on=closed_on,
        cause=_cause(begin, "", era.zone),
    )


def _cause(told: Told, customer_id: str, zone: str) -> Envelope:
    return first_of_chain(
        event_id=told.event_id,
        source=told.source,
        event_type=told.kind,
        time=datetime.combine(told.dated, time(12), ZoneInfo(zone)),
        subject=customer_id,
    )
