"""The order credit check at the door: look, decide, and reserve by one conditional update."""

from dataclasses import dataclass
from datetime import date

import asyncpg
import msgspec

from services.tiering.domain.model import Action
from services.tiering.domain.order import OrderDecision, OrderFacts
from services.tiering.domain.order_check import RELEASE_REASONS
from services.tiering.domain.policy import TieringPolicy
from services.tiering.storage import checks
from services.tiering.storage.checks import KeptCheck, Standing
from services.tiering.usecases.kinds import ORDER
from services.tiering.usecases.order_facts import OrderAsked, order_facts
from services.tiering.usecases.shown import Shown, shown_money, shown_reasons
from shared.decisions.stored import StoredDecision, canonical_json
from shared.kernel.errors import ConflictError, NotFoundError, TransientError
from shared.kernel.ids import new_id
from shared.kernel.partitions import partition_of
from shared.policies.book import PolicyBook

SOURCE = "/obligor/tiering/credit-checks"
LIVE = "live"


class NotReleasableError(ConflictError):
    """Only an order that is held back can be released, and only once."""

    code = "not_releasable"

    def __init__(self, check_id: str, state: str) -> None:
        super().__init__(f"credit check {check_id!r} is {state}, so there is nothing to release")


class ReleaseRefusedError(ConflictError):
    """A person's authority does not reach over what was found."""

    code = "release_refused"

    def __init__(self, codes: tuple[str, ...]) -> None:
        found = ", ".join(codes)
        super().__init__(f"still in the way: {found}; raise the limit or clear it first")


class ContendedError(TransientError):
    """The account changed under a lock that should have kept it still."""


@dataclass(frozen=True, slots=True)
class CheckDesk:
    """What orders are decided with: a connection, the policies, today (before the ledger begins)."""

    driver: asyncpg.Connection
    policies: PolicyBook[TieringPolicy]
    today: date


@dataclass(frozen=True, slots=True)
class _Question:
    """One order to decide: under which check, and on whose release, if any."""

    order: OrderAsked
    check_id: str
    released_by: str | None = None


async def check_order(desk: CheckDesk, order: OrderAsked) -> KeptCheck:
    """Answer whether an order may go on credit, and reserve room for it when it may."""
    return await _decide_once(desk, _Question(order, new_id()))


async def release_order(desk: CheckDesk, check_id: str, *, person: str) -> KeptCheck:
    """Let a held order go on a person's authority, within the limit."""
    held = await find_check(desk, check_id)
    order = OrderAsked(
        order_id=held.order_id,
        customer_id=held.customer_id,
        amount=held.amount,
        terms_days=held.terms_days,
        accepts_partial=False,
        asked_by=person,
    )
    return await _decide_once(desk, _Question(order, check_id, released_by=person))


async def cancel_order(desk: CheckDesk, check_id: str) -> KeptCheck:
    """End an order's reservation: the order is off. Cancelling again changes nothing."""
    check = await find_check(desk, check_id)
    async with desk.driver.transaction():
        await checks.cancel(desk.driver, check)
    return await find_check(desk, check_id)


async def find_check(desk: CheckDesk, check_id: str) -> KeptCheck:
    """The credit check of that id. Raises `NotFoundError`."""
    check = await checks.find_check(desk.driver, check_id)
    if check is None:
        raise NotFoundError(kind="credit check", name=check_id)
    return check


def shown_check(check: KeptCheck) -> Shown:
    """The answer to a credit check, with its reservation as it stands now."""
    answer: Shown = msgspec.json.decode(check.answer)
    return answer | {"reservation": _shown_reservation(check)}


def _shown_reservation(check: KeptCheck) -> Shown | None:
    if check.reserved is None or check.reserved_until is None:
        return None
    until = check.reserved_until.isoformat()
    amount = {"amount": str(check.reserved.amount), "currency": check.reserved.currency}
    return {**amount, "valid_through": until, "status": check.reservation}


async def _decide_once(desk: CheckDesk, question: _Question) -> KeptCheck:
    """Try without a lock first; when somebody was faster, lock the account and decide again."""
    kept = await _attempt(desk, question)
    if kept is None:
        async with desk.driver.transaction():
            await checks.lock_account(desk.driver, question.order.customer_id)
            kept = await _attempt(desk, question)
    if kept is None:
        raise ContendedError(question.order.customer_id)
    return kept


