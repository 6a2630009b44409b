"""Facts about bills of exchange, as upstream systems publish them.

Topic `obligor.transactions`, key = customer id, beside those of `transactions.py`.
"""

import datetime as dt
from decimal import Decimal
from typing import Literal

from shared.contracts.envelope import Event
from shared.contracts.transactions import Allocation


class BillReceived(Event, frozen=True, kw_only=True):
    """A bill of exchange came in: accepted by a bank, or by a company (commercial).

    Without allocations it settles the oldest due first (policy), like money.
    """

    bill_id: str
    kind: Literal["bank", "commercial"]
    amount: Decimal
    currency: str
    due_date: dt.date
    acceptor: str | None = None
    allocations: tuple[Allocation, ...] = ()
    date: dt.date | None = None


class BillSettled(Event, frozen=True, kw_only=True):
    """The acceptor paid a bill."""

    bill_id: str
    date: dt.date | None = None


class BillTransferred(Event, frozen=True, kw_only=True):
    """We endorsed or discounted a bill; with recourse, it may come back to us."""

    bill_id: str
    with_recourse: bool
    date: dt.date | None = None


class BillDishonoured(Event, frozen=True, kw_only=True):
    """A bill was not paid: what it settled is open again, with its old due dates."""

    bill_id: str
    reason: str | None = None
    date: dt.date | None = None
