"""Whom a customer's relationships reach: the connected group, and those that trouble comes from."""

from datetime import date

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.indicator_facts.groups import (
    GroupAmounts,
    GroupFacts,
    LinkedMember,
    PathStep,
)
from services.monitoring.domain.outside.group_standing import (
    Edge,
    Groups,
    MemberAmount,
    binds,
    step_weight,
)
from services.monitoring.domain.policies.warnings import IndicatorPolicy, WarningPolicy
from shared.kernel.money import Money

LISTED = 20
"""How many linked members and group members the facts name."""
Path = tuple[Edge, ...]


def group_facts(
    groups: Groups,
    customer_id: str,
    own: tuple[MemberAmount, ...],
    policy: WarningPolicy,
    *,
    as_of: date,
) -> GroupFacts | None:
    """What is known of those linked to a customer; None before all partitions have closed a day."""
    contagion = policy.indicators[Indicator.AFFILIATE_CONTAGION]
    utilisation = policy.indicators[Indicator.GROUP_UTILISATION]
    day = groups.members_on(as_of)
    if day is None:
        return None
    paths = _paths(groups, customer_id, contagion, day)
    connected = _connected(groups, customer_id, utilisation, day)
    return GroupFacts(
        as_of=as_of,
        members_on=day,
        linked=_linked(groups, paths, contagion, day),
        amounts=_amounts(groups, customer_id, own, connected, day) if connected else (),
    )


def _paths(groups: Groups, start: str, entry: IndicatorPolicy, day: date) -> dict[str, Path]:
    """The strongest path to everyone within `hops` steps; of equals the first in order."""
    best: dict[str, Path] = {start: ()}
    frontier = dict(best)
    for _ in range(int(entry.numbers["hops"])):
        further = [
            (edge.other(place), (*way, edge))
            for place, way in sorted(frontier.items())
            for edge in groups.edges_of(place, day)
        ]
        frontier = {}
        for end, path in further:
            weight = _weight(path, entry)
            if weight > 0 and (end not in best or weight > _weight(best[end], entry)):
                best[end] = frontier[end] = path
    del best[start]
    return best


def _weight(path: Path, entry: IndicatorPolicy) -> float:
    weight = 1.0
    for edge in path:
        weight *= step_weight(edge.kind, edge.share, entry.numbers)
    return weight


def _linked(
    groups: Groups, paths: dict[str, Path], entry: IndicatorPolicy, day: date
) -> tuple[LinkedMember, ...]:
    """Those of the reached that are in any trouble, the heaviest first."""
    troubled: list[tuple[float, LinkedMember]] = []
    for member, path in sorted(paths.items()):
        record = groups.record_of(member, day)
        if record is None or record.trouble <= 0:
            continue
        linked = LinkedMember(
            customer_id=member,
            path=tuple(PathStep(kind=each.kind, share=each.share) for each in path),
            ews=record.ews,
            in_default=record.in_default,
            closed_on=record.day,
        )
        troubled.append((_weight(path, entry) * record.trouble, linked))
    troubled.sort(key=lambda one: (-one[0], one[1].customer_id))
    return tuple(linked for _, linked in troubled[:LISTED])


def _connected(groups: Groups, start: str, entry: IndicatorPolicy, day: date) -> list[str]:
    """The other members of the customer's connected group, in order."""
    found, frontier = {start}, [start]
    for _ in range(int(entry.numbers["hops"])):
        reached = {
            edge.other(place)
            for place in frontier
            for edge in groups.edges_of(place, day)
            if binds(edge, entry.numbers["control_share"])
        }
        frontier = sorted(reached - found)
        found |= reached
    return sorted(found - {start})


def _amounts(
    groups: Groups, customer_id: str, own: tuple[MemberAmount, ...], others: list[str], day: date
) -> tuple[GroupAmounts, ...]:
    """The group's exposure and limits by currency."""
    records = {name: groups.record_of(name, day) for name in others}
    listed = {customer_id: own} | {
        name: record.amounts for name, record in records.items() if record is not None
    }
    currencies = sorted({each.currency for amounts in listed.values() for each in amounts})
    return tuple(_amount(listed, currency) for currency in currencies)


def _amount(listed: dict[str, tuple[MemberAmount, ...]], currency: str) -> GroupAmounts:
    found = {
        name: each
        for name, amounts in sorted(listed.items())
        for each in amounts
        if each.currency == currency
    }
    limits = [each.limit for each in found.values() if each.limit is not None]
    return GroupAmounts(
        currency=currency,
        exposure=Money(sum(each.exposure for each in found.values()), currency),
        limit=Money(sum(limits), currency) if limits else None,
        members=tuple(found)[:LISTED],
    )
