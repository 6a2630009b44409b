"""Identifiers: random ones for what people start, derived ones for what follows from an event."""

from hashlib import blake2b
from uuid import uuid4


def new_id() -> str:
    """A fresh random identifier, 32 hexadecimal characters."""
    return uuid4().hex


def derived_id(*parts: str | int) -> str:
    """The identifier that follows from its parts: the same parts give the same id, on any machine."""
    joined = "\x1f".join(str(part) for part in parts)
    return blake2b(joined.encode(), digest_size=16).hexdigest()
