"""Sectors and countries: an index is published, a month of our own customers ends."""

from dataclasses import replace
from functools import cache

from services.monitoring.domain.catalogue import Indicator, IndicatorGroup, group_of
from services.monitoring.domain.figures.behaviour import weighted_days_late
from services.monitoring.domain.formulas import industry
from services.monitoring.domain.indicator_facts.everything import IndicatorFacts
from services.monitoring.domain.indicator_facts.industry import Reading
from services.monitoring.domain.indicators import measure
from services.monitoring.domain.outside.industry_standing import (
    IndexKey,
    concerns,
    industry_facts,
    note_days_late,
    note_reading,
)
from services.monitoring.domain.receivables.history import History, days_before, settled_within
from services.monitoring.storage.book import Book, Customer
from services.monitoring.usecases.figures import View
from services.monitoring.usecases.observing import MonitoringWork


def note_index(key: IndexKey, reading: Reading, book: Book, work: MonitoringWork) -> None:
    """Keep an index; whoever it tells something about is looked at when the day closes.

    One publication reaches all exposed customers, in every partition, at one close.
    """
    note_reading(book.sectors.indices, key, reading)
    book.sectors.seen.clear()
    ahead = replace(book.sectors, seen={})  # what is known of a day to come may change until then
    book.index_news.add(key)
    seen_on, policy = max(work.business_day, reading.on), work.policy.warnings

    @cache
    def tells(sector: str | None, country: str | None) -> bool:
        """Whether the news means anything for customers of a sector and country."""
        known = industry_facts(ahead, industry=sector, country=country, as_of=seen_on)
        facts = IndicatorFacts(as_of=seen_on, industry=known)
        return any(measure(each, facts, policy).severity for each in industry.FORMULAS)

    for customer_id, customer in sorted(book.customers.items()):
        sector, country = customer.standing.industry, customer.standing.country
        if not concerns(key, industry=sector, country=country):
            continue
        if tells(sector, country) or _is_in_alarm(customer):
            book.changed.add(customer_id)
            customer.wake_by(seen_on)


def note_month_of(customer: Customer, view: View, book: Book) -> None:
    """Count how late the customer paid in the month that ends with the day into its sector's total."""
    sector, day = customer.standing.industry, view.as_of
    if sector is None or not view.ageings:
        return
    history = view.account.histories.get(view.ageings[0].currency, History())
    after = days_before(day.replace(day=1), 1)
    days_late = weighted_days_late(settled_within(history, after=after, through=day))
    if days_late is not None:
        note_days_late(book.sectors, sector, days_late, month_end=day)
        book.month_ends.add(day)


def _is_in_alarm(customer: Customer) -> bool:
    return any(_is_industry(each) for each in customer.watch.alerts)


def _is_industry(indicator: Indicator) -> bool:
    return group_of(indicator) is IndicatorGroup.INDUSTRY
