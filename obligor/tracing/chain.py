"""The causal chain: events and decisions of five services, joined by what caused what."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

_DAY = "day/"
_COMMAND = "command."


class EventAnswer(Struct, frozen=True, kw_only=True):
    """One record of a service's log, as `GET /{service}/v1/events` shows it."""

    topic: str
    partition: int
    offset: int
    id: str
    type: str
    time: datetime
    customer_id: str
    correlation_id: str
    causation_id: str
    depth: int = 0
    event: dict[str, object]


class DecisionAnswer(Struct, frozen=True, kw_only=True):
    """One stored decision, as `GET /{service}/v1/decisions` shows it."""

    decision_id: str
    customer_id: str
    kind: str
    as_of: date
    outcome: dict[str, object]
    policy_version: str
    cause_id: str
    cause_type: str
    correlation_id: str


class LinkKind(StrEnum):
    """What a link of the chain is."""

    EVENT = "event"
    DECISION = "decision"
    UNCHANGED = "unchanged"
    CAUSE = "cause"


@dataclass(slots=True)
class Link:
    """One link and what follows from it. `name` is an event's type or a decision's kind."""

    kind: LinkKind
    service: str
    name: str
    says: dict[str, object]
    decision_id: str | None = None
    day: date | None = None
    order: tuple[object, ...] = ()
    follows: list["Link"] = field(default_factory=list)


@dataclass(slots=True)
class Chain:
    """Everything that came of one first cause."""

    correlation_id: str
    begins: list[Link]

    @property
    def day(self) -> date | None:
        """The day the chain is about."""
        return next((link.day for link in _all(self.begins) if link.day is not None), None)

    @property
    def links(self) -> int:
        """How many events and decisions it has."""
        return sum(1 for _ in _all(self.begins))

    @property
    def services(self) -> set[str]:
        """Which services had something to say in it."""
        return {link.service for link in _all(self.begins)}

    @property
    def names(self) -> set[str]:
        """Which types of events and kinds of decisions it has."""
        return {link.name for link in _all(self.begins)}

    @property
    def title(self) -> str:
        """What began it: a day's close, or the first event."""
        closed = closed_day(self.correlation_id)
        return f"close of {closed}" if closed else self.correlation_id


@dataclass(slots=True)
class Told:
    """What one service had to tell."""

    service: str
    events: Sequence[EventAnswer]
    decisions: Sequence[DecisionAnswer]


def chains_of(told: Iterable[Told]) -> list[Chain]:
    """Join what the services told to chains, the oldest first.

    What an unknown event caused (a day's close is about no customer) begins its chain.
    """
    everything = list(told)
    links = {
        event.id: _event_link(one.service, event) for one in everything for event in one.events
    }
    begins: defaultdict[str, list[Link]] = defaultdict(list)
    for one in everything:
        announced = {event.causation_id for event in one.events if event.causation_id}
        for decision in one.decisions:
            link = _decision_link(one.service, decision, announced=announced)
            _attach(link, links.get(decision.cause_id), begins[decision.correlation_id])
        for event in one.events:
            _attach(links[event.id], links.get(event.causation_id), begins[event.correlation_id])
    chains = [Chain(key, _in_order(value)) for key, value in begins.items() if value]
    return sorted(chains, key=lambda chain: (chain.day or date.min, chain.correlation_id))


def closed_day(correlation_id: str) -> str | None:
    """The day whose close began a chain: `day/2026-03-31/2/C-1` is of 2026-03-31."""
    if not correlation_id.startswith(_DAY):
        return None
    return correlation_id.removeprefix(_DAY).split("/", 1)[0]


def _attach(link: Link, parent: Link | None, beginning: list[Link]) -> None:
    (beginning if parent is None or parent is link else parent.follows).append(link)


def _in_order(links: list[Link]) -> list[Link]:
    links.sort(key=lambda link: link.order)
    for link in links:
        _in_order(link.follows)
    return links


def _event_link(service: str, event: EventAnswer) -> Link:
    day = _day_of(event)
    return Link(
        kind=LinkKind.EVENT,
        service=service,
        name=event.type,
        says=event.event,
        day=day,
        order=(str(day or ""), event.depth, 1, event.topic, event.partition, event.offset),
    )


def _day_of(event: EventAnswer) -> date | None:
    """The business day an event is about; a person's command has only a moment."""
    said = event.event.get("as_of") or event.event.get("date")
    if isinstance(said, str):
        return date.fromisoformat(said)
    return None if event.type.startswith(_COMMAND) else event.time.date()


def _decision_link(service: str, decision: DecisionAnswer, *, announced: set[str]) -> Link:
    changed = decision.cause_id in announced
    return Link(
        kind=LinkKind.DECISION if changed else LinkKind.UNCHANGED,
        service=service,
        name=decision.kind,
        says=decision.outcome,
        decision_id=decision.decision_id,
        day=decision.as_of,
        order=(decision.as_of.isoformat(), 0, 0, decision.kind, decision.decision_id),
    )


def _all(links: Iterable[Link]) -> Iterator[Link]:
    for link in links:
        yield link
        yield from _all(link.follows)
