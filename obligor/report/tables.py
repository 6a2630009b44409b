"""What happened, as tables that a credit manager reads."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from rich.markup import escape
from rich.table import Table

from obligor.report.standing import (
    OpenWarning,
    RatingAnswer,
    Standing,
    TierTotal,
)
from obligor.report.verdict import Verdict
from obligor.wording import Wording

_TIER_COLOURS = {"low": "green", "medium": "yellow", "high": "red"}
_MOST_REASONS = 3


def money(amount: Decimal) -> str:
    """Grouped, without cents: tables are for reading."""
    return f"{amount:,.0f}"


def tier_table(totals: Sequence[TierTotal], currency: str, words: Wording) -> Table:
    """Customers by tier with what they owe, in one currency."""
    mine = [one for one in totals if one.currency == currency]
    exposed = sum((one.open_amount for one in mine), Decimal(0))
    table = Table(title=words.word("by_tier", currency), title_justify="left", show_footer=True)
    table.add_column(words.word("tier"), words.word("total"))
    numbers = (
        ("customers", f"{sum(one.customers for one in mine)}"),
        ("exposure", money(exposed)),
        ("share", ""),
        ("overdue", money(sum((one.overdue_amount for one in mine), Decimal(0)))),
        ("limits", money(sum((one.limits for one in mine), Decimal(0)))),
    )
    for name, footer in numbers:
        table.add_column(words.word(name), footer, justify="right")
    for one in mine:
        table.add_row(
            _tier(one.tier, words),
            str(one.customers),
            money(one.open_amount),
            f"{one.open_amount / exposed:.0%}" if exposed else "",
            money(one.overdue_amount),
            money(one.limits),
        )
    return table


def _tier(tier: str, words: Wording) -> str:
    colour = _TIER_COLOURS.get(tier, "white")
    return f"[{colour}]{words.word(f'tier_{tier}')}[/{colour}]"


def worst_table(
    worst: Sequence[Standing],
    names: Mapping[str, str],
    why: Mapping[str, str],
    words: Wording,
) -> Table:
    """The worst customers: grade, score, tier, limit, what is overdue, and why."""
    table = Table(title=words.word("worst"), title_justify="left", show_lines=True)
    table.add_column(words.word("customer"), ratio=1)
    for name in ("grade", "ews"):
        table.add_column(words.word(name), justify="right")
    table.add_column(words.word("tier"))
    table.add_column(words.word("exposure"), justify="right", no_wrap=True)
    for one in worst:
        customer = one.customer
        named = (
            f"[bold]{escape(names.get(one.customer_id, ''))}[/bold] [dim]{one.customer_id}[/dim]"
        )
        table.add_row(
            f"{named}\n{escape(why.get(one.customer_id, ''))}",
            customer.grade or "?",
            "?" if customer.ews is None else f"{customer.ews:.0f}",
            _tier(customer.tier, words),
            _owed(one, words),
        )
    return table


def _owed(one: Standing, words: Wording) -> str:
    """What is owed, how much of it late, and the limit, one below the other."""
    owed, limit = one.receivables, one.customer.credit_limit
    return "\n".join(
        (
            f"{money(owed.open_amount)} {owed.currency}",
            f"{words.word('overdue')} {money(owed.overdue_amount)}",
            f"{words.word('days_late')} {owed.max_days_past_due}",
            f"{words.word('limit')} {money(limit.amount) if limit else '?'}",
        )
    )


def reasons_of(warnings: Sequence[OpenWarning], rating: RatingAnswer | None, words: Wording) -> str:
    """Why a customer is where it is: its gravest warnings, then what costs it its grade."""
    gravity = {"red": 0, "amber": 1, "watch": 2}
    gravest = sorted(warnings, key=lambda one: (gravity.get(one.severity, 3), one.raised_on))
    said = [
        f"{one.severity}: {words.warning(one.indicator, one.value, one.threshold)}"
        for one in gravest[:_MOST_REASONS]
    ]
    if rating is not None:
        known = (words.reason(one.code, one.value, one.threshold) for one in rating.reasons)
        graded = ", ".join(list(dict.fromkeys(known))[:_MOST_REASONS])
        said.append(f"{rating.grade}: {graded}")
    return "\n".join(said)


def failure_table(verdict: Verdict, words: Wording) -> Table:
    """The true failures by how they showed: how many were warned of, and how long before."""
    table = Table(title=words.word("failures"), title_justify="left", show_footer=True)
    table.add_column(words.word("story"), words.word("total"))
    table.add_column(words.word("failed"), str(len(verdict.failures)), justify="right")
    table.add_column(words.word("warned"), str(len(verdict.warned)), justify="right")
    table.add_column(words.word("median_lead"), _days(verdict.median_lead), justify="right")
    for story, failures in verdict.by_story().items():
        part = Verdict(failures, {}, 0, 0)
        table.add_row(
            words.story(story),
            str(len(failures)),
            str(len(part.warned)),
            _days(part.median_lead),
        )
    return table


def _days(days: float | None) -> str:
    return "-" if days is None else f"{days:.0f}"


def failure_sentences(verdict: Verdict, words: Wording) -> list[str]:
    """The verdict in sentences: recall, precision, false alarms, what is still to come."""
    stories = ", ".join(
        f"{count} {words.story(story)}" for story, count in verdict.false_alarms.items()
    )
    sentences = [
        words.sentence(
            "warned_in_time",
            warned=len(verdict.warned),
            failures=len(verdict.failures),
            recall=_share(verdict.recall),
            lead=_days(verdict.median_lead),
        ),
        words.sentence(
            "false_alarms",
            alarms=verdict.alarms,
            precision=_share(verdict.precision),
            false=sum(verdict.false_alarms.values()),
            stories=stories or "-",
        ),
    ]
    if verdict.still_to_fail:
        sentences.append(
            words.sentence(
                "still_to_fail",
                coming=verdict.still_to_fail,
                warned=verdict.still_to_fail_warned,
            )
        )
    return sentences


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def risk_table(customers: Sequence[Standing], verdict: Verdict | None, words: Wording) -> Table:
    """Money at risk in the main currency: all, overdue, with high-risk customers, with failed ones."""
    currencies = [one.receivables.currency for one in customers]
    main = max(set(currencies), key=currencies.count) if currencies else "EUR"
    mine = [one for one in customers if one.receivables.currency == main]
    failed = {one.truth.customer_id for one in verdict.failures} if verdict else set()
    parts: dict[str, list[Standing]] = {
        "risk_all": mine,
        "risk_high": [one for one in mine if one.customer.tier == "high"],
        "risk_over": [one for one in mine if _over(one)],
        "risk_failed": [one for one in mine if one.customer_id in failed],
    }
    table = Table(title=words.word("at_risk"), title_justify="left")
    table.add_column("")
    for name in ("customers", "exposure", "overdue"):
        table.add_column(words.word(name), justify="right")
    for name, members in parts.items():
        table.add_row(
            words.word(name, main),
            str(len(members)),
            money(sum((one.receivables.open_amount for one in members), Decimal(0))),
            money(sum((one.receivables.overdue_amount for one in members), Decimal(0))),
        )
    return table


def _over(one: Standing) -> bool:
    limit = one.customer.credit_limit
    return limit is not None and one.receivables.open_amount > limit.amount
