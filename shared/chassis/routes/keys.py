"""API keys: made, listed and revoked by administrators."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import AwareDatetime, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.audit.trail import AuditEntry
from shared.auth.keyring import KeyRing
from shared.auth.keys import ApiKey, KeyRequest, add_key, list_keys, revoke_key
from shared.auth.principals import Principal, Role
from shared.chassis.doors import DoorsDep, allowed
from shared.chassis.once import Once
from shared.chassis.paging import Page, PageQuery
from shared.chassis.schemas import In, Out

router = APIRouter(tags=["keys"])
Administrator = Annotated[Principal, Depends(allowed(Role.ADMIN))]


class KeyIn(In):
    """Who a key is for and what it may do."""

    person: Annotated[str, Field(min_length=1, max_length=200)]
    name: Annotated[str, Field(max_length=200)] = ""
    roles: Annotated[frozenset[Role], Field(min_length=1)]
    expires_at: AwareDatetime | None = None


class KeyOut(Out):
    """A key without its secret."""

    key_id: str
    person: str
    name: str
    roles: list[Role]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class NewKeyOut(KeyOut):
    """A key just made; `key` is shown this once, and null in the answer to a repetition."""

    key: str | None


@router.get("/keys", summary="The keys of this service, revoked and expired ones included")
async def keys(doors: DoorsDep, page: PageQuery, principal: Administrator) -> Page[KeyOut]:
    """Keys by id; secrets are not kept, so none are shown."""
    del principal
    async with doors.reading() as conn:
        rows = await list_keys(
            conn, doors.tables.api_key, after=page.after_text(), limit=page.fetch
        )
    return page.page(rows, cursor=lambda key: (key.key_id,), out=_shown)


@router.post(
    "/keys",
    status_code=201,
    response_model=NewKeyOut,
    summary="Make a key; its secret is shown once",
)
async def make_key(
    body: KeyIn, request: Request, doors: DoorsDep, principal: Administrator
) -> Response:
    """A key belongs to a named person, programs' keys included.

    A repeated Idempotency-Key makes no second key, and does not show the secret again: it is not kept.
    """
    wish = KeyRequest(body.person, body.name, body.roles, body.expires_at)

    async def _made(conn: AsyncConnection) -> NewKeyOut:
        key, token = await add_key(conn, doors.tables.api_key, wish)
        detail: dict[str, object] = {"person": key.person, "roles": sorted(key.roles)}
        await doors.note(conn, request, _deed(principal, "key.made", key, detail))
        return NewKeyOut(key=token, **_shown(key).model_dump())

    return await Once(request, doors, principal, status=201, secrets=("key",)).do(_made)


@router.delete("/keys/{key_id}", summary="Revoke a key")
async def drop_key(
    key_id: str, request: Request, doors: DoorsDep, principal: Administrator
) -> KeyOut:
    """The key opens nothing from now on (in other processes after five seconds)."""
    async with doors.transaction() as conn:
        key = await revoke_key(conn, doors.tables.api_key, key_id)
        await doors.note(conn, request, _deed(principal, "key.revoked", key, {}))
    keyring: KeyRing = request.app.state.keyring
    keyring.forget(key_id)
    return _shown(key)


def _shown(key: ApiKey) -> KeyOut:
    return KeyOut(
        key_id=key.key_id,
        person=key.person,
        name=key.name,
        roles=sorted(key.roles),
        created_at=key.created_at,
        expires_at=key.expires_at,
        revoked_at=key.revoked_at,
    )


def _deed(principal: Principal, action: str, key: ApiKey, detail: dict[str, object]) -> AuditEntry:
    return AuditEntry(
        person=principal.person,
        key_id=principal.key_id,
        action=action,
        subject=key.key_id,
        detail=detail,
    )
