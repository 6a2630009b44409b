"""Who may pass a route: every route names its roles, and OpenAPI shows that a key is needed."""

from dataclasses import dataclass
from typing import Annotated, Final, Protocol

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from shared.auth.principals import Principal, Role
from shared.kernel.errors import ForbiddenError

_bearer: Final = HTTPBearer(
    auto_error=False, scheme_name="ApiKey", description="An API key: `obl_<key id>_<secret>`."
)
_Credentials = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]


class HoldsKeys(Protocol):
    """Knows who a token belongs to."""

    async def holder_of(self, token: str | None) -> Principal:
        """The principal who owns the token. Raises `UnauthenticatedError`."""
        ...


class RoleMissingError(ForbiddenError):
    """The key is good, but carries none of the roles that this route asks for."""

    code = "role_missing"

    def __init__(self, wanted: tuple[Role, ...]) -> None:
        super().__init__(f"this needs one of the roles: {', '.join(wanted)}")


@dataclass(frozen=True, slots=True)
class Allowed:
    """A dependency that lets only holders of one of the roles pass, and says who came."""

    roles: tuple[Role, ...]

    async def __call__(self, request: Request, credentials: _Credentials) -> Principal:
        """The principal at the door. Raises `UnknownKeyError` (401) or `RoleMissingError` (403)."""
        keyring: HoldsKeys = request.app.state.keyring
        token = credentials.credentials if credentials is not None else None
        principal = await keyring.holder_of(token)
        if not principal.may(*self.roles):
            raise RoleMissingError(self.roles)
        return principal


def allowed(*roles: Role) -> Allowed:
    """Use as `Annotated[Principal, Depends(allowed(Role.ANALYST))]`."""
    return Allowed(roles)
