"""How a command gets from a door to the worker, and its outcome back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

import msgspec
from fastapi import Request
from pydantic import BaseModel

from shared.auth.principals import Principal
from shared.chassis.idempotency.claims import HEADER as IDEMPOTENCY_KEY
from shared.chassis.idempotency.claims import Claim, checked_key, request_hash
from shared.chassis.idempotency.commands import (
    Command,
    CommandStatus,
    Submission,
    find_command,
)
from shared.chassis.idempotency.waiting import WaitingRoom
from shared.chassis.service import AnyService
from shared.chassis.tables import ChassisTables
from shared.contracts.envelope import first_of_chain
from shared.db.engine import Database
from shared.db.faults import is_transient
from shared.kernel.clock import Clock
from shared.kernel.errors import InvalidInputError
from shared.kernel.partitions import partition_of
from shared.log.append import Entry, headers_of

_LOOK_AFTER = 0.02
_LOOK_EVERY = 0.5


async def claim_of(request: Request, principal: Principal) -> Claim | None:
    """The Idempotency-Key of a request with a digest of what it asks; None without one."""
    key = checked_key(request.headers.get(IDEMPOTENCY_KEY))
    if key is None:
        return None
    digest = request_hash(request.method, _target(request), await request.body())
    return Claim(principal.person, key, digest)


def _target(request: Request) -> str:
    return f"{request.url.path}?{request.url.query}"


def checked_payload(service: AnyService, name: str, payload: object) -> bytes:
    """The payload as the JSON the worker will read. Raises `InvalidInputError` if it cannot."""
    plain = payload.model_dump(mode="json") if isinstance(payload, BaseModel) else payload
    encoded = msgspec.json.encode(plain)
    try:
        msgspec.json.decode(encoded, type=service.commands[name].payload)
    except msgspec.ValidationError as error:
        rule, _, place = str(error).partition(" - at `$")
        field = place.strip("`.") or "body"
        raise InvalidInputError(field=field, value=None, rule=rule) from error
    return encoded


def entry_for(
    service: AnyService, submission: Submission, *, topic: str, partitions: int, clock: Clock
) -> Entry:
    """The log record of a command: its value is the payload, its headers say who wished it."""
    envelope = first_of_chain(
        event_id=submission.command_id,
        source=f"/obligor/{service.name}/commands",
        event_type=f"command.{submission.name}",
        time=clock(),
        subject=submission.customer_id,
    )
    who = {"obligor_person": submission.person, "obligor_key": submission.key_id}
    return Entry(
        topic=topic,
        partition=partition_of(submission.customer_id, partitions),
        key=submission.customer_id,
        headers=headers_of(envelope) | who,
        value=submission.payload,
    )


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Waits for what workers answer."""

    database: Database
    tables: ChassisTables
    room: WaitingRoom

    @contextmanager
    def awaiting(self, command_id: str) -> Iterator[None]:
        """Be there before the answer can come."""
        self.room.enter(command_id)
        try:
            yield
        finally:
            self.room.leave(command_id)

    async def of(self, command_id: str, *, seconds: float) -> Command | None:
        """The decided command, looked for until `seconds` have passed; None if it is pending.

        A worker in this process rings; for one elsewhere, it is looked at ever more seldom.
        """
        deadline = monotonic() + seconds
        pause = _LOOK_AFTER
        while (left := deadline - monotonic()) > 0:
            await self.room.rung(command_id, seconds=min(pause, left))
            pause = min(_LOOK_EVERY, 2 * pause)
            command = await self._glance(command_id)
            if command is not None and command.status is not CommandStatus.PENDING:
                return command
        return None

    async def _glance(self, command_id: str) -> Command | None:
        """As `look`; None while the database is away, for the command is in the log already."""
        try:
            return await self.look(command_id)
        except Exception as error:
            if not is_transient(error):
                raise
            return None

    async def look(self, command_id: str) -> Command | None:
        """The command as it stands now."""
        async with self.database.reading() as conn:
            return await find_command(conn, self.tables.command, command_id)
