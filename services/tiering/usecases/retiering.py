"""One answer of rating, one tier decision and one limit decision; only changes are announced."""

from dataclasses import dataclass

import msgspec

from services.tiering.domain.credit_limit import CreditLimitDecision
from services.tiering.domain.model import Band
from services.tiering.domain.policy import TieringPolicy
from services.tiering.domain.tier import TierDecision
from services.tiering.storage.book import Account, Book, LimitChange, TierChange
from services.tiering.usecases.facts import limit_currency, limit_figures, tier_facts
from services.tiering.usecases.kinds import LIMIT, TIER
from services.tiering.usecases.shown import reasons_given, reasons_text
from shared.chassis.work import Work
from shared.contracts.rating import GradeAnswer
from shared.contracts.tiering import CreditLimitSet, TierAssigned
from shared.kernel.values import replace


@dataclass(frozen=True, slots=True)
class _Desk:
    """What an answer of rating is worked on with."""

    event: GradeAnswer
    account: Account
    book: Book
    work: Work[TieringPolicy]


def retier(event: GradeAnswer, book: Book, work: Work[TieringPolicy]) -> None:
    """Decide tier and limit afresh on one of rating's answers; nothing else makes us do so."""
    known = book.accounts.get(event.customer_id, Account(event.customer_id))
    currency = limit_currency(event, known, work.policy)
    portfolio = book.portfolio.before(work.business_day, currency)
    facts = tier_facts(event, known, portfolio, currency=currency)
    capacity = limit_figures(event, portfolio, currency=currency)
    tier_id, tier = work.decide(TIER, facts, customer_id=event.customer_id)
    asked = replace(capacity, tier=tier.tier)
    limit_id, limit = work.decide(LIMIT, asked, customer_id=event.customer_id)
    desk = _Desk(event, book.account(event.customer_id), book, work)
    _take_over(desk, tier, facts.band)
    if tier.changed:
        _announce_tier(desk, tier, tier_id)
    if desk.account.limit != limit.amount:
        _announce_limit(desk, limit, limit_id)
    desk.account.limit, desk.account.binding_cap = limit.amount, str(limit.binding_cap)


def _take_over(desk: _Desk, decision: TierDecision, band: Band) -> None:
    event, account = desk.event, desk.account
    account.tier = decision.tier
    account.since = decision.since
    account.better_count = decision.better_count
    account.grade = event.grade
    account.pd = event.pd
    account.ews = event.figures.ews
    account.band = band
    account.hard_triggers = event.figures.hard_triggers
    account.in_default = event.figures.in_default
    account.rating_valid_to = event.valid_to


def _announce_tier(desk: _Desk, decision: TierDecision, decision_id: str) -> None:
    event, account, work = desk.event, desk.account, desk.work
    account.tier_changes += 1
    desk.book.tier_changes.append(
        TierChange(
            customer_id=event.customer_id,
            ordinal=account.tier_changes,
            as_of=work.business_day,
            decision_id=decision_id,
            tier=str(decision.tier),
            since=decision.since,
            matrix_tier=str(decision.matrix_tier),
            grade=event.grade,
            payment_terms_days=decision.payment_terms_days,
            measures=msgspec.json.encode(decision.measures).decode(),
            reasons=reasons_text(decision.reasons),
            policy_version=work.policy_version,
        )
    )
    work.announce(_tier_assigned(desk, decision, decision_id), customer_id=event.customer_id)


def _tier_assigned(desk: _Desk, decision: TierDecision, decision_id: str) -> TierAssigned:
    event, figures = desk.event, desk.event.figures
    return TierAssigned(
        customer_id=event.customer_id,
        as_of=desk.work.business_day,
        decision_id=decision_id,
        tier=str(decision.tier),
        previous_tier=None if decision.previous is None else str(decision.previous),
        since=decision.since,
        matrix_tier=str(decision.matrix_tier),
        grade=event.grade,
        ews=figures.ews,
        band=figures.band,
        hard_triggers=figures.hard_triggers,
        payment_terms_days=decision.payment_terms_days,
        measures=decision.measures,
        reasons=reasons_given(decision.reasons),
        arrears=figures.arrears,
        policy_version=desk.work.policy_version,
    )


def _announce_limit(desk: _Desk, decision: CreditLimitDecision, decision_id: str) -> None:
    event, account, work = desk.event, desk.account, desk.work
    account.limit_changes += 1
    desk.book.limit_changes.append(
        LimitChange(
            customer_id=event.customer_id,
            ordinal=account.limit_changes,
            as_of=work.business_day,
            decision_id=decision_id,
            amount_minor=decision.amount.minor,
            currency=decision.amount.currency,
            binding_cap=str(decision.binding_cap),
            reasons=reasons_text(decision.reasons),
            policy_version=work.policy_version,
        )
    )
    work.announce(_limit_set(desk, decision, decision_id), customer_id=event.customer_id)


def _limit_set(desk: _Desk, decision: CreditLimitDecision, decision_id: str) -> CreditLimitSet:
    before = desk.account.limit
    same_currency = before is not None and before.currency == decision.amount.currency
    return CreditLimitSet(
        customer_id=desk.event.customer_id,
        as_of=desk.work.business_day,
        decision_id=decision_id,
        amount=decision.amount.amount,
        previous_amount=before.amount if before is not None and same_currency else None,
        currency=decision.amount.currency,
        binding_cap=str(decision.binding_cap),
        reasons=reasons_given(decision.reasons),
        policy_version=desk.work.policy_version,
    )
