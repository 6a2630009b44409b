"""A small ledger and eight rules on it: the work that the prototype and every peer do per event.

It needs the standard library and msgspec only, so that a peer can run it in an environment of its
own. The product does more: all kinds of facts, every rule of its policy, decisions kept with their
facts. So a comparison with a peer errs in the peer's favour.
"""

from datetime import date
from functools import lru_cache

from msgspec import Struct, field

LIMIT = 5_000_000
PAYMENTS_KEPT = 8
RULES = ("T01", "T02", "T03", "T07", "T09", "L01", "B03", "L06")
_BITS = 2
_CONVERSION = 0.5
_HALF_LIFE_DAYS = 30.0
_USUAL = 0.1
_LEVELS: tuple[tuple[float, float, float], ...] = (
    (7, 30, 60),
    (0.15, 0.30, 0.50),
    (10, 20, 35),
    (0.15, 0.30, 0.50),
    (0.49, 0.99, 1.99),
    (0.8, 0.9, 1.0),
    (3.0, 4.0, 6.0),
    (0.5, 0.7, 0.9),
)


class Part(Struct, gc=False):
    """The part of a payment that settles one invoice."""

    invoice_id: str
    amount: str


class Told(Struct, gc=False):
    """Any transaction, as far as the rules read it. Amounts are decimal strings with two digits."""

    type: str = ""
    amount: str = "0.00"
    order_id: str = ""
    invoice_id: str = ""
    payment_id: str = ""
    invoice_date: str = ""
    value_date: str = ""
    due_date: str = ""
    date: str = ""
    allocations: list[Part] = field(default_factory=list)


class Account(Struct, gc=False):
    """A customer's ledger and what is usual of it. Amounts in minor units, days as ordinals.

    `invoices` are [open amount, due day]; `payments` what the latest payments have settled; `mask`
    the severity of each rule, two bits a rule.
    """

    orders: dict[str, int] = field(default_factory=dict)
    invoices: dict[str, list[int]] = field(default_factory=dict)
    payments: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    open: int = 0
    ordered: int = 0
    unapplied: int = 0
    overdue: int = 0
    settled: int = 0
    settled_in_parts: int = 0
    days_late: float = 0.0
    bounces: float = 0.0
    bounced_on: int = 0
    usual: float = 0.0
    spread: float = 0.0
    mask: int = 0
    version: int = 0

    @property
    def exposure(self) -> int:
        """Open invoices and half of the open orders, less money not applied."""
        return max(0, int(self.open + _CONVERSION * self.ordered - self.unapplied))


class Finding(Struct, gc=False):
    """A rule that has become worse: which, how bad (1 to 3), and the figure behind it."""

    rule: int
    severity: int
    value: float
    threshold: float


@lru_cache(maxsize=1024)
def ordinal(day: str) -> int:
    """The number of a day."""
    return date.fromisoformat(day).toordinal()


def minor(amount: str) -> int:
    """A decimal string with two digits in minor units."""
    return int(amount[:-3] + amount[-2:])


def step(account: Account, told: Told, today: int) -> list[Finding]:
    """Post one transaction; what has become worse by it."""
    posting = _POSTINGS.get(told.type)
    if posting is None:
        return []
    account.version += 1
    surprise = posting(account, told, today)
    return _judge(account, today, surprise)


def _order(account: Account, told: Told, _today: int) -> float:
    amount = minor(told.amount)
    account.orders[told.order_id] = amount
    account.ordered += amount
    return _meet(account, amount)


def _meet(account: Account, amount: int) -> float:
    """How unusual an order is, in usual spreads."""
    gap = amount - account.usual
    if account.usual == 0.0:
        account.usual, account.spread = float(amount), 0.25 * amount
        return 0.0
    z = gap / account.spread if account.spread else 0.0
    account.usual += _USUAL * gap
    account.spread += _USUAL * (abs(gap) - account.spread)
    return z


def _invoice(account: Account, told: Told, _today: int) -> float:
    amount = minor(told.amount)
    account.invoices[told.invoice_id] = [amount, ordinal(told.due_date)]
    account.open += amount
    account.ordered -= account.orders.pop(told.order_id, 0)
    return 0.0


def _payment(account: Account, told: Told, today: int) -> float:
    left = minor(told.amount)
    settled: dict[str, list[int]] = {}
    for part in told.allocations:
        invoice = account.invoices.get(part.invoice_id)
        if invoice is None:
            continue
        paid = min(minor(part.amount), invoice[0], left)
        left -= paid
        account.open -= paid
        settled[part.invoice_id] = [paid, invoice[1]]
        invoice[0] -= paid
        if invoice[0] == 0:
            del account.invoices[part.invoice_id]
            account.settled += 1
            account.days_late += 0.2 * (today - invoice[1] - account.days_late)
        else:
            account.settled_in_parts += 1
    account.unapplied += left
    account.payments[told.payment_id] = settled
    if len(account.payments) > PAYMENTS_KEPT:
        del account.payments[next(iter(account.payments))]
    return 0.0


def _bounce(account: Account, told: Told, today: int) -> float:
    for name, (paid, due) in account.payments.pop(told.payment_id, {}).items():
        invoice = account.invoices.setdefault(name, [0, due])
        invoice[0] += paid
        account.open += paid
    account.bounces = _fading(account, today) + 1.0
    account.bounced_on = today
    return 0.0


def _fading(account: Account, today: int) -> float:
    if not account.bounces:
        return 0.0
    return float(account.bounces * 0.5 ** ((today - account.bounced_on) / _HALF_LIFE_DAYS))


_POSTINGS = {
    "order.placed": _order,
    "invoice.issued": _invoice,
    "payment.received": _payment,
    "payment.bounced": _bounce,
}


def _judge(account: Account, today: int, surprise: float) -> list[Finding]:
    oldest = overdue = late = 0
    for amount, due in account.invoices.values():
        if due < today:
            overdue += amount
            late += 1
            oldest = max(oldest, today - due)
    account.overdue = overdue
    settled, owed = account.settled, account.open
    figures = (
        oldest,
        overdue / owed if late > 1 and owed else 0.0,
        account.days_late if settled > 2 else 0.0,  # noqa: PLR2004  # one payment is no habit
        account.settled_in_parts / settled if settled > 4 else 0.0,  # noqa: PLR2004
        _fading(account, today),
        account.exposure / LIMIT,
        surprise,
        account.ordered / LIMIT,
    )
    worse: list[Finding] = []
    before, mask = account.mask, 0
    for rule, value in enumerate(figures):
        watch, amber, red = _LEVELS[rule]
        if value <= watch:
            continue
        severity = 3 if value > red else 2 if value > amber else 1
        mask |= severity << rule * _BITS
        if severity > before >> rule * _BITS & 3:
            worse.append(Finding(rule, severity, value, _LEVELS[rule][severity - 1]))
    account.mask = mask
    return worse
