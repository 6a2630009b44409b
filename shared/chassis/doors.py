"""The three things a door may do: ask a question, append facts, submit a command."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.audit.trail import AuditEntry, record
from shared.auth.principals import Principal
from shared.bus.port import Place
from shared.chassis.answers import in_progress, replayed, response_to
from shared.chassis.facts import Fact, entries_of
from shared.chassis.gate import allowed
from shared.chassis.health import Health
from shared.chassis.idempotency import claims
from shared.chassis.idempotency.claims import Claim, EarlierRequest, StillInFlightError
from shared.chassis.idempotency.commands import (
    Answer,
    Command,
    CommandStatus,
    Submission,
    add_command,
)
from shared.chassis.idempotency.waiting import WaitingRoom
from shared.chassis.problems import REQUEST_ID
from shared.chassis.ringing import Ringing
from shared.chassis.service import AnyService
from shared.chassis.settings import Settings
from shared.chassis.submission import Outcomes, checked_payload, claim_of, entry_for
from shared.chassis.tables import ChassisTables
from shared.contracts import catalogue
from shared.db.engine import Database
from shared.kernel.clock import Clock, system_clock
from shared.kernel.ids import new_id
from shared.log.append import Entry, append
from shared.telemetry.metrics import Metrics

__all__ = ["Doors", "DoorsDep", "Fact", "allowed"]


@dataclass(frozen=True, slots=True)
class Doors:
    """One service's doors in one process. Only workers write customer state; doors never do."""

    service: AnyService
    database: Database
    settings: Settings
    tables: ChassisTables
    metrics: Metrics
    health: Health = field(default_factory=Health)
    waiting: WaitingRoom = field(default_factory=WaitingRoom)
    ringing: Ringing = field(default_factory=Ringing)
    clock: Clock = system_clock
    topic_ends: list[Callable[[], Mapping[Place, int]]] = field(default_factory=list)
    """Where a transport tells how far its topics go, for the lag."""

    @property
    def partitions(self) -> int:
        """How many partitions every topic has."""
        return self.settings.partitions

    @property
    def outcomes(self) -> Outcomes:
        """Where commands' outcomes are waited for."""
        return Outcomes(self.database, self.tables, self.waiting)

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """One consistent look at the service's tables, to answer a question."""
        return self.database.reading()

    def transaction(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """One transaction of administration (keys, policies); customer state is the worker's."""
        return self.database.transaction()

    async def append_facts(
        self,
        request: Request,
        facts: Sequence[Fact],
        *,
        principal: Principal,
        answer: object,
    ) -> Response:
        """Append source facts to the service's own log, all or none, and answer.

        An Idempotency-Key makes a repetition answer the same without appending again.
        """
        entries = entries_of(facts, self.partitions)
        return await self.append_entries(request, entries, principal=principal, answer=answer)

    async def append_entries(
        self,
        request: Request,
        entries: Sequence[Entry],
        *,
        principal: Principal,
        answer: object,
        deed: AuditEntry | None = None,
    ) -> Response:
        """Append records whose place is known; otherwise as `append_facts`, and note the deed."""
        claim = await claim_of(request, principal)
        async with self.transaction() as conn:
            earlier = await self._claimed(conn, claim)
            if earlier is None:
                await self._settle(conn, claim, EarlierRequest(202, answer, None))
                if deed is not None:
                    await self.note(conn, request, deed)
                await append(conn, self.tables.log, entries)
        if earlier is not None:
            return await self._again(earlier, request)
        await self.tell_readers({(entry.topic, entry.partition) for entry in entries})
        return response_to(Answer("", 202, answer), request.scope)

    async def command(
        self,
        request: Request,
        name: str,
        *,
        customer_id: str,
        payload: object,
        principal: Principal,
    ) -> Response:
        """Submit a person's command to the worker; answer with its outcome, or 202 and a link."""
        claim = await claim_of(request, principal)
        submission = Submission(
            command_id=new_id(),
            name=name,
            customer_id=customer_id,
            person=principal.person,
            key_id=principal.key_id,
            payload=checked_payload(self.service, name, payload),
            idempotency_key=claim.key if claim else None,
            request_hash=claim.request_hash if claim else None,
        )
        entry = entry_for(
            self.service,
            submission,
            topic=catalogue.COMMANDS,
            partitions=self.partitions,
            clock=self.clock,
        )
        return await self.submit(request, submission, entry, claim=claim)

    async def submit(
        self, request: Request, submission: Submission, entry: Entry, *, claim: Claim | None
    ) -> Response:
        """Write a command's row and its log record in one transaction, then wait for the worker."""
        outcomes = self.outcomes
        with outcomes.awaiting(submission.command_id):
            async with self.transaction() as conn:
                earlier = await self._claimed(conn, claim)
                if earlier is None:
                    place = EarlierRequest(None, None, submission.command_id)
                    await self._settle(conn, claim, place)
                    await self._write(conn, submission, request)
                    await append(conn, self.tables.log, [entry])
            if earlier is not None:
                return await self._again(earlier, request)
            await self.tell_readers({(entry.topic, entry.partition)})
            patience = self.settings.command_wait_seconds
            command = await outcomes.of(submission.command_id, seconds=patience)
        status = command.status if command else CommandStatus.PENDING
        self.metrics.count("obligor_commands_total", command=submission.name, status=status)
        if command is None:
            return in_progress(self.service.name, submission.command_id)
        return response_to(_answer(command), request.scope)

    async def note(self, conn: AsyncConnection, request: Request, deed: AuditEntry) -> None:
        """Write a deed to the audit trail, in the transaction that does it."""
        request_id = str(request.scope.get(REQUEST_ID, ""))
        await record(conn, self.tables.audit, replace(deed, request_id=request_id))

    async def tell_readers(self, places: Collection[Place]) -> None:
        """Wake whoever reads these logs, after the commit; a lost word only costs a second."""
        await self.ringing.ring(self.database, places)

    async def _write(self, conn: AsyncConnection, submission: Submission, request: Request) -> None:
        await add_command(conn, self.tables.command, submission)
        deed = AuditEntry(
            person=submission.person,
            key_id=submission.key_id,
            action=f"command.{submission.name}",
            subject=submission.customer_id,
            detail={"command_id": submission.command_id},
        )
        await self.note(conn, request, deed)

    async def _claimed(self, conn: AsyncConnection, claim: Claim | None) -> EarlierRequest | None:
        return None if claim is None else await claims.take(conn, self.tables.claim, claim)

    async def _settle(
        self, conn: AsyncConnection, claim: Claim | None, outcome: EarlierRequest
    ) -> None:
        if claim is not None:
            await claims.settle(conn, self.tables.claim, claim, outcome)

    async def _again(self, earlier: EarlierRequest, request: Request) -> Response:
        """Answer a repetition as the first request was answered; 409 while that is undecided."""
        if earlier.command_id is None:
            return replayed(Answer("", earlier.status or 200, earlier.answer), request.scope)
        command = await self.outcomes.look(earlier.command_id)
        if command is None or command.status is CommandStatus.PENDING:
            raise StillInFlightError
        return replayed(_answer(command), request.scope)


def _answer(command: Command) -> Answer:
    return Answer(command.command_id, command.http_status or 200, command.answer)


async def doors_of(request: Request) -> Doors:
    """The doors of the service that this request came to."""
    doors: Doors = request.app.state.doors
    return doors


DoorsDep = Annotated[Doors, Depends(doors_of)]
