"""What a customer's orders and payments come to, kept up so that nobody has to add up documents."""

from datetime import date
from typing import NamedTuple


class Outstanding(NamedTuple):
    """The sums of one currency, in minor units; `orders` counts those that are open.

    `ahead` is the part of `open_orders` that was placed long before its planned delivery, by that day.
    """

    open_orders: int = 0
    orders: int = 0
    uninvoiced: int = 0
    unapplied: int = 0
    ahead: tuple[tuple[date, int], ...] = ()

    def with_order(
        self, owed: int, uninvoiced: int, *, ahead: date | None = None, sign: int = 1
    ) -> "Outstanding":
        """The sums with an order's open amount and what of it waits for an invoice (`sign` -1: without)."""
        return self._replace(
            ahead=_moved(self.ahead, ahead, sign * owed) if ahead and owed else self.ahead,
            open_orders=self.open_orders + sign * owed,
            orders=self.orders + sign * bool(owed),
            uninvoiced=self.uninvoiced + sign * uninvoiced,
        )

    def planned_after(self, day: date) -> int:
        """What of the open orders is to be delivered after a day."""
        return sum([amount for planned, amount in self.ahead if planned > day])


def _moved(
    ahead: tuple[tuple[date, int], ...], day: date, more: int
) -> tuple[tuple[date, int], ...]:
    """The amounts by day with more on one of them; what was never counted there is not taken off."""
    amounts = dict(ahead)
    amounts[day] = max(0, amounts.get(day, 0) + more)
    return tuple(sorted(each for each in amounts.items() if each[1]))
