"""What a batch may touch: the customers it is about, their facts, and the partition's totals."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from services.monitoring.domain.indicator_facts.financials import FinancialFacts
from services.monitoring.domain.learning.outcomes import Outcome
from services.monitoring.domain.outside.group_standing import Groups
from services.monitoring.domain.outside.industry_standing import IndexKey, Sectors
from services.monitoring.domain.outside.profile import Profile
from services.monitoring.domain.receivables.facts import Fact, FactKind
from services.monitoring.domain.receivables.ledger import Ledger
from services.monitoring.domain.standing import Standing
from services.monitoring.domain.watching.risk_warning import RiskWarning
from services.monitoring.domain.watching.watch import Watch
from services.monitoring.storage.day_totals import DayTotals
from services.monitoring.storage.reading import FactRow
from services.monitoring.storage.rebuilds import RebuildChunk
from services.monitoring.storage.sectors import Member
from shared.chassis.memory import Memory

DocumentKey = tuple[str, str, int]
"""A fact's kind, its document's number, and for a change of an order its version, else 0."""


class HistoryMissingError(Exception):
    """A fact needs its customer's earlier facts, and the batch did not load them: our mistake."""

    def __init__(self, customer_id: str, fact: Fact) -> None:
        super().__init__(f"{fact.kind.value} {fact.document!r} of {customer_id!r}")


@dataclass(slots=True, kw_only=True)
class WaitingFact:
    """A fact that is not due yet, as fact and as row."""

    fact: Fact
    row: FactRow


@dataclass(slots=True, kw_only=True)
class Customer:
    """One customer of the batch.

    `versions` are the (source, version) pairs the ledger holds of the documents in the batch.
    `history` are all facts, where the batch has to look back; None where it has not. `profile` is None where
    the batch does not ask for it. `read_before` are the statements that were last measured, and under which
    policy: looking at the same ones again tells nothing new. It is only remembered, never stored.
    """

    customer_id: str
    ledger: Ledger = field(default_factory=Ledger)
    standing: Standing = field(default_factory=Standing)
    watch: Watch = field(default_factory=Watch)
    wake_on: date | None = None
    waiting: list[WaitingFact] = field(default_factory=list)
    versions: dict[DocumentKey, set[tuple[str, int]]] = field(default_factory=dict)
    history: list[Fact] | None = None
    profile: Profile | None = None
    read_before: tuple[str, FinancialFacts] | None = None

    def knows(self, fact: Fact) -> bool:
        """Whether the very same fact came before, under whatever id."""
        known = self.versions.get(document_key(fact.kind, fact.document, fact.version), ())
        return (fact.source, fact.version) in known

    def remember(self, fact: Fact) -> None:
        """Note that a fact came."""
        key = document_key(fact.kind, fact.document, fact.version)
        self.versions.setdefault(key, set()).add((fact.source, fact.version))

    def corrects(self, fact: Fact) -> bool:
        """Whether another version of the document came before."""
        known = self.versions.get(document_key(fact.kind, fact.document, fact.version), set())
        return bool(known - {(fact.source, fact.version)})

    def wake_by(self, day: date) -> None:
        """Have the customer looked at when a day closes, or before."""
        self.wake_on = day if self.wake_on is None else min(self.wake_on, day)


@dataclass(slots=True, kw_only=True)
class Total:
    """The partition's receivables in one currency, in minor units, and how many owe them."""

    open: int = 0
    customers: int = 0


