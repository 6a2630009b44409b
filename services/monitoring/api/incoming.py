"""Facts in: transactions and signals, one outcome per member of the batch."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Depends, Path, Request, Response
from msgspec import Struct

from services.monitoring.api.days import check_first_day
from services.monitoring.api.schemas import BatchOut, FactStatusOut, TransactionIn
from services.monitoring.api.signal_bodies import signals_body
from services.monitoring.storage.questions import last_marker, status_of
from services.monitoring.storage.reading import fact_of
from services.monitoring.usecases.sign_reading import check_signal
from shared.auth.principals import Principal, Role
from shared.chassis.doors import Doors, DoorsDep, Fact, allowed
from shared.chassis.settings import LedgerClock
from shared.contracts import catalogue
from shared.contracts.envelope import Event
from shared.contracts.transactions import DayClosed
from shared.kernel.dates import next_day
from shared.kernel.errors import InvalidInputError, NotFoundError, ObligorError

router = APIRouter(tags=["facts"])
Sender = Annotated[Principal, Depends(allowed(Role.INGEST, Role.ADMIN))]
Asker = Annotated[Principal, Depends(allowed(Role.VIEWER, Role.INGEST))]
Name = Annotated[str, Path(min_length=1, max_length=200)]
LARGEST_BATCH: Final = 5_000
_LONGEST_NAME: Final = 200
_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "array",
                    "maxItems": LARGEST_BATCH,
                    "items": TransactionIn.model_json_schema(),
                }
            }
        },
    }
}


class Sent(Struct, frozen=True, forbid_unknown_fields=True):
    """One member of a batch, before its type is known."""

    id: str
    source: str
    type: str
    time: datetime
    data: msgspec.Raw
    customer_id: str = ""


class NoSuchFactError(NotFoundError):
    """No worker has seen such a fact; one just accepted is seen in a moment."""

    code = "no_such_fact"

    def __init__(self, source: str, event_id: str) -> None:
        super().__init__("fact", f"{source}/{event_id}")


@dataclass(slots=True)
class DayOrder:
    """Which day may be closed next: the one after the last marker, and none twice."""

    last: date | None
    clock: LedgerClock

    def check(self, day: date) -> None:
        """Refuse a day that would leave a gap. One closed before is dropped by the worker."""
        if self.clock is not LedgerClock.LOG:
            rule = "closes days by itself: OBLIGOR_CLOCK is live"
            raise InvalidInputError(field="clock", value=self.clock.value, rule=rule)
        if self.last is not None and day > next_day(self.last):
            rule = f"days close one by one, and {next_day(self.last)} is next"
            raise InvalidInputError(field="data.date", value=str(day), rule=rule)
        self.last = day if self.last is None else max(day, self.last)


_batch = msgspec.json.Decoder(list[msgspec.Raw])
_member = msgspec.json.Decoder(Sent)


@router.post(
    "/transactions",
    status_code=202,
    response_model=BatchOut,
    openapi_extra=_BODY,
    summary="Send facts about orders, invoices and payments",
)
async def send_transactions(request: Request, doors: DoorsDep, principal: Sender) -> Response:
    """Up to 5,000 facts. Each is accepted (durably in the log) or invalid, with the reason."""
    members = _members(await request.body())
    days = DayOrder(None, doors.settings.clock)
    if any(catalogue.DAY_CLOSED.encode() in bytes(member) for member in members):
        days.last = await _last_day(doors)

    def check(sent: Sent, event: Event) -> None:
        """Raise `InvalidInputError` for a day or a fact that cannot be taken."""
        if isinstance(event, DayClosed):
            if days.last is None:
                check_first_day(event.date, doors)
            days.check(event.date)
        else:
            _check_customer(sent)
            fact_of(event, day=sent.time.astimezone(doors.settings.zone).date(), source=sent.source)

    facts, answer = _sorted_out(members, catalogue.TRANSACTIONS, check)
    return await doors.append_facts(request, facts, principal=principal, answer=answer)


@router.post(
    "/signals",
    status_code=202,
    response_model=BatchOut,
    openapi_extra=signals_body(LARGEST_BATCH),
    summary="Send outside signals",
)
async def send_signals(request: Request, doors: DoorsDep, principal: Sender) -> Response:
    """Up to 5,000 signals; those about no customer in particular reach every partition.

    What cannot be (a share above 1, an unknown kind, an amount without its currency) is invalid.
    """
    members = _members(await request.body())

    def check(sent: Sent, event: Event) -> None:
        """Raise `InvalidInputError` for a signal that makes no sense."""
        if sent.type not in catalogue.BROADCAST_TYPES:
            _check_customer(sent)
        check_signal(event)

    facts, answer = _sorted_out(members, catalogue.SIGNALS, check)
    return await doors.append_facts(request, facts, principal=principal, answer=answer)


@router.get("/transactions/{source}/{event_id:path}", summary="What became of a fact")
async def transaction_status(
    source: Name, event_id: Name, doors: DoorsDep, principal: Asker
) -> FactStatusOut:
    """applied, duplicate, conflict (the id came before with another body), parked, or waiting."""
    del principal
    async with doors.reading() as conn:
        found = await status_of(conn, doors.tables.work, source=source, event_id=event_id)
    if found is None:
        raise NoSuchFactError(source, event_id)
    return FactStatusOut(
        source=source,
        id=event_id,
        status=found.status,
        customer_id=found.customer_id,
        type=found.kind,
        event_date=found.event_date,
        recorded_at=found.recorded_at,
    )


async def _last_day(doors: Doors) -> date | None:
    async with doors.reading() as conn:
        return await last_marker(conn, doors.tables.log)


def _members(body: bytes) -> list[msgspec.Raw]:
    try:
        members = _batch.decode(body)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        rule = f"must be a JSON array of facts: {error}"
        raise InvalidInputError(field="body", value="…", rule=rule) from error
    if len(members) > LARGEST_BATCH:
        rule = f"at most {LARGEST_BATCH} at once"
        raise InvalidInputError(field="body", value=len(members), rule=rule)
    return members


def _sorted_out(
    members: list[msgspec.Raw], topic: str, check: Callable[[Sent, Event], None]
) -> tuple[list[Fact], dict[str, object]]:
    """The facts that can be taken, and what to answer for each member."""
    facts: list[Fact] = []
    outcomes: list[dict[str, object]] = []
    for member in members:
        try:
            fact = _fact(member, topic, check)
        except ObligorError as error:
            outcomes.append(_invalid(member, error))
            continue
        facts.append(fact)
        outcomes.append({"id": fact.id, "outcome": "accepted"})
    invalid = len(outcomes) - len(facts)
    return facts, {"items": outcomes, "accepted": len(facts), "invalid": invalid}


def _fact(member: msgspec.Raw, topic: str, check: Callable[[Sent, Event], None]) -> Fact:
    sent = _sent(member)
    if sent.type not in catalogue.EVENTS[topic]:
        known = ", ".join(catalogue.EVENTS[topic])
        raise InvalidInputError(field="type", value=sent.type, rule=f"must be one of {known}")
    event = catalogue.decode(sent.type, bytes(sent.data))
    if event is None:
        raise InvalidInputError(field="type", value=sent.type, rule="is not known")
    check(sent, event)
    broadcast = sent.type in catalogue.BROADCAST_TYPES
    return Fact(
        topic=topic,
        type=sent.type,
        source=sent.source,
        id=sent.id,
        time=sent.time,
        customer_id="" if broadcast else sent.customer_id,
        value=bytes(sent.data),
    )


def _sent(member: msgspec.Raw) -> Sent:
    try:
        sent = _member.decode(member)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise InvalidInputError(field="fact", value="…", rule=str(error)) from error
    for field, name in (("id", sent.id), ("source", sent.source)):
        _check_name(field, name)
    if sent.time.tzinfo is None:
        rule = "must have an offset from UTC, such as Z or +08:00"
        raise InvalidInputError(field="time", value=str(sent.time), rule=rule)
    return sent


def _check_customer(sent: Sent) -> None:
    _check_name("customer_id", sent.customer_id)


def _check_name(field: str, name: str) -> None:
    if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
        rule = f"must have 1 to {_LONGEST_NAME} printable characters"
        raise InvalidInputError(field=field, value=name[:40], rule=rule)


def _invalid(member: msgspec.Raw, error: ObligorError) -> dict[str, object]:
    """Why a member was not taken; its id if it has a readable one."""
    try:
        name = msgspec.json.decode(member, type=_Named).id
    except (msgspec.DecodeError, ValueError, RecursionError):
        name = ""
    outcome: dict[str, object] = {"id": name, "outcome": "invalid", "detail": str(error)[:500]}
    if isinstance(error, InvalidInputError):
        wrong = {"field": error.field, "value": str(error.value)[:80], "rule": error.rule}
        outcome["errors"] = [wrong]
    else:
        outcome["errors"] = [{"field": "data", "value": None, "rule": str(error)[:500]}]
    return outcome


class _Named(Struct):
    id: str = ""
