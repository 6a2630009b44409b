"""When the ledger learned a fact, beside when it happened: the second time of every fact (domain.md §0)."""

from datetime import date, datetime, time


def learned_at(told: datetime, *, business_day: date) -> datetime:
    """When a fact was learned that was told at `told`, in the ledger's zone, and taken on a business day.

    Nobody can have known it on a day that had been closed without it: then it was learned as the
    business day began.
    """
    if told.date() >= business_day:
        return told
    return datetime.combine(business_day, time.min, told.tzinfo)