@dataclass(slots=True, kw_only=True)
class Book:
    """Everything a batch may touch.

    `totals_moved` says that the totals are to be saved.
    `changed`, `facts`, `kept_waiting`, `released` and `outcomes` are to be saved; `profiles` names the customers
    whose profile is, too. `warnings` are to be saved; `recalled` are those, over by now, that a command speaks of.
    `sectors` are the indices and months of sectors, `index_news` and `month_ends` what of them is new,
    `members` the sectors and countries of customers that the register spoke of. `groups` are those linked
    to customers of the batch, loaded where a day may close or the register speaks.
    `day_totals` are our receivables at the last closes, loaded where a day may close.
    `rebuilds` are the chunks that the batch's rebuild jobs are about.
    `read` are the facts that storage has made of the batch's events, each with the bytes it came in, by the
    event's identity. `memory` is what the worker remembers of the partition.
    `coalesced` remembers where in the batch a customer's exposure was last announced, by day.
    """

    partition: int
    customers: dict[str, Customer] = field(default_factory=dict)
    totals: dict[str, Total] = field(default_factory=dict)
    totals_moved: bool = False
    changed: set[str] = field(default_factory=set)
    facts: list[FactRow] = field(default_factory=list)
    kept_waiting: dict[tuple[object, ...], FactRow] = field(default_factory=dict)
    released: list[FactRow] = field(default_factory=list)
    warnings: dict[str, RiskWarning] = field(default_factory=dict)
    recalled: dict[str, RiskWarning] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    signals: list[dict[str, object]] = field(default_factory=list)
    coalesced: dict[tuple[str, date], int] = field(default_factory=dict)
    profiles: set[str] = field(default_factory=set)
    newest_fact: date | None = None
    sectors: Sectors = field(default_factory=Sectors)
    index_news: set[IndexKey] = field(default_factory=set)
    month_ends: set[date] = field(default_factory=set)
    members: dict[str, Member] = field(default_factory=dict)
    groups: Groups = field(default_factory=Groups)
    rebuilds: dict[str, RebuildChunk] = field(default_factory=dict)
    day_totals: DayTotals = field(default_factory=DayTotals)
    read: dict[int, tuple[Fact, bytes]] = field(default_factory=dict)
    memory: Memory | None = None

    def post(self, row: FactRow) -> None:
        """Have a posted fact saved; it may be the newest of the partition."""
        self.facts.append(row)
        if self.newest_fact is None or row.event_date > self.newest_fact:
            self.newest_fact = row.event_date

    def customer(self, customer_id: str) -> Customer:
        """The customer, to be changed; one never heard of begins empty."""
        self.changed.add(customer_id)
        found = self.customers.get(customer_id)
        if found is None:
            found = self.customers[customer_id] = Customer(customer_id=customer_id)
        return found

    def profile(self, customer_id: str) -> Profile:
        """The customer's profile, to be changed; only for what the batch loaded profiles for."""
        customer = self.customer(customer_id)
        self.profiles.add(customer_id)
        if customer.profile is None:
            customer.profile = Profile()
        return customer.profile

    def linked(self) -> set[str]:
        """The customers of the batch that are linked to another one."""
        return {name for name, customer in self.customers.items() if customer.standing.linked}

    def waking(self, day: date) -> list[Customer]:
        """The customers that the close of a day concerns, by id."""
        return [
            customer
            for _, customer in sorted(self.customers.items())
            if customer.wake_on is not None and customer.wake_on <= day
        ]

    def keep_waiting(self, customer: Customer, fact: Fact, row: FactRow) -> None:
        """Put a fact aside until it is due."""
        customer.waiting.append(WaitingFact(fact=fact, row=row))
        self.kept_waiting[_key(row)] = row

    def release(self, customer: Customer, waiting: WaitingFact) -> None:
        """Take a waiting fact up: it is due."""
        customer.waiting.remove(waiting)
        if self.kept_waiting.pop(_key(waiting.row), None) is None:
            self.released.append(waiting.row)

    def shift_totals(self, before: dict[str, int], after: dict[str, int]) -> None:
        """Move the partition's totals by what one customer's open amounts have changed."""
        if before == after:
            return
        self.totals_moved = True
        for currency in sorted({*before, *after}):
            was, now = before.get(currency, 0), after.get(currency, 0)
            total = self.totals.setdefault(currency, Total())
            total.open += now - was
            total.customers += bool(now) - bool(was)


def due_by(customer: Customer, day: date) -> list[WaitingFact]:
    """The customer's waiting facts that are due, in canonical order."""
    return in_order(each for each in customer.waiting if each.fact.on <= day)


def in_order(waiting: Iterable[WaitingFact]) -> list[WaitingFact]:
    """Waiting facts in canonical order."""
    return sorted(waiting, key=lambda each: each.fact.key)


def document_key(kind: str, document: str, version: int) -> DocumentKey:
    """By what the versions of a document are found; each change of an order stands for itself."""
    return (str(kind), document, version if kind == FactKind.ORDER_CHANGED else 0)


def _key(row: FactRow) -> tuple[object, ...]:
    return (row.customer_id, row.kind, row.document, row.version, row.source)
