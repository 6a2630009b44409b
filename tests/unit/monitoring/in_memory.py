"""Monitoring without a database: events go through its handlers in batches, states through bytes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path

from services.monitoring.domain.learning.outcomes import Outcome
from services.monitoring.domain.outside.group_standing import Groups
from services.monitoring.domain.outside.industry_standing import Sectors, concerns
from services.monitoring.domain.outside.profile import Profile
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.handlers import SERVICE
from services.monitoring.storage.accounts import read_state, write_state
from services.monitoring.storage.book import (
    Book,
    Customer,
    Total,
    WaitingFact,
    document_key,
)
from services.monitoring.storage.looking_back import looks_back
from services.monitoring.storage.profiles import read_profile, write_profile
from services.monitoring.storage.reading import FactRow, fact_of, stored_fact
from services.monitoring.storage.sectors import Member
from services.monitoring.usecases.sign_reading import index_of
from shared.chassis.work import Work
from shared.contracts import catalogue
from shared.contracts.envelope import Envelope, Event, first_of_chain
from shared.contracts.screening import CustomerRegistered
from shared.contracts.transactions import DayClosed
from shared.kernel.errors import ObligorError
from shared.policies.book import PolicyBook, shipped

POLICY = Path(SERVICE.policy_file)
POLICIES: PolicyBook[MonitoringPolicy] = PolicyBook([shipped(POLICY, MonitoringPolicy)])


@dataclass(frozen=True, slots=True)
class Told:
    """One event, about whom, and the day it was told."""

    event: Event
    customer_id: str
    on: date
    id: str = ""
    source: str = "erp"

    @property
    def envelope(self) -> Envelope:
        kind = catalogue.EVENT_TYPES[type(self.event)]
        return first_of_chain(
            event_id=self.id or f"{kind}/{self.customer_id}/{hash(catalogue.encode(self.event))}",
            source=self.source,
            event_type=kind,
            time=datetime.combine(self.on, time(12), UTC),
            subject=self.customer_id,
        )


def a_close(day: date) -> Told:
    return Told(DayClosed(date=day), "", day, id=f"day/{day}/0")


@dataclass(slots=True)
class Monitoring:
    """The tables, as dicts; `told` is everything announced, `parked` what was refused."""

    closed_on: date | None = None
    accounts: dict[str, tuple[bytes, date | None]] = field(default_factory=dict)
    facts: dict[tuple[str, str, str, int, str], FactRow] = field(default_factory=dict)
    waiting: dict[tuple[str, str, str, int, str], FactRow] = field(default_factory=dict)
    profiles: dict[str, str] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    sectors: Sectors = field(default_factory=lambda: Sectors(complete_on=date.max))
    groups: Groups = field(default_factory=lambda: Groups(complete_on=date.max))
    totals: dict[str, tuple[int, int]] = field(default_factory=dict)
    told: list[tuple[Envelope, Event]] = field(default_factory=list)
    decided: list[str] = field(default_factory=list)
    parked: list[tuple[str, str]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    statuses: dict[str, str] = field(default_factory=dict)

    def run(self, *batches: Sequence[Told]) -> None:
        for batch in batches:
            self._batch(batch)

    def said(self, kind: type[Event]) -> list[Event]:
        return [event for _, event in self.told if isinstance(event, kind)]

    def customer(self, customer_id: str) -> Customer:
        state, wake_on = self.accounts[customer_id]
        ledger, standing, watch = read_state(state)
        ledger.unfold(POLICIES.in_force(date.max).policy.ledger)
        return Customer(
            customer_id=customer_id,
            ledger=ledger,
            standing=standing,
            watch=watch,
            wake_on=wake_on,
        )

    def _batch(self, batch: Sequence[Told]) -> None:
        work: Work[MonitoringPolicy] = Work(
            service="monitoring",
            topic=SERVICE.topic,
            partition=0,
            policies=POLICIES,
            closed_on=self.closed_on,
            cause=a_close(date(2000, 1, 1)).envelope,
        )
        book = self._load(batch)
        for each in batch:
            self._step(each, book, work)
        self._save(book, work)

    def _step(self, each: Told, book: Book, work: Work[MonitoringPolicy]) -> None:
        work.begin(each.envelope)
        if isinstance(each.event, DayClosed):
            if work.closed_on is None or each.event.date > work.closed_on:
                work.closing = each.event.date
                work.announce(SERVICE.close_day(each.event.date, book, work))
                work.closing, work.closed_on = None, each.event.date
            return
        try:
            SERVICE.handlers[each.envelope.type](each.event, book, work)
        except ObligorError as error:
            self.parked.append((each.envelope.id, error.code))
            return
        self.statuses[each.envelope.id] = work.status

    def _load(self, batch: Sequence[Told]) -> Book:
        totals = {name: Total(open=owed, customers=n) for name, (owed, n) in self.totals.items()}
        book = Book(partition=0, totals=totals)
        told = _facts(batch)
        last = max((e.event.date for e in batch if isinstance(e.event, DayClosed)), default=None)
        book.sectors, book.groups = self.sectors, self.groups
        spoken = {each.customer_id for each in batch} | self._exposed(batch)
        spoken |= self._linked(batch) if last else set()
        for name in sorted(spoken | self._waking(last)):
            known = name in self.accounts
            book.customers[name] = self.customer(name) if known else Customer(customer_id=name)
            self._recall(book.customers[name], told.get(name, []))
        if last:
            days = [row.event_date for row in self.facts.values()]
            book.newest_fact = max(days, default=None)
        spoken_of = {each.customer_id for each in batch if _is_outside(each)} - {""}
        for name in sorted(book.customers) if last else sorted(spoken_of):
            kept = self.profiles.get(name)
            book.customers[name].profile = Profile() if kept is None else read_profile(kept)
        return book

    def _linked(self, batch: Sequence[Told]) -> set[str]:
        told = [e.event for e in batch if isinstance(e.event, CustomerRegistered)]
        names = {each.customer_id for each in told}
        named = {edge.party for each in told for edge in each.relationships}
        named |= {e.customer_id for e in self.groups.edges.values() if e.party in names}
        linked = {name for name in self.accounts if self.groups.is_linked(name, date.max)}
        return linked | (named & self.members.keys())

    def _exposed(self, batch: Sequence[Told]) -> set[str]:
        published = (index_of(each.event) for each in batch)
        keys = [each[0] for each in published if each is not None]
        return {
            name
            for name, member in self.members.items()
            if any(concerns(k, industry=member.industry, country=member.country) for k in keys)
        }

    def _waking(self, last: date | None) -> set[str]:
        wakes = {name: wake_on for name, (_, wake_on) in self.accounts.items()}
        return {name for name, day in wakes.items() if last and day and day <= last}

    def _recall(self, customer: Customer, told: Sequence[Fact]) -> None:
        mine = [row for row in self.facts.values() if row.customer_id == customer.customer_id]
        for row in mine:
            key = document_key(row.kind, row.document, row.version)
            customer.versions.setdefault(key, set()).add((row.source, row.version))
        for row in self.waiting.values():
            if row.customer_id == customer.customer_id:
                customer.waiting.append(WaitingFact(fact=stored_fact(row), row=row))
                customer.remember(customer.waiting[-1].fact)
        if looks_back(customer, told):
            customer.history = [stored_fact(row) for row in mine]

    def _save(self, book: Book, work: Work[MonitoringPolicy]) -> None:
        for name in book.changed:
            customer = book.customers[name]
            self.accounts[name] = (write_state(customer), customer.wake_on)
        self.profiles |= {name: write_profile(book.profile(name)) for name in book.profiles}
        self.members |= book.members
        self.facts |= {_key(row): row for row in book.facts}
        for row in book.released:
            del self.waiting[_key(row)]
        self.waiting |= {_key(row): row for row in book.kept_waiting.values()}
        self.totals = {c: (total.open, total.customers) for c, total in book.totals.items()}
        self.told += work.announced
        self.outcomes += book.outcomes
        self.decided += [decision.kind for decision in work.decided]
        self.closed_on = work.closed_on


def _facts(batch: Iterable[Told]) -> dict[str, list[Fact]]:
    told: dict[str, list[Fact]] = defaultdict(list)
    for each in batch:
        try:
            told[each.customer_id].append(fact_of(each.event, day=each.on, source=each.source))
        except ObligorError:
            continue
    return told


def _is_outside(each: Told) -> bool:
    return catalogue.TOPIC_OF[each.envelope.type] not in {
        catalogue.TRANSACTIONS,
        catalogue.TIERING,
    }


def _key(row: FactRow) -> tuple[str, str, str, int, str]:
    return (row.customer_id, row.kind, row.document, row.version, row.source)
