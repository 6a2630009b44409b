"""pathway: a stateful reducer per customer, results every 100 ms; no persistence configured."""

from typing import Any

import msgspec
import pathway as pw

from benchmarks.few_rules import Account, Part, Told
from benchmarks.peers.meter import GROUP, Meter, asked


class Transaction(pw.Schema):
    """A transaction, as pathway's own JSON reader takes it apart."""

    customer_id: str
    type: str
    amount: str = pw.column_definition(default_value="0.00")
    order_id: str = pw.column_definition(default_value="")
    invoice_id: str = pw.column_definition(default_value="")
    payment_id: str = pw.column_definition(default_value="")
    due_date: str = pw.column_definition(default_value="")
    allocations: pw.Json = pw.column_definition(default_value=pw.Json([]))


def main() -> None:
    """Run the job to the end of the topic."""
    ask = asked()
    meter = Meter(ask)
    settings = {
        "bootstrap.servers": ask.bootstrap,
        "group.id": GROUP,
        "auto.offset.reset": "earliest",
    }
    told = pw.io.kafka.read(
        settings, topic=ask.topic, schema=Transaction, format="json", autocommit_duration_ms=100
    )

    @pw.reducers.stateful_many
    def judge(state: bytes | None, rows: list[tuple[list[Any], int]]) -> bytes:
        account = Account() if state is None else msgspec.json.decode(state, type=Account)
        for row, _count in rows:
            meter.judge(account, _told(*row))
        if meter.over():
            meter.end()
        return msgspec.json.encode(account)

    judged = judge(
        told.type,
        told.amount,
        told.order_id,
        told.invoice_id,
        told.payment_id,
        told.due_date,
        told.allocations,
    )
    result = told.groupby(told.customer_id).reduce(told.customer_id, state=judged)
    pw.io.subscribe(result, on_change=lambda **_change: None)
    pw.run(monitoring_level=pw.MonitoringLevel.NONE)


def _told(*row: Any) -> Told:  # as pathway hands rows over
    parts = row[-1].as_list() if isinstance(row[-1], pw.Json) else row[-1]
    return Told(
        *row[:5],
        due_date=row[5],
        allocations=[Part(each["invoice_id"], each["amount"]) for each in parts],
    )


if __name__ == "__main__":
    main()
