"""What agencies, the press, bureaus and watchlists think: the formulas of E01, E09, E10 and E12."""

from itertools import takewhile
from math import prod
from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.detectors import decay
from services.monitoring.domain.formulas.formula import Formula
from services.monitoring.domain.formulas.signs import Figures, level
from services.monitoring.domain.indicator_facts.external import (
    AgencyRating,
    ExternalFacts,
    OutsideSign,
    Source,
)
from services.monitoring.domain.measurement import UNKNOWN, Evidence, Measurement
from services.monitoring.domain.outside.agency_grades import agency_key, grade_rank, is_withdrawn
from services.monitoring.domain.policies.warnings import IndicatorPolicy, WarningPolicy
from shared.kernel.maths import canonical

POSSIBLE = "possible"
STRONG = "strong"
_WATCH, _AMBER, _RED = 1.0, 2.0, 3.0


def external_downgrade(
    facts: ExternalFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """E01: an agency's grade now against the best it gave in the last `days`; the worst agency counts.

    3 for `red_notches` or more, or one down to `weak_from` (the place of CCC+) or below it; 2 for one
    notch; 1 while it watches for a downgrade, or has taken its grade back within `days`. Left out are
    grades nobody can read, and those the customer did not ask for where it has one that it did.
    """
    del policy
    readable = [e for e in facts.ratings if is_withdrawn(e.grade) or _is_graded(e)]
    asked_for = any(_is_graded(each) and not each.unsolicited for each in readable)
    agencies: dict[str, list[AgencyRating]] = {}
    for each in readable:
        if not (asked_for and each.unsolicited):
            agencies.setdefault(agency_key(each.agency), []).append(each)
    views = [
        _move(facts, given, entry)
        for _, given in sorted(agencies.items())
        if any(map(_is_graded, given))
    ]
    if not views:
        return None if not facts.ratings else UNKNOWN
    return max(views, key=lambda each: each.value or 0.0)


def _move(facts: ExternalFacts, given: list[AgencyRating], entry: IndicatorPolicy) -> Measurement:
    """One agency's move; `given` are its ratings, oldest first. A grade that it took back still fell."""
    newest, graded = given[-1], [each for each in given if _is_graded(each)]
    now = graded[-1]
    recent = [each for each in graded if (facts.as_of - each.on).days < entry.days]
    before = graded[: len(graded) - len(recent)]
    best = min((*before[-1:], *recent), key=_rank)
    notches = _rank(now) - _rank(best)
    withdrawn = is_withdrawn(newest.grade)
    warned = (facts.as_of - newest.on).days < entry.days if withdrawn else now.watch_negative
    value = _WATCH if warned else 0.0
    if notches > 0:
        weak = _rank(now) >= entry.numbers["weak_from"]
        value = _RED if weak or notches >= entry.numbers["red_notches"] else _AMBER
    since = list(takewhile(lambda each: _rank(each) >= _rank(now), reversed(graded)))[-1]
    return Measurement(
        value=value,
        on=since.on if notches > 0 else newest.on,
        explain=lambda: Evidence(
            figures={
                "agency": newest.agency,
                "grade": now.grade,
                "grade_before": best.grade,
                "notches_down": notches,
                "watch_negative": "yes" if now.watch_negative else "no",
                "given_on": now.on.isoformat(),
                "withdrawn_on": newest.on.isoformat() if withdrawn else None,
            }
        ),
    )


def _is_graded(rating: AgencyRating) -> bool:
    return grade_rank(rating.grade) is not None


def _rank(rating: AgencyRating) -> int:
    return grade_rank(rating.grade) or 0


def adverse_media(
    facts: ExternalFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """E09: M = 1 - prod(1 - severity * credibility * fading), of the reports of the last `days`.

    A report fades by `half_life_days` (domain.md §2.1).
    """
    del policy
    reports = facts.of(Source.MEDIA, days=entry.days)
    half_life = entry.numbers["half_life_days"]
    weights = [
        (each.share or 0.0) * decay((facts.as_of - each.on).days, half_life) for each in reports
    ]
    value = canonical(1.0 - prod(1.0 - weight for weight in weights))
    figures: Figures = {
        "media_score": value,
        "reports": len(reports),
        "heaviest_report": max(weights, default=None),
    }
    return level(value, reports, figures)


def sanction_proximity(
    facts: ExternalFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """E10: 1 for a possible match, 2 for blocked owners of `amber_share` or more, 3 for a strong match.

    Blocked owners of `red_share` or more make the customer blocked itself: 3.
    """
    del policy
    reports = facts.of(Source.PROXIMITY)[-1:]
    if not reports:
        return Measurement(value=0.0)
    band, blocked = reports[0].kind, reports[0].share or 0.0
    value = _WATCH if band == POSSIBLE else 0.0
    if blocked >= entry.numbers["amber_share"]:
        value = _AMBER
    if band == STRONG or blocked >= entry.numbers["red_share"]:
        value = _RED
    return level(value, reports, {"band": band, "blocked_share": reports[0].share})


def bureau_trend(
    facts: ExternalFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """E12: days beyond terms at other suppliers, now less those `days` before; the worst bureau counts.

    The report before is the last one that was out then, or the first after. Unknown with one report,
    or when the newest is older than `days`.
    """
    del policy
    reports = facts.of(Source.BUREAU)
    bureaus = sorted({each.by or "" for each in reports})
    views = [_trend(facts, [e for e in reports if (e.by or "") == one], entry) for one in bureaus]
    known = [each for each in views if each.value is not None]
    if not known:
        return UNKNOWN if reports else None
    return max(known, key=lambda each: each.value or 0.0)


def _trend(facts: ExternalFacts, reports: list[OutsideSign], entry: IndicatorPolicy) -> Measurement:
    now = reports[-1]
    out_then = [each for each in reports[:-1] if (now.on - each.on).days >= entry.days]
    before = (*out_then[-1:], *reports[:-1])[:1]
    if not before or (facts.as_of - now.on).days > entry.days:
        return UNKNOWN
    change = (now.days or 0.0) - (before[0].days or 0.0)
    figures: Figures = {
        "bureau": now.by,
        "days_beyond_terms": now.days,
        "days_before": before[0].days,
        "reported_on": now.on.isoformat(),
        "reported_before_on": before[0].on.isoformat(),
    }
    return level(change, (*before, now), figures)


FORMULAS: Final[dict[Indicator, Formula[ExternalFacts]]] = {
    Indicator.EXTERNAL_DOWNGRADE: Formula(external_downgrade, lambda facts: bool(facts.ratings)),
    Indicator.ADVERSE_MEDIA: Formula(adverse_media, lambda facts: bool(facts.of(Source.MEDIA))),
    Indicator.SANCTION_PROXIMITY: Formula(
        sanction_proximity, lambda facts: bool(facts.of(Source.PROXIMITY))
    ),
    Indicator.BUREAU_TREND: Formula(bureau_trend, lambda facts: bool(facts.of(Source.BUREAU))),
}
