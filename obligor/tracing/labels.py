"""One line for each link of a chain."""

from collections.abc import Mapping
from types import MappingProxyType

from rich.markup import escape
from rich.tree import Tree

from obligor.tracing.chain import Chain, Link, LinkKind
from obligor.wording import Figure, Wording
from shared.kernel.money import Money

_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "screening": "cyan",
        "rating": "yellow",
        "monitoring": "magenta",
        "tiering": "blue",
        "recovery": "green",
    }
)
_SAID: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "behaviour_reported": ("occasion",),
        "grade_assigned": ("previous_grade", "grade", "confidence", "trigger"),
        "grade_affirmed": ("grade", "confidence", "trigger"),
        "tier_assigned": ("previous_tier", "tier", "grade", "band"),
        "credit_limit_set": ("previous_amount", "amount", "currency", "binding_cap"),
        "case_opened": ("case_id", "cause", "amount", "currency", "next_action", "next_action_on"),
        "dunning_step_taken": ("step", "days_past_due", "amount", "currency"),
        "case_closed": ("case_id", "outcome"),
        "default_flagged": ("days_past_due", "cause"),
        "invoice.issued": ("invoice_id", "amount", "currency", "due_date"),
        "payment.received": ("payment_id", "amount", "currency"),
    }
)
_DECIDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "screening": ("outcome", "points"),
        "warning": ("severity", "transition", "status"),
        "rating": ("grade", "model_grade", "confidence"),
        "tier": ("tier", "matrix_tier", "payment_terms_days"),
        "credit_limit": ("amount", "binding_cap"),
        "case": ("verdict", "state"),
        "dunning": ("step", "next_action", "next_action_on"),
    }
)
_WARNINGS = frozenset({"warning_raised", "warning_escalated", "warning_resolved"})
_MOST_FIELDS = 5
_MOST_REASONS = 4


def tree_of(chain: Chain, wording: Wording) -> Tree:
    """A chain as a tree to print."""
    tree = Tree(f"[bold]{escape(chain.title)}[/bold]")
    _grow(tree, chain.begins, wording)
    return tree


def _grow(tree: Tree, links: list[Link], wording: Wording) -> None:
    for link in links:
        _grow(tree.add(label(link, wording)), link.follows, wording)


def label(link: Link, wording: Wording) -> str:
    """What a link says, in one line of markup."""
    colour = _COLOURS.get(link.service, "white")
    day = f"[dim]{link.day}[/dim] " if link.day else ""
    return f"{day}[{colour}]{link.service}[/{colour}] {_sentence(link, wording)}"


def _sentence(link: Link, wording: Wording) -> str:
    if link.kind is LinkKind.EVENT:
        return _event(link, wording)
    unchanged = " [dim](unchanged)[/dim]" if link.kind is LinkKind.UNCHANGED else ""
    reasons = _reasons(link.says, wording)
    why = f": {reasons}" if reasons else ""
    outcome = _fields(link.says, _DECIDED.get(link.name, tuple(link.says)))
    return (
        f"decided [bold]{escape(link.name)}[/bold]{unchanged} {outcome}{escape(why)}"
        f" [dim]{link.decision_id}[/dim]"
    )


def _event(link: Link, wording: Wording) -> str:
    name = _short(link.name)
    if name in _WARNINGS:
        sentence = wording.warning(
            str(link.says.get("indicator")),
            _figure(link.says.get("value")),
            _figure(link.says.get("threshold")),
        )
        severity = link.says.get("severity")
        return f"[bold]{name}[/bold] {link.says.get('indicator')} {severity}: {escape(sentence)}"
    shown = _SAID.get(name, tuple(link.says))
    return f"[bold]{escape(name)}[/bold] {_fields(link.says, shown)}"


def _short(event_type: str) -> str:
    """`rating.grade_assigned.v1` as `grade_assigned`; upstream types as they are."""
    parts = event_type.split(".")
    return parts[1] if len(parts) == len(("service", "name", "version")) else event_type


def _fields(says: dict[str, object], wanted: tuple[str, ...]) -> str:
    values = ((name, _value(says.get(name))) for name in wanted if name != "customer_id")
    shown = [f"{name}={value}" for name, value in values if value is not None]
    return escape(" ".join(shown[:_MOST_FIELDS]))


def _value(value: object) -> str | None:
    """What fits in a line: scalars and money."""
    match value:
        case {"minor": int(minor), "currency": str(currency)}:
            return Money(minor, currency).shown()
        case str() | int() | float():
            return str(value)
        case _:
            return None


def _reasons(says: dict[str, object], wording: Wording) -> str:
    reasons = says.get("reasons")
    if not isinstance(reasons, list):
        return ""
    sentences = [
        wording.reason(
            str(one.get("code")), _figure(one.get("value")), _figure(one.get("threshold"))
        )
        for one in reasons[:_MOST_REASONS]
        if isinstance(one, dict)
    ]
    return "; ".join(sentences)


def _figure(figure: object) -> Figure:
    return (
        figure
        if isinstance(figure, str | float)
        else float(figure)
        if isinstance(figure, int)
        else None
    )
