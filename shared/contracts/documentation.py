"""The contracts as people and programs read them: a page of events, and JSON Schemas."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from shared.contracts import catalogue
from shared.contracts.envelope import Event

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "events.md"
SCHEMAS = DOCS / "events.schema.json"


def events_page() -> str:
    """The page of all events, as Markdown."""
    lines = [
        "# Events",
        "",
        "Made by `make docs` from `shared/contracts`; a test fails when stale.",
        "",
    ]
    for topic, events in catalogue.EVENTS.items():
        lines += [f"## `{topic}`", "", f"Published by {catalogue.PUBLISHER_OF[topic]}.", ""]
        for name, struct in events.items():
            lines += _section(name, struct)
    return "\n".join(lines).rstrip() + "\n"


def event_schemas() -> str:
    """JSON Schemas of all events, by type, as JSON text."""
    structs = list(catalogue.EVENT_TYPES)
    schemas, components = msgspec.json.schema_components(structs)
    by_type = dict(zip(catalogue.EVENT_TYPES.values(), schemas, strict=True))
    document: dict[str, Any] = {"events": by_type, "$defs": components}
    pretty = msgspec.json.format(msgspec.json.encode(document, order="deterministic"), indent=1)
    return pretty.decode() + "\n"


def _section(name: str, struct: type[Event]) -> Iterator[str]:
    summary = inspect.getdoc(struct) or ""
    yield f"### `{name}`"
    yield ""
    yield summary.replace("\n\n", " ").replace("\n", " ")
    yield ""
    yield "| field | type | required |"
    yield "|---|---|---|"
    for field in msgspec.structs.fields(struct):
        kind = _named(field.type)
        yield f"| `{field.encode_name}` | {kind} | {'yes' if field.required else 'no'} |"
    yield ""


def _named(kind: Any) -> str:
    text = inspect.formatannotation(kind)
    for noise in ("datetime.", "decimal.", "typing.", "shared.contracts."):
        text = text.replace(noise, "")
    return text.replace("|", "or")


def write() -> None:
    """Write both into docs/."""
    PAGE.write_text(events_page())
    SCHEMAS.write_text(event_schemas())


if __name__ == "__main__":
    write()
