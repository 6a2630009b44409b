"""A customer under watch and the work of its worker, for the tests of warnings' use cases."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.indicator_facts.everything import IndicatorFacts
from services.monitoring.domain.indicator_facts.receivables import CurrencyFacts
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.watching.risk_warning import RiskWarning
from services.monitoring.domain.watching.watch import (
    Watch,
    detector_facts,
    early_warning_of,
    has_open_red,
)
from services.monitoring.usecases.warnings import observe
from services.monitoring.usecases.watched import Watched
from shared.chassis.work import Work
from shared.contracts.envelope import first_of_chain
from shared.contracts.figures import CustomerFigures
from shared.contracts.monitoring import WarningChanged
from shared.kernel.dates import previous_day
from shared.kernel.money import Money
from shared.policies.book import ALWAYS, PolicyBook, PolicyVersion
from tests.unit.monitoring.warning_builders import POLICY, SHIPPED, on_day

POLICIES = PolicyBook([PolicyVersion("test-1", ALWAYS, POLICY)])


def some_work(
    day: int = 0, *, subject: str = "C1", actor: str | None = None
) -> Work[MonitoringPolicy]:
    """Work on a day; without a subject, that of a close."""
    today = on_day(day)
    cause = first_of_chain(
        event_id=f"event-{day}",
        source="test",
        event_type="invoice.issued",
        time=datetime(today.year, today.month, today.day, tzinfo=UTC),
        subject=subject,
    )
    return Work(
        service="monitoring",
        topic="obligor.monitoring",
        partition=0,
        policies=POLICIES,
        closed_on=previous_day(today),
        cause=cause,
        actor=actor,
    )


@dataclass(slots=True)
class Subject:
    """One customer, day by day, with everything that was said of it."""

    watch: Watch = field(default_factory=Watch)
    saved: dict[str, RiskWarning] = field(default_factory=dict)
    said: list[WarningChanged] = field(default_factory=list)
    decisions: int = 0
    exposure: tuple[Money, ...] = ()

    def watched(self, day: date) -> Watched:
        return Watched(
            customer_id="C1",
            watch=self.watch,
            changed=self.saved,
            figures=lambda: self.figures(day),
            exposure=lambda: self.exposure,
        )

    def figures(self, day: date) -> CustomerFigures:
        score = early_warning_of(self.watch, SHIPPED, as_of=day)
        return CustomerFigures(
            as_of=day,
            ews=score.ews,
            band=score.band.value,
            open_red_warning=has_open_red(self.watch),
        )

    def observe(
        self, day: int, *ledgers: CurrencyFacts, closing: bool = False
    ) -> Work[MonitoringPolicy]:
        work = some_work(day, subject="" if closing else "C1")
        facts = IndicatorFacts(
            as_of=on_day(day),
            currencies=ledgers,
            detectors=detector_facts(self.watch, SHIPPED, as_of=on_day(day)),
        )
        observe(self.watched(on_day(day)), facts, work, closing=closing)
        self.hear(work)
        return work

    def close(self, day: int, *ledgers: CurrencyFacts) -> Work[MonitoringPolicy]:
        return self.observe(day, *ledgers, closing=True)

    def hear(self, work: Work[MonitoringPolicy]) -> None:
        self.said += [event for _, event in work.announced if isinstance(event, WarningChanged)]
        self.decisions += len(work.decided)

    def warning(self, indicator: Indicator = Indicator.MAX_DAYS_PAST_DUE) -> RiskWarning:
        return self.watch.warnings[indicator]

    @property
    def told(self) -> list[str]:
        """What was said, in short: event, indicator, severity."""
        return [f"{type(each).__name__} {each.indicator} {each.severity}" for each in self.said]
