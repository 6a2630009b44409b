"""API keys: `obl_<key id>_<secret>`, shown once, kept as a hash."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest

import msgspec
from sqlalchemy import Column, LargeBinary, MetaData, Table, Text, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.auth.principals import Principal, Role
from shared.kernel.errors import InvalidInputError, NotFoundError

_PREFIX = "obl"
_LONGEST = 200
_moment = TIMESTAMP(timezone=True)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A stored key, without its secret."""

    key_id: str
    person: str
    name: str
    roles: frozenset[Role]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    digest: bytes

    def opens_with(self, secret: str, *, at: datetime) -> bool:
        """Whether the secret is this key's and the key is neither revoked nor expired."""
        right = compare_digest(self.digest, digest_of(secret))
        return right and self.revoked_at is None and not (self.expires_at and self.expires_at <= at)

    @property
    def principal(self) -> Principal:
        """Whoever comes with this key."""
        return Principal(key_id=self.key_id, person=self.person, roles=self.roles)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just minted; `token` is the only copy of the secret there will ever be."""

    key_id: str
    token: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class KeyRequest:
    """What a new key is for. A key belongs to a named person, programs' keys included."""

    person: str
    name: str
    roles: frozenset[Role]
    expires_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a key without a person or without roles."""
        if not self.person.strip():
            raise InvalidInputError(field="person", value=self.person, rule="must name a person")
        if not self.roles:
            raise InvalidInputError(field="roles", value=[], rule="must hold at least one role")


def key_table(metadata: MetaData) -> Table:
    """The table of a service's keys; every service holds its own."""
    return Table(
        "api_key",
        metadata,
        Column("key_id", Text, primary_key=True),
        Column("digest", LargeBinary, nullable=False),
        Column("person", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("roles", ARRAY(Text), nullable=False),
        Column("created_at", _moment, nullable=False, server_default=func.now()),
        Column("expires_at", _moment),
        Column("revoked_at", _moment),
        keep_existing=True,
    )


def digest_of(secret: str) -> bytes:
    """The hash a secret is kept as. The secret is 256 random bits, so a fast hash is the right one."""
    return sha256(secret.encode()).digest()


def mint() -> NewKey:
    """A fresh key."""
    key_id, secret = secrets.token_hex(6), secrets.token_hex(32)
    return NewKey(key_id, f"{_PREFIX}_{key_id}_{secret}", digest_of(secret))


def split_token(token: str) -> tuple[str, str] | None:
    """The key id and the secret of a token; None for what is not one of our keys."""
    prefix, _, rest = token.partition("_")
    key_id, found, secret = rest.partition("_")
    if len(token) > _LONGEST or prefix != _PREFIX or not found:
        return None
    return key_id, secret


async def add_key(conn: AsyncConnection, table: Table, wish: KeyRequest) -> tuple[ApiKey, str]:
    """Mint and store a key; returns it with the token to show once."""
    minted = mint()
    row = await conn.execute(
        table.insert()
        .values(
            key_id=minted.key_id,
            digest=minted.digest,
            person=wish.person,
            name=wish.name,
            roles=sorted(wish.roles),
            expires_at=wish.expires_at,
        )
        .returning(table)
    )
    return _key(dict(row.mappings().one())), minted.token


async def revoke_key(conn: AsyncConnection, table: Table, key_id: str) -> ApiKey:
    """Revoke a key now; revoking it again keeps the first moment."""
    revoked = await conn.execute(
        update(table)
        .where(table.c.key_id == key_id)
        .values(revoked_at=func.coalesce(table.c.revoked_at, func.now()))
        .returning(table)
    )
    row = revoked.mappings().one_or_none()
    if row is None:
        raise NotFoundError(kind="key", name=key_id)
    return _key(dict(row))


async def find_key(conn: AsyncConnection, table: Table, key_id: str) -> ApiKey | None:
    """The key of that id, revoked and expired ones included."""
    row = (await conn.execute(select(table).where(table.c.key_id == key_id))).mappings()
    found = row.one_or_none()
    return None if found is None else _key(dict(found))


async def list_keys(
    conn: AsyncConnection, table: Table, *, after: str | None, limit: int
) -> Sequence[ApiKey]:
    """Keys by id, from the one after `after`."""
    wanted = select(table).order_by(table.c.key_id).limit(limit)
    if after is not None:
        wanted = wanted.where(table.c.key_id > after)
    return [_key(dict(row)) for row in (await conn.execute(wanted)).mappings()]


def _key(row: dict[str, object]) -> ApiKey:
    return msgspec.convert({str(name): row[name] for name in row}, ApiKey)
