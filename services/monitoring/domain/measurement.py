"""What a formula gives: a value, and the evidence behind it for whoever asks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from services.monitoring.domain.policies.warnings import Severity
from shared.kernel.values import quick


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a credit manager can check by hand: figures by name, the documents, the window."""

    figures: dict[str, float | str | None] = field(default_factory=dict)
    documents: tuple[str, ...] = ()
    window: str | None = None

    def __post_init__(self) -> None:
        """Counts become floats here, as they come back from storage: 8 and 8.0 are one figure."""
        plain = {k: v if isinstance(v, str | None) else float(v) for k, v in self.figures.items()}
        object.__setattr__(self, "figures", plain)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """A value in the indicator's unit, None if unknown.

    A value that does not meet what its indicator requires has `counts` False: it raises nothing,
    yet it is what an open warning must come down to. `at_least` is a severity that holds whatever
    the value is (equity below zero is red by itself). `on` is the day the figure is about if that is
    not the day asked for. `explain` gives the evidence, which is only put together for the few
    values that somebody will look at.
    """

    value: float | None
    counts: bool = True
    at_least: Severity | None = None
    explain: Callable[[], Evidence] = Evidence
    on: date | None = None
    confidence: float = 1.0


UNKNOWN = Measurement(value=None)
