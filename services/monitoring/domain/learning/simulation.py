"""What a policy would have said, customer by customer, held against what happened then."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median

from services.monitoring.domain.policies.warnings import Severity
from services.monitoring.domain.receivables.account import Account

LATE_DAYS = 15
"""An invoice that ends more days late than this should have been warned of."""
GRACE_DAYS = 3
"""By so many days after its due date."""
LISTED = 20
DAYS_A_MONTH = 365.2425 / 12
_BANDS = ("green", "yellow", "amber", "red")


@dataclass(slots=True, kw_only=True)
class Spells:
    """When a warning stood open on a customer, from the days on which that changed."""

    changes: list[tuple[date, bool]] = field(default_factory=list)

    def note(self, day: date, *, is_open: bool) -> None:
        """Remember how it stands after something on a day."""
        if not self.changes or self.changes[-1][1] is not is_open:
            self.changes.append((day, is_open))

    def stood(self, day: date) -> bool:
        """Whether one stood open at the end of a day."""
        known = [is_open for on, is_open in self.changes if on <= day]
        return bool(known) and known[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The composite score of a customer at a month's end, and its band."""

    ews: float
    band: str


@dataclass(slots=True, kw_only=True)
class Run:
    """What one policy said of one customer.

    `raised` counts warnings by indicator and the severity they came to; `speaking` holds since when
    the open ones have been amber or worse, by id; `leads` are, for each default, the days since the
    longest of them (None: there was none); `scores` are those of the months' ends.
    """

    raised: Counter[tuple[str, str]] = field(default_factory=Counter)
    speaking: dict[str, date] = field(default_factory=dict)
    leads: list[int | None] = field(default_factory=list)
    spells: Spells = field(default_factory=Spells)
    scores: dict[date, Score] = field(default_factory=dict)
    days: int = 0

    def alert(self, indicator: str, severity: str, previous: str | None) -> None:
        """Count a warning that came, or got worse."""
        if previous is None or Severity(severity).rank > Severity(previous).rank:
            self.raised[indicator, severity] += 1

    def speak(self, warning_id: str, severity: str, day: date) -> None:
        """Note how grave an open warning is from a day on."""
        if Severity(severity).rank >= Severity.AMBER.rank:
            self.speaking.setdefault(warning_id, day)
        else:
            self.speaking.pop(warning_id, None)

    def default(self, day: date) -> None:
        """Note a default, and how long it had been warned of."""
        since = min(self.speaking.values(), default=None)
        self.leads.append(None if since is None else (day - since).days)


@dataclass(slots=True, kw_only=True)
class PolicyTally:
    """What one policy said of many customers. Amounts in minor units, by currency."""

    customers: int = 0
    months: float = 0.0
    raised: Counter[tuple[str, str]] = field(default_factory=Counter)
    late: int = 0
    late_warned: int = 0
    late_amount: Counter[str] = field(default_factory=Counter)
    warned_amount: Counter[str] = field(default_factory=Counter)
    defaults: int = 0
    leads: list[int] = field(default_factory=list)

    def add(self, run: Run, account: Account, *, since: date, through: date) -> None:
        """Take one customer in: what was said, and the invoices that came due in the time."""
        self.customers += 1
        self.months += run.days / DAYS_A_MONTH
        self.raised += run.raised
        self.defaults += len(run.leads)
        self.leads += [each for each in run.leads if each is not None]
        for receivable in (*account.receivables.values(), *account.closed.values()):
            ended = receivable.paid_on or receivable.settled_on or through
            late = not receivable.cancelled and (ended - receivable.due_date).days > LATE_DAYS
            if not late or not since <= receivable.due_date <= through:
                continue
            warned = run.spells.stood(receivable.due_date + timedelta(days=GRACE_DAYS))
            self.late += 1
            self.late_amount[receivable.currency] += receivable.amount
            self.late_warned += warned
            if warned:
                self.warned_amount[receivable.currency] += receivable.amount

    def merge(self, other: "PolicyTally") -> None:
        """Take the customers of another tally in."""
        self.customers += other.customers
        self.months += other.months
        self.raised += other.raised
        self.late += other.late
        self.late_warned += other.late_warned
        self.late_amount += other.late_amount
        self.warned_amount += other.warned_amount
        self.defaults += other.defaults
        self.leads += other.leads

    @property
    def alerts_per_month(self) -> float | None:
        """Warnings that came or got worse, per customer and month."""
        return sum(self.raised.values()) / self.months if self.months else None

    @property
    def late_share(self) -> float | None:
        """Of the invoices that ended late, the share that had been warned of; None without any."""
        return self.late_warned / self.late if self.late else None

    @property
    def median_lead(self) -> float | None:
        """The median days from an amber warning that stood to the default; of those warned of."""
        return median(self.leads) if self.leads else None


@dataclass(frozen=True, slots=True, kw_only=True)
class BandChange:
    """A customer whose band is another one under the new policy.

    `months` is at how many month ends, `steps` by how many bands in all; `ews` the largest shift of the
    score there (above 0: worse under the new one); the bands are the last ones.
    """

    customer_id: str
    months: int
    steps: int
    ews: float
    band: str | None
    new_band: str | None


def band_change(customer_id: str, now: Run, then: Run) -> BandChange | None:
    """How a customer's bands differ between two policies; None if they do not."""
    pairs = _pairs(now.scores, then.scores)
    steps = [abs(_BANDS.index(a.band) - _BANDS.index(b.band)) for a, b in pairs]
    if not any(steps):
        return None
    shifts = [b.ews - a.ews for a, b in pairs]
    last = pairs[-1]
    return BandChange(
        customer_id=customer_id,
        months=sum(bool(each) for each in steps),
        steps=sum(steps),
        ews=max(shifts, key=abs),
        band=last[0].band,
        new_band=last[1].band,
    )


def _pairs(now: Mapping[date, Score], then: Mapping[date, Score]) -> list[tuple[Score, Score]]:
    return [(now[day], then[day]) for day in sorted(now.keys() & then.keys())]


@dataclass(slots=True, kw_only=True)
class Comparison:
    """Two policies side by side over the same history.

    `changes` are the customers that change most; `crowded` counts those that hang together with too many
    others for them to be heard of.
    """

    current: PolicyTally = field(default_factory=PolicyTally)
    proposed: PolicyTally = field(default_factory=PolicyTally)
    changed: int = 0
    changes: list[BandChange] = field(default_factory=list)
    crowded: int = 0

    def note(self, change: BandChange | None) -> None:
        """Remember a customer that changes band."""
        if change is not None:
            self.changed += 1
            self._keep([change])

    def merge(self, other: "Comparison") -> None:
        """Take the customers of another comparison in."""
        self.current.merge(other.current)
        self.proposed.merge(other.proposed)
        self.changed += other.changed
        self.crowded += other.crowded
        self._keep(other.changes)

    def _keep(self, more: Iterable[BandChange]) -> None:
        ranked = sorted(
            [*self.changes, *more], key=lambda each: (-each.steps, -abs(each.ews), each.customer_id)
        )
        self.changes = ranked[:LISTED]
