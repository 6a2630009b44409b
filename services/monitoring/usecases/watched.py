"""A customer under watch, as the use cases have it, and how its warnings are said."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from services.monitoring.domain.policies.warnings import Severity
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.watching.alerts import Transition
from services.monitoring.domain.watching.risk_warning import RiskWarning, WarningStatus
from services.monitoring.domain.watching.watch import Watch
from shared.chassis.work import Work
from shared.contracts.figures import CustomerFigures
from shared.contracts.monitoring import (
    MAX_LISTED,
    WarningChanged,
    WarningEscalated,
    WarningEvidence,
    WarningRaised,
    WarningResolved,
)
from shared.kernel.money import Money
from shared.kernel.values import quick, replace

EVENT_OF: dict[Transition, type[WarningChanged]] = {
    Transition.RAISE: WarningRaised,
    Transition.ESCALATE: WarningEscalated,
    Transition.REALERT: WarningEscalated,
    Transition.DEESCALATE: WarningEscalated,
    Transition.RETURN: WarningEscalated,
    Transition.CLEAR: WarningResolved,
}


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A customer under watch: `changed` collects warnings to be saved, by id.

    `figures` says how the customer stands once the watch has changed, `exposure` what is at stake.
    """

    customer_id: str
    watch: Watch
    changed: dict[str, RiskWarning]
    figures: Callable[[], CustomerFigures]
    exposure: Callable[[], tuple[Money, ...]] = tuple

    def put(self, warning: RiskWarning) -> None:
        """Have a warning saved as it is now."""
        self.changed[warning.warning_id] = warning


def ended(warning: RiskWarning, *, on: date) -> RiskWarning:
    """The warning, over."""
    return replace(
        warning, status=WarningStatus.RESOLVED, resolved_on=on, changed_on=on, snooze=None
    )


def event_of(
    transition: Transition,
    warning: RiskWarning,
    *,
    previous: Severity | None,
    figures: CustomerFigures,
    work: Work[MonitoringPolicy],
) -> WarningChanged:
    """What is said of a warning that changed."""
    label = {} if warning.label is None else {"label": warning.label.value}
    return EVENT_OF[transition](
        customer_id=warning.customer_id,
        warning_id=warning.warning_id,
        as_of=work.business_day,
        indicator=warning.indicator.value,
        severity=warning.severity.value,
        previous_severity=None if previous is None else previous.value,
        value=warning.value,
        threshold=warning.threshold,
        raised_on=warning.raised_on,
        evidence=WarningEvidence(
            figures=dict(warning.evidence.figures),
            documents=warning.evidence.documents[:MAX_LISTED],
            window=warning.evidence.window,
        ),
        policy_version=work.policy_version,
        figures=figures,
        case_id=warning.case_id,
        transition=transition.value,
        **label,
    )
