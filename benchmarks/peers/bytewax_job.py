"""bytewax with recovery: state in memory, kept in SQLite at the end of each epoch of a second."""

import tempfile
from datetime import timedelta
from pathlib import Path

import bytewax.operators as op
import orjson
from bytewax._bytewax import cli_main
from bytewax.connectors.kafka import KafkaSinkMessage, KafkaSourceMessage
from bytewax.connectors.kafka import operators as kafka
from bytewax.dataflow import Dataflow
from bytewax.recovery import RecoveryConfig, init_db_dir

from benchmarks.few_rules import Account, Told
from benchmarks.peers.meter import SINK, Meter, asked, told_of


def main() -> None:
    """Run the job to the end of the topic."""
    ask = asked()
    meter = Meter(ask)

    def decode(message: KafkaSourceMessage) -> tuple[str, Told]:
        return message.key.decode(), told_of(orjson.loads(message.value))

    def judge(account: Account | None, told: Told) -> tuple[Account, list[bytes]]:
        account = account or Account()
        findings = meter.judge(account, told)
        if meter.over():
            meter.end()
        return account, [
            orjson.dumps({"rule": each.rule, "severity": each.severity, "value": each.value})
            for each in findings
        ]

    flow = Dataflow("benchmark")
    source = kafka.input("in", flow, brokers=[ask.bootstrap], topics=[ask.topic], batch_size=1000)
    told = op.map("decode", source.oks, decode)
    judged = op.stateful_flat_map("judge", told, judge)
    said = op.map("said", judged, lambda each: KafkaSinkMessage(each[0].encode(), each[1]))
    kafka.output("out", said, brokers=[ask.bootstrap], topic=SINK)
    folder = Path(tempfile.mkdtemp(prefix="bytewax-"))
    init_db_dir(folder, 1)
    cli_main(flow, epoch_interval=timedelta(seconds=1), recovery_config=RecoveryConfig(str(folder)))


if __name__ == "__main__":
    main()
