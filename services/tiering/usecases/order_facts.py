"""From an account as an order finds it to the facts that the order is decided on."""

from dataclasses import dataclass
from datetime import date

from services.tiering.domain.model import Lifecycle
from services.tiering.domain.order import OpenOrders, OrderFacts
from services.tiering.storage.book import Account, KnownExposure
from services.tiering.storage.checks import Standing
from shared.kernel.dates import days_between
from shared.kernel.maths import canonical
from shared.kernel.money import Money


@dataclass(frozen=True, slots=True)
class OrderAsked:
    """An order that asks for credit; `asked_by` brings it, `terms_days` None asks for no term."""

    order_id: str
    customer_id: str
    amount: Money
    terms_days: int | None
    accepts_partial: bool
    asked_by: str


def order_facts(
    order: OrderAsked, standing: Standing | None, *, as_of: date, released_by: str | None
) -> OrderFacts:
    """What an order is decided on; without an account nothing is known but the order."""
    currency = order.amount.currency
    account = standing.account if standing is not None else Account(order.customer_id)
    exposure = _exposure(account, currency)
    return OrderFacts(
        order_id=order.order_id,
        amount=order.amount,
        terms_days=order.terms_days,
        reserved=standing.reserved if standing is not None else Money.zero(currency),
        receivables=Money(exposure.open_minor, currency),
        deposits=Money(exposure.unapplied_minor, currency),
        delivered_not_invoiced=Money.zero(currency),
        open_orders=(OpenOrders(Money(exposure.open_orders_minor, currency)),),
        accepts_partial=order.accepts_partial,
        tier=account.tier,
        limit=account.limit,
        verdict=account.verdict,
        lifecycle=Lifecycle.RECOVERY if account.in_default else Lifecycle.ACTIVE,
        band=account.band,
        hard_triggers=account.hard_triggers,
        rating_valid_to=account.rating_valid_to,
        oldest_days_past_due=_oldest(account, as_of),
        overdue_share=_overdue_share(exposure),
        released_by=released_by,
    )


def _exposure(account: Account, currency: str) -> KnownExposure:
    """The exposure in a currency; monitoring names every currency that anything is open in."""
    found = (each for each in account.exposures if each.currency == currency)
    return next(found, KnownExposure(currency, 0, 0, 0, 0))


def _oldest(account: Account, as_of: date) -> int | None:
    """The age of the oldest overdue invoice: had it been paid, a new exposure would have said so."""
    if account.arrears_on is None:
        return None
    if account.oldest_days_past_due == 0:
        return 0
    return account.oldest_days_past_due + max(0, days_between(account.arrears_on, as_of))


def _overdue_share(exposure: KnownExposure) -> float | None:
    if exposure.open_minor <= 0:
        return None
    return canonical(exposure.overdue_minor / exposure.open_minor)
