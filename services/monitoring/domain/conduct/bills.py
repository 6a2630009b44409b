"""Bills of exchange that customers pay with: T14 (domain.md §4.1)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from services.monitoring.domain.conduct.tally import Noted
from services.monitoring.domain.streaming.averages import Welford
from shared.kernel.values import quick, replace

LAPSES_KEPT = 10
COMMERCIAL = "commercial"
SWITCHED, LONGER = "switched_to_commercial", "longer_tenor"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class WorseBill:
    """A bill that is worse than what was usual: why, its tenor, and the usual one (None: no bills).

    One told as a payment says no tenor, and is named by the payment.
    """

    on: date
    bill_id: str
    why: str
    tenor: int | None
    usual_tenor: float | None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Bills:
    """What a customer's bills say: their usual tenor in days, what came worse, what lapsed.

    `lapses` are bills not paid in time, by their due dates, or dishonoured, by that day.
    """

    tenor: Welford = field(default_factory=Welford)
    worse: WorseBill | None = None
    lapses: tuple[Noted, ...] = ()

    def received(self, bill: Noted, tenor: int, *, switched: bool, longer_by: float) -> "Bills":
        """The state after a bill came; `switched` where commercial ones are new."""
        usual = self.tenor.mean if self.tenor.seen else None
        longer = usual is not None and tenor >= usual + longer_by
        learned = self if longer else replace(self, tenor=self.tenor.after(tenor))
        if not switched and not longer:
            return learned
        worse = self._worse(bill, SWITCHED if switched else LONGER, tenor)
        return replace(learned, worse=worse)

    def switched(self, bill: Noted) -> "Bills":
        """The state after a commercial bill that was told as a payment, where such are new."""
        return replace(self, worse=self._worse(bill, SWITCHED, None))

    def lapsed(self, bills: Iterable[Noted]) -> "Bills":
        """The state with bills that were not paid in time; each lapses once."""
        known = {each.document for each in self.lapses}
        new = [each for each in bills if each.document not in known]
        return replace(self, lapses=(*self.lapses, *new)[-LAPSES_KEPT:]) if new else self

    def _worse(self, bill: Noted, why: str, tenor: int | None) -> WorseBill:
        usual = self.tenor.mean if self.tenor.seen else None
        return WorseBill(on=bill.on, bill_id=bill.document, why=why, tenor=tenor, usual_tenor=usual)
