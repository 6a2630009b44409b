"""How far a customer's ledger can be relied on: doubts with their documents, and a score from 0 to 1."""

from dataclasses import dataclass, field
from datetime import date
from math import prod

from services.monitoring.domain.detectors import DecayingCount
from services.monitoring.domain.policies.guards import DoubtPolicy, FeedDoubt, FeedPolicy
from services.monitoring.domain.receivables.account import Account
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


UNDOUBTED = FeedQuality(score=1.0, doubts=())


def feed_quality(feed: Feed, policy: FeedPolicy) -> FeedQuality:
    """Weigh everything that speaks against a customer's ledger."""
    found = [*_counted(feed, policy), *_seen(feed, policy)]
    if not found:
        return UNDOUBTED
    doubts = tuple(
        Doubt(
            doubt=doubt,
            count=canonical(count),
            takes=canonical(_share(count, policy.doubts[doubt])),
            documents=documents[:DOCUMENTS_SHOWN],
        )
        for doubt, count, documents in found
    )
    return FeedQuality(score=canonical(prod(1.0 - each.takes for each in doubts)), doubts=doubts)


def note_doubt(
    counted: dict[FeedDoubt, DecayingCount], doubt: FeedDoubt, *, on: date, policy: FeedPolicy
) -> None:
    """Count a doubt that comes with a fact, if the policy counts it."""
    if doubt not in policy.doubts:
        return
    before = counted.get(doubt, DecayingCount())
    counted[doubt] = before.after(on, half_life_days=policy.half_life_days)


_Found = tuple[FeedDoubt, float, tuple[str, ...]]


def _share(count: float, entry: DoubtPolicy) -> float:
    return entry.weight * min(1.0, count / entry.full_at)


def _counted(feed: Feed, policy: FeedPolicy) -> list[_Found]:
    half_life = policy.half_life_days
    return [
        (doubt, count.as_of(feed.as_of, half_life_days=half_life), ())
        for doubt, count in sorted(feed.counted.items())
        if doubt in policy.doubts
    ]


def _seen(feed: Feed, policy: FeedPolicy) -> list[_Found]:
    """What the account itself shows."""
    account = feed.account
    found: list[_Found] = []
    if not feed.registered:
        found.append((FeedDoubt.UNREGISTERED, 1.0, ()))
    for doubt, documents in (
        (FeedDoubt.STRANGE_CURRENCY, _paid_strangely(account)),
        (FeedDoubt.EXCESS_CREDIT, _in_credit(account)),
        (FeedDoubt.UNKNOWN_DOCUMENTS, _missing(feed, policy)),
    ):
        if documents:
            found.append((doubt, float(len(documents)), documents))
    ahead = [day for day in feed.waiting if (day - feed.as_of).days > policy.future_days]
    if ahead:
        found.append((FeedDoubt.FUTURE_DATED, float(len(ahead)), ()))
    silence = _silence(feed, policy)
    if silence is not None:
        found.append((silence, 1.0, ()))
    return found


def _paid_strangely(account: Account) -> tuple[str, ...]:
    """Payments that no invoice has taken, in a currency that nothing was ever invoiced in."""
    if not any(sums.unapplied > 0 for sums in account.outstanding.values()):
        return ()
    idle = [each for each in account.payments.values() if each.unapplied > 0]
    if not idle:
        return ()
    invoiced = {name for name, history in account.histories.items() if history.purchased}
    invoiced |= {each.currency for each in account.receivables.values()}
    return tuple(sorted(each.payment_id for each in idle if each.currency not in invoiced))


def _in_credit(account: Account) -> tuple[str, ...]:
    """Currencies with credit notes beyond what was owed."""
    if not account.credits:
        return ()
    return tuple(sorted(name for name, amount in account.credits.items() if amount > 0))


def _missing(feed: Feed, policy: FeedPolicy) -> tuple[str, ...]:
    """Documents that facts have named for long, and that never came."""
    if not feed.account.pending:
        return ()
    return tuple(
        name
        for name, facts in sorted(feed.account.pending.items())
        if any((feed.as_of - fact.on).days > policy.pending_days for fact in facts)
    )


def _silence(feed: Feed, policy: FeedPolicy) -> FeedDoubt | None:
    last, newest = feed.account.last_day, feed.newest
    if newest is None or last is None or not feed.account.receivables:
        return None
    elsewhere = (feed.as_of - newest).days
    if elsewhere > policy.stale_days:
        return FeedDoubt.STALE_FEED
    silent = (feed.as_of - last).days > policy.silent_days
    return FeedDoubt.SILENT_CUSTOMER if silent and elsewhere <= policy.alive_days else None
