"""What is kept of what courts, registers, agencies and the press said of the customer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.indicator_facts.external import (
    AgencyRating,
    ExternalFacts,
    OutsideSign,
    Source,
)
from services.monitoring.domain.outside.agency_grades import agency_key
from services.monitoring.domain.policies.warnings import IndicatorPolicy, WarningPolicy
from shared.kernel.money import Money

SIGNS_KEPT = 60
"""The most documents kept of one source and kind; the oldest go first, those that are over before them."""
RATINGS_KEPT = 24
"""The most ratings kept of one agency: what it thought, and when it did so first and last, twelve times."""
LISTED_FOR_A_TERM: Final = "dishonest_debtor"
_REPLACING: Final = frozenset({Source.EQUITY, Source.INSURER, Source.PROXIMITY})
"""Where a new word takes the place of those before it whatever their kind."""
_WINDOWED: Final = {
    Source.ARREARS: Indicator.TAX_ARREARS,
    Source.REGISTRY: Indicator.REGISTRY_EVENTS,
    Source.MEDIA: Indicator.ADVERSE_MEDIA,
    Source.AUTHORITY: Indicator.LICENCE_SANCTION,
    Source.AUDITOR: Indicator.AUDIT_EVENT,
}


@dataclass(slots=True, kw_only=True)
class ExternalStanding:
    """What is kept of what courts, registers, agencies and the press said of the customer; changes in place.

    In order of date. A document is there more than once only while its newest word is not due yet.
    """

    signs: tuple[OutsideSign, ...] = ()
    ratings: tuple[AgencyRating, ...] = ()


def note_sign(standing: ExternalStanding, sign: OutsideSign, *, as_of: date) -> None:
    """Take in what was said; of one document the newest date counts, of one date the last word."""
    others = [each for each in standing.signs if _key(each) != _key(sign)]
    same = [each for each in standing.signs if _key(each) == _key(sign) and each.on != sign.on]
    known = sorted([*same, sign], key=lambda each: each.on)
    due = [each for each in known if each.on <= as_of]
    waiting = [each for each in known if each.on > as_of]
    standing.signs = _bounded([*others, *due[-1:], *waiting], _shelf(sign))


def note_rating(standing: ExternalStanding, rating: AgencyRating) -> None:
    """Take in an agency's grade; of one agency and day the last word counts.

    Of affirmations of one grade running the first and the last are kept, or they would push out the
    grade before. Grades that the customer asked for are kept apart from those that it did not.
    """
    voice = _voice(rating)
    others = [each for each in standing.ratings if _voice(each) != voice]
    same = [e for e in standing.ratings if _voice(e) == voice and e.on != rating.on]
    given = sorted([*same, rating], key=lambda each: each.on)
    runs = [list(run) for _, run in groupby(given, key=lambda each: each.says)]
    kept = [each for run in runs for each in (run[0], *run[1:][-1:])][-RATINGS_KEPT:]
    standing.ratings = tuple(sorted([*others, *kept], key=lambda each: (each.on, *_voice(each))))


def external_facts(
    standing: ExternalStanding, *, as_of: date, net_worth: Money | None = None
) -> ExternalFacts:
    """What the indicators see of it on a day."""
    newest: dict[tuple[Source, str], OutsideSign] = {}
    for sign in standing.signs:
        if sign.on <= as_of:
            newest[_key(sign)] = sign
    open_ones = (each for each in newest.values() if not each.over)
    return ExternalFacts(
        as_of=as_of,
        signs=tuple(sorted(open_ones, key=_in_order)),
        ratings=tuple(each for each in standing.ratings if each.on <= as_of),
        net_worth=net_worth,
    )


def bill_listing(standing: ExternalStanding) -> OutsideSign | None:
    """The customer's entry in the list of acceptors persistently overdue that is open; the oldest."""
    newest = {_key(each): each for each in standing.signs if each.source is Source.BILL_LIST}
    return next((each for each in newest.values() if not each.over), None)


def external_wakes_on(
    standing: ExternalStanding, policy: WarningPolicy, *, day: date
) -> date | None:
    """The day, `day` or later, on which time alone tells something; None if only news can.

    What is dated ahead comes due, what has a window leaves it, and security comes near its end.
    """
    entries = policy.indicators
    days = [each.on for each in standing.signs] + [each.on for each in standing.ratings]
    window = entries[Indicator.EXTERNAL_DOWNGRADE].days
    days += [each.on + timedelta(days=window) for each in standing.ratings]
    security = entries[Indicator.SECURITY_GAP].numbers
    ahead = (security["watch_days"], security["amber_days"], -1)
    for sign in standing.signs:
        window = _window_of(sign, entries)
        if window and not sign.over:
            days.append(sign.on + timedelta(days=window))
        if sign.source is Source.SECURITY and sign.expires_on is not None:
            days += [sign.expires_on - timedelta(days=int(each)) for each in ahead]
    return min((each for each in days if each >= day), default=None)


def _window_of(sign: OutsideSign, entries: Mapping[Indicator, IndicatorPolicy]) -> int:
    """For how many days a sign counts, or counts more; 0 for as long as it is open."""
    if sign.source is Source.COURT and sign.kind == LISTED_FOR_A_TERM:
        return int(entries[Indicator.DISHONEST_DEBTOR].numbers["listed_days"])
    if sign.source is Source.COURT:
        return entries[Indicator.LITIGATION].days
    indicator = _WINDOWED.get(sign.source)
    return 0 if indicator is None else entries[indicator].days


def _key(sign: OutsideSign) -> tuple[Source, str]:
    """What identifies a document: two insurers may number their letters alike."""
    numbers_its_own = sign.source in {Source.BUREAU, Source.INSURER}
    return sign.source, f"{sign.by}/{sign.document}" if numbers_its_own else sign.document


def _voice(rating: AgencyRating) -> tuple[str, bool]:
    return agency_key(rating.agency), rating.unsolicited


def _shelf(sign: OutsideSign) -> tuple[Source, str]:
    """What a sign is counted among: claims, however many, push out no insolvency."""
    return sign.source, "" if sign.source in _REPLACING else sign.kind


def _bounded(signs: Iterable[OutsideSign], shelf: tuple[Source, str]) -> tuple[OutsideSign, ...]:
    listed = sorted(signs, key=_in_order)
    mine = [each for each in listed if _shelf(each) == shelf]
    surplus = sorted(mine, key=lambda each: (not each.over, each.on, each.document))
    gone = surplus[: max(0, len(mine) - SIGNS_KEPT)]
    return tuple(each for each in listed if each not in gone)


def _in_order(sign: OutsideSign) -> tuple[date, str, str, str]:
    return sign.on, sign.source.value, sign.document, sign.by or ""
