"""How far a customer's ledger can be relied on: doubts with their documents, and a score from 0 to 1."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from math import prod

from services.monitoring.domain.account import Account
from services.monitoring.domain.detectors import DecayingCount
from services.monitoring.domain.policy_guards import DoubtPolicy, FeedDoubt, FeedPolicy
from shared.kernel.maths import canonical

DOCUMENTS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What is looked at: a customer's account, and what came with it, at the end of a day.

    `counted` are the doubts that were counted as facts came; `waiting` the days of facts that are not
    due yet; `newest` is the day of the newest fact of anyone in the partition, None if not looked at.
    """

    as_of: date
    account: Account
    registered: bool
    counted: dict[FeedDoubt, DecayingCount] = field(default_factory=dict)
    waiting: tuple[date, ...] = ()
    newest: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One reason to doubt: how often it was met, what it takes off (0 to 1), and its documents."""

    doubt: FeedDoubt
    count: float
    takes: float
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedQuality:
    """1 for a ledger without a doubt; each doubt takes its share off what the others left."""

    score: float
    doubts: tuple[Doubt, ...]


def feed_quality(feed: Feed, policy: FeedPolicy) -> FeedQuality:
    """Weigh everything that speaks against a customer's ledger."""
    doubts = tuple(
        Doubt(
            doubt=doubt,
            count=canonical(count),
            takes=canonical(_share(count, policy.doubts[doubt])),
            documents=documents[:DOCUMENTS_SHOWN],
        )
        for doubt, count, documents in (*_counted(feed, policy), *_seen(feed, policy))
        if count > 0
    )
    return FeedQuality(score=canonical(prod(1.0 - each.takes for each in doubts)), doubts=doubts)


def note_doubt(
    counted: dict[FeedDoubt, DecayingCount], doubt: FeedDoubt, *, on: date, policy: FeedPolicy
) -> None:
    """Count a doubt that comes with a fact."""
    before = counted.get(doubt, DecayingCount())
    counted[doubt] = before.after(on, half_life_days=policy.half_life_days)


_Found = tuple[FeedDoubt, float, tuple[str, ...]]


def _share(count: float, entry: DoubtPolicy) -> float:
    return entry.weight * min(1.0, count / entry.full_at)


def _counted(feed: Feed, policy: FeedPolicy) -> Iterable[_Found]:
    for doubt, count in sorted(feed.counted.items()):
        yield doubt, count.as_of(feed.as_of, half_life_days=policy.half_life_days), ()


def _seen(feed: Feed, policy: FeedPolicy) -> Iterable[_Found]:
    """What the account itself shows."""
    account, as_of = feed.account, feed.as_of
    yield FeedDoubt.UNREGISTERED, float(not feed.registered), ()
    strange = _paid_strangely(account)
    yield FeedDoubt.STRANGE_CURRENCY, float(len(strange)), strange
    in_credit = tuple(name for name, amount in sorted(account.credits.items()) if amount > 0)
    yield FeedDoubt.EXCESS_CREDIT, float(len(in_credit)), in_credit
    missing = tuple(
        name
        for name, facts in sorted(account.pending.items())
        if any((as_of - fact.on).days > policy.pending_days for fact in facts)
    )
    yield FeedDoubt.UNKNOWN_DOCUMENTS, float(len(missing)), missing
    ahead = [day for day in feed.waiting if (day - as_of).days > policy.future_days]
    yield FeedDoubt.FUTURE_DATED, float(len(ahead)), ()
    yield from _silence(feed, policy)


def _paid_strangely(account: Account) -> tuple[str, ...]:
    """Payments that no invoice has taken, in a currency that nothing was ever invoiced in."""
    idle = [each for each in account.payments.values() if each.unapplied > 0]
    if not idle:
        return ()
    invoiced = {name for name, history in account.histories.items() if history.purchased}
    invoiced |= {each.currency for each in account.receivables.values()}
    return tuple(sorted(each.payment_id for each in idle if each.currency not in invoiced))


def _silence(feed: Feed, policy: FeedPolicy) -> Iterable[_Found]:
    last, newest = feed.account.last_day, feed.newest
    if newest is None or last is None or not feed.account.receivables:
        return
    elsewhere = (feed.as_of - newest).days
    if elsewhere > policy.stale_days:
        yield FeedDoubt.STALE_FEED, 1.0, ()
    elif elsewhere <= policy.alive_days and (feed.as_of - last).days > policy.silent_days:
        yield FeedDoubt.SILENT_CUSTOMER, 1.0, ()
