"""What the door for signals says it takes."""

import json
from typing import Any

import pytest

from services.monitoring.api.signal_bodies import signals_body
from shared.contracts import catalogue

SCHEMA = signals_body(7)["requestBody"]["content"]["application/json"]["schema"]
SHAPES: dict[str, dict[str, Any]] = {each["title"]: each for each in SCHEMA["items"]["oneOf"]}


def test_every_kind_of_signal_has_its_shape() -> None:
    assert set(SHAPES) == set(catalogue.EVENTS[catalogue.SIGNALS])
    assert SCHEMA["maxItems"] == 7


def test_a_shape_names_its_fields_and_what_they_may_be() -> None:
    fields = SHAPES["insurer_action.reported"]["properties"]["data"]
    assert set(fields["required"]) == {"action_id", "insurer", "kind", "date"}
    assert fields["properties"]["kind"]["enum"] == ["cancelled", "cut", "restored"]


def test_a_broadcast_needs_no_customer_and_others_do() -> None:
    named = {name for name, shape in SHAPES.items() if "customer_id" in shape["required"]}
    assert set(SHAPES) - named == {"industry_index.published", "country_index.published"}


@pytest.mark.parametrize("name", SHAPES)
def test_no_shape_points_outside_itself(name: str) -> None:
    assert "$ref" not in json.dumps(SHAPES[name])
    assert SHAPES[name]["description"]
