"""Commands: carried out, refused with a reason, or not known; always answered."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from shared.chassis.answering import run_command
from shared.chassis.idempotency.commands import Answer
from shared.chassis.service import CommandAnswer, CommandKind
from shared.chassis.sieve import Sifted
from shared.chassis.work import Work
from shared.contracts import catalogue
from shared.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, ObligorError
from shared.testing.toy import ToyBook, ToyPolicy, toy_service
from tests.unit.chassis.records import CUSTOMER, HOME, a_record, an_envelope, toy_work


class Wish(msgspec.Struct):
    amount: int


def grant(wish: Wish, _book: ToyBook, work: Work[ToyPolicy]) -> CommandAnswer:
    return CommandAnswer(201, {"granted": wish.amount, "by": work.actor})


def refusing(error: ObligorError) -> CommandKind[ToyBook, ToyPolicy]:
    def refuse(_wish: Wish, _book: ToyBook, _work: Work[ToyPolicy]) -> CommandAnswer:
        raise error

    return CommandKind(Wish, refuse)


GRANT: CommandKind[ToyBook, ToyPolicy] = CommandKind(Wish, grant)


def a_command(name: str = "grant", value: bytes = b'{"amount":5}', **headers: str) -> Sifted:
    envelope = an_envelope(f"command.{name}", id="cmd-1")
    record = a_record(envelope=envelope, topic=catalogue.COMMANDS, value=value, headers=headers)
    return Sifted(record, envelope=envelope)


def answers(
    sifted: Sifted, kind: CommandKind[ToyBook, ToyPolicy] = GRANT, work: Any = None
) -> list[Answer]:
    service = replace(toy_service(), commands={"grant": kind})
    return run_command(service, sifted, ToyBook(HOME), work or toy_work())


def answered(sifted: Sifted, kind: CommandKind[ToyBook, ToyPolicy] = GRANT) -> tuple[int, Any]:
    """Status and body of the only answer."""
    (answer,) = answers(sifted, kind)
    return answer.http_status, answer.body


def test_a_command_is_answered_with_its_outcome() -> None:
    assert answers(a_command()) == [Answer("cmd-1", 201, {"granted": 5, "by": None})]


def test_a_command_knows_who_gave_it() -> None:
    _, body = answered(a_command(obligor_person="ada"))
    assert body["by"] == "ada"


def test_a_command_is_its_own_cause() -> None:
    work = toy_work()
    answers(a_command(), work=work)
    assert (work.cause.id, work.cause.subject) == ("cmd-1", CUSTOMER)


def test_a_command_that_nobody_knows_is_answered_as_not_found() -> None:
    status, body = answered(a_command("dance"))
    assert status == 404
    assert "dance" in body["detail"]


@pytest.mark.parametrize("value", [b"", b"{", b"[]", b"{}", b'{"amount":"much"}', b"\xff"])
def test_a_payload_that_does_not_fit_is_answered_as_invalid(value: bytes) -> None:
    status, body = answered(a_command(value=value))
    assert (status, body["code"]) == (422, "invalid_input")


def test_an_invalid_field_is_named_with_its_value_and_rule() -> None:
    error = InvalidInputError(field="amount", value=-1, rule="must be positive")
    _, body = answered(a_command(), refusing(error))
    assert body["errors"] == [{"field": "amount", "value": "-1", "rule": "must be positive"}]


def test_a_long_invalid_value_is_shown_short() -> None:
    error = InvalidInputError(field="note", value="x" * 500, rule="is too long")
    _, body = answered(a_command(), refusing(error))
    assert body["errors"][0]["value"] == "x" * 100


@pytest.mark.parametrize(
    ("error", "status"), [(ConflictError("no"), 409), (ForbiddenError("no"), 403)]
)
def test_a_refusal_is_an_answer_with_its_status(error: ObligorError, status: int) -> None:
    assert answered(a_command(), refusing(error))[1] == {
        "code": error.code,
        "detail": "no",
        "status": status,
    }


def test_a_bug_of_a_command_is_not_an_answer() -> None:
    def fail(_wish: Wish, _book: ToyBook, _work: Work[ToyPolicy]) -> CommandAnswer:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        answers(a_command(), CommandKind(Wish, fail))


def test_a_record_without_an_envelope_is_no_command() -> None:
    assert answers(Sifted(a_record())) == []


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (200, "done"),
        (202, "done"),
        (399, "done"),
        (400, "refused"),
        (409, "refused"),
        (500, "refused"),
    ],
)
def test_a_command_is_refused_from_status_four_hundred_on(status: int, told: str) -> None:
    assert Answer("cmd-1", status, {}).status == told
