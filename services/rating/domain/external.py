"""Agencies' grades: mapped onto our scale, aged, and the one that counts (domain.md §3.6).

Several agencies: sorted best to worst, element min(1, n-1) counts (Basel II §96-98): of two the
worse, of three or more the second best. Domestic scales map to at most BBB+, so the blend, an
average, can never be lifted above it by them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.rating.domain.master_scale import MasterScale
from services.rating.domain.model import ExternalOpinion, OpinionKind, Outlook
from services.rating.domain.policy import ExternalPolicy
from shared.kernel.dates import add_months
from shared.kernel.errors import InvalidInputError

MINUS_SIGN = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class ExternalGrade:
    """An opinion on our scale. `credibility` 0..1 by its age."""

    agency: str
    grade: str
    credibility: float


def agency_key(agency: str) -> str:
    """An agency's name as the policy lists it: letters and digits only, lower case."""
    return "".join(letter for letter in agency.casefold() if letter.isalnum())


def is_withdrawn(grade: str, policy: ExternalPolicy) -> bool:
    """Whether the agency has taken its grade back."""
    return grade.strip().casefold() in {each.casefold() for each in policy.withdrawn}


def check_opinion(opinion: ExternalOpinion, policy: ExternalPolicy) -> None:
    """Refuse an agency or a grade that the policy cannot read."""
    _scale_of(opinion, policy)
    if not is_withdrawn(opinion.grade, policy):
        mapped_grade(opinion, policy)


def _scale_of(opinion: ExternalOpinion, policy: ExternalPolicy) -> dict[str, str]:
    name = policy.agencies.get(agency_key(opinion.agency))
    if name is None:
        raise InvalidInputError(
            field="agency", value=opinion.agency, rule="is not an agency the policy knows"
        )
    return policy.scales[name]


def mapped_grade(opinion: ExternalOpinion, policy: ExternalPolicy) -> str:
    """Our grade for the agency's letters."""
    letters = opinion.grade.strip().replace(MINUS_SIGN, "-")
    scale = _scale_of(opinion, policy)
    if letters not in scale:
        raise InvalidInputError(
            field="grade", value=opinion.grade, rule=f"is not on the scale of {opinion.agency}"
        )
    return scale[letters]


def credibility_of(affirmed_on: date, policy: ExternalPolicy, *, as_of: date) -> float:
    """What an opinion's age leaves of it: all, some, or nothing."""
    if as_of <= add_months(affirmed_on, policy.full_months):
        return 1.0
    if as_of <= add_months(affirmed_on, policy.half_months):
        return policy.half_credibility
    return 0.0


def current_opinions(opinions: Sequence[ExternalOpinion]) -> tuple[ExternalOpinion, ...]:
    """The latest issuer opinion of each agency; unsolicited ones only where nothing else is.

    Opinions on a single issue say more about the claim than about the customer, and are left out.
    """
    latest: dict[tuple[str, OpinionKind], ExternalOpinion] = {}
    for opinion in sorted(opinions, key=lambda each: each.affirmed_on):
        latest[agency_key(opinion.agency), opinion.kind] = opinion
    solicited = [each for each in latest.values() if each.kind == OpinionKind.ISSUER]
    unsolicited = [each for each in latest.values() if each.kind == OpinionKind.UNSOLICITED]
    return tuple(solicited or unsolicited)


def second_best(grades: Sequence[str], scale: MasterScale) -> str | None:
    """Of several grades the one that counts; None of none."""
    ordered = sorted(grades, key=scale.index)
    return ordered[min(1, len(ordered) - 1)] if ordered else None


def external_grade(
    opinions: Sequence[ExternalOpinion],
    policy: ExternalPolicy,
    scale: MasterScale,
    *,
    as_of: date,
) -> ExternalGrade | None:
    """The outside grade that counts as of a day; None when there is none."""
    read = [
        _on_our_scale(opinion, policy, scale, as_of=as_of)
        for opinion in current_opinions(opinions)
        if opinion.affirmed_on <= as_of and not is_withdrawn(opinion.grade, policy)
    ]
    live = sorted(
        (each for each in read if each.credibility > 0),
        key=lambda each: (scale.index(each.grade), each.agency),
    )
    return live[min(1, len(live) - 1)] if live else None


def _on_our_scale(
    opinion: ExternalOpinion, policy: ExternalPolicy, scale: MasterScale, *, as_of: date
) -> ExternalGrade:
    on_watch = opinion.outlook == Outlook.WATCH_NEGATIVE
    notches = policy.watch_negative_notches if on_watch else 0
    grade = scale.worse(mapped_grade(opinion, policy), notches)
    return ExternalGrade(
        opinion.agency, grade, credibility_of(opinion.affirmed_on, policy, as_of=as_of)
    )
