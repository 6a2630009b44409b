"""People's wishes: rate now, propose another grade, approve a colleague's proposal."""

from datetime import date

import msgspec

from services.rating.domain.master_scale import MasterScale
from services.rating.domain.model import GradeOverride
from services.rating.domain.policy import RatingPolicy
from services.rating.storage.book import Book, CustomerState, OverrideProposal
from services.rating.usecases.rate import OVERRIDE, rate
from services.rating.usecases.shown import shown
from shared.chassis.service import CommandAnswer
from shared.chassis.work import Work
from shared.kernel.dates import add_months
from shared.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError

COMMAND = "command"
RATE_NOW, PROPOSE_OVERRIDE, APPROVE_OVERRIDE = "rate", "propose_override", "approve_override"
CREATED = 201


class RateNow(msgspec.Struct, frozen=True, kw_only=True):
    """Rate the customer now; `note` says why."""

    note: str | None = None


class ProposeOverride(msgspec.Struct, frozen=True, kw_only=True):
    """Another grade than the model's, why, and the last day it holds."""

    grade: str
    reason: str
    expires_on: date


class ApproveOverride(msgspec.Struct, frozen=True, kw_only=True):
    """Agree to a colleague's proposal."""

    proposal_id: str


class NoSuchProposalError(ConflictError):
    """The customer has no open proposal of that id."""

    code = "no_such_proposal"

    def __init__(self, proposal_id: str) -> None:
        super().__init__(f"no override {proposal_id!r} waits for approval here")


class SamePersonError(ForbiddenError):
    """Who proposes an override cannot approve it."""

    code = "same_person"

    def __init__(self, person: str) -> None:
        super().__init__(f"{person} proposed this override; another person has to approve it")


class OutOfReachError(InvalidInputError):
    """An override is further from the present grade than the policy allows."""

    def __init__(self, grade: str, now: str) -> None:
        super().__init__(field="grade", value=grade, rule=f"is out of reach of today's {now}")


def rate_now(command: RateNow, book: Book, work: Work[RatingPolicy]) -> CommandAnswer:
    """Rate a customer because a person asks for it."""
    del command
    customer_id = work.cause.subject
    if book.known(customer_id) is None:
        kind = "customer"
        raise NotFoundError(kind, customer_id)
    return CommandAnswer(CREATED, shown(rate(customer_id, book, work, trigger=COMMAND)))


def propose_override(
    command: ProposeOverride, book: Book, work: Work[RatingPolicy]
) -> CommandAnswer:
    """Note a proposal; it takes effect when another person approves it."""
    state = _rated(book, work.cause.subject)
    _check_expiry(command.expires_on, work)
    _check_reach(command.grade, state.grade or "", work.policy)
    proposal = OverrideProposal(
        proposal_id=work.new_id(OVERRIDE, state.customer_id),
        grade=command.grade,
        reason=command.reason,
        proposed_by=work.actor or "",
        expires_on=command.expires_on,
    )
    book.open(state.customer_id).proposal = proposal
    return CommandAnswer(CREATED, msgspec.to_builtins(proposal))


def approve_override(
    command: ApproveOverride, book: Book, work: Work[RatingPolicy]
) -> CommandAnswer:
    """Put a colleague's proposal into force and rate under it. Approver is never the proposer."""
    state = _rated(book, work.cause.subject)
    proposal = state.proposal
    if proposal is None or proposal.proposal_id != command.proposal_id:
        raise NoSuchProposalError(command.proposal_id)
    approver = work.actor or ""
    if approver == proposal.proposed_by:
        raise SamePersonError(approver)
    _check_expiry(proposal.expires_on, work)
    state = book.open(state.customer_id)
    state.proposal = None
    state.override = GradeOverride(
        grade=proposal.grade,
        reason=proposal.reason,
        proposed_by=proposal.proposed_by,
        approved_by=approver,
        expires_on=proposal.expires_on,
    )
    return CommandAnswer(CREATED, shown(rate(state.customer_id, book, work, trigger=OVERRIDE)))


def _rated(book: Book, customer_id: str) -> CustomerState:
    state = book.known(customer_id)
    if state is None or state.grade is None:
        kind = "rating of customer"
        raise NotFoundError(kind, customer_id)
    return state


def _check_expiry(expires_on: date, work: Work[RatingPolicy]) -> None:
    today = work.business_day
    last = add_months(today, work.policy.override.longest_months)
    if not today <= expires_on <= last:
        rule = f"must lie between {today} and {last}"
        raise InvalidInputError(field="expires_on", value=str(expires_on), rule=rule)


def _check_reach(grade: str, now: str, policy: RatingPolicy) -> None:
    """Never into or out of default, and no further than the policy's notches."""
    scale = MasterScale(policy.master_scale)
    up = scale.notches(now, grade)
    too_far = (
        up > policy.override.most_upgrade_notches or -up > policy.override.most_downgrade_notches
    )
    if too_far or scale.default in {grade, now}:
        raise OutOfReachError(grade, now)
