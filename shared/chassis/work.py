"""What a handler works with besides its event: the day, the policy, and the two ways to leave a mark."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from shared.contracts import catalogue
from shared.contracts.envelope import Envelope, Event
from shared.decisions.kinds import DecisionKind
from shared.decisions.stored import StoredDecision, canonical_json
from shared.kernel.dates import next_day
from shared.kernel.ids import derived_id
from shared.policies.book import PolicyBook, PolicyVersion

PolicyT = TypeVar("PolicyT")
FactsT = TypeVar("FactsT")
DecisionT = TypeVar("DecisionT")


@dataclass(slots=True)
class Work(Generic[PolicyT]):
    """One batch of one partition, as handlers see it.

    `cause` is the event (or command) being handled and `actor` the person behind a command;
    `closed_on` the last closed day of this partition, None before the ledger has begun. A handler
    sets `status` when an upstream event was not simply applied: `duplicate` or `waiting`.
    """

    service: str
    topic: str
    partition: int
    policies: PolicyBook[PolicyT]
    closed_on: date | None
    cause: Envelope
    announced: list[tuple[Envelope, Event]] = field(default_factory=list)
    decided: list[StoredDecision] = field(default_factory=list)
    actor: str | None = None
    closing: date | None = None
    status: str = "applied"
    _ordinals: Counter[tuple[str, ...]] = field(default_factory=Counter)
    _day_after: tuple[date, date] | None = None
    _in_force: tuple[date, PolicyVersion[PolicyT]] | None = None

    def begin(self, cause: Envelope, *, actor: str | None = None) -> None:
        """Turn to the next record."""
        self.cause = cause
        self.actor = actor
        self.status = "applied"

    @property
    def business_day(self) -> date:
        """The day everything here is decided for: the one after the last closed one.

        While a day is being closed it is that day. Before the ledger begins, the cause's own day.
        """
        if self.closing is not None:
            return self.closing
        if self.closed_on is None:
            return self.cause.day
        if self._day_after is None or self._day_after[0] is not self.closed_on:
            self._day_after = (self.closed_on, next_day(self.closed_on))
        return self._day_after[1]

    @property
    def policy(self) -> PolicyT:
        """The policy in force on the business day."""
        return self._policy_in_force().policy

    @property
    def policy_version(self) -> str:
        """The version of the policy in force on the business day."""
        return self._policy_in_force().version

    def _policy_in_force(self) -> PolicyVersion[PolicyT]:
        day = self.business_day
        if self._in_force is None or self._in_force[0] != day:
            self._in_force = (day, self.policies.in_force(day))
        return self._in_force[1]

    def new_id(self, kind: str, subject: str) -> str:
        """An identifier that follows from the cause: the same again when the batch is retried."""
        return derived_id(
            self.service, self.cause.source, self.cause.id, kind, subject, self._next(kind, subject)
        )

    def announce(self, event: Event, *, customer_id: str = "") -> None:
        """Append an event to the service's topic; it leaves only if the transaction does."""
        event_type = catalogue.EVENT_TYPES[type(event)]
        envelope = self.cause.followed_by(
            source=f"/obligor/{self.service}",
            event_type=event_type,
            subject=customer_id,
            ordinal=self._next(event_type, customer_id),
        )
        self.announced.append((envelope, event))

    def decide(
        self, kind: DecisionKind[FactsT, PolicyT, DecisionT], facts: FactsT, *, customer_id: str
    ) -> tuple[str, DecisionT]:
        """Decide as of the business day, under the policy in force, and store it with its facts.

        Returns the decision's id and the decision.
        """
        as_of = self.business_day
        decision = kind.decide(facts, self.policy, as_of=as_of)
        decision_id = self.new_id(kind.name, customer_id)
        self.decided.append(
            StoredDecision(
                decision_id=decision_id,
                customer_id=customer_id,
                kind=kind.name,
                as_of=as_of,
                inputs=canonical_json(facts),
                outcome=canonical_json(decision),
                policy_version=self.policy_version,
                model_version=kind.model_version,
                cause_id=self.cause.id,
                cause_source=self.cause.source,
                cause_type=self.cause.type,
                correlation_id=self.cause.chain_of(customer_id),
            )
        )
        return decision_id, decision

    def _next(self, kind: str, subject: str) -> int:
        key = (self.cause.source, self.cause.id, kind, subject)
        self._ordinals[key] += 1
        return self._ordinals[key]
