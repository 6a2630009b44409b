"""What became of a command."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import JsonValue

from shared.auth.principals import Principal, Role
from shared.chassis.doors import DoorsDep, allowed
from shared.chassis.idempotency.commands import CommandStatus
from shared.chassis.schemas import Out
from shared.kernel.errors import NotFoundError

router = APIRouter(tags=["commands"])


class CommandOut(Out):
    """A command and, once decided, its answer with the HTTP status it would have had."""

    command_id: str
    name: str
    customer_id: str
    person: str
    status: CommandStatus
    http_status: int | None
    answer: JsonValue
    submitted_at: datetime
    decided_at: datetime | None


@router.get("/commands/{command_id}", summary="The status and answer of a command")
async def one_command(
    command_id: str, doors: DoorsDep, principal: Annotated[Principal, Depends(allowed(*Role))]
) -> CommandOut:
    """Readers see every command; a key that may only write sees its own person's."""
    command = await doors.outcomes.look(command_id)
    if command is None or not (principal.may(Role.VIEWER) or command.person == principal.person):
        raise NotFoundError(kind="command", name=command_id)
    return CommandOut.model_validate(command)
