from collections.abc import Mapping

import httpx
import pytest

from obligor.remote import SERVICES, Remote
from obligor.tracing.collect import collect
from shared.kernel.errors import NotFoundError

EVENT = {
    "topic": "obligor.monitoring",
    "partition": 0,
    "offset": 1,
    "id": "e1",
    "type": "monitoring.warning_raised.v1",
    "time": "2026-03-31T09:00:00Z",
    "customer_id": "C1",
    "correlation_id": "chain-1",
    "causation_id": "",
    "event": {"as_of": "2026-03-31"},
}
DECISION = {
    "decision_id": "d1",
    "customer_id": "C1",
    "kind": "tier",
    "as_of": "2026-03-31",
    "outcome": {"tier": "high"},
    "policy_version": "tiering-1",
    "cause_id": "e1",
    "cause_type": "monitoring.warning_raised.v1",
    "correlation_id": "chain-1",
}
Answers = Mapping[tuple[str, str], Mapping[str, object]]


def a_platform(asked_by: str, answers: Answers, asked: list[httpx.URL]) -> Remote:
    """Answers questions that ask by one name of query, and nothing to any other."""

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        _, service, _, kind = request.url.path.split("/")
        known = asked_by in request.url.params and (service, kind) in answers
        items = [answers[service, kind]] if known else []
        return httpx.Response(200, json={"items": items, "next_cursor": None})

    client = httpx.Client(transport=httpx.MockTransport(answer), base_url="http://there")
    return Remote(client)


TOLD: Answers = {("monitoring", "events"): EVENT, ("tiering", "decisions"): DECISION}


def test_a_customer_s_chain_is_joined_over_all_services() -> None:
    (chain,) = collect(a_platform("customer_id", TOLD, []), "C1")

    assert chain.services == {"monitoring", "tiering"}
    assert chain.links == 2
    assert [link.name for link in chain.begins] == ["monitoring.warning_raised.v1"]
    assert [link.name for link in chain.begins[0].follows] == ["tier"]


def test_a_chain_is_found_by_its_correlation_if_no_customer_has_that_name() -> None:
    (chain,) = collect(a_platform("correlation_id", TOLD, []), "chain-1")

    assert chain.correlation_id == "chain-1"


def test_a_customer_is_looked_for_before_a_correlation() -> None:
    asked: list[httpx.URL] = []
    collect(a_platform("customer_id", TOLD, asked), "C1")

    assert {name for url in asked for name in url.params} & {"customer_id", "correlation_id"} == {
        "customer_id"
    }


def test_all_five_services_are_asked_for_events_and_decisions() -> None:
    asked: list[httpx.URL] = []
    collect(a_platform("customer_id", TOLD, asked), "C1")

    assert {url.path for url in asked} == {
        f"/{service}/v1/{kind}" for service in SERVICES for kind in ("events", "decisions")
    }


def test_a_decision_alone_is_a_chain() -> None:
    only = {("tiering", "decisions"): DECISION}

    (chain,) = collect(a_platform("customer_id", only, []), "C1")
    assert (chain.services, chain.links) == ({"tiering"}, 1)


def test_a_name_that_nobody_knows_is_refused() -> None:
    with pytest.raises(NotFoundError, match="C9"):
        collect(a_platform("customer_id", {}, []), "C9")
