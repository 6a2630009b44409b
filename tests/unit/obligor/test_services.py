import pytest

from obligor.remote import SERVICES
from obligor.services import PLATFORM, Wiring, wiring_of
from shared.kernel.errors import NotFoundError


def test_the_platform_is_five_services() -> None:
    assert {wiring.service.name for wiring in PLATFORM} == set(SERVICES)
    assert len(PLATFORM) == 5


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_found_by_its_name(name: str) -> None:
    assert wiring_of(name).service.name == name


@pytest.mark.parametrize("name", ["", "Rating", "ratings", "obligor"])
def test_a_service_that_nobody_knows_is_refused_by_name(name: str) -> None:
    with pytest.raises(NotFoundError, match="service"):
        wiring_of(name)


@pytest.mark.parametrize("wiring", PLATFORM, ids=[each.service.name for each in PLATFORM])
def test_every_service_publishes_on_a_topic_of_its_own(wiring: Wiring) -> None:
    others = {each.service.topic for each in PLATFORM if each is not wiring}

    assert wiring.service.topic == f"obligor.{wiring.service.name}"
    assert wiring.service.topic not in others


@pytest.mark.parametrize("wiring", PLATFORM, ids=[each.service.name for each in PLATFORM])
def test_every_service_ships_a_policy(wiring: Wiring) -> None:
    assert wiring.service.policy_file.is_file()
