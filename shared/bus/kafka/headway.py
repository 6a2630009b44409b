"""The watchdog's memory: since when something has not worked, and why."""

import time
from collections.abc import Callable

STUCK_AFTER_SECONDS = 60.0


class Headway:
    """Remembers how long a part of the transport has made no headway.

    A short failure is nobody's business: the transport tries again by itself. One that lasts
    `patience` seconds is for health checks and people to see.
    """

    def __init__(
        self,
        patience: float = STUCK_AFTER_SECONDS,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._patience = patience
        self._clock = clock
        self._missed_since: float | None = None
        self._why = ""

    def made(self) -> None:
        """It works."""
        self._missed_since = None

    def missed(self, why: str) -> None:
        """It did not work this time; the first miss in a row starts the clock."""
        if self._missed_since is None:
            self._missed_since = self._clock()
        self._why = why

    @property
    def missing_for(self) -> float:
        """Seconds without headway."""
        return 0.0 if self._missed_since is None else self._clock() - self._missed_since

    def stuck(self) -> str | None:
        """Why there is no headway, once it has lasted; None before."""
        if self._missed_since is None or self.missing_for < self._patience:
            return None
        return f"{self._why} (for {self.missing_for:.0f} s)"
