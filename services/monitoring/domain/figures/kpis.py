"""Receivables key figures (domain.md §7): amounts in any one unit, results in days or per cent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


def days_sales_outstanding(receivables: float, sales: float, days: int) -> float | None:
    """DSO: receivables in days of sales; None without sales."""
    return receivables / sales * days if sales > 0 else None


def best_possible_dso(not_yet_due: float, sales: float, days: int) -> float | None:
    """BPDSO: what DSO would be if nothing were past due; None without sales."""
    return days_sales_outstanding(not_yet_due, sales, days)


def average_days_delinquent(
    receivables: float, not_yet_due: float, sales: float, days: int
) -> float | None:
    """ADD = DSO - BPDSO; None without sales."""
    return days_sales_outstanding(receivables - not_yet_due, sales, days)


def collection_effectiveness(
    opening: float, sales: float, closing: float, closing_not_yet_due: float
) -> float | None:
    """CEI: per cent of what could be collected that was; None when nothing could be."""
    collectable = opening + sales - closing_not_yet_due
    return (opening + sales - closing) / collectable * 100 if collectable > 0 else None


def countback_dso(receivables: float, months: Sequence[tuple[float, int]]) -> float | None:
    """DSO by counting back: whole months of sales are taken off the receivables, newest first.

    `months` are (sales, days) with the newest first. None when they do not reach far enough.
    """
    counted = 0.0
    for sales, days in months:
        if receivables <= 0:
            break
        if receivables < sales:
            return counted + receivables / sales * days
        receivables -= sales
        counted += days
    return counted if receivables <= 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Concentration:
    """How much hangs on few names: `hhi` from 0 to 1, `effective_names` = 1 / HHI, a share from 0 to 1."""

    hhi: float
    effective_names: float
    top_share: float


def concentration(amounts: Iterable[float], *, top: int) -> Concentration | None:
    """Concentration of amounts, one per name, in any one unit; None when they add up to nothing."""
    held = sorted((amount for amount in amounts if amount > 0), reverse=True)
    squares = sum(amount * amount for amount in held)
    return concentration_of(sum(held), squares, sum(held[:top]))


def concentration_of(total: float, squares: float, largest: float) -> Concentration | None:
    """Concentration from sums: of the amounts, of their squares, and of the largest ones."""
    if total <= 0:
        return None
    hhi = squares / (total * total)
    return Concentration(hhi=hhi, effective_names=1 / hhi, top_share=largest / total)


def bad_debt_ratio(written_off: float, recovered: float, sales: float) -> float | None:
    """Net write-offs per credit sales, a share; None without sales."""
    return (written_off - recovered) / sales if sales > 0 else None


def share_of(part: float, whole: float) -> float | None:
    """A part as a share of the whole, 0 to 1; None of nothing."""
    return part / whole if whole > 0 else None
