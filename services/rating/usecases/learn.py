"""What rating hears of a customer: the register, verdicts, figures, statements, outside grades."""

from datetime import date

from services.rating.domain.external import check_opinion
from services.rating.domain.model import (
    Basis,
    ExternalOpinion,
    Opinion,
    OpinionKind,
    Outlook,
    Statement,
    Unit,
)
from services.rating.domain.policy import RatingPolicy
from services.rating.domain.statements import check_statement, latest_statement
from services.rating.storage.book import Book, WaitingFact
from services.rating.usecases.rate import rate
from shared.chassis.work import Work
from shared.contracts.figures import CustomerFigures
from shared.contracts.financials import ExternalRatingPublished, FinancialStatementFiled
from shared.contracts.monitoring import BehaviourReported
from shared.contracts.rating import RatingDayClosed, ReviewDue
from shared.contracts.screening import CustomerRegistered, ScreeningVerdict
from shared.kernel.errors import InvalidInputError

STATEMENT, EXTERNAL_RATING = "financial_statement", "external_rating"
SCREENED, BEHAVIOUR = "screening_verdict", "behaviour_reported"
OVERRIDE_EXPIRED, VALIDITY_EXPIRED = "override_expired", "validity_expired"
MONTH_END = "month_end"


def note_customer(event: CustomerRegistered, book: Book) -> None:
    """Keep the register's facts; they decide nothing by themselves."""
    state = book.open(event.customer_id)
    state.segment, state.country, state.size_class = event.segment, event.country, event.size_class
    industry = event.industry
    state.industry = None if industry is None else f"{industry.scheme}:{industry.code}"


def rate_on_verdict(event: ScreeningVerdict, book: Book, work: Work[RatingPolicy]) -> None:
    """Screening has said what it thinks; a referral shows in the reasons."""
    book.open(event.customer_id).verdict = event.outcome
    rate(event.customer_id, book, work, trigger=SCREENED)


def rate_on_figures(
    customer_id: str,
    figures: CustomerFigures,
    book: Book,
    work: Work[RatingPolicy],
    *,
    trigger: str,
) -> None:
    """Monitoring has said something: its figures replace the ones before."""
    book.open(customer_id).figures = figures
    rate(customer_id, book, work, trigger=trigger)


def rate_on_behaviour(event: BehaviourReported, book: Book, work: Work[RatingPolicy]) -> None:
    """Behaviour at a month's end, or at the sixth settled invoice."""
    book.open(event.customer_id).figures = event.figures
    at_month_end = event.occasion == MONTH_END
    rate(event.customer_id, book, work, trigger=BEHAVIOUR, month_end=at_month_end)


def file_statement(event: FinancialStatementFiled, book: Book, work: Work[RatingPolicy]) -> None:
    """Refuse a statement that cannot be true; else keep it, and rate when it counts."""
    customer_id = _subject(work)
    statement = statement_of(event)
    earlier = book.statements_of(customer_id, as_of=date.max)
    others = [each for each in earlier if each.period_end != statement.period_end]
    previous = latest_statement(others, as_of=statement.period_end)
    check_statement(statement, work.policy.statements, previous=previous)
    due_on = max(statement.period_end, work.cause.day)
    book.file(customer_id, statement, due_on=due_on)
    _rate_or_wait(customer_id, book, work, due_on=due_on, trigger=STATEMENT)


def statement_of(event: FinancialStatementFiled) -> Statement:
    """A filed statement as the domain has it."""
    return Statement(
        period_end=event.period_end,
        months=event.months,
        basis=Basis(event.basis),
        currency=event.currency,
        unit=Unit(event.unit),
        lines=dict(sorted(event.lines.items())),
        opinion=None if event.opinion is None else Opinion(event.opinion),
    )


def publish_opinion(event: ExternalRatingPublished, book: Book, work: Work[RatingPolicy]) -> None:
    """Refuse an outside grade that the policy cannot read; else keep it, and rate when it counts."""
    customer_id = _subject(work)
    opinion = opinion_of(event)
    check_opinion(opinion, work.policy.external)
    due_on = max(opinion.affirmed_on, work.cause.day)
    book.publish(customer_id, opinion, due_on=due_on)
    _rate_or_wait(customer_id, book, work, due_on=due_on, trigger=EXTERNAL_RATING)


def opinion_of(event: ExternalRatingPublished) -> ExternalOpinion:
    """A published grade as the domain has it."""
    return ExternalOpinion(
        agency=event.agency,
        grade=event.grade,
        kind=OpinionKind(event.kind),
        affirmed_on=event.affirmed_on,
        outlook=Outlook(event.outlook),
    )


def _subject(work: Work[RatingPolicy]) -> str:
    if not work.cause.subject:
        raise InvalidInputError(field="ce_subject", value="", rule="must name the customer")
    return work.cause.subject


def _rate_or_wait(
    customer_id: str, book: Book, work: Work[RatingPolicy], *, due_on: date, trigger: str
) -> None:
    """A fact dated later than the business day waits, visibly, until the close of its day."""
    if due_on <= work.business_day:
        rate(customer_id, book, work, trigger=trigger)
        return
    work.status = "waiting"
    state = book.open(customer_id)
    state.waiting = (*state.waiting, WaitingFact(due_on, trigger))


def close_day(day: date, book: Book, work: Work[RatingPolicy]) -> RatingDayClosed:
    """Decide what fell due by the end of a day: waiting facts, overrides and validities that end."""
    for customer_id in book.waking(day):
        state = book.open(customer_id)
        trigger = VALIDITY_EXPIRED
        if state.override is not None and state.override.expires_on < day:
            state.override, trigger = None, OVERRIDE_EXPIRED
        due = [each for each in state.waiting if each.due_on <= day]
        if due:
            state.waiting = tuple(each for each in state.waiting if each.due_on > day)
            trigger = due[0].trigger
        if trigger == VALIDITY_EXPIRED and state.valid_to is not None:
            review = ReviewDue(customer_id=customer_id, as_of=day, valid_to=state.valid_to)
            work.announce(review, customer_id=customer_id)
        rate(customer_id, book, work, trigger=trigger)
    return RatingDayClosed(date=day)
