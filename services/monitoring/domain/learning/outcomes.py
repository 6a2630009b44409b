"""What became of a customer, as far as warnings are judged by it: failures, and their end."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.kernel.money import Money


class OutcomeKind(StrEnum):
    """What happened; all but a cure are failures."""

    DEFAULT = "default"
    LONG_OVERDUE = "long_overdue"
    WRITE_OFF = "write_off"
    CURE = "cure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What happened to a customer on a day, and what was at stake by currency."""

    customer_id: str
    kind: OutcomeKind
    on: date
    exposure: tuple[Money, ...] = ()
