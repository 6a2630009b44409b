"""Which facts count where documents were corrected, and why a correction cannot hide days past due."""

from collections.abc import Iterable
from datetime import date

from services.monitoring.domain.receivables.facts import Fact, FactKind
from shared.kernel.values import replace


def effective(facts: Iterable[Fact]) -> list[Fact]:
    """The facts that count: of each document only the highest version (each change of an order).

    A number names the same document whoever tells of it: the bank's word on a payment and the
    accounts' word on it are one. Of two sources that tell the same version, one counts.
    """
    versions: dict[tuple[str, str, int], list[Fact]] = {}
    for fact in facts:
        each_counts = fact.kind is FactKind.ORDER_CHANGED
        name = (fact.kind.value, fact.document, fact.version if each_counts else 0)
        versions.setdefault(name, []).append(fact)
    return [each[0] if len(each) == 1 else _corrected(each) for each in versions.values()]


def _corrected(versions: list[Fact]) -> Fact:
    ordered = sorted(versions, key=lambda each: (each.version, each.source))
    newest = ordered[-1]
    if newest.kind is not FactKind.INVOICE_ISSUED:
        return newest
    counted = _counted_due(ordered)
    if newest.due is None or counted is None or counted >= newest.due:
        return newest
    return replace(newest, counts_from=counted)


def _counted_due(versions: list[Fact]) -> date | None:
    """The due date that days past due count from, after all corrections.

    A correction that comes when the first due date has passed cannot make it later: that would be an
    extension granted to somebody who is late (domain.md §1.5). One that comes in time can.
    """
    counted = first = versions[0].counts_from or versions[0].due
    for version in versions[1:]:
        told, due = version.told or version.on, version.due
        if counted is None or first is None or due is None:
            counted = first = due
            continue
        if due < counted or told <= first:
            counted = due
        first = min(first, counted)
    return counted
