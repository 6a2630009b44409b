"""Administration that a repeated request must not do twice: one transaction, one answer for both."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.auth.principals import Principal
from shared.chassis.answers import replayed
from shared.chassis.doors import Doors
from shared.chassis.idempotency import claims
from shared.chassis.idempotency.claims import EarlierRequest
from shared.chassis.idempotency.commands import Answer
from shared.chassis.schemas import Out
from shared.chassis.submission import claim_of

Deed = Callable[[AsyncConnection], Awaitable[Out]]


@dataclass(frozen=True, slots=True)
class Once:
    """A request of administration, by whom, and with what status it is answered.

    `secrets` names fields of the answer that are shown once and kept nowhere: in the answer to a
    repetition they are null.
    """

    request: Request
    doors: Doors
    principal: Principal
    status: int = 200
    secrets: Collection[str] = ()

    async def do(self, deed: Deed) -> JSONResponse:
        """Do it, unless its Idempotency-Key says that it was done: then answer as the first time.

        The key is kept with the answer in the deed's own transaction; a deed that raises keeps nothing.
        """
        claim, tables = await claim_of(self.request, self.principal), self.doors.tables
        async with self.doors.transaction() as conn:
            if claim is not None:
                earlier = await claims.take(conn, tables.claim, claim)
                if earlier is not None:
                    answer = Answer("", earlier.status or self.status, earlier.answer)
                    return replayed(answer, self.request.scope)
            shown = (await deed(conn)).model_dump(mode="json")
            if claim is not None:
                kept = shown | dict.fromkeys(self.secrets)
                outcome = EarlierRequest(self.status, kept, None)
                await claims.settle(conn, tables.claim, claim, outcome)
        return JSONResponse(shown, status_code=self.status)
