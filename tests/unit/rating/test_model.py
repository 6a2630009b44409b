from dataclasses import FrozenInstanceError, fields

import pytest

from services.rating.domain.model import (
    Basis,
    Behaviour,
    Confidence,
    ExternalOpinion,
    GradeOverride,
    Measure,
    MeasureStatus,
    Opinion,
    OpinionKind,
    Outlook,
    RatingFacts,
    Statement,
    Unit,
)
from tests.unit.rating.builders import POLICY, a_behaviour, a_statement, an_opinion


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        (Unit.UNITS, 1),
        (Unit.THOUSANDS, 1_000),
        (Unit.TEN_THOUSANDS, 10_000),
        (Unit.MILLIONS, 1_000_000),
    ],
)
def test_a_unit_is_worth_its_factor(unit: Unit, factor: int) -> None:
    assert unit.factor == factor


def test_every_unit_has_a_factor_of_its_own() -> None:
    assert len({unit.factor for unit in Unit}) == len(Unit)


def test_no_value_is_a_missing_measure() -> None:
    assert Measure.of(None) == Measure(None, MeasureStatus.MISSING)


@pytest.mark.parametrize("value", [0.0, -1.0, 1e9])
def test_any_value_is_a_measure(value: float) -> None:
    assert Measure.of(value) == Measure(value, MeasureStatus.OK)


def test_a_zero_is_not_missing() -> None:
    assert Measure.of(0.0).status is MeasureStatus.OK


def test_a_plain_measure_is_scored_by_its_curve() -> None:
    assert Measure.of(3.0).forced_points is None


@pytest.mark.parametrize("basis", list(Basis))
def test_every_basis_has_a_quality(basis: Basis) -> None:
    assert basis.value in POLICY.statements.quality


@pytest.mark.parametrize("basis", [each for each in Basis if each is not Basis.AUDITED])
def test_nothing_is_believed_more_than_an_audit(basis: Basis) -> None:
    assert POLICY.statements.quality[basis.value] < POLICY.statements.quality[Basis.AUDITED.value]


@pytest.mark.parametrize("named", POLICY.caps.adverse_opinions)
def test_the_policy_names_opinions_that_auditors_give(named: str) -> None:
    assert named in set(Opinion)


@pytest.mark.parametrize("named", POLICY.reasons.weak_basis)
def test_the_policy_names_bases_that_there_are(named: str) -> None:
    assert named in set(Basis)


def test_facts_begin_with_nothing_known() -> None:
    facts = RatingFacts()

    assert {field.name: getattr(facts, field.name) for field in fields(facts)} == {
        "segment": None,
        "country": None,
        "verdict": None,
        "statement": None,
        "previous_statement": None,
        "opinions": (),
        "behaviour": None,
        "material_days_past_due": None,
        "in_default": False,
        "hard_triggers": (),
        "override": None,
        "data_quality": None,
    }


def test_lateness_is_unknown_before_monitoring_reports() -> None:
    assert RatingFacts().material_days_past_due is None


def test_a_behaviour_of_which_only_the_count_is_known_has_no_averages() -> None:
    behaviour = Behaviour(settled_24m=1)

    assert behaviour.wadd_12m is None
    assert behaviour.late_over_30_share_12m is None
    assert behaviour.max_days_past_due_6m is None
    assert behaviour.wadd_trend is None


def test_a_statement_without_an_auditor_has_no_opinion() -> None:
    assert a_statement().opinion is None


def _frozen(thing: object, name: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(thing, name, None)


def test_a_statement_is_not_changed_after_it_was_filed() -> None:
    _frozen(a_statement(), "currency")


def test_an_opinion_is_not_changed_after_it_was_told() -> None:
    _frozen(an_opinion(), "grade")


def test_a_behaviour_is_not_changed_after_it_was_reported() -> None:
    _frozen(a_behaviour(), "settled_24m")


@pytest.mark.parametrize(
    ("enum", "words"),
    [
        (Basis, {"audited", "reviewed", "unaudited", "management", "tax"}),
        (Opinion, {"unqualified", "qualified", "adverse", "disclaimer", "going_concern"}),
        (OpinionKind, {"issuer", "issue", "unsolicited"}),
        (Outlook, {"positive", "stable", "negative", "watch_negative", "watch_positive"}),
        (Confidence, {"high", "medium", "low"}),
        (MeasureStatus, {"ok", "missing", "div0", "neg_denom"}),
        (Unit, {"units", "thousands", "ten_thousands", "millions"}),
    ],
)
def test_the_words_that_travel_are_fixed(enum: type[Basis], words: set[str]) -> None:
    assert {each.value for each in enum} == words


@pytest.mark.parametrize(
    ("kind", "required"),
    [
        (Statement, {"period_end", "months", "basis", "currency", "unit", "lines"}),
        (ExternalOpinion, {"agency", "grade", "kind", "affirmed_on", "outlook"}),
        (GradeOverride, {"grade", "reason", "proposed_by", "approved_by", "expires_on"}),
        (Behaviour, {"settled_24m"}),
    ],
)
def test_what_must_be_given_has_no_default(kind: type[Statement], required: set[str]) -> None:
    names = {field.name for field in fields(kind)}

    given = {name for name in names if name in required}
    assert given == required
    with pytest.raises(TypeError):
        kind()  # type: ignore[call-arg]  # nothing at all is not enough
