"""What is kept of the outside's word: the newest of each document, a bounded number of them."""

from datetime import date, timedelta
from itertools import permutations

import pytest

from services.monitoring.domain.indicator_facts.external import OutsideSign, Source
from services.monitoring.domain.outside.external_standing import (
    RATINGS_KEPT,
    SIGNS_KEPT,
    ExternalStanding,
    external_facts,
    external_wakes_on,
    note_rating,
    note_sign,
)
from tests.unit.monitoring.outside_builders import a_rating, a_sign
from tests.unit.monitoring.warning_builders import SHIPPED, TODAY


def told(*signs: OutsideSign, as_of: date = TODAY) -> ExternalStanding:
    standing = ExternalStanding()
    for sign in signs:
        note_sign(standing, sign, as_of=as_of)
    return standing


def claim(*, ago: int, over: bool = False, document: str = "L1") -> OutsideSign:
    return a_sign(Source.COURT, "claim", ago=ago, document=document, over=over)


def test_the_newest_word_on_a_document_counts_in_whatever_order_it_came() -> None:
    words = [claim(ago=9), claim(ago=5, over=True), claim(ago=2)]
    for order in permutations(words):
        facts = external_facts(told(*order), as_of=TODAY)
        assert facts.signs == (words[-1],)


def test_of_one_date_the_last_word_counts() -> None:
    assert external_facts(told(claim(ago=2), claim(ago=2, over=True)), as_of=TODAY).signs == ()


def test_the_same_word_twice_changes_nothing() -> None:
    assert told(claim(ago=2), claim(ago=2)) == told(claim(ago=2))


def test_what_is_dated_ahead_waits_and_hides_nothing() -> None:
    standing = told(claim(ago=3), claim(ago=-2, over=True))
    assert len(external_facts(standing, as_of=TODAY).signs) == 1
    assert external_facts(standing, as_of=TODAY + timedelta(days=2)).signs == ()


def test_what_was_waiting_replaces_the_rest_once_more_is_told() -> None:
    standing = told(claim(ago=3), claim(ago=-2, over=True))
    later = TODAY + timedelta(days=5)
    note_sign(standing, claim(ago=-4), as_of=later)
    assert [each.on for each in standing.signs] == [TODAY + timedelta(days=4)]


def test_two_bureaus_may_number_their_reports_alike() -> None:
    one = a_sign(Source.BUREAU, "report", document="1", by="A", days=3.0)
    two = a_sign(Source.BUREAU, "report", document="1", by="B", days=9.0)
    assert len(external_facts(told(one, two), as_of=TODAY).signs) == 2


@pytest.mark.parametrize("number", [SIGNS_KEPT - 1, SIGNS_KEPT, SIGNS_KEPT + 1])
def test_no_source_fills_the_file(number: int) -> None:
    signs = [claim(ago=place, document=f"L{place}") for place in range(number)]
    standing = told(a_sign(Source.EQUITY, "frozen", ago=999), *signs)
    assert len(standing.signs) == 1 + min(number, SIGNS_KEPT)
    assert claim(ago=0, document="L0") in standing.signs


def test_claims_push_out_no_failure() -> None:
    failed = a_sign(Source.COURT, "insolvency", ago=SIGNS_KEPT + 9)
    listed = a_sign(Source.COURT, "dishonest_debtor", ago=SIGNS_KEPT + 8)
    claims = [claim(ago=place, document=f"L{place}") for place in range(SIGNS_KEPT + 1)]
    standing = told(failed, listed, *claims)
    assert standing.signs[:2] == (failed, listed)
    assert len(standing.signs) == 2 + SIGNS_KEPT


def test_an_insurers_word_outlives_none_that_took_its_place() -> None:
    ended = a_sign(Source.INSURER, "cancelled", ago=SIGNS_KEPT + 9, by="A")
    back = a_sign(Source.INSURER, "restored", ago=SIGNS_KEPT + 8, by="A")
    others = [a_sign(Source.INSURER, "restored", ago=place, by="B") for place in range(SIGNS_KEPT)]
    assert ended not in told(ended, back, *others).signs


def test_what_is_over_goes_before_what_is_open() -> None:
    done = claim(ago=0, over=True, document="done")
    signs = [claim(ago=place + 1, document=f"L{place}") for place in range(SIGNS_KEPT)]
    assert done not in told(done, *signs).signs
    assert signs[-1] in told(done, *signs).signs


