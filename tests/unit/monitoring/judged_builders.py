"""Builders of warnings as they are kept, for the tests of the queue and the scorecard."""

from dataclasses import replace
from datetime import date
from typing import Any

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.learning.judging import PastWarning
from services.monitoring.domain.learning.outcomes import Outcome, OutcomeKind
from services.monitoring.domain.measurement import Evidence
from services.monitoring.domain.policies.warnings import Severity
from services.monitoring.domain.watching.risk_warning import RiskWarning, WarningStatus
from tests.unit.monitoring.warning_builders import euros, on_day

_USUAL = RiskWarning(
    warning_id="w1",
    customer_id="C1",
    indicator=Indicator.MAX_DAYS_PAST_DUE,
    severity=Severity.WATCH,
    status=WarningStatus.OPEN,
    raised_on=on_day(0),
    changed_on=on_day(0),
    value=8.0,
    threshold=7.0,
    evidence=Evidence(),
    correlation_id="chain",
    case_id="case-1",
    pending_since=on_day(0),
    worst_value=8.0,
    exposure=(euros(1000),),
)


def a_warning(**changes: Any) -> RiskWarning:  # Any: a test's fields, checked by the dataclass
    """A watch warning of T01, raised at the start of 2025, but for what is said."""
    return replace(_USUAL, **changes)


def raised_on(day: date, **changes: Any) -> RiskWarning:  # Any: as above
    """A warning raised on a day."""
    return a_warning(raised_on=day, changed_on=day, pending_since=day, **changes)


def a_past_warning(day: int = 0, **changes: Any) -> PastWarning:  # Any: as above
    """A watch warning of T01 raised so many days after the start of 2025, as the scorecard sees it."""
    usual = PastWarning(
        customer_id="C1",
        indicator=Indicator.MAX_DAYS_PAST_DUE,
        raised_on=on_day(day),
        worst_value=8.0,
        exposure=(euros(1000),),
    )
    return replace(usual, **changes)


def happened(
    day: int, kind: OutcomeKind = OutcomeKind.DEFAULT, *, customer_id: str = "C1"
) -> Outcome:
    """What happened to a customer, with 1,000 EUR at stake."""
    return Outcome(customer_id=customer_id, kind=kind, on=on_day(day), exposure=(euros(1000),))
