"""Rebuilding accounts from their facts: what differs is put right, and said."""

from dataclasses import asdict

from services.monitoring.domain.policies.ledger import LedgerPolicy
from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.ledger import Ledger
from services.monitoring.storage.accounts import write_ledger
from services.monitoring.storage.book import Book, Customer, Total
from services.monitoring.storage.rebuilds import Difference, RebuildAccounts
from services.monitoring.usecases.figures import View, view_of
from services.monitoring.usecases.observing import MonitoringWork, say_exposure
from services.monitoring.usecases.shown import text
from shared.chassis.service import CommandAnswer
from shared.kernel.errors import NotFoundError

_COUNTS = frozenset({"orders"})
PORTFOLIO_TOTAL = "portfolio_total"
STATE = "state"
"""The figure that stands for a difference which shows in none of the others today."""


def rebuild_accounts(wish: RebuildAccounts, book: Book, work: MonitoringWork) -> CommandAnswer:
    """Rebuild the accounts of one chunk of customers, and compare them with what was kept."""
    chunk = book.rebuilds.get(wish.rebuild_id)
    if chunk is None:
        raise NotFoundError(kind="rebuild", name=wish.rebuild_id)
    part = chunk.part
    if chunk.corrects:
        part.correct(_corrected(wish, book))
    for customer_id in chunk.customers:
        part.note(_rebuilt(book.customers[customer_id], book, work))
    part.jobs += 1
    chunk.handled = True
    part.done = chunk.following is None
    answer = {"rebuild_id": wish.rebuild_id, "customers": part.customers, "done": part.done}
    return CommandAnswer(200, answer)


def _rebuilt(customer: Customer, book: Book, work: MonitoringWork) -> list[Difference]:
    """Put a customer's account right; answers what was wrong, and touches nothing if nothing was."""
    rules = work.policy.ledger
    fresh = Ledger()
    if customer.history:
        fresh.rebuild(customer.history, rules)
    view = view_of(fresh.unfold(rules), rules, as_of=work.business_day)
    is_same = write_ledger(customer.ledger) == write_ledger(fresh)
    if is_same and customer.standing.open == view.open:
        return []
    before = _figures(customer.ledger.unfold(rules), rules, work)
    customer.ledger = fresh
    book.customer(customer.customer_id)
    book.shift_totals(customer.standing.open, view.open)
    customer.standing.open = view.open
    say_exposure(customer, view, book, work)
    customer.wake_by(work.business_day)
    return _differences(customer.customer_id, before, _of(view))


def _corrected(wish: RebuildAccounts, book: Book) -> list[Difference]:
    """Take off what the partition's sums were too high by."""
    found = []
    for currency, (owed, customers) in sorted(wish.drift.items()):
        total = book.totals.setdefault(currency, Total())
        before = text(total.open, currency)
        book.totals_moved = True
        total.open -= owed
        total.customers -= customers
        found.append(
            Difference(
                customer_id="",
                figure=PORTFOLIO_TOTAL,
                currency=currency,
                before=before,
                after=text(total.open, currency),
            )
        )
    return found


def _figures(
    account: Account, rules: LedgerPolicy, work: MonitoringWork
) -> dict[tuple[str, str], str]:
    return _of(view_of(account, rules, as_of=work.business_day))


def _of(view: View) -> dict[tuple[str, str], str]:
    """Every figure of the exposure by currency and name, as text."""
    return {
        (each.currency, name): str(value) if name in _COUNTS else text(value, each.currency)
        for each in view.exposures
        for name, value in asdict(each).items()
        if isinstance(value, int)
    }


def _differences(
    customer_id: str, before: dict[tuple[str, str], str], after: dict[tuple[str, str], str]
) -> list[Difference]:
    found = [
        Difference(
            customer_id=customer_id,
            figure=figure,
            currency=currency,
            before=before.get((currency, figure), "0"),
            after=after.get((currency, figure), "0"),
        )
        for currency, figure in sorted({*before, *after})
        if before.get((currency, figure)) != after.get((currency, figure))
    ]
    if found:
        return found
    hidden = Difference(customer_id=customer_id, figure=STATE, currency=None, before="", after="")
    return [hidden]
