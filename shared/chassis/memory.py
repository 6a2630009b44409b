"""What a worker remembers of a partition between two batches, so as not to read it again."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from shared.log.checkpoints import Checkpoint

REMEMBER_AT_MOST = 2500


class Memory:
    """Aggregates by customer as the last batch left them; those used longest ago go first.

    True only while the partition's version is the one in `version`, which is what this worker's own
    last batch made it: a worker drops the whole memory when a batch fails, or its end is unknown.
    `checkpoints` are the partition's, `whole` is what the service remembers of the partition beside its
    customers (None: nothing yet).
    """

    def __init__(
        self,
        version: int = -1,
        *,
        checkpoints: Mapping[str, Checkpoint] = MappingProxyType({}),
        at_most: int = REMEMBER_AT_MOST,
    ) -> None:
        self.version = version
        self.checkpoints = dict(checkpoints)
        self.whole: object | None = None
        self._at_most = at_most
        self._kept: OrderedDict[str, object] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def advance(self, moved: Mapping[str, Checkpoint]) -> None:
        """What was kept is of the version after a batch, which moved checkpoints and has committed."""
        self.version += 1
        self.checkpoints.update(moved)

    def recall(self, customer_id: str) -> object | None:
        """What was kept of a customer; it must be kept again, or it is gone."""
        return self._kept.pop(customer_id, None)

    def keep(self, aggregates: Iterable[tuple[str, object]]) -> None:
        """Keep customers' aggregates, as they will be once the batch is committed."""
        for customer_id, aggregate in aggregates:
            self._kept.pop(customer_id, None)
            self._kept[customer_id] = aggregate
        while len(self._kept) > self._at_most:
            self._kept.popitem(last=False)
