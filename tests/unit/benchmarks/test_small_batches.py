"""What small batches cost is told as medians of the rounds, beside the floor's."""

from itertools import islice

import pytest

from benchmarks.small_batches import CUSTOMERS, Row, beside, orders_at
from services.monitoring.handlers import SERVICE
from shared.testing.workers import bench


def a_row(name: str, cpu: float, ms: float) -> Row:
    return {"name": name, "cpu": cpu, "ms": ms}


def test_medians_stand_beside_those_of_the_floor() -> None:
    rounds = [
        (a_row("floor", 1.0, 2.0), a_row("product", 5.0, 9.0)),
        (a_row("floor", 9.0, 9.0), a_row("product", 8.0, 8.0)),
        (a_row("floor", 2.0, 4.0), a_row("product", 6.0, 20.0)),
    ]
    floor, product = beside(rounds)
    assert (floor["CPU ms"], floor["x floor, CPU"], floor["x floor, ms"]) == (2.0, 1.0, 1.0)
    assert (product["CPU ms"], product["ms"]) == (6.0, 9.0)
    assert product["x floor, CPU"] == pytest.approx(3.0)
    assert product["x floor, ms"] == pytest.approx(2.25)


async def test_orders_go_round_the_customers_and_are_never_the_same() -> None:
    desk = bench(SERVICE, "postgresql://nobody@127.0.0.1:1/none", partitions=1)
    orders = list(islice(orders_at(desk), 2 * CUSTOMERS))
    assert len({each.headers["ce_id"] for each in orders}) == 2 * CUSTOMERS
    assert len({each.key for each in orders}) == CUSTOMERS
    await desk.database.close()
