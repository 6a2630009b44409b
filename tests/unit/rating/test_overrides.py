"""People's wishes: rate now, differ from the model with a colleague's approval, for a while."""

from datetime import date

import pytest

from services.rating.domain.policy import RatingPolicy
from services.rating.handlers import SERVICE
from services.rating.storage.book import Book
from services.rating.usecases.overrides import (
    ApproveOverride,
    NoSuchProposalError,
    OutOfReachError,
    ProposeOverride,
    RateNow,
    SamePersonError,
)
from shared.chassis.service import CommandAnswer
from shared.chassis.work import Work
from shared.contracts.envelope import first_of_chain
from shared.contracts.monitoring import BehaviourReported
from shared.contracts.rating import GradeAffirmed, GradeOverridden
from shared.kernel.errors import InvalidInputError, NotFoundError
from tests.unit.rating.builders import DAY, a_book, a_work, figures, hear

SOON = date(2025, 9, 30)


@pytest.fixture
def work() -> Work[RatingPolicy]:
    return a_work()


@pytest.fixture
def book(work: Work[RatingPolicy]) -> Book:
    """A customer whom behaviour alone makes BB-."""
    book = a_book()
    event = BehaviourReported(customer_id="c1", as_of=DAY, occasion="month_end", figures=figures())
    hear(event, book, work)
    assert book.customers["c1"].grade == "BB-"
    return book


def wish(
    name: str, payload: object, book: Book, work: Work[RatingPolicy], *, actor: str = "anna"
) -> CommandAnswer:
    number = len(work.decided) + len(work.announced)
    cause = first_of_chain(
        event_id=f"command-{number}-{name}",
        source="/obligor/rating/commands",
        event_type=f"command.{name}",
        time=work.cause.time,
        subject=work.cause.subject,
    )
    work.begin(cause, actor=actor)
    return SERVICE.commands[name].run(payload, book, work)


def propose(
    grade: str, book: Book, work: Work[RatingPolicy], *, expires_on: date = SOON
) -> CommandAnswer:
    wanted = ProposeOverride(grade=grade, reason="visited the plant", expires_on=expires_on)
    return wish("propose_override", wanted, book, work)


def approve(
    answer: CommandAnswer, book: Book, work: Work[RatingPolicy], *, actor: str = "bert"
) -> CommandAnswer:
    wanted = ApproveOverride(proposal_id=answer.body["proposal_id"])
    return wish("approve_override", wanted, book, work, actor=actor)


def test_rating_now_answers_with_the_rating(book: Book, work: Work[RatingPolicy]) -> None:
    answer = wish("rate", RateNow(), book, work)
    assert answer.status == 201
    assert answer.body["grade"] == "BB-"
    assert answer.body["trigger"] == "command"
    assert answer.body["as_of"] == "2025-06-30"
    assert len(work.decided) == 2


def test_an_answer_has_every_promised_field(book: Book, work: Work[RatingPolicy]) -> None:
    promised = {
        *("grade", "pd", "confidence", "reasons", "components", "caps"),
        *("model_version", "policy_version", "valid_to"),
    }
    assert promised <= set(wish("rate", RateNow(), book, work).body)


def test_a_customer_nobody_knows_cannot_be_rated(work: Work[RatingPolicy]) -> None:
    with pytest.raises(NotFoundError, match="customer 'c1'"):
        wish("rate", RateNow(), a_book(), work)


def test_a_proposal_alone_changes_nothing(book: Book, work: Work[RatingPolicy]) -> None:
    answer = propose("B", book, work)
    assert answer.status == 201
    assert book.customers["c1"].grade == "BB-"
    assert len(work.decided) == 1


def test_an_approved_override_is_the_grade(book: Book, work: Work[RatingPolicy]) -> None:
    answer = approve(propose("B", book, work), book, work)
    assert answer.body["grade"] == "B"
    assert answer.body["overridden"] is True
    override = book.customers["c1"].override
    assert override is not None
    assert (override.proposed_by, override.approved_by) == ("anna", "bert")


def test_an_override_is_announced_once_as_such(book: Book, work: Work[RatingPolicy]) -> None:
    before = len(work.announced)
    answer = approve(propose("B", book, work), book, work)
    ((_, overridden),) = work.announced[before:]
    assert isinstance(overridden, GradeOverridden)
    assert overridden.decision_id == answer.body["decision_id"]
    assert (overridden.previous_grade, overridden.grade) == ("BB-", "B")
    assert (overridden.override_reason, overridden.expires_on) == ("visited the plant", SOON)


def test_later_answers_under_an_override_are_plain(book: Book, work: Work[RatingPolicy]) -> None:
    approve(propose("B", book, work), book, work)
    wish("rate", RateNow(), book, work)
    _, affirmed = work.announced[-1]
    assert type(affirmed) is GradeAffirmed
    assert affirmed.grade == "B"


def test_who_proposes_cannot_approve(book: Book, work: Work[RatingPolicy]) -> None:
    answer = propose("B", book, work)
    with pytest.raises(SamePersonError, match="anna"):
        approve(answer, book, work, actor="anna")
    assert book.customers["c1"].override is None


def test_a_proposal_is_approved_once(book: Book, work: Work[RatingPolicy]) -> None:
    answer = propose("B", book, work)
    approve(answer, book, work)
    with pytest.raises(NoSuchProposalError):
        approve(answer, book, work)


def test_an_unknown_proposal_cannot_be_approved(book: Book, work: Work[RatingPolicy]) -> None:
    with pytest.raises(NoSuchProposalError):
        approve(CommandAnswer(201, {"proposal_id": "nothing"}), book, work)


@pytest.mark.parametrize("grade", ["BB", "B+", "B", "B-"])
def test_one_notch_up_and_three_down_are_in_reach(
    grade: str, book: Book, work: Work[RatingPolicy]
) -> None:
    assert propose(grade, book, work).body["grade"] == grade


@pytest.mark.parametrize("grade", ["BB+", "CCC+", "D"])
def test_anything_further_is_out_of_reach(grade: str, book: Book, work: Work[RatingPolicy]) -> None:
    with pytest.raises(OutOfReachError, match="BB-"):
        propose(grade, book, work)


def test_a_grade_must_be_on_the_scale(book: Book, work: Work[RatingPolicy]) -> None:
    with pytest.raises(InvalidInputError, match="not on the master scale"):
        propose("B+++", book, work)


@pytest.mark.parametrize("expires_on", [date(2025, 6, 29), date(2025, 12, 31)])
def test_an_override_ends_within_six_months(
    expires_on: date, book: Book, work: Work[RatingPolicy]
) -> None:
    with pytest.raises(InvalidInputError, match="expires_on"):
        propose("B", book, work, expires_on=expires_on)


@pytest.mark.parametrize("expires_on", [date(2025, 6, 30), date(2025, 12, 30)])
def test_the_first_and_the_last_day_are_allowed(
    expires_on: date, book: Book, work: Work[RatingPolicy]
) -> None:
    assert propose("B", book, work, expires_on=expires_on).status == 201


def test_a_customer_without_a_rating_has_nothing_to_override(work: Work[RatingPolicy]) -> None:
    with pytest.raises(NotFoundError):
        propose("B", a_book(), work)


def test_an_override_never_lifts_a_grade_over_a_cap(book: Book, work: Work[RatingPolicy]) -> None:
    answer = approve(propose("BB", book, work), book, work)
    assert answer.body["grade"] == "BB-"
    assert [cap["code"] for cap in answer.body["caps"]] == ["NO_FIN"]
