"""The customers of one batch, as handlers see and change them."""

from dataclasses import dataclass, field
from datetime import date

from services.rating.domain.external import agency_key
from services.rating.domain.model import ExternalOpinion, GradeOverride, RatingDecision, Statement
from shared.contracts.figures import CustomerFigures
from shared.kernel.dates import next_day


@dataclass(frozen=True, slots=True)
class OverrideProposal:
    """A person's wish to differ from the model; without effect until another person approves."""

    proposal_id: str
    grade: str
    reason: str
    proposed_by: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class WaitingFact:
    """A fact that is dated later than the business day; `trigger` is what it will cause."""

    due_on: date
    trigger: str


@dataclass(slots=True)
class CustomerState:
    """What rating keeps of one customer: the register's facts, the latest figures, where it stands.

    `rated` counts the ratings so far; `grade` and `valid_to` are the latest one's.
    """

    customer_id: str
    segment: str | None = None
    country: str | None = None
    industry: str | None = None
    size_class: str | None = None
    verdict: str | None = None
    figures: CustomerFigures | None = None
    rated: int = 0
    grade: str | None = None
    valid_to: date | None = None
    override: GradeOverride | None = None
    proposal: OverrideProposal | None = None
    waiting: tuple[WaitingFact, ...] = ()

    @property
    def wake_on(self) -> date | None:
        """The day at whose close something falls due by itself; None when nothing will."""
        ends = () if self.override is None else (next_day(self.override.expires_on),)
        validity = () if self.valid_to is None else (self.valid_to,)
        return min((*validity, *ends, *(each.due_on for each in self.waiting)), default=None)


@dataclass(frozen=True, slots=True)
class FiledStatement:
    """A statement and the day from which it counts."""

    statement: Statement
    due_on: date


@dataclass(frozen=True, slots=True)
class PublishedOpinion:
    """An outside opinion and the day from which it counts."""

    opinion: ExternalOpinion
    due_on: date


@dataclass(frozen=True, slots=True)
class Rating:
    """One rating of a customer's history, complete."""

    customer_id: str
    number: int
    as_of: date
    decision_id: str
    previous_grade: str | None
    trigger: str
    policy_version: str
    model_version: str
    decision: RatingDecision


StatementKey = tuple[date, int]
OpinionKey = tuple[str, str, date]


@dataclass(slots=True)
class Evidence:
    """What was filed and published about one customer, by its keys."""

    statements: dict[StatementKey, FiledStatement] = field(default_factory=dict)
    opinions: dict[OpinionKey, PublishedOpinion] = field(default_factory=dict)


@dataclass(slots=True)
class Book:
    """Everything a batch may touch. What handlers change is remembered and saved at the end."""

    partition: int
    customers: dict[str, CustomerState] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    ratings: list[Rating] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)
    filed: set[tuple[str, StatementKey]] = field(default_factory=set)
    published: set[tuple[str, OpinionKey]] = field(default_factory=set)

    def known(self, customer_id: str) -> CustomerState | None:
        """The customer, if anything was ever heard of it."""
        return self.customers.get(customer_id)

    def open(self, customer_id: str) -> CustomerState:
        """The customer to be changed; one nobody registered yet begins empty."""
        self.changed.add(customer_id)
        return self.customers.setdefault(customer_id, CustomerState(customer_id))

    def evidence_of(self, customer_id: str) -> Evidence:
        """What was filed and published about a customer; empty at first."""
        return self.evidence.setdefault(customer_id, Evidence())

    def statements_of(self, customer_id: str, *, as_of: date) -> tuple[Statement, ...]:
        """A customer's statements that count by a day, oldest period first."""
        filed = self.evidence_of(customer_id).statements
        ordered = [filed[key] for key in sorted(filed)]
        return tuple(each.statement for each in ordered if each.due_on <= as_of)

    def opinions_of(self, customer_id: str, *, as_of: date) -> tuple[ExternalOpinion, ...]:
        """A customer's outside opinions that count by a day."""
        published = self.evidence_of(customer_id).opinions
        ordered = [published[key] for key in sorted(published)]
        return tuple(each.opinion for each in ordered if each.due_on <= as_of)

    def file(self, customer_id: str, statement: Statement, *, due_on: date) -> None:
        """Keep a statement; one for the same period replaces it."""
        key = (statement.period_end, statement.months)
        self.evidence_of(customer_id).statements[key] = FiledStatement(statement, due_on)
        self.filed.add((customer_id, key))

    def publish(self, customer_id: str, opinion: ExternalOpinion, *, due_on: date) -> None:
        """Keep an outside opinion; one affirmed the same day replaces it."""
        key = (agency_key(opinion.agency), opinion.kind.value, opinion.affirmed_on)
        self.evidence_of(customer_id).opinions[key] = PublishedOpinion(opinion, due_on)
        self.published.add((customer_id, key))

    def waking(self, day: date) -> tuple[str, ...]:
        """Customers for whom something falls due by the close of a day, in order of their ids."""
        return tuple(
            sorted(
                customer_id
                for customer_id, state in self.customers.items()
                if state.wake_on is not None and state.wake_on <= day
            )
        )