async def _attempt(desk: CheckDesk, question: _Question) -> KeptCheck | None:
    """Decide on the account as it is now; None, and nothing written, when it changed meanwhile."""
    order = question.order
    standing = await checks.find_standing(
        desk.driver, order.customer_id, order.order_id, order.amount.currency, today=desk.today
    )
    if question.released_by is not None:
        await _require_held(desk, question.check_id)
    check, decision = await _decided(desk, question, standing)
    async with desk.driver.transaction():
        if standing is not None and (check.reserved or standing.live_check):
            if not await checks.guard_account(desk.driver, order.customer_id, standing.revision):
                return None
            if standing.live_check is not None:
                await checks.supersede(desk.driver, order.customer_id, order.order_id)
        await checks.keep_check(desk.driver, check, decision)
    return check


async def _require_held(desk: CheckDesk, check_id: str) -> None:
    held = await find_check(desk, check_id)
    if held.reservation is not None or held.action in {Action.RELEASE, Action.REJECT}:
        raise NotReleasableError(check_id, held.reservation or held.action)


async def _decided(
    desk: CheckDesk, question: _Question, standing: Standing | None
) -> tuple[KeptCheck, StoredDecision]:
    as_of = desk.today if standing is None else standing.business_day
    policy = desk.policies.in_force(as_of)
    facts = order_facts(question.order, standing, as_of=as_of, released_by=question.released_by)
    decision = ORDER.decide(facts, policy.policy, as_of=as_of)
    if question.released_by is not None and decision.action is not Action.RELEASE:
        raise ReleaseRefusedError(_in_the_way(decision))
    stored = _stored(question, facts, decision, as_of=as_of, policy_version=policy.version)
    partition = standing.partition if standing is not None else await _partition(desk, question)
    answer = _answer(question, facts, decision, stored)
    return _kept(question, decision, stored, partition=partition, answer=answer), stored


def _in_the_way(decision: OrderDecision) -> tuple[str, ...]:
    return tuple(each.code for each in decision.reasons if each.code not in RELEASE_REASONS)


async def _partition(desk: CheckDesk, question: _Question) -> int:
    return partition_of(question.order.customer_id, await checks.count_partitions(desk.driver))


def _stored(
    question: _Question,
    facts: OrderFacts,
    decision: OrderDecision,
    *,
    as_of: date,
    policy_version: str,
) -> StoredDecision:
    return StoredDecision(
        decision_id=new_id(),
        customer_id=question.order.customer_id,
        kind=ORDER.name,
        as_of=as_of,
        inputs=canonical_json(facts),
        outcome=canonical_json(decision),
        policy_version=policy_version,
        model_version=ORDER.model_version,
        cause_id=question.check_id,
        cause_source=SOURCE,
        cause_type="order_released" if question.released_by else "order_checked",
        correlation_id=question.check_id,
    )


def _answer(
    question: _Question, facts: OrderFacts, decision: OrderDecision, stored: StoredDecision
) -> Shown:
    return {
        "check_id": question.check_id,
        "order_id": question.order.order_id,
        "customer_id": question.order.customer_id,
        "decision": str(decision.action),
        "amount": shown_money(question.order.amount),
        "reasons": shown_reasons(decision.reasons),
        "conditions": [{"code": each.code, "value": each.value} for each in decision.conditions],
        "limit": shown_money(facts.limit),
        "exposure": shown_money(decision.exposure),
        "reserved": shown_money(facts.reserved),
        "headroom": shown_money(decision.headroom),
        "as_of": stored.as_of.isoformat(),
        "decision_id": stored.decision_id,
        "policy_version": stored.policy_version,
    }


def _kept(
    question: _Question,
    decision: OrderDecision,
    stored: StoredDecision,
    *,
    partition: int,
    answer: Shown,
) -> KeptCheck:
    order, granted = question.order, decision.granted
    return KeptCheck(
        check_id=question.check_id,
        customer_id=order.customer_id,
        partition=partition,
        order_id=order.order_id,
        amount=order.amount,
        terms_days=order.terms_days,
        accepts_partial=order.accepts_partial,
        decided_by=order.asked_by,
        decision_id=stored.decision_id,
        action=str(decision.action),
        answer=msgspec.json.encode(answer).decode(),
        reservation=None if granted is None else LIVE,
        reserved=granted,
        reserved_until=decision.reserved_until,
    )
