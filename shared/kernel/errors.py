"""Every failure says what happened, to whom and what to do next: retry, park or refuse."""

from typing import ClassVar


class ObligorError(Exception):
    """A request or event is refused for a stable reason; trying again changes nothing.

    `code` is the stable name programs branch on, `status` the HTTP status a door answers with.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422


class InvalidInputError(ObligorError):
    """One field of the input breaks a rule; names the field, the value and the rule."""

    code = "invalid_input"

    def __init__(self, *, field: str, value: object, rule: str) -> None:
        super().__init__(f"{field} is {value!r}, but {rule}")
        self.field = field
        self.value = value
        self.rule = rule


class NotFoundError(ObligorError):
    """Nothing by that name is known here."""

    code = "not_found"
    status = 404

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"no {kind} {name!r} is known here")


class ConflictError(ObligorError):
    """The request contradicts what is already so."""

    code = "conflict"
    status = 409


class ForbiddenError(ObligorError):
    """The principal is known, but may not do this."""

    code = "forbidden"
    status = 403


class UnauthenticatedError(ObligorError):
    """No valid key came with the request."""

    code = "unauthenticated"
    status = 401


class PoisonError(ObligorError):
    """A record that can never be applied: park it in the dead letters, go on with the next."""

    code = "poison"


class TransientError(Exception):
    """Nobody's fault and passing: back off and try again; nothing was written."""
