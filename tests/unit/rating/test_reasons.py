"""Why the grade is not better: points lost, one reason per family, decisive facts first."""

import pytest

from services.rating.domain.model import Basis, RatingFacts
from services.rating.domain.ratios import read_statement
from services.rating.domain.reasons import CardResult, costliest, once_each
from services.rating.domain.scorecard import score
from shared.kernel.reasons import Reason
from tests.unit.rating.builders import (
    GOLDEN,
    POLICY,
    a_behaviour,
    a_statement,
    an_opinion,
    rated,
    the_year_before,
)

GOLDEN_NAMES = {"ebit_margin": "ebit_m", "revenue_meur": "ln_rev"}
EXPECTED = GOLDEN["RT-11"]["out"]


def alpha() -> CardResult:
    reading = read_statement(a_statement(), POLICY.statements, previous=the_year_before())
    found = score(reading.measures, POLICY.financial)
    assert found is not None
    return CardResult(found, worth=1.0)


def codes(facts: RatingFacts) -> list[str]:
    return [reason.code for reason in rated(facts).reasons]


def test_golden_rt_11_points_lost() -> None:
    lost = sorted(alpha().score.variables, key=lambda each: -each.points_lost)
    assert [GOLDEN_NAMES.get(each.code, each.code) for each in lost] == [
        name for name, _ in EXPECTED["points_lost_sorted"]
    ]
    assert [each.points_lost for each in lost] == pytest.approx(
        [points for _, points in EXPECTED["points_lost_sorted"]], abs=0.0005
    )


def test_golden_rt_11_reasons() -> None:
    found = costliest([alpha()], most=POLICY.reasons.most_negatives)
    assert [variable.reason for variable, _ in found] == EXPECTED["reasons"]


def test_golden_rt_11_reasons_come_out_of_the_decision() -> None:
    facts = RatingFacts(statement=a_statement(), previous_statement=the_year_before())
    assert codes(facts)[:4] == EXPECTED["reasons"]


def test_a_family_is_named_once() -> None:
    found = costliest([alpha()], most=11)
    named = [variable.reason for variable, _ in found]
    assert len(named) == len(set(named)) == 9


def test_a_reason_carries_its_figure_and_what_it_costs() -> None:
    facts = RatingFacts(statement=a_statement(), previous_statement=the_year_before())
    first = rated(facts).reasons[0]
    assert first.value == pytest.approx(0.6375)
    assert first.contribution is not None
    assert first.contribution > 0


def test_behaviour_and_books_are_weighed_against_each_other() -> None:
    facts = RatingFacts(statement=a_statement(), behaviour=a_behaviour(wadd_12m=60.0))
    assert codes(facts)[0] == "R10"


def test_a_perfect_payer_gives_no_payment_reason() -> None:
    facts = RatingFacts(behaviour=a_behaviour(wadd_12m=0.0, max_days_past_due_6m=0))
    assert codes(facts) == ["R16"]


def test_decisive_facts_come_first() -> None:
    facts = RatingFacts(statement=a_statement(), in_default=True, behaviour=a_behaviour())
    assert codes(facts)[0] == "R11"


@pytest.mark.parametrize("settled", [0, 5, 6])
def test_a_short_history_is_a_reason(settled: int) -> None:
    facts = RatingFacts(statement=a_statement(), behaviour=a_behaviour(settled_24m=settled))
    assert ("R15" in codes(facts)) is (settled < 6)


@pytest.mark.parametrize(
    ("basis", "weak"),
    [
        (Basis.AUDITED, False),
        (Basis.REVIEWED, False),
        (Basis.UNAUDITED, True),
        (Basis.MANAGEMENT, True),
        (Basis.TAX, True),
    ],
)
def test_a_statement_nobody_audited_is_a_reason(basis: Basis, *, weak: bool) -> None:
    known = a_statement()
    statement = type(known)(
        known.period_end, known.months, basis, known.currency, known.unit, known.lines
    )
    assert ("R16" in codes(RatingFacts(statement=statement))) is weak


@pytest.mark.parametrize(
    ("verdict", "told"),
    [(None, False), ("pass", False), ("refer", True), ("reject_credit", True), ("reject", True)],
)
def test_screening_s_verdict_shows_only_as_a_reason(verdict: str | None, *, told: bool) -> None:
    facts = RatingFacts(statement=a_statement(), verdict=verdict)
    plain = rated(RatingFacts(statement=a_statement()))
    assert ("R21" in codes(facts)) is told
    assert rated(facts).pd == plain.pd


@pytest.mark.parametrize(("grade", "weak"), [("A", False), ("B", True)])
def test_an_outside_grade_below_the_segment_is_a_reason(grade: str, *, weak: bool) -> None:
    facts = RatingFacts(statement=a_statement(), opinions=(an_opinion(grade),))
    assert ("R14" in codes(facts)) is weak


def test_each_code_is_given_once() -> None:
    first, second = Reason("R11", 91.0), Reason("R11", 0.2)
    assert once_each([first, second]) == (first,)
