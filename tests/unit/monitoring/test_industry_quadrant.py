"""Sectors by how near they are to their triggers, and whether they came nearer within a year."""

from datetime import timedelta

import pytest

from services.monitoring.domain.indicator_facts.industry import Reading
from services.monitoring.domain.industry_quadrant import Quadrant, SectorView, view_of_sector
from services.monitoring.domain.outside.industry_standing import IndexKey, Sectors, note_reading
from services.monitoring.domain.policies.warnings import Severity
from shared.kernel.dates import add_months
from tests.unit.monitoring.warning_builders import AMBER, RED, SHIPPED, TODAY, WATCH


def seen(*readings: tuple[int, float]) -> SectorView:
    """The sector's PMI some months ago."""
    sectors = Sectors()
    for months_ago, value in readings:
        reading = Reading(on=add_months(TODAY, -months_ago), value=value)
        note_reading(sectors.indices, IndexKey("NACE", "C25", "pmi"), reading)
    return view_of_sector(sectors, "NACE/C25", SHIPPED, as_of=TODAY)


@pytest.mark.parametrize(
    ("readings", "level", "quadrant"),
    [
        ([(12, 55.0), (0, 55.0)], None, Quadrant.SOUND),
        ([(13, 49.0), (12, 49.0), (1, 51.0), (0, 49.0)], WATCH, Quadrant.WEAK),
        ([(12, 55.0), (1, 55.0), (0, 49.0)], WATCH, Quadrant.DETERIORATING),
        ([(12, 55.0), (2, 49.0), (1, 49.0), (0, 49.0)], AMBER, Quadrant.DETERIORATING),
        ([(12, 49.0), (0, 55.0)], None, Quadrant.SOUND),
        ([(0, 44.0)], RED, None),
    ],
)
def test_a_sector_has_its_place(
    readings: list[tuple[int, float]], level: Severity | None, quadrant: Quadrant | None
) -> None:
    view = seen(*readings)
    assert (view.level, view.quadrant) == (level, quadrant)


def test_coming_nearer_to_the_trigger_without_reaching_it_is_slipping() -> None:
    sectors = Sectors()
    values = [100.0, 90.0, 110.0, 100.0] * 5
    for place, value in enumerate([*values, 105.0]):
        on = TODAY - timedelta(days=91 * (len(values) - place))
        note_reading(
            sectors.indices, IndexKey("NACE", "C25", "insolvency"), Reading(on=on, value=value)
        )
    view = view_of_sector(sectors, "NACE/C25", SHIPPED, as_of=TODAY)
    assert (view.level, view.quadrant) == (None, Quadrant.SLIPPING)
    assert view.distance is not None
    assert 0 < view.distance < 1


@pytest.mark.parametrize(("pmi", "distance"), [(60, 1), (55, 1), (52.5, 0.5), (50, 0), (44, -1.2)])
def test_the_purchasing_managers_are_as_near_as_their_index(pmi: float, distance: float) -> None:
    assert seen((0, pmi)).distance == pytest.approx(distance)


def test_falling_towards_fifty_is_slipping_before_it_is_passed() -> None:
    assert seen((12, 60), (0, 50.1)).quadrant is Quadrant.SLIPPING


def test_a_signal_of_which_nothing_was_known_a_year_ago_changes_nothing() -> None:
    sectors = Sectors()
    for months, value in ((12, 55.0), (0, 55.0)):
        reading = Reading(on=add_months(TODAY, -months), value=value)
        note_reading(sectors.indices, IndexKey("NACE", "C25", "pmi"), reading)
    for place in range(9):
        reading = Reading(on=TODAY - timedelta(days=30 * (8 - place)), value=100 + place % 3)
        note_reading(sectors.indices, IndexKey("NACE", "C25", "insolvency"), reading)
    view = view_of_sector(sectors, "NACE/C25", SHIPPED, as_of=TODAY)
    assert len(view.signals) == 2
    assert (view.change, view.quadrant) == (0.0, Quadrant.SOUND)


def test_of_a_sector_nobody_writes_of_nothing_is_known() -> None:
    view = view_of_sector(Sectors(), "NACE/C25", SHIPPED, as_of=TODAY)
    assert (view.level, view.distance, view.change, view.quadrant) == (None, None, None, None)
