"""What is kept of sectors and countries, and which customers it is about."""

from datetime import date, timedelta
from itertools import permutations

import pytest

from services.monitoring.domain.indicator_facts.industry import Reading, SectorMonth
from services.monitoring.domain.outside.industry_standing import (
    COUNTRY,
    READINGS_KEPT,
    IndexKey,
    Indices,
    Sectors,
    SectorTotal,
    concerns,
    industry_facts,
    is_part_of,
    note_days_late,
    note_reading,
    sector_months,
    sector_of,
)

PMI = IndexKey("NACE", "C25", "pmi")
DAY = date(2025, 1, 31)


def read(value: float, *, on: int = 0) -> Reading:
    return Reading(on=DAY + timedelta(days=on), value=value)


def test_readings_are_kept_by_day_in_whatever_order_they_came() -> None:
    words = [read(50, on=2), read(49, on=0), read(48, on=1)]
    for order in permutations(words):
        indices: Indices = {}
        for each in order:
            note_reading(indices, PMI, each)
        assert [each.value for each in indices[PMI]] == [49, 48, 50]


def test_of_one_day_the_last_word_counts() -> None:
    indices: Indices = {}
    for value in (50, 51):
        note_reading(indices, PMI, read(value))
    assert indices[PMI] == (read(51),)


def test_the_oldest_readings_go() -> None:
    indices: Indices = {}
    for number in range(READINGS_KEPT + 1):
        note_reading(indices, PMI, read(number, on=number))
    assert (len(indices[PMI]), indices[PMI][0].value) == (READINGS_KEPT, 1)


@pytest.mark.parametrize(
    ("code", "industry", "concerned"),
    [
        ("C", "NACE/C25", True),
        ("C25", "NACE/C25", True),
        ("C25.1", "NACE/C2511", True),
        ("C251", "NACE/C25.1", True),
        ("C251", "NACE/C25", False),
        ("C25", "ISIC/C25", False),
        ("c25", "NACE/C25", True),
        ("C25", None, False),
    ],
)
def test_an_index_is_about_its_part_of_the_scheme(
    code: str,
    industry: str | None,
    concerned: bool,  # noqa: FBT001  # a table
) -> None:
    key = IndexKey("NACE", code, "pmi")
    assert concerns(key, industry=industry, country="DE") is concerned


def test_a_countrys_index_is_about_everyone_there() -> None:
    key = IndexKey(COUNTRY, "DE", "currency")
    assert concerns(key, industry=None, country="DE")
    assert not concerns(key, industry="country/DE", country="FR")


def test_the_index_nearest_to_the_customer_is_its_own() -> None:
    sectors = Sectors()
    for code, value in (("C", 40), ("C25", 48), ("C26", 30)):
        note_reading(sectors.indices, IndexKey("NACE", code, "pmi"), read(value))
    facts = industry_facts(sectors, industry="NACE/C2511", country="DE", as_of=DAY)
    assert (facts.readings["pmi"], facts.published_for) == ((read(48),), {"pmi": "C25"})


def test_what_is_dated_ahead_is_not_seen_yet() -> None:
    sectors = Sectors()
    note_reading(sectors.indices, PMI, read(40, on=1))
    note_reading(sectors.indices, IndexKey(COUNTRY, "DE", "currency"), read(2, on=1))
    facts = industry_facts(sectors, industry="NACE/C25", country="DE", as_of=DAY)
    assert (facts.readings, facts.currency) == ({}, ())


def test_a_narrower_index_that_is_dated_ahead_hides_no_broader_one() -> None:
    sectors = Sectors()
    note_reading(sectors.indices, IndexKey("NACE", "C", "pmi"), read(44))
    note_reading(sectors.indices, IndexKey("NACE", "C25", "pmi"), read(52, on=5))
    facts = industry_facts(sectors, industry="NACE/C25", country="DE", as_of=DAY)
    assert (facts.readings["pmi"], facts.published_for) == ((read(44),), {"pmi": "C"})


@pytest.mark.parametrize(
    "industry",
    ["NACE/64", "NACE/K64", "NACE2/64.19", "nace rev. 2 /K64.1", "NACE Rev.2.1/L64"],
)
def test_a_division_is_found_in_every_version_of_its_scheme(industry: str) -> None:
    assert is_part_of(industry, "NACE/64")


@pytest.mark.parametrize("industry", [None, "NACE/K", "NACE/C25", "NACE/6", "ISIC/64", "64", ""])
def test_what_lies_elsewhere_is_in_no_division(industry: str | None) -> None:
    assert not is_part_of(industry, "NACE/64")


@pytest.mark.parametrize(
    ("industry", "sector"),
    [
        ("NACE/C25.11", "NACE/C25"),
        ("NACE/46", "NACE/46"),
        ("GB/T 4754-2017/C3922", "GB/T 4754-2017/C39"),
        ("NACE/C", "NACE/C"),
    ],
)
def test_customers_are_counted_by_two_digits(industry: str, sector: str) -> None:
    assert sector_of(industry) == sector


def test_a_months_parts_of_all_partitions_add_up() -> None:
    sectors = Sectors(complete_on=DAY)
    note_days_late(sectors, "NACE/C25.1", 10.0, month_end=DAY)
    note_days_late(sectors, "NACE/C25.2", 20.5, month_end=DAY)
    note_days_late(sectors, "NACE/C26", 99.0, month_end=DAY)
    sectors.others["NACE/C25", DAY] = SectorTotal(customers=2, micro_days_late=1_500_000)
    months = sector_months(sectors, "NACE/C25", as_of=DAY + timedelta(days=1))
    assert months == (SectorMonth(ends_on=DAY, customers=4, mean_days_late=8.0),)


@pytest.mark.parametrize(
    ("complete_on", "as_of"),
    [
        (None, DAY + timedelta(days=1)),
        (DAY - timedelta(days=1), DAY + timedelta(days=1)),
        (DAY, DAY),
    ],
)
def test_a_month_counts_once_every_partition_has_closed_it(
    complete_on: date | None, as_of: date
) -> None:
    sectors = Sectors(complete_on=complete_on)
    note_days_late(sectors, "NACE/C25", 10.0, month_end=DAY)
    assert sector_months(sectors, "NACE/C25", as_of=as_of) == ()
