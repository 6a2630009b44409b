"""What a service ships as its policy can be shown over HTTP, changed and sent in again."""

from importlib import import_module

import msgspec
import pytest

from shared.chassis.service import AnyService
from shared.policies.book import read_policy, shipped

SERVICES = ("screening", "rating", "monitoring", "tiering", "recovery")


def service_of(name: str) -> AnyService:
    service: AnyService = import_module(f"services.{name}.handlers").SERVICE
    return service


@pytest.mark.parametrize("name", SERVICES)
def test_a_shipped_policy_reads_back_from_its_json(name: str) -> None:
    service = service_of(name)
    policy = shipped(service.policy_file, service.policy).policy
    text = msgspec.json.encode(policy).decode()
    assert read_policy(text, service.policy) == policy


@pytest.mark.parametrize("name", SERVICES)
def test_a_shipped_policy_has_a_version(name: str) -> None:
    service = service_of(name)
    assert shipped(service.policy_file, service.policy).version not in {"", "current"}


@pytest.mark.parametrize("name", SERVICES)
def test_every_kind_of_decision_is_named_once(name: str) -> None:
    kinds = [kind.name for kind in service_of(name).decisions]
    assert kinds
    assert len(set(kinds)) == len(kinds)
