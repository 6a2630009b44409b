"""Who stands or falls with the customer: the formulas of L05 and E11."""

from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas.formula import Formula, share_of, shown
from services.monitoring.domain.indicator_facts.groups import (
    GroupAmounts,
    GroupFacts,
    LinkedMember,
)
from services.monitoring.domain.measurement import Evidence, Measurement
from services.monitoring.domain.outside.group_standing import FULL_SCORE, step_weight
from services.monitoring.domain.policies.warnings import (
    IndicatorPolicy,
    Severity,
    WarningPolicy,
)
from shared.kernel.maths import canonical

UTILISATION_SHOWN = 9.99  # limits of a few cents would else give figures nobody can read


def group_utilisation(
    facts: GroupFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """L05: the connected group's exposure over its members' limits; the worst currency counts.

    Nothing without a group; does not apply to a group without a limit above zero.
    """
    del entry, policy
    if not facts.amounts:
        return Measurement(value=0.0)
    used = [(share_of(each.exposure, each.limit), each) for each in facts.amounts if each.limit]
    known = [(share, each) for share, each in used if share is not None and len(each.members) > 1]
    if not known:
        return None
    share, worst = max(known, key=lambda one: one[0])
    return Measurement(
        value=min(share, UTILISATION_SHOWN), explain=lambda: _utilised(facts, worst, share)
    )


def _utilised(facts: GroupFacts, worst: GroupAmounts, share: float) -> Evidence:
    return Evidence(
        figures={
            "group_utilisation": share,
            "group_exposure": shown(worst.exposure),
            "group_limit": None if worst.limit is None else shown(worst.limit),
            "currency": worst.currency,
            "members": len(worst.members),
            "members_on": facts.members_on.isoformat(),
        },
        documents=worst.members,
    )


def affiliate_contagion(
    facts: GroupFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """E11: the highest score of a linked customer times the weights of the links on the way to it.

    One in default counts as 100, and is red where the way to it weighs `default_weight` or more.
    """
    del policy
    if not facts.linked:
        return Measurement(value=0.0)
    weighed = [(_weight(each, entry), each) for each in facts.linked]
    weight, worst = max(weighed, key=lambda one: one[0] * _score(one[1]))
    bound = entry.numbers["default_weight"]
    failed = [each for passed, each in weighed if each.in_default and passed >= bound]
    return Measurement(
        value=canonical(weight * _score(worst)),
        at_least=Severity.RED if failed else None,
        explain=lambda: Evidence(
            figures={
                "linked_score": _score(worst),
                "link_weight": weight,
                "way": " > ".join(step.kind for step in worst.path),
                "linked_customers_in_trouble": len(facts.linked),
                "linked_defaults": sum(1 for each in facts.linked if each.in_default),
                "members_on": facts.members_on.isoformat(),
            },
            documents=tuple(
                dict.fromkeys(each.customer_id for each in (*failed, worst, *facts.linked))
            ),
        ),
    )


def _score(member: LinkedMember) -> float:
    return FULL_SCORE if member.in_default else member.ews


def _weight(member: LinkedMember, entry: IndicatorPolicy) -> float:
    weight = 1.0
    for step in member.path:
        weight *= step_weight(step.kind, step.share, entry.numbers)
    return weight


FORMULAS: Final[dict[Indicator, Formula[GroupFacts]]] = {
    Indicator.GROUP_UTILISATION: Formula(group_utilisation, lambda facts: bool(facts.amounts)),
    Indicator.AFFILIATE_CONTAGION: Formula(affiliate_contagion, lambda facts: bool(facts.linked)),
}
