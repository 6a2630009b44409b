"""Receivables key figures (domain.md §7): amounts in any one unit, results in days or per cent."""

from collections.abc import Sequence


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
        if receivables < sales:
            return counted + receivables / sales * days
        receivables -= sales
        counted += days
    return counted if receivables <= 0 else None
