"""The order credit check: every check runs, the most severe finding wins (domain.md §5.5)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from services.tiering.domain.limit_room import LimitRoom, offers, room_for
from services.tiering.domain.model import Action, Lifecycle, Tier
from services.tiering.domain.order import Condition, OrderDecision, OrderFacts
from services.tiering.domain.policy import TieringPolicy, TierTerms
from shared.kernel.dates import ONE_DAY
from shared.kernel.money import Money
from shared.kernel.reasons import Reason

SATURDAY = 5
RELEASED, WAIVED = "released_by_person", "waived"
RELEASE_REASONS = frozenset({RELEASED, WAIVED})


@dataclass(frozen=True, slots=True)
class _Finding:
    """A check that failed: what it demands, why, and what would satisfy it."""

    action: Action
    reason: Reason
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every check looks at."""

    facts: OrderFacts
    policy: TieringPolicy
    tier: Tier
    room: LimitRoom
    as_of: date

    @property
    def terms(self) -> TierTerms:
        """What the customer's tier allows."""
        return self.policy.tiers[self.tier]


def decide_order(facts: OrderFacts, policy: TieringPolicy, *, as_of: date) -> OrderDecision:
    """Say whether an order may go on credit on a day, and reserve room for it when it may."""
    if facts.tier is None:
        return _not_yet_rated(facts)
    room = room_for(facts, facts.tier, policy, as_of=as_of)
    desk = _Desk(facts, policy, facts.tier, room, as_of)
    found = [finding for check in _CHECKS if (finding := check(desk)) is not None]
    standing = [finding for finding in found if not _waived(finding, desk)]
    action = max((each.action for each in standing), key=_severity, default=Action.RELEASE)
    return _answer(desk, action, standing, [each for each in found if each not in standing])


def add_business_days(day: date, days: int) -> date:
    """The day some business days on; Saturdays and Sundays are none, holidays are not known."""
    for _ in range(days):
        day += ONE_DAY
        while day.weekday() >= SATURDAY:
            day += timedelta(days=1)
    return day


def _severity(action: Action) -> int:
    return action.severity


def _not_yet_rated(facts: OrderFacts) -> OrderDecision:
    exposure = facts.exposure()
    asked = exposure + facts.reserved + facts.amount
    return OrderDecision(
        action=Action.HOLD,
        reasons=(Reason("not_yet_rated"),),
        conditions=(),
        exposure=exposure,
        static_total=asked,
        dynamic_total=asked,
        headroom=None,
        granted=None,
        reserved_until=None,
    )


def _waived(finding: _Finding, desk: _Desk) -> bool:
    """A person with authority may waive a check that the policy calls waivable, never the limit."""
    return desk.facts.released_by is not None and finding.reason.code in desk.policy.order.waivable


def _answer(
    desk: _Desk, action: Action, standing: list[_Finding], waived: list[_Finding]
) -> OrderDecision:
    granted = _granted(desk, action)
    valid = desk.policy.order.valid_business_days
    reasons = [each.reason for each in standing]
    if desk.facts.released_by is not None:
        reasons.append(Reason(RELEASED, desk.facts.released_by))
        reasons += [Reason(WAIVED, each.reason.code) for each in waived]
    return OrderDecision(
        action=action,
        reasons=tuple(reasons),
        conditions=tuple(condition for each in standing for condition in each.conditions),
        exposure=desk.room.exposure,
        static_total=desk.room.static,
        dynamic_total=desk.room.dynamic,
        headroom=desk.room.headroom,
        granted=granted,
        reserved_until=None if granted is None else add_business_days(desk.as_of, valid),
    )


def _granted(desk: _Desk, action: Action) -> Money | None:
    """What is reserved: a released order whole, a partial one as far as the headroom goes."""
    if action is Action.RELEASE:
        return desk.facts.amount
    return desk.room.headroom if action is Action.PARTIAL else None


def _sanctions(desk: _Desk) -> _Finding | None:
    """O-SANC: screening's verdict; a customer that nobody has screened is held."""
    verdict = desk.facts.verdict or "none"
    action = desk.policy.order.verdicts.get(verdict, Action.HOLD)
    if action is Action.RELEASE:
        return None
    whole = (Condition("prepay_share", 1.0),) if action is Action.PREPAY else ()
    return _Finding(action, Reason("O-SANC", verdict), whole)


