"""What comes in and goes out over HTTP. Amounts are decimal text with their currency."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from shared.chassis.schemas import In, Out

WITHOUT_NUL = r"^[^\x00]*$"  # PostgreSQL cannot hold it
Identifier = Annotated[str, Field(min_length=1, max_length=200, pattern=WITHOUT_NUL)]


class CreditCheckIn(In):
    """An order that asks for credit. `accepts_partial`: a part of it may be delivered."""

    order_id: Identifier
    customer_id: Identifier
    amount: Annotated[Decimal, Field(gt=0, allow_inf_nan=False, max_digits=24)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    terms_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    accepts_partial: bool = False


class ReleaseIn(In):
    """Why a person lets a held order go."""

    note: Annotated[str, Field(max_length=2000, pattern=WITHOUT_NUL)] = ""


class MoneyOut(Out):
    """An exact amount."""

    amount: str
    currency: str


class ReasonOut(Out):
    """A stable code with the figures that met."""

    code: str
    value: float | str | None = None
    threshold: float | str | None = None


class ConditionOut(Out):
    """What would let the order go: a share or amount to prepay, a part, a shorter term."""

    code: str
    value: float | str


class ReservationOut(MoneyOut):
    """What is reserved for an order: live, absorbed, cancelled, superseded or expired."""

    valid_through: date
    status: str


class CreditCheckOut(Out):
    """The answer to a credit check. `exposure` and `reserved` leave this order out."""

    check_id: str
    order_id: str
    customer_id: str
    decision: str
    amount: MoneyOut
    reasons: list[ReasonOut]
    conditions: list[ConditionOut]
    limit: MoneyOut | None
    exposure: MoneyOut
    reserved: MoneyOut
    headroom: MoneyOut | None
    reservation: ReservationOut | None
    as_of: date
    decision_id: str
    policy_version: str


class CreditLimitOut(MoneyOut):
    """The most exposure allowed, and which cap holds it down."""

    binding_cap: str


class TierOut(Out):
    """On what terms we deal with a customer, and why."""

    customer_id: str
    tier: str
    since: date
    matrix_tier: str
    grade: str
    credit_limit: CreditLimitOut | None
    payment_terms_days: int
    measures: dict[str, str]
    reasons: list[ReasonOut]
    decided_on: date
    decision_id: str
    policy_version: str


class LimitOut(CreditLimitOut):
    """One credit limit of a customer's history."""

    as_of: date
    reasons: list[ReasonOut]
    decision_id: str
    policy_version: str


class TieredCustomerOut(Out):
    """A customer in the list by tier."""

    customer_id: str
    tier: str
    since: date | None
    grade: str | None
    pd: float | None
    ews: float | None
    band: str | None
    credit_limit: CreditLimitOut | None
