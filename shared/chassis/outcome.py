"""What a batch did, as the transport, the metrics and the worker hear of it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from shared.bus.port import Place
from shared.log.checkpoints import Checkpoint


@dataclass(slots=True)
class Outcome:
    """What a batch did, for the transport and the metrics; true once its transaction committed.

    `in_close` says that it ended in the middle of a day's close: there is more to do at once.
    `cut_short` says that its second was over, or its one day closed, before it was through.
    """

    records: Counter[str] = field(default_factory=Counter)
    oldest: dict[str, datetime] = field(default_factory=dict)
    moved: dict[str, Checkpoint] = field(default_factory=dict)
    appended: set[Place] = field(default_factory=set)
    skipped: Counter[tuple[str, str]] = field(default_factory=Counter)
    parked: Counter[str] = field(default_factory=Counter)
    decided: Counter[str] = field(default_factory=Counter)
    answered: list[str] = field(default_factory=list)
    closed: list[date] = field(default_factory=list)
    offered: Counter[str] = field(default_factory=Counter)
    in_close: bool = False
    cut_short: bool = False

    @property
    def positions(self) -> dict[str, int]:
        """Where the transport resumes, by topic, as far as the batch moved."""
        return {topic: each.position for topic, each in self.moved.items()}
