"""Why a decision came out as it did: a stable code with its figures; sentences live in a catalogue."""

from dataclasses import dataclass

from shared.kernel.values import quick


@quick
@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a decision.

    `value` and `threshold` are the figures that met; `contribution` is the share of the outcome it
    explains (points, log-odds), where the model has one. None means "does not apply", never zero.
    """

    code: str
    value: float | str | None = None
    threshold: float | str | None = None
    contribution: float | None = None
