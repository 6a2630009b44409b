"""What is kept of a customer's conduct between batches: with the watch, so small and bounded."""

from dataclasses import dataclass, field

from services.monitoring.domain.conduct.bills import Bills
from services.monitoring.domain.conduct.discounts import Discounts
from services.monitoring.domain.conduct.payers import Accounts, Methods
from services.monitoring.domain.conduct.tally import Noted, Tally
from services.monitoring.domain.conduct.trends import Swing, Trend
from services.monitoring.domain.conduct.usage import Usage
from services.monitoring.domain.streaming.seasons import Rhythm, Seasons

CLAIMS_KEPT = 40


@dataclass(slots=True, kw_only=True)
class Conduct:
    """What a customer does beside owing; changes in place, its parts are frozen.

    Parts are None until something of their kind has happened. `claims` are the minor units kept back of
    an invoice with a reason given, by invoice. `bill_listing` is the entry in the published list of
    acceptors persistently overdue, while there is one. `trends`, `swings`, `seasons` and `usage` are by currency.
    """

    tallies: dict[str, Tally] = field(default_factory=dict)
    rhythm: Rhythm | None = None
    methods: Methods | None = None
    accounts: Accounts | None = None
    discounts: Discounts | None = None
    bills: Bills | None = None
    bill_listing: Noted | None = None
    claims: dict[str, int] = field(default_factory=dict)
    trends: dict[str, Trend] = field(default_factory=dict)
    swings: dict[str, Swing] = field(default_factory=dict)
    seasons: dict[str, Seasons] = field(default_factory=dict)
    usage: dict[str, Usage] = field(default_factory=dict)
