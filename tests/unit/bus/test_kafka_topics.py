"""Asking for topics waits until the cluster names a broker, and gives up on any other refusal."""

import pytest
from aiokafka.errors import KafkaConnectionError, KafkaError, NodeNotReadyError

from shared.bus.kafka import topics
from shared.bus.kafka.deadlines import BrokerRefusedError


class ScriptedAdmin:
    """Answers as scripted, one error or None for each connection made."""

    script: list[KafkaError | None]
    made: list["ScriptedAdmin"]

    def __init__(self, *, bootstrap_servers: str) -> None:
        self.bootstrap = bootstrap_servers
        self.answer = self.script[len(self.made)]
        self.closed = False
        self.made.append(self)

    async def start(self) -> None:
        """Connecting works; only then is it seen that the cluster names nobody."""

    async def describe_cluster(self) -> dict[str, list[int]]:
        if self.answer is not None:
            raise self.answer
        return {"brokers": [1]}

    async def close(self) -> None:
        self.closed = True


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> list[KafkaError | None]:
    answers: list[KafkaError | None] = []
    monkeypatch.setattr(ScriptedAdmin, "script", answers, raising=False)
    monkeypatch.setattr(ScriptedAdmin, "made", [], raising=False)
    monkeypatch.setattr(topics, "AIOKafkaAdminClient", ScriptedAdmin)
    monkeypatch.setattr(topics, "VISIBLE_PAUSE_SECONDS", 0.0)
    return answers


async def test_a_cluster_that_names_nobody_yet_is_asked_again(
    script: list[KafkaError | None],
) -> None:
    script += [NodeNotReadyError(), NodeNotReadyError(), None]
    async with topics.admin_of("broker:9092"):
        assert [each.closed for each in ScriptedAdmin.made] == [True, True, False]
    assert ScriptedAdmin.made[-1].closed


async def test_it_gives_up_after_a_while(
    script: list[KafkaError | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topics, "CALL_SECONDS", -1.0)
    script.append(NodeNotReadyError())
    with pytest.raises(BrokerRefusedError, match="NodeNotReady"):
        async with topics.admin_of("broker:9092"):
            pass
    assert ScriptedAdmin.made[0].closed


async def test_another_refusal_is_said_at_once(script: list[KafkaError | None]) -> None:
    script += [KafkaConnectionError(), None]
    with pytest.raises(BrokerRefusedError, match="KafkaConnectionError"):
        async with topics.admin_of("broker:9092"):
            pass
    assert [each.closed for each in ScriptedAdmin.made] == [True]
