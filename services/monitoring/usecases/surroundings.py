"""What is around a customer in a replay: its sector and country as they were then, and its group."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date

from services.monitoring.domain.indicator_facts.industry import Reading
from services.monitoring.domain.learning.links import Kin, Links
from services.monitoring.domain.learning.past import Past, Surroundings, Told
from services.monitoring.domain.outside.industry_standing import (
    IndexKey,
    Sectors,
    SectorTotal,
    note_reading,
)
from services.monitoring.storage.sectors import MONTHS_KEPT
from services.monitoring.usecases.sign_reading import index_of
from shared.contracts import catalogue
from shared.kernel.dates import add_months, previous_day
from shared.kernel.errors import ObligorError


def gathered(told: Iterable[Told], months: Mapping[tuple[str, date], SectorTotal]) -> Surroundings:
    """The broadcasts by the index that each is about; what nobody reads is left out."""
    by_index: dict[IndexKey, list[Told]] = {}
    for each in told:
        found = _read(each)
        if found is not None:
            by_index.setdefault(found[0], []).append(each)
    return Surroundings(
        broadcasts={key: tuple(listed) for key, listed in by_index.items()}, months=months
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What customers are replayed before, and which of them are counted (None: all)."""

    around: Surroundings = field(default_factory=Surroundings)
    kin: Kin = field(default_factory=Kin)
    counted: AbstractSet[str] | None = None

    def placed(self, pasts: Sequence[Past]) -> list[Past]:
        """The pasts with what is stored around each; customers of one place or group share it.

        Those that hang together have to be among them.
        """
        places = {(each.standing.industry, each.standing.country) for each in pasts}
        known = {place: self.around.of(*place) for place in places}
        links = self._links(pasts)
        return [
            replace(
                each,
                around=known[each.standing.industry, each.standing.country],
                links=links.get(each.customer_id, each.links),
                crowded=each.customer_id in self.kin.crowded,
                counted=self.counted is None or each.customer_id in self.counted,
            )
            for each in pasts
        ]

    def _links(self, pasts: Sequence[Past]) -> dict[str, Links]:
        """By customer those that it hangs together with, and when all that began."""
        days = {each.customer_id: min(each.own_days(), default=None) for each in pasts}
        found: dict[str, Links] = {}
        for name in days:
            links = self.kin.together.get(name)
            if links is not None and name not in found:
                known = (days.get(other) for other in links.since)
                begins = min((each for each in known if each is not None), default=None)
                found |= dict.fromkeys(links.since, replace(links, begins=begins))
        return found


def heard_from(past: Past, through: date) -> tuple[Sectors, list[Told]]:
    """What was known of the customer's place before it was there, and what was told since, in order.

    It is there once it is registered, or anything is told of it. Our own months are those that
    were lived, under whatever policy: how late customers pay does not hang on it.
    """
    registered = set() if past.since is None else {past.since}
    there = min(past.own_days() | registered, default=date.max)
    told = [each for listed in past.around.broadcasts.values() for each in listed]
    sectors = Sectors(complete_on=date.max)
    for found in (_read(each) for each in told if each.on < there):
        if found is not None:
            note_reading(sectors.indices, *found)
    return sectors, [each for each in told if there <= each.on <= through]


def know_months(sectors: Sectors, around: Surroundings, day: date) -> None:
    """Have the sector's months of the last three years known that ended before a day.

    What the customer itself adds to them at a month's end is among them already.
    """
    last = previous_day(day.replace(day=1))
    after = add_months(last, -MONTHS_KEPT)
    sectors.mine.clear()
    sectors.added_up.clear()
    sectors.seen.clear()
    sectors.others = {key: each for key, each in around.months.items() if after < key[1] <= last}


def _read(told: Told) -> tuple[IndexKey, Reading] | None:
    event = catalogue.decode(told.kind, told.payload)
    try:
        return None if event is None else index_of(event)
    except ObligorError:
        return None
