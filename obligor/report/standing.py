"""How every customer stands, asked of the running platform."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from msgspec import Struct

from obligor.remote import Remote


class Amount(Struct, frozen=True):
    """An amount with its currency."""

    amount: Decimal
    currency: str


class TieredCustomer(Struct, frozen=True):
    """One customer of `GET /tiering/v1/tiers`."""

    customer_id: str
    tier: str
    grade: str | None = None
    ews: float | None = None
    band: str | None = None
    credit_limit: Amount | None = None


class Receivables(Struct, frozen=True):
    """What a customer owes in one currency."""

    currency: str
    open_amount: Decimal = Decimal(0)
    overdue_amount: Decimal = Decimal(0)
    max_days_past_due: int = 0


class Debtor(Struct, frozen=True):
    """One customer of `GET /monitoring/v1/customers`."""

    customer_id: str
    currencies: tuple[Receivables, ...] = ()


class OpenWarning(Struct, frozen=True):
    """One warning of `GET /monitoring/v1/warnings`."""

    customer_id: str
    indicator: str
    severity: str
    status: str
    raised_on: date
    value: float
    threshold: float


class ReasonAnswer(Struct, frozen=True):
    """One reason of a decision."""

    code: str
    value: float | str | None = None
    threshold: float | str | None = None


class RatingAnswer(Struct, frozen=True):
    """A customer's rating, as far as it is shown."""

    grade: str
    reasons: tuple[ReasonAnswer, ...] = ()


class RecoveryCase(Struct, frozen=True):
    """One case of `GET /recovery/v1/cases`."""

    case_id: str
    customer_id: str
    state: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One customer: terms and debts."""

    customer: TieredCustomer
    receivables: Receivables

    @property
    def customer_id(self) -> str:
        """Whose standing it is."""
        return self.customer.customer_id

    @property
    def badness(self) -> tuple[int, float, int, Decimal]:
        """What "worse" means: tier, then warning score, then days late, then money overdue."""
        rank = {"high": 2, "medium": 1}.get(self.customer.tier, 0)
        return (
            rank,
            self.customer.ews or 0.0,
            self.receivables.max_days_past_due,
            self.receivables.overdue_amount,
        )


@dataclass(frozen=True, slots=True)
class TierTotal:
    """All customers of one tier who owe in one currency."""

    tier: str
    currency: str
    customers: int
    open_amount: Decimal
    overdue_amount: Decimal
    limits: Decimal


TIERS = ("low", "medium", "high")


def standings(remote: Remote) -> list[Standing]:
    """Every tiered customer, by id, with what it owes in its main currency."""
    owed = {
        one.customer_id: max(one.currencies, key=lambda each: each.open_amount)
        for one in remote.pages("/monitoring/v1/customers", Debtor)
        if one.currencies
    }
    return [
        Standing(one, owed.get(one.customer_id, Receivables(currency="EUR")))
        for one in remote.pages("/tiering/v1/tiers", TieredCustomer)
    ]


def totals(customers: Iterable[Standing]) -> list[TierTotal]:
    """Customers by tier and currency, the main currency first."""
    everybody = list(customers)
    counts: dict[str, int] = {}
    for one in everybody:
        counts[one.receivables.currency] = counts.get(one.receivables.currency, 0) + 1
    currencies = sorted(counts, key=lambda currency: -counts[currency])
    return [
        _total(tier, currency, [one for one in everybody if _belongs(one, tier, currency)])
        for currency in currencies
        for tier in TIERS
    ]


def _belongs(one: Standing, tier: str, currency: str) -> bool:
    return one.customer.tier == tier and one.receivables.currency == currency


def _total(tier: str, currency: str, members: Sequence[Standing]) -> TierTotal:
    limits = (one.customer.credit_limit for one in members)
    return TierTotal(
        tier=tier,
        currency=currency,
        customers=len(members),
        open_amount=sum((one.receivables.open_amount for one in members), Decimal(0)),
        overdue_amount=sum((one.receivables.overdue_amount for one in members), Decimal(0)),
        limits=sum(
            (limit.amount for limit in limits if limit and limit.currency == currency), Decimal(0)
        ),
    )


def worst(customers: Iterable[Standing], most: int) -> list[Standing]:
    """The worst customers, the worst first."""
    return sorted(customers, key=lambda one: one.badness, reverse=True)[:most]
