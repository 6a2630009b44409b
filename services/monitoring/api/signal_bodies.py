"""What `POST /signals` takes, as OpenAPI says it: one shape by type, from the contracts."""

from typing import Any

import msgspec

from services.monitoring.api.schemas import TransactionIn
from shared.contracts import catalogue
from shared.contracts.envelope import Event


def signals_body(largest_batch: int) -> dict[str, Any]:  # JSON of any shape
    """The request body of a batch of signals."""
    kinds = catalogue.EVENTS[catalogue.SIGNALS].items()
    members = [_member(name, struct) for name, struct in sorted(kinds)]
    schema = {"type": "array", "maxItems": largest_batch, "items": {"oneOf": members}}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _member(name: str, struct: type[Event]) -> dict[str, Any]:  # JSON of any shape
    (_,), components = msgspec.json.schema_components((struct,))
    fields = components[struct.__name__]
    member = TransactionIn.model_json_schema()
    properties = {
        **member["properties"],
        "type": {"const": name, "type": "string"},
        "data": fields,
    }
    required = set(member["required"])
    about = fields.get("description", "")
    if name in catalogue.BROADCAST_TYPES:
        required -= {"customer_id"}
    return {
        "title": name,
        "description": about,
        "type": "object",
        "properties": properties,
        "required": sorted(required),
        "additionalProperties": False,
    }
