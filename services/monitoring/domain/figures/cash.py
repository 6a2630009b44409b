"""What we hold of a customer's that no invoice has taken, and what it leaves of what is past due."""

from collections.abc import Iterable, Iterator

from services.monitoring.domain.receivables.account import Account


def unapplied_cash(account: Account, currency: str) -> int:
    """Money and credits of the customer that no invoice has taken, in minor units."""
    sums = account.outstanding.get(currency)
    return account.credits.get(currency, 0) + (sums.unapplied if sums else 0)


def after_cash(amounts: Iterable[tuple[int, int]], cash: int) -> Iterator[tuple[int, int]]:
    """Days past due and minor units of each invoice, once cash is set against the oldest first.

    What only our own books have not matched is a technical past due (domain.md §6.7).
    """
    for days, amount in amounts:
        yield days, max(0, amount - cash)
        cash = max(0, cash - amount)
