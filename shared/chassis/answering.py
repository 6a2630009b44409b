"""Commands of people and jobs of the portfolio, carried out inside a batch like any record."""

from typing import Any, TypeVar

import msgspec

from shared.chassis.idempotency.commands import Answer
from shared.chassis.service import CommandAnswer, CommandKind, Service
from shared.chassis.sieve import Sifted
from shared.chassis.work import Work
from shared.kernel.errors import InvalidInputError, NotFoundError, ObligorError

BookT = TypeVar("BookT")
PolicyT = TypeVar("PolicyT")
COMMAND_PREFIX = "command."


def run_command(
    service: Service[BookT, PolicyT], sifted: Sifted, book: BookT, work: Work[PolicyT]
) -> list[Answer]:
    """Carry out the command in a record; a refusal is an answer, not a dead letter."""
    headers = sifted.record.headers
    name = headers.get("ce_type", "").removeprefix(COMMAND_PREFIX)
    if sifted.envelope is None:
        return []
    work.begin(sifted.envelope, actor=headers.get("obligor_person"))
    try:
        answer = _answered(service.commands.get(name), name, sifted.record.value, book, work)
    except ObligorError as error:
        answer = CommandAnswer(error.status, _problem(error))
    return [Answer(sifted.envelope.id, answer.status, answer.body)]


def _answered(
    kind: CommandKind[BookT, PolicyT] | None,
    name: str,
    value: bytes,
    book: BookT,
    work: Work[PolicyT],
) -> CommandAnswer:
    if kind is None:
        raise NotFoundError(kind="command", name=name)
    try:
        payload = msgspec.json.decode(value, type=kind.payload)
    except msgspec.DecodeError as error:
        raise InvalidInputError(field="payload", value="…", rule=str(error)) from error
    return kind.run(payload, book, work)


def _problem(error: ObligorError) -> dict[str, Any]:
    body: dict[str, Any] = {"code": error.code, "detail": str(error), "status": error.status}
    if isinstance(error, InvalidInputError):
        named = {"field": error.field, "value": str(error.value)[:100], "rule": error.rule}
        body["errors"] = [named]
    return body
