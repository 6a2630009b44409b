"""Agencies, press, bureaus and watchlists: E01, E09, E10 and E12, at each of their bounds."""

from datetime import timedelta

import pytest

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.indicator_facts.external import AgencyRating, OutsideSign, Source
from services.monitoring.domain.policies.warnings import Severity
from tests.unit.monitoring.outside_builders import a_rating, a_sign, found, outside, rated
from tests.unit.monitoring.warning_builders import AMBER, RED, TODAY, WATCH


def a_report(severity: float, credibility: float = 1.0, *, ago: int = 0) -> OutsideSign:
    return a_sign(Source.MEDIA, "report", ago=ago, share=severity * credibility)


def beyond_terms(days: float, *, ago: int, bureau: str = "B") -> OutsideSign:
    return a_sign(Source.BUREAU, f"{bureau}{ago}", ago=ago, days=days, by=bureau)


@pytest.mark.parametrize(
    ("before", "now", "severity"),
    [
        ("BBB", "BBB", None),
        ("BBB", "BBB+", None),
        ("BBB", "BBB-", AMBER),
        ("BBB", "BB+", RED),
        ("B-", "CCC+", RED),
        ("CCC", "CCC-", RED),
        ("Baa2", "Baa3", AMBER),
        ("AA+", "AA\N{MINUS SIGN}", RED),
    ],
)
def test_a_downgrade_counts_by_its_notches(
    before: str, now: str, severity: Severity | None
) -> None:
    facts = rated(a_rating(before, ago=200), a_rating(now, ago=10))
    assert found(Indicator.EXTERNAL_DOWNGRADE, facts).severity is severity


def test_a_negative_watch_is_a_sign_by_itself() -> None:
    finding = found(Indicator.EXTERNAL_DOWNGRADE, rated(a_rating("A", watched=True)))
    assert (finding.value, finding.severity) == (1.0, WATCH)


def test_the_grade_before_the_window_is_what_a_year_is_compared_with() -> None:
    slid = rated(a_rating("A", ago=900), a_rating("A-", ago=100))
    long_ago = rated(a_rating("A", ago=900), a_rating("A-", ago=400))
    assert found(Indicator.EXTERNAL_DOWNGRADE, slid).severity is AMBER
    assert found(Indicator.EXTERNAL_DOWNGRADE, long_ago).severity is None


def test_a_downgrade_counts_from_the_day_it_came_not_from_its_affirmation() -> None:
    facts = rated(a_rating("A", ago=300), a_rating("A-", ago=100), a_rating("A-", ago=5))
    finding = found(Indicator.EXTERNAL_DOWNGRADE, facts)
    assert finding.breached_on == TODAY - timedelta(days=100)


def test_a_grade_that_came_back_up_is_no_downgrade() -> None:
    facts = rated(a_rating("A", ago=300), a_rating("BBB", ago=100), a_rating("A", ago=5))
    assert found(Indicator.EXTERNAL_DOWNGRADE, facts).severity is None


def test_the_worst_agency_counts_and_says_so() -> None:
    facts = rated(
        a_rating("A", ago=300),
        a_rating("A", ago=20),
        a_rating("A2", ago=300, agency="Moody's"),
        a_rating("Baa1", ago=3, agency="Moody's"),
    )
    finding = found(Indicator.EXTERNAL_DOWNGRADE, facts)
    assert (finding.severity, finding.evidence.figures["agency"]) == (RED, "Moody's")


def test_a_grade_nobody_can_read_is_unknown() -> None:
    facts = rated(AgencyRating(agency="X", grade="five stars", on=TODAY))
    assert found(Indicator.EXTERNAL_DOWNGRADE, facts).value is None


def test_one_agency_may_be_spelt_in_two_ways() -> None:
    facts = rated(a_rating("BBB", ago=200), a_rating("BB", ago=10, agency="s & p"))
    assert found(Indicator.EXTERNAL_DOWNGRADE, facts).severity is RED


def test_a_grade_taken_back_is_watched_from_that_day_for_a_year() -> None:
    facts = rated(a_rating("BB", ago=500), a_rating("WD", ago=364))
    finding = found(Indicator.EXTERNAL_DOWNGRADE, facts)
    assert (finding.severity, finding.breached_on) == (WATCH, TODAY - timedelta(days=364))
    assert finding.evidence.figures["grade"] == "BB"
    assert finding.evidence.figures["withdrawn_on"] == finding.breached_on.isoformat()
    over = rated(a_rating("BB", ago=500), a_rating("WD", ago=365))
    assert found(Indicator.EXTERNAL_DOWNGRADE, over).value == 0.0


def test_a_grade_taken_back_after_a_downgrade_undoes_it_not() -> None:
    facts = rated(a_rating("BBB", ago=200), a_rating("BB", ago=90), a_rating("NR", ago=10))
    finding = found(Indicator.EXTERNAL_DOWNGRADE, facts)
    assert (finding.severity, finding.breached_on) == (RED, TODAY - timedelta(days=90))


