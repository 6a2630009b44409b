"""The caps as shipped: each fact, the grade it still allows, and its reason."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rating.domain.caps import Evidenced, caps_for
from services.rating.domain.model import Cap, Opinion, RatingFacts
from tests.unit.rating.builders import POLICY, a_statement

CAPS = replace(POLICY.caps, country_ceilings={"XX": "CCC"})
SOUND = Evidenced(a_statement(), history=True, outside=True)


def _caps(facts: RatingFacts | None = None, evidenced: Evidenced = SOUND) -> tuple[Cap, ...]:
    return caps_for(facts or RatingFacts(), evidenced, CAPS, default_grade="D")


@pytest.mark.parametrize(
    ("days", "grade", "threshold"),
    [(61, "CCC", 60), (90, "CCC", 60), (91, "D", 90), (500, "D", 90)],
)
def test_lateness_names_its_days_and_its_bound(days: int, grade: str, threshold: int) -> None:
    (cap,) = _caps(RatingFacts(material_days_past_due=days))

    assert (cap.grade, cap.reason, cap.value, cap.threshold) == (grade, "R11", days, threshold)


@pytest.mark.parametrize("days", [None, 0, 59, 60])
def test_little_lateness_is_no_cap(days: int | None) -> None:
    assert _caps(RatingFacts(material_days_past_due=days)) == ()


@pytest.mark.parametrize("days", [None, 0, 61, 91])
def test_default_is_one_cap_however_late(days: int | None) -> None:
    (cap,) = _caps(RatingFacts(in_default=True, material_days_past_due=days))

    assert (cap.code, cap.grade) == ("IN_DEFAULT", "D")


def test_unknown_lateness_of_a_customer_in_default_is_not_zero() -> None:
    (cap,) = _caps(RatingFacts(in_default=True))

    assert cap.value is None


@pytest.mark.parametrize(("trigger", "grade"), [("E04", "CCC"), ("E08", "D")])
def test_a_hard_trigger_names_itself(trigger: str, grade: str) -> None:
    (cap,) = _caps(RatingFacts(hard_triggers=(trigger,)))

    assert (cap.code, cap.grade, cap.reason, cap.value) == ("HARD_TRIGGER", grade, "R17", trigger)


def test_every_hard_trigger_is_a_cap_of_its_own() -> None:
    caps = _caps(RatingFacts(hard_triggers=("E08", "T01", "E04")))

    assert [cap.value for cap in caps] == ["E08", "E04"]


@pytest.mark.parametrize(("country", "capped"), [("XX", True), ("YY", False), (None, False)])
def test_a_country_has_its_ceiling(country: str | None, *, capped: bool) -> None:
    assert [cap.code for cap in _caps(RatingFacts(country=country))] == (
        ["COUNTRY_CEILING"] if capped else []
    )


@pytest.mark.parametrize(
    ("history", "outside", "code", "grade"),
    [
        (True, True, "NO_FIN", "BB-"),
        (True, False, "NO_FIN", "BB-"),
        (False, True, "NO_FIN", "BB-"),
        (False, False, "NO_FIN_THIN_FILE", "B"),
    ],
)
def test_without_a_statement_it_depends_on_what_else_is_known(
    code: str, grade: str, *, history: bool, outside: bool
) -> None:
    (cap,) = _caps(evidenced=Evidenced(None, history, outside))

    assert (cap.code, cap.grade) == (code, grade)


@pytest.mark.parametrize(("equity", "capped"), [(-0.01, True), (0.0, False), (0.01, False)])
def test_equity_below_nothing_caps(equity: float, *, capped: bool) -> None:
    statement = a_statement(TE=equity)
    caps = _caps(evidenced=replace(SOUND, statement=statement))

    assert [cap.code for cap in caps] == (["NEGATIVE_EQUITY"] if capped else [])


@pytest.mark.parametrize(
    ("opinion", "capped"),
    [
        (None, False),
        (Opinion.UNQUALIFIED, False),
        (Opinion.QUALIFIED, False),
        (Opinion.ADVERSE, True),
        (Opinion.DISCLAIMER, True),
        (Opinion.GOING_CONCERN, True),
    ],
)
def test_only_an_adverse_opinion_caps(opinion: Opinion | None, *, capped: bool) -> None:
    statement = replace(a_statement(), opinion=opinion)
    caps = _caps(evidenced=replace(SOUND, statement=statement))

    assert [(cap.code, cap.value) for cap in caps] == (
        [("ADVERSE_OPINION", str(opinion))] if capped else []
    )


@given(one=st.integers(0, 200), other=st.integers(0, 200), default=st.booleans())
def test_more_days_late_never_take_a_cap_away(one: int, other: int, *, default: bool) -> None:
    less, more = sorted((one, other))

    fewer = _caps(RatingFacts(material_days_past_due=less, in_default=default))
    greater = _caps(RatingFacts(material_days_past_due=more, in_default=default))
    assert len(fewer) <= len(greater)
