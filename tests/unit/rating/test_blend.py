"""The blend: credibility-weighted log-odds, contributions, confidence, divergence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rating.domain.behavioural import score_behaviour
from services.rating.domain.blend import Blend, Evidence, blend
from services.rating.domain.model import Confidence
from services.rating.domain.ratios import read_statement
from services.rating.domain.scorecard import score
from tests.unit.rating.builders import (
    GOLDEN,
    POLICY,
    a_statement,
    golden_behaviour,
    the_year_before,
)

RULES = POLICY.blend
PDS = st.floats(0.0001, 0.9)
EXPECTED = GOLDEN["RT-1c"]["out"]


def alpha() -> Blend:
    """Golden case RT-1c from the golden scores of RT-1a and RT-1b, in full precision."""
    reading = read_statement(a_statement(), POLICY.statements, previous=the_year_before())
    financial = score(reading.measures, POLICY.financial)
    paid = golden_behaviour(GOLDEN["RT-1b"]["in"]["beh"])
    behaviour = score_behaviour(paid, POLICY.behavioural, POLICY.behaviour)
    assert financial is not None
    assert behaviour is not None
    evidence = (
        Evidence("financial", financial.pd, RULES.financial_weight, 1 - 2 / 12),
        Evidence("behaviour", behaviour.pd, RULES.behaviour_weight, 30 / 42),
        Evidence("external", 0.0165, RULES.external_weight, 1.0),
    )
    return blend(0.015, evidence, RULES)


def test_golden_rt_1c_pd() -> None:
    assert alpha().pd == pytest.approx(EXPECTED["PD"], abs=0.0000005)


def test_golden_rt_1c_weights() -> None:
    shares = [each.share for each in alpha().components]
    assert shares == pytest.approx(EXPECTED["weights_prior_fin_beh_ext"], abs=0.00005)


def test_golden_rt_1c_contributions() -> None:
    _, *sources = alpha().components
    expected = list(EXPECTED["contrib_logit_vs_prior"].values())
    assert [each.contribution for each in sources] == pytest.approx(expected, abs=0.00005)


def test_golden_rt_1c_confidence() -> None:
    assert alpha().confidence.value == EXPECTED["confidence"].lower()


def test_without_evidence_the_prior_stands_and_confidence_is_low() -> None:
    found = blend(0.015, (), RULES)
    assert found.pd == pytest.approx(0.015)
    assert found.confidence is Confidence.LOW
    assert [each.name for each in found.components] == ["prior"]


def test_evidence_without_credibility_is_not_heard() -> None:
    found = blend(0.015, [Evidence("financial", 0.5, 0.4, 0.0)], RULES)
    assert found.pd == pytest.approx(0.015)
    assert len(found.components) == 1


@pytest.mark.parametrize(
    ("pull", "confidence"),
    [
        (0.39, Confidence.LOW),
        (0.40, Confidence.MEDIUM),
        (0.69, Confidence.MEDIUM),
        (0.70, Confidence.HIGH),
        (1.0, Confidence.HIGH),
    ],
)
def test_confidence_grows_with_the_evidence(pull: float, confidence: Confidence) -> None:
    assert blend(0.015, [Evidence("external", 0.01, pull, 1.0)], RULES).confidence is confidence


@pytest.mark.parametrize(("other", "divergent"), [(0.0826, False), (0.0850, True)])
def test_sources_nine_times_apart_diverge(other: float, *, divergent: bool) -> None:
    evidence = [Evidence("financial", 0.01, 0.5, 1.0), Evidence("external", other, 0.5, 1.0)]
    found = blend(0.015, evidence, RULES)
    assert found.divergent is divergent
    assert (found.confidence is Confidence.LOW) is divergent


@given(PDS, st.lists(st.tuples(PDS, st.floats(0, 1), st.floats(0, 1)), max_size=4))
def test_a_blend_lies_between_its_sources(
    prior: float, sources: list[tuple[float, float, float]]
) -> None:
    evidence = [Evidence("x", pd, weight, z) for pd, weight, z in sources]
    pds = [prior, *(pd for pd, _, _ in sources)]
    assert min(pds) * (1 - 1e-9) <= blend(prior, evidence, RULES).pd <= max(pds) * (1 + 1e-9)


@given(PDS, PDS, st.floats(0.01, 1))
def test_a_worse_source_never_improves_the_blend(one: float, other: float, z: float) -> None:
    low, high = sorted((one, other))
    better = blend(0.015, [Evidence("x", low, 0.4, z)], RULES).pd
    assert better <= blend(0.015, [Evidence("x", high, 0.4, z)], RULES).pd


@given(st.lists(st.tuples(st.floats(0.01, 1), st.floats(0.01, 1)), max_size=4))
def test_shares_add_up_to_one(pulls: list[tuple[float, float]]) -> None:
    evidence = [Evidence("x", 0.01, weight, z) for weight, z in pulls]
    shares = [each.share for each in blend(0.015, evidence, RULES).components]
    assert sum(shares) == pytest.approx(1)
