"""What a customer bought and how it paid, by day, in one currency: enough to measure any window."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple, Self

from shared.kernel.values import quick

TERMS_KEPT = 12


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """One invoice that was paid in full: `amount` minor units paid, `days_late` negative if early."""

    invoice_id: str
    invoice_date: date
    settled_on: date
    amount: int
    days_late: int
    parts: int

    @property
    def month(self) -> date:
        """The month it was invoiced in, by its first day."""
        return self.invoice_date.replace(day=1)


class SettledDay(NamedTuple):
    """All that was settled on one day. Amounts in minor units; `_days` are amount x days late.

    `late_days` counts late ones only, `signed_days` takes early ones off. `late` are the invoices
    settled late, `split` those paid in two parts or more, while they are recent.
    """

    invoices: int = 0
    amount: int = 0
    late_days: int = 0
    signed_days: int = 0
    late_amount: int = 0
    late_over_30_amount: int = 0
    most_days_late: int = 0
    in_parts: int = 0
    late: tuple[str, ...] = ()
    split: tuple[str, ...] = ()


_LONG_LATE = 30  # days; the figure is *named* after it (share of the amount paid over 30 days late)


def plus(day: SettledDay, settlement: Settlement) -> SettledDay:
    """The day with one more settlement."""
    late, split = settlement.days_late > 0, settlement.parts > 1
    summed = _shifted(day, settlement, sign=1)
    return summed._replace(
        most_days_late=max(day.most_days_late, settlement.days_late),
        late=_with(day.late, settlement.invoice_id) if late else day.late,
        split=_with(day.split, settlement.invoice_id) if split else day.split,
    )


def minus(day: SettledDay, settlement: Settlement, *, rest: int) -> SettledDay:
    """The day with a settlement taken back; `rest` is the most days late of those that remain."""
    name = settlement.invoice_id
    return _shifted(day, settlement, sign=-1)._replace(
        most_days_late=rest,
        late=tuple(each for each in day.late if each != name),
        split=tuple(each for each in day.split if each != name),
    )


def _with(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    """The invoices of one day, by number: the order in which they were paid says nothing."""
    return tuple(sorted((*names, name)))


def _shifted(day: SettledDay, settlement: Settlement, *, sign: int) -> SettledDay:
    amount, days = sign * settlement.amount, settlement.days_late
    return day._replace(
        invoices=day.invoices + sign,
        amount=day.amount + amount,
        late_days=day.late_days + amount * max(0, days),
        signed_days=day.signed_days + amount * days,
        late_amount=day.late_amount + (amount if days > 0 else 0),
        late_over_30_amount=day.late_over_30_amount + (amount if days > _LONG_LATE else 0),
        in_parts=day.in_parts + (sign if settlement.parts > 1 else 0),
    )


@dataclass(slots=True, kw_only=True)
class History:
    """Rolling history in one currency.

    `settled` by day of settlement, `purchased` (net of credit notes) by invoice date, `on_time` what
    was settled by its due date, by the month it was invoiced in; `terms` the payment terms of the
    latest invoices, in days, newest last; `losses` what was written off, less recoveries.
    """

    settled: dict[date, SettledDay] = field(default_factory=dict)
    purchased: dict[date, int] = field(default_factory=dict)
    on_time: dict[date, int] = field(default_factory=dict)
    terms: tuple[int, ...] = ()
    losses: dict[date, int] = field(default_factory=dict)

    def copy(self) -> Self:
        """A history that can change without this one changing."""
        return type(self)(
            settled=dict(self.settled),
            purchased=dict(self.purchased),
            on_time=dict(self.on_time),
            terms=self.terms,
            losses=dict(self.losses),
        )

    def buy(self, day: date, amount: int) -> None:
        """Count a purchase (or, below zero, a credit) on the day of its invoice.

        A credit on a day that was forgotten takes nothing off: no window reaches back that far.
        """
        if amount < 0 and day not in self.purchased:
            return
        self.purchased[day] = self.purchased.get(day, 0) + amount

    def buy_more(self, day: date, amount: int) -> None:
        """Count more on the day of an invoice that is there; on a day forgotten, nothing."""
        if day in self.purchased:
            self.purchased[day] += amount

    def lose(self, day: date, amount: int) -> None:
        """Count what was given up on a day (below zero: what came in after all)."""
        self.losses[day] = self.losses.get(day, 0) + amount

    def agree_terms(self, days: int) -> None:
        """Remember the terms of the newest invoice."""
        self.terms = (*self.terms, days)[-TERMS_KEPT:]

    def settle(self, settlement: Settlement) -> None:
        """Count an invoice as settled."""
        day = self.settled.get(settlement.settled_on, SettledDay())
        self.settled[settlement.settled_on] = plus(day, settlement)
        if settlement.days_late <= 0:
            month = settlement.month
            self.on_time[month] = self.on_time.get(month, 0) + settlement.amount

    def unsettle(self, settlement: Settlement, *, rest: int) -> None:
        """Take a settlement back: its payment bounced, or its invoice was withdrawn.

        One on a day that was forgotten is gone already.
        """
        before = self.settled.get(settlement.settled_on)
        if before is None:
            return
        day = minus(before, settlement, rest=rest)
        if day.invoices:
            self.settled[settlement.settled_on] = day
        else:
            del self.settled[settlement.settled_on]
        if settlement.days_late <= 0 and settlement.month in self.on_time:
            left = self.on_time[settlement.month] - settlement.amount
            self.on_time[settlement.month] = left
            if not left:
                del self.on_time[settlement.month]

    def forget_before(self, oldest: date, *, documents_from: date) -> None:
        """Drop days before `oldest`, and the invoice numbers of days before `documents_from`.

        Days stand in their order, so nobody looks further than those that go.
        """
        for day in _first(self.settled, before=oldest):
            del self.settled[day]
        for day in _first(self.settled, before=documents_from):
            figures = self.settled[day]
            if figures.late or figures.split:
                self.settled[day] = figures._replace(late=(), split=())
        for day in _first(self.purchased, before=oldest):
            del self.purchased[day]
        for day in _first(self.losses, before=oldest):
            del self.losses[day]
        for month in [month for month in self.on_time if month < oldest]:
            del self.on_time[month]


def _first(days: Iterable[date], *, before: date) -> list[date]:
    """The days before a day, of days in their order."""
    found = []
    for day in days:
        if day >= before:
            break
        found.append(day)
    return found


def settled_within(history: History, *, after: date, through: date) -> list[SettledDay]:
    """The days of settlement in the window `after` < day <= `through`, the newest first.

    Facts are posted by day, so the days stand in their order.
    """
    found = []
    for when in reversed(history.settled):
        if when <= after:
            break
        if when <= through:
            found.append(history.settled[when])
    return found


def purchased_within(history: History, *, after: date, through: date) -> int:
    """What was bought in the window `after` < day <= `through`, in minor units."""
    bought = 0
    for when in reversed(history.purchased):
        if when <= after:
            break
        if when <= through:
            bought += history.purchased[when]
    return bought


def lost_within(history: History, *, after: date, through: date) -> int:
    """What was written off in the window `after` < day <= `through`, less recoveries, in minor units."""
    return sum(lost for day, lost in history.losses.items() if after < day <= through)


def days_before(day: date, days: int) -> date:
    """The day some days earlier."""
    return day - timedelta(days=days)
