"""What a formula gives: a value, and the evidence behind it for whoever asks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a credit manager can check by hand: figures by name, the documents, the window."""

    figures: dict[str, float | str | None] = field(default_factory=dict)
    documents: tuple[str, ...] = ()
    window: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """A value in the indicator's unit, None if unknown.

    `on` is the day the figure is about if that is not the day asked for. `explain` gives the
    evidence, which is only put together for the few values that somebody will look at.
    """

    value: float | None
    explain: Callable[[], Evidence] = Evidence
    on: date | None = None
    confidence: float = 1.0


UNKNOWN = Measurement(value=None)
