"""The page of events and the JSON Schemas, as they are made from the contracts."""

import json

import pytest

from shared.contracts import catalogue
from shared.contracts.documentation import event_schemas, events_page


@pytest.mark.parametrize("topic", catalogue.EVENTS)
def test_every_topic_has_a_chapter(topic: str) -> None:
    assert f"## `{topic}`" in events_page()


@pytest.mark.parametrize("name", catalogue.TOPIC_OF)
def test_every_event_has_a_section_and_a_schema(name: str) -> None:
    assert f"### `{name}`" in events_page()
    assert name in json.loads(event_schemas())["events"]


def test_a_field_is_shown_with_its_type_and_whether_it_is_required() -> None:
    page = events_page()
    assert "| `order_id` | str | yes |" in page
    assert "| `planned_delivery` | date or None | no |" in page


def test_types_are_named_without_their_modules() -> None:
    page = events_page()
    assert "datetime." not in page
    assert "decimal." not in page


def test_schemas_are_the_same_each_time() -> None:
    assert event_schemas() == event_schemas()
