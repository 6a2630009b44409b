"""From what others say to the facts that tiering decides on."""

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TypeVar

from services.tiering.domain.credit_limit import CreditLimitFacts
from services.tiering.domain.model import Band, Confidence, Tier
from services.tiering.domain.policy import TieringPolicy
from services.tiering.domain.tier import TierFacts
from services.tiering.storage.book import Account, PortfolioTotal
from shared.contracts.figures import CustomerFigures, PurchaseFigures
from shared.contracts.rating import CapacityFigures, GradeAnswer
from shared.kernel.errors import InvalidInputError
from shared.kernel.maths import canonical
from shared.kernel.money import Money, minor_digits

EnumT = TypeVar("EnumT", bound=StrEnum)


def limit_currency(event: GradeAnswer, account: Account, policy: TieringPolicy) -> str:
    """The currency a customer's limit is set in: the one it has, while we still trade in it.

    Otherwise the main currency of purchases, of exposure, of the statement, and last the default.
    """
    figures = event.figures
    traded = [each.currency for each in figures.purchases]
    traded += [each.currency for each in figures.exposures]
    if account.limit is not None and account.limit.currency in traded:
        return account.limit.currency
    stated = [event.capacity.currency] if event.capacity is not None else []
    return next(iter((*traded, *stated)), policy.limit.default_currency)


def tier_facts(
    event: GradeAnswer, account: Account, portfolio: PortfolioTotal | None, *, currency: str
) -> TierFacts:
    """What the tier is decided on. Raises `InvalidInputError` for words that we do not know."""
    figures = event.figures
    return TierFacts(
        grade=event.grade,
        pd=canonical(event.pd),
        band=_word(Band, figures.band, field="figures.band"),
        confidence=_word(Confidence, event.confidence, field="confidence"),
        month_end=event.month_end,
        hard_triggers=figures.hard_triggers,
        in_default=figures.in_default,
        open_red_warning=figures.open_red_warning,
        exposure=_exposure(figures, currency),
        own_receivables=None if portfolio is None else portfolio.open,
        own_customers=None if portfolio is None else portfolio.customers,
        portfolio_day=None if portfolio is None else portfolio.day,
        current=account.tier,
        since=account.since,
        better_count=account.better_count,
    )


def limit_figures(
    event: GradeAnswer, portfolio: PortfolioTotal | None, *, currency: str
) -> CreditLimitFacts:
    """What the limit is decided on, with the worst tier for want of a decided one.

    Without exchange rates only figures in the limit's own currency can be used.
    """
    purchases = _purchases(event.figures, currency)
    capacity = _capacity(event, currency)
    return CreditLimitFacts(
        currency=currency,
        grade=event.grade,
        pd=canonical(event.pd),
        tier=Tier.HIGH,
        verdict=event.verdict,
        tangible_net_worth=_money(capacity.tangible_net_worth, currency),
        working_capital=_money(capacity.working_capital, currency),
        accounts_payable=_money(capacity.accounts_payable, currency),
        purchases_12m=None if purchases is None else _money(purchases.purchases_12m, currency),
        largest_month_paid_on_time=_paid_on_time(purchases, currency),
        terms_days=None if purchases is None else purchases.usual_terms_days,
        own_receivables=None if portfolio is None else portfolio.open,
        own_customers=None if portfolio is None else portfolio.customers,
        portfolio_day=None if portfolio is None else portfolio.day,
    )


def _word(kind: type[EnumT], value: str, *, field: str) -> EnumT:
    try:
        return kind(value)
    except ValueError as error:
        rule = f"must be one of {', '.join(kind)}"
        raise InvalidInputError(field=field, value=value, rule=rule) from error


def _exposure(figures: CustomerFigures, currency: str) -> Money | None:
    found = (each for each in figures.exposures if each.currency == currency)
    mine = next(found, None)
    return None if mine is None else _money(mine.total, currency)


def _purchases(figures: CustomerFigures, currency: str) -> PurchaseFigures | None:
    return next((each for each in figures.purchases if each.currency == currency), None)


def _paid_on_time(purchases: PurchaseFigures | None, currency: str) -> Money | None:
    return None if purchases is None else _money(purchases.largest_month_paid_on_time, currency)


def _capacity(event: GradeAnswer, currency: str) -> CapacityFigures:
    stated = event.capacity
    if stated is None or stated.currency != currency:
        return CapacityFigures(currency=currency)
    return stated


def _money(amount: Decimal | None, currency: str) -> Money | None:
    """An amount of a statement or a sum, rounded to the currency's digits."""
    if amount is None:
        return None
    step = Decimal(1).scaleb(-minor_digits(currency))
    return Money.parse(amount.quantize(step, ROUND_HALF_UP), currency)
