"""The words tiering decides in: tiers, warning bands, exposure classes, and what came of an order."""

from enum import StrEnum


class Tier(StrEnum):
    """On what terms we deal with a customer (domain.md §5): low, medium or high risk."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """0 for the best tier, 2 for the worst."""
        return _TIERS.index(self)

    def is_worse_than(self, other: "Tier") -> bool:
        """Whether this tier means more risk than the other."""
        return self.rank > other.rank

    def one_step_better(self) -> "Tier":
        """The next better tier; low stays low."""
        return _TIERS[max(0, self.rank - 1)]


_TIERS = (Tier.LOW, Tier.MEDIUM, Tier.HIGH)


class Band(StrEnum):
    """Monitoring's early-warning band (domain.md §4.3)."""

    GREEN = "green"
    YELLOW = "yellow"
    AMBER = "amber"
    RED = "red"


class Confidence(StrEnum):
    """How much evidence stands behind a grade (domain.md §3.7)."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class ExposureClass(StrEnum):
    """How large one customer is among our receivables (domain.md §5.1): small, usual, large."""

    E1 = "E1"
    E2 = "E2"
    E3 = "E3"


class BindingCap(StrEnum):
    """What held the credit limit down (domain.md §3.11)."""

    NEED = "need"
    CAPACITY = "capacity"
    EXPECTED_LOSS = "expected_loss"
    CONCENTRATION = "concentration"
    TIER = "tier"
    GRADE = "grade"
    VERDICT = "verdict"
    NO_EVIDENCE = "no_evidence"


class Lifecycle(StrEnum):
    """Where a customer stands with us as a whole, as far as an order is concerned."""

    ACTIVE = "active"
    RECOVERY = "recovery"
    BLOCKED = "blocked"
    EXITED = "exited"


class Action(StrEnum):
    """What an order's credit check answers (domain.md §5.5), mildest first.

    Only `release` and `partial` let goods go, so they yield to every other finding.
    """

    RELEASE = "release"
    PARTIAL = "partial"
    REPRICE = "reprice"
    PREPAY = "prepay"
    HOLD = "hold"
    REJECT = "reject"

    @property
    def severity(self) -> int:
        """0 for release, 5 for reject."""
        return _ACTIONS.index(self)


_ACTIONS = tuple(Action)
