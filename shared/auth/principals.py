"""Who is at the door, and what their roles let them do."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a key's holder may do. Every role but `ingest` may also read."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    CREDIT_MANAGER = "credit_manager"
    COLLECTOR = "collector"
    AUDITOR = "auditor"
    ADMIN = "admin"
    INGEST = "ingest"


_WITHOUT_READING = frozenset({Role.INGEST})


@dataclass(frozen=True, slots=True)
class Principal:
    """A known caller: the key they came with, the person it belongs to, the roles it carries."""

    key_id: str
    person: str
    roles: frozenset[Role]

    def may(self, *roles: Role) -> bool:
        """Whether one of the roles is held; whoever works here may read, too."""
        held = self.roles
        if held - _WITHOUT_READING:
            held |= {Role.VIEWER}
        return not held.isdisjoint(roles)
