"""The decision about one warning: what it says, and that its facts are enough to take it again."""

import msgspec
import pytest

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.indicator_facts.receivables import CurrencyFacts
from services.monitoring.domain.indicators import measure
from services.monitoring.domain.measurement import Evidence
from services.monitoring.domain.watching.alerts import Transition
from services.monitoring.domain.watching.risk_warning import (
    WarningDecision,
    WarningFacts,
    WarningStatus,
    decide_warning,
    occasion_of,
)
from shared.decisions.stored import canonical_json
from tests.unit.monitoring.warning_builders import (
    AMBER,
    POLICY,
    SHIPPED,
    TODAY,
    WATCH,
    a_ledger,
    facts_on,
    late_by,
    on_day,
)

T01 = Indicator.MAX_DAYS_PAST_DUE


def decided(
    ledger: CurrencyFacts, before: WarningDecision | None = None, *, day: int = 0
) -> WarningDecision:
    facts = WarningFacts(
        indicator=T01,
        facts=facts_on(on_day(day), ledger),
        alert=before.alert if before else None,
        closing=True,
    )
    return decide_warning(facts, POLICY, as_of=on_day(day))


def test_a_decision_tells_value_threshold_and_evidence() -> None:
    decision = decided(late_by(31))
    assert (decision.transition, decision.severity) == (Transition.RAISE, AMBER)
    assert (decision.value, decision.threshold, decision.previous_severity) == (31, 30, None)
    assert decision.evidence.documents == ("I0", "I1", "I2", "I3")


def test_a_change_tells_from_which_severity() -> None:
    first = decided(late_by(8))
    second = decided(late_by(31), first, day=23)
    assert (second.previous_severity, second.severity) == (WATCH, AMBER)


def test_a_cleared_warning_has_no_severity_and_names_the_watch_threshold() -> None:
    first = decided(late_by(8))
    second = decided(a_ledger(), first, day=1)
    third = decided(a_ledger(), second, day=2)
    assert (third.transition, third.severity, third.alert) == (Transition.CLEAR, None, None)
    assert (third.threshold, third.previous_severity) == (7, WATCH)


@pytest.mark.parametrize(("ledger", "code"), [(late_by(8), "T01.raise"), (a_ledger(), "T01.quiet")])
def test_the_reason_names_indicator_and_transition(ledger: CurrencyFacts, code: str) -> None:
    assert [reason.code for reason in decided(ledger).reasons] == [code]


def test_facts_survive_being_stored() -> None:
    raised = decided(late_by(31))
    facts = WarningFacts(
        indicator=T01, facts=facts_on(TODAY, late_by(40)), alert=raised.alert, closing=False
    )
    read = msgspec.json.decode(canonical_json(facts), type=WarningFacts)
    assert read == facts
    again = decide_warning(read, POLICY, as_of=TODAY)
    assert canonical_json(again) == canonical_json(decide_warning(facts, POLICY, as_of=TODAY))


def test_evidence_is_put_together_only_when_asked_for() -> None:
    finding = measure(T01, facts_on(TODAY, late_by(31)), SHIPPED)
    assert finding.explain().window is None
    assert finding.evidence.window == "now"
    assert finding.evidence == finding.evidence


def test_nothing_known_leaves_empty_evidence() -> None:
    finding = measure(T01, facts_on(TODAY), SHIPPED)
    assert finding.evidence == Evidence(window="now")


def test_an_occasion_takes_the_indicators_own_rules() -> None:
    occasion = occasion_of(T01, SHIPPED, as_of=TODAY, closing=True)
    assert occasion.entry is SHIPPED.indicators[T01]
    assert occasion.lifecycle is SHIPPED.lifecycle


def test_statuses_are_those_of_the_doors() -> None:
    assert [each.value for each in WarningStatus] == [
        "open",
        "acknowledged",
        "resolved",
        "suppressed",
    ]