def _state(desk: _Desk) -> _Finding | None:
    """O-STATE: nothing on credit to a customer in default, blocked or gone."""
    if desk.facts.lifecycle is Lifecycle.ACTIVE:
        return None
    return _Finding(Action.REJECT, Reason("O-STATE", str(desk.facts.lifecycle)))


def _limit(desk: _Desk) -> _Finding | None:
    """O-LIM-S or O-LIM-D, whichever the policy goes by: the order must fit into the limit."""
    room, facts = desk.room, desk.facts
    if room.ceiling is None or room.headroom is None:
        return _Finding(Action.HOLD, Reason("no_limit_in_currency", facts.amount.currency))
    if room.fits:
        return None
    code = f"O-LIM-{desk.policy.order.limit_check.value[0].upper()}"
    reason = Reason(code, str(room.counted.amount), str(room.ceiling.amount))
    if room.headroom.minor <= 0:
        return _Finding(Action.HOLD, reason)
    action = Action.PARTIAL if facts.accepts_partial else Action.PREPAY
    return _Finding(action, reason, offers(facts, room, step=desk.policy.order.prepay_step))


def _oldest(desk: _Desk) -> _Finding | None:
    """O-OLDEST: an undisputed invoice is more days past due than the tier allows."""
    oldest, most = desk.facts.oldest_days_past_due, desk.terms.oldest_days_past_due
    if oldest is None or oldest <= most:
        return None
    return _Finding(Action.HOLD, Reason("O-OLDEST", oldest, most))


def _overdue(desk: _Desk) -> _Finding | None:
    """O-OVD: too large a share of the receivables is overdue."""
    share, most = desk.facts.overdue_share, desk.terms.overdue_share
    if share is None or share <= most:
        return None
    return _Finding(Action.HOLD, Reason("O-OVD", share, most))


def _largest(desk: _Desk) -> _Finding | None:
    """O-MAX: one order may take only so much of the limit."""
    limit = desk.facts.limit
    if limit is None or limit.currency != desk.facts.amount.currency:
        return None
    most = limit.times(desk.policy.order.largest_share)
    if desk.facts.amount <= most:
        return None
    return _Finding(Action.HOLD, Reason("O-MAX", str(desk.facts.amount.amount), str(most.amount)))


def _review(desk: _Desk) -> _Finding | None:
    """O-REV: the rating has expired, and the tier's grace with it."""
    valid_to = desk.facts.rating_valid_to
    if valid_to is None:
        return None
    last = valid_to + timedelta(days=desk.terms.rating_grace_days)
    if desk.as_of <= last:
        return None
    return _Finding(Action.HOLD, Reason("O-REV", valid_to.isoformat(), last.isoformat()))


def _early_warning(desk: _Desk) -> _Finding | None:
    """O-EWS: the warning band is red, or a hard trigger stands."""
    if desk.facts.hard_triggers:
        return _Finding(Action.HOLD, Reason("O-EWS", desk.facts.hard_triggers[0]))
    if desk.facts.band in desk.policy.order.held_bands:
        return _Finding(Action.HOLD, Reason("O-EWS", str(desk.facts.band)))
    return None


def _payment_terms(desk: _Desk) -> _Finding | None:
    """O-TERM: longer payment terms are asked for than the tier allows."""
    asked, most = desk.facts.terms_days, desk.terms.payment_terms_days
    if asked is None or asked <= most:
        return None
    shorter = (Condition("terms_days", most),)
    return _Finding(Action.REPRICE, Reason("O-TERM", asked, most), shorter)


def _by_a_person(desk: _Desk) -> _Finding | None:
    """O-TIER: on this tier a person decides every order."""
    if not desk.terms.every_order_by_a_person:
        return None
    return _Finding(Action.HOLD, Reason("O-TIER", str(desk.tier)))


_CHECKS: tuple[Callable[[_Desk], _Finding | None], ...] = (
    _sanctions,
    _state,
    _limit,
    _oldest,
    _overdue,
    _largest,
    _review,
    _early_warning,
    _payment_terms,
    _by_a_person,
)
