"""The policy of financial statements: which of them counts, for how long, and what cannot be true."""

from dataclasses import dataclass
from enum import StrEnum

from shared.kernel.errors import InvalidInputError
from shared.kernel.maths import probability


class Basis(StrEnum):
    """Who stands behind a statement."""

    AUDITED = "audited"
    REVIEWED = "reviewed"
    UNAUDITED = "unaudited"
    MANAGEMENT = "management"
    TAX = "tax"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementPolicy:
    """How statements are read (domain.md §1.4, §3.7).

    `quality` of a basis, 0 to 1: of two statements of one period the better one counts, and its signs
    with that confidence. `kept_annual` and `kept_interim` periods are kept. From `stale_after_months`
    after its period a statement says nothing any more. `year_before_months` is how far back the
    period a year before may lie. `integrity_tolerance` is the most that TA may differ from TL + TE,
    as a share of TA; `unit_error_factor` the factor of total assets from one statement to the next
    that only a wrong unit explains. Debt below `no_debt_share` of total assets is as good as none.
    `not_scored_industries` are those for which Z″ means nothing: beginnings of a scheme, and of the
    digits of its codes.
    """

    quality: dict[Basis, float]
    kept_annual: int
    kept_interim: int
    stale_after_months: float
    year_before_months: tuple[float, float]
    integrity_tolerance: float
    unit_error_factor: float
    no_debt_share: float
    not_scored_industries: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, share in self.quality.items():
            probability(share, field=f"statements.quality.{name}")
        if set(self.quality) != set(Basis):
            rule = "must name every basis"
            raise InvalidInputError(
                field="statements.quality", value=sorted(self.quality), rule=rule
            )
        probability(self.integrity_tolerance, field="statements.integrity_tolerance")
        probability(self.no_debt_share, field="statements.no_debt_share")
        self._check_sizes()

    def _check_sizes(self) -> None:
        shortest, longest = self.year_before_months
        for name, fits in (
            ("kept_annual", self.kept_annual >= 3),  # noqa: PLR2004  # a year, the one before, and its average
            ("kept_interim", self.kept_interim >= 1),
            ("stale_after_months", self.stale_after_months > 0),
            ("year_before_months", 0 < shortest <= longest),
            ("unit_error_factor", self.unit_error_factor > 1),
        ):
            if not fits:
                rule = "is too small, or not in order"
                raise InvalidInputError(field=f"statements.{name}", value=name, rule=rule)
