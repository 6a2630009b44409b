"""The security we hold for a customer, as far as it binds on a day."""

from datetime import date

from services.monitoring.domain.indicator_facts.external import Source
from services.monitoring.domain.outside.external_standing import ExternalStanding, external_facts
from shared.kernel.money import Money


def eligible_security(standing: ExternalStanding, *, as_of: date) -> tuple[Money, ...]:
    """What all security is worth to us after haircuts, by currency; what has expired is worth nothing."""
    found: dict[str, int] = {}
    for sign in external_facts(standing, as_of=as_of).of(Source.SECURITY):
        binds = sign.expires_on is None or sign.expires_on >= as_of
        if binds and sign.amount is not None:
            amount = sign.amount
            found[amount.currency] = found.get(amount.currency, 0) + amount.minor
    return tuple(Money(minor, currency) for currency, minor in sorted(found.items()))
