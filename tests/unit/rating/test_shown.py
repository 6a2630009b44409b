"""What people and programs see of a rating, a statement and its ratios."""

from datetime import date

import msgspec
import pytest

from services.rating.api.schemas import RatingOut, RatiosOut, StatementOut
from services.rating.domain.model import RatingFacts
from services.rating.domain.rate import MODEL_VERSION
from services.rating.storage.book import FiledStatement, Rating
from services.rating.usecases.shown import shown, shown_ratios, shown_statement
from tests.unit.rating.builders import (
    DAY,
    GOLDEN,
    POLICY,
    a_behaviour,
    a_statement,
    rated,
    the_year_before,
)


def a_rating(facts: RatingFacts | None = None) -> Rating:
    return Rating(
        customer_id="c1",
        number=1,
        as_of=DAY,
        decision_id="d1",
        previous_grade=None,
        trigger="command",
        policy_version="rating-2026.1",
        model_version=MODEL_VERSION,
        decision=rated(facts or RatingFacts(behaviour=a_behaviour())),
    )


def test_a_rating_is_plain_json() -> None:
    written = msgspec.json.encode(shown(a_rating()))
    assert msgspec.json.encode(msgspec.json.decode(written)) == written


def test_a_rating_fits_its_published_shape() -> None:
    out = RatingOut.model_validate(shown(a_rating()))
    assert (out.grade, out.trigger, out.as_of) == ("BB-", "command", DAY)
    assert out.caps[0].code == "NO_FIN"


def test_missing_measures_are_shown_as_missing() -> None:
    facts = RatingFacts(statement=a_statement(CFO=None))
    measures = {
        each.code: each for each in RatingOut.model_validate(shown(a_rating(facts))).measures
    }
    assert (measures["cfo_cl"].value, measures["cfo_cl"].points) == (None, None)
    assert measures["cfo_cl"].status == "missing"


def test_the_limit_formula_s_figures_are_not_part_of_a_rating() -> None:
    assert "capacity" not in shown(a_rating(RatingFacts(statement=a_statement())))


def test_a_statement_fits_its_published_shape() -> None:
    out = StatementOut.model_validate(shown_statement(FiledStatement(a_statement(), DAY)))
    assert out.due_on == DAY
    assert out.lines == a_statement().lines


def test_ratios_come_from_the_statement_and_the_year_before() -> None:
    body = shown_ratios([the_year_before(), a_statement()], POLICY, as_of=DAY)
    assert body is not None
    out = RatiosOut.model_validate({"customer_id": "c1", **body})
    assert out.score == pytest.approx(GOLDEN["RT-1a"]["out"]["S_fin"], abs=0.0005)
    assert out.pd == pytest.approx(GOLDEN["RT-1a"]["out"]["PD_fin"], abs=0.0000005)
    assert len(out.ratios) == 11


def test_without_a_statement_there_are_no_ratios() -> None:
    assert shown_ratios([], POLICY, as_of=DAY) is None


def test_a_period_that_has_not_ended_has_no_ratios() -> None:
    assert shown_ratios([a_statement()], POLICY, as_of=date(2024, 12, 30)) is None


def test_too_thin_a_statement_has_ratios_but_no_score() -> None:
    poor = a_statement(CL=None, INT_EXP=None, EBIT=None, CFO=None, REV=None, COGS=None)
    body = shown_ratios([poor], POLICY, as_of=DAY)
    assert body is not None
    assert (body["score"], body["pd"]) == (None, None)
