"""What HTTP bodies have in common."""

from pydantic import BaseModel, ConfigDict


class In(BaseModel):
    """A body that comes in: a field nobody reads is refused, for it is a typo or an attack."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=20_000)


class Out(BaseModel):
    """A body that goes out; more fields may come."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Problem(BaseModel):
    """An error, as RFC 9457 has it. Programs branch on `code`; people read `detail`."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str | None = None
    request_id: str | None = None
    errors: list["InputErrorOut"] | None = None


class InputErrorOut(BaseModel):
    """One field of the input that breaks a rule."""

    field: str
    value: str | None = None
    rule: str
