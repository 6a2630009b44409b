"""quixstreams, exactly-once: state in RocksDB with a changelog topic, warnings to a topic."""

import tempfile
from typing import Any

import msgspec
from quixstreams import Application, State

from benchmarks.few_rules import Account
from benchmarks.peers.meter import GROUP, SINK, Meter, asked, told_of


def main() -> None:
    """Run the job to the end of the topic."""
    ask = asked()
    meter = Meter(ask)
    app = Application(
        broker_address=ask.bootstrap,
        consumer_group=GROUP,
        auto_offset_reset="earliest",
        state_dir=tempfile.mkdtemp(prefix="quixstreams-"),
        processing_guarantee="exactly-once",
        commit_interval=1.0,
        loglevel="ERROR",
    )
    source = app.topic(ask.topic, value_deserializer="json", key_deserializer="str")
    sink = app.topic(SINK, value_serializer="json")

    def judge(value: dict[str, Any], state: State) -> list[dict[str, object]]:
        if meter.over():
            meter.end()
        kept = state.get("account")
        account = Account() if kept is None else msgspec.convert(kept, Account)
        findings = meter.judge(account, told_of(value))
        state.set("account", msgspec.to_builtins(account))
        if meter.over():
            meter.end()
        return [msgspec.to_builtins(each) for each in findings]

    frame = app.dataframe(source)
    frame = frame.apply(judge, stateful=True, expand=True)
    frame.to_topic(sink)
    app.run()


if __name__ == "__main__":
    main()
