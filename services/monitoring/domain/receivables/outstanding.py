"""What a customer's orders and payments come to, kept up so that nobody has to add up documents."""

from typing import NamedTuple


class Outstanding(NamedTuple):
    """The sums of one currency, in minor units; `orders` counts those that are open."""

    open_orders: int = 0
    orders: int = 0
    uninvoiced: int = 0
    unapplied: int = 0

    def with_order(self, owed: int, uninvoiced: int, *, sign: int = 1) -> "Outstanding":
        """The sums with an order's open amount and what of it waits for an invoice (`sign` -1: without)."""
        return self._replace(
            open_orders=self.open_orders + sign * owed,
            orders=self.orders + sign * bool(owed),
            uninvoiced=self.uninvoiced + sign * uninvoiced,
        )