def test_ratings_are_kept_by_agency_and_day() -> None:
    standing = ExternalStanding()
    for ago in (5, 9, 5):
        note_rating(standing, a_rating("A", ago=ago))
    note_rating(standing, a_rating("A3", ago=7, agency="Moody's"))
    assert [each.agency for each in standing.ratings] == ["S&P", "Moody's", "S&P"]


def test_only_so_many_ratings_of_an_agency_are_kept() -> None:
    standing = ExternalStanding()
    for ago in range(RATINGS_KEPT + 3):
        note_rating(standing, a_rating("A", ago=ago, watched=ago % 2 == 0))
    assert len(standing.ratings) == RATINGS_KEPT
    assert standing.ratings[-1].on == TODAY


def test_affirmations_push_out_no_grade() -> None:
    standing = ExternalStanding()
    note_rating(standing, a_rating("BBB", ago=200))
    for ago in range(100, 1, -3):
        note_rating(standing, a_rating("BB", ago=ago))
    assert standing.ratings == (
        a_rating("BBB", ago=200),
        a_rating("BB", ago=100),
        a_rating("BB", ago=4),
    )


def test_an_agency_that_is_spelt_otherwise_is_still_the_same() -> None:
    standing = ExternalStanding()
    note_rating(standing, a_rating("A", ago=5))
    note_rating(standing, a_rating("BBB", ago=5, agency="s & p"))
    assert standing.ratings == (a_rating("BBB", ago=5, agency="s & p"),)


def test_what_nobody_asked_for_does_not_replace_what_somebody_did() -> None:
    standing = ExternalStanding()
    note_rating(standing, a_rating("A", ago=5))
    note_rating(standing, a_rating("BB", ago=5, unsolicited=True))
    assert standing.ratings == (
        a_rating("A", ago=5),
        a_rating("BB", ago=5, unsolicited=True),
    )


def test_a_grade_given_for_a_day_to_come_is_not_seen_before() -> None:
    standing = ExternalStanding()
    note_rating(standing, a_rating("A", ago=-1))
    assert external_facts(standing, as_of=TODAY).ratings == ()
    assert len(external_facts(standing, as_of=TODAY + timedelta(days=1)).ratings) == 1


def test_quiet_files_need_no_waking() -> None:
    open_case = a_sign(Source.COURT, "insolvency", ago=500)
    assert external_wakes_on(told(open_case), SHIPPED, day=TODAY) is None
    assert external_wakes_on(told(claim(ago=3, over=True)), SHIPPED, day=TODAY) is None
    cut = a_sign(Source.INSURER, "cut", ago=3)
    assert external_wakes_on(told(cut), SHIPPED, day=TODAY) is None


@pytest.mark.parametrize(
    ("source", "kind", "days"),
    [
        (Source.COURT, "claim", 365),
        (Source.COURT, "dishonest_debtor", 730),
        (Source.ARREARS, "tax", 365),
        (Source.REGISTRY, "address", 90),
        (Source.MEDIA, "report", 90),
        (Source.AUTHORITY, "penalty", 180),
    ],
)
def test_what_has_a_window_wakes_on_the_day_it_leaves_it(
    source: Source, kind: str, days: int
) -> None:
    wakes = external_wakes_on(told(a_sign(source, kind, ago=1)), SHIPPED, day=TODAY)
    assert wakes == TODAY + timedelta(days=days - 1)


def test_a_grade_wakes_when_it_is_no_longer_held_against_the_next() -> None:
    standing = ExternalStanding()
    note_rating(standing, a_rating("A", ago=5))
    wakes = external_wakes_on(standing, SHIPPED, day=TODAY)
    assert wakes == TODAY + timedelta(days=360)


def test_what_is_dated_ahead_wakes_on_its_day() -> None:
    assert external_wakes_on(told(claim(ago=-3)), SHIPPED, day=TODAY) == TODAY + timedelta(days=3)


@pytest.mark.parametrize(
    ("ends_in", "wakes_in"), [(100, 40), (60, 0), (59, 29), (30, 0), (29, 30), (0, 1), (-1, 0)]
)
def test_security_wakes_as_it_nears_its_end(ends_in: int, wakes_in: int) -> None:
    security = a_sign(
        Source.SECURITY, "valuation", ago=300, expires_on=TODAY + timedelta(days=ends_in)
    )
    wakes = external_wakes_on(told(security), SHIPPED, day=TODAY)
    assert wakes == TODAY + timedelta(days=wakes_in)


def test_security_that_has_expired_needs_no_more_waking() -> None:
    security = a_sign(Source.SECURITY, "valuation", expires_on=TODAY - timedelta(days=2))
    assert external_wakes_on(told(security), SHIPPED, day=TODAY + timedelta(days=1)) is None