def test_a_grade_given_anew_is_watched_no_more() -> None:
    facts = rated(a_rating("BB", ago=200), a_rating("NR", ago=90), a_rating("BB", ago=10))
    assert found(Indicator.EXTERNAL_DOWNGRADE, facts).severity is None


def test_who_never_had_a_grade_has_lost_none() -> None:
    assert found(Indicator.EXTERNAL_DOWNGRADE, rated(a_rating("NR"))).value is None


def test_what_nobody_asked_for_counts_only_where_nobody_asked() -> None:
    slid = (
        a_rating("BBB", ago=200, agency="X", unsolicited=True),
        a_rating("BB", ago=10, agency="X", unsolicited=True),
    )
    assert found(Indicator.EXTERNAL_DOWNGRADE, rated(*slid)).severity is RED
    assert found(Indicator.EXTERNAL_DOWNGRADE, rated(a_rating("A"), *slid)).severity is None
    assert found(Indicator.EXTERNAL_DOWNGRADE, rated(a_rating("NR"), *slid)).severity is RED


@pytest.mark.parametrize(
    ("score", "severity"),
    [(0.3, None), (0.301, WATCH), (0.6, WATCH), (0.601, AMBER), (0.8, AMBER), (0.801, RED)],
)
def test_media_count_by_their_score(score: float, severity: Severity | None) -> None:
    finding = found(Indicator.ADVERSE_MEDIA, outside(a_report(score)))
    assert finding.severity is severity


def test_reports_add_up_and_fade_by_half_in_half_a_year() -> None:
    """M = 1 - (1 - 0.5 * 0.9) * (1 - 0.8 * 0.6 * 0.5^(60/180))."""
    facts = outside(a_report(0.5, 0.9), a_report(0.8, 0.6, ago=60))
    value = found(Indicator.ADVERSE_MEDIA, facts).value
    assert value == pytest.approx(1 - 0.55 * (1 - 0.48 * 0.5 ** (60 / 180)))


@pytest.mark.parametrize(("ago", "reports"), [(89, 1.0), (90, 0.0)])
def test_media_count_for_ninety_days(ago: int, reports: float) -> None:
    finding = found(Indicator.ADVERSE_MEDIA, outside(a_report(0.9, ago=ago)))
    assert finding.evidence.figures["reports"] == reports


@pytest.mark.parametrize(
    ("band", "blocked", "severity"),
    [
        ("none", None, None),
        ("none", 0.24, None),
        ("possible", None, WATCH),
        ("none", 0.25, AMBER),
        ("possible", 0.49, AMBER),
        ("none", 0.5, RED),
        ("strong", None, RED),
    ],
)
def test_nearness_to_the_sanctioned_is_hard_once_it_is_red(
    band: str, blocked: float | None, severity: Severity | None
) -> None:
    report = a_sign(Source.PROXIMITY, band, share=blocked)
    finding = found(Indicator.SANCTION_PROXIMITY, outside(report))
    assert (finding.severity, finding.hard) == (severity, severity is RED)


@pytest.mark.parametrize(
    ("now", "severity"),
    [(15.0, None), (15.1, WATCH), (25.0, WATCH), (25.1, AMBER), (45.0, AMBER), (45.1, RED)],
)
def test_the_bureaus_trend_counts(now: float, severity: Severity | None) -> None:
    facts = outside(beyond_terms(5.0, ago=95), beyond_terms(now, ago=2))
    assert found(Indicator.BUREAU_TREND, facts).severity is severity


def test_the_trend_is_against_the_last_report_out_then() -> None:
    facts = outside(
        beyond_terms(0.0, ago=200),
        beyond_terms(20.0, ago=95),
        beyond_terms(25.0, ago=40),
        beyond_terms(32.0, ago=2),
    )
    assert found(Indicator.BUREAU_TREND, facts).value == 12.0


def test_a_young_file_is_held_against_its_first_report() -> None:
    facts = outside(beyond_terms(5.0, ago=30), beyond_terms(20.0, ago=1))
    assert found(Indicator.BUREAU_TREND, facts).value == 15.0


def test_one_report_or_an_old_one_says_nothing() -> None:
    old = outside(beyond_terms(5.0, ago=190), beyond_terms(60.0, ago=92))
    assert found(Indicator.BUREAU_TREND, outside(beyond_terms(60.0, ago=1))).value is None
    assert found(Indicator.BUREAU_TREND, old).value is None


def test_the_worst_bureau_counts() -> None:
    facts = outside(
        beyond_terms(5.0, ago=95),
        beyond_terms(6.0, ago=2),
        beyond_terms(5.0, ago=95, bureau="C"),
        beyond_terms(50.0, ago=2, bureau="C"),
        beyond_terms(90.0, ago=2, bureau="D"),
    )
    finding = found(Indicator.BUREAU_TREND, facts)
    assert (finding.value, finding.evidence.figures["bureau"]) == (45.0, "C")
