"""Builders for the tests of warnings: each names only what matters."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.indicator_facts.detectors import DetectorFacts, SurpriseFacts
from services.monitoring.domain.indicator_facts.everything import IndicatorFacts
from services.monitoring.domain.indicator_facts.receivables import CurrencyFacts
from services.monitoring.domain.indicators import Finding
from services.monitoring.domain.policies.handling import HandlingPolicy
from services.monitoring.domain.policies.warnings import Severity, WarningPolicy
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.watching.alerts import Occasion
from shared.kernel.money import Money
from shared.policies.book import read_policy
from tests.unit.monitoring.ledger_builders import LEDGER

ROOT = Path(__file__).parents[3]
GOLDEN = json.loads((ROOT / "tests/golden/warnings.json").read_text())
_SHIPPED = yaml.safe_load((ROOT / "services/monitoring/policy.yaml").read_text())
SHIPPED = read_policy(yaml.safe_dump(_SHIPPED["warnings"]), WarningPolicy)
HANDLING = read_policy(yaml.safe_dump(_SHIPPED["handling"]), HandlingPolicy)
POLICY = MonitoringPolicy(ledger=LEDGER, warnings=SHIPPED, handling=HANDLING)
TODAY = date(2025, 6, 30)
WATCH, AMBER, RED = Severity.WATCH, Severity.AMBER, Severity.RED


def on_day(number: int) -> date:
    """The day some days after the start of 2025."""
    return date(2025, 1, 1) + timedelta(days=number)


def euros(amount: int) -> Money:
    return Money(amount * 100, "EUR")


QUIET = CurrencyFacts(
    currency="EUR",
    open_amount=euros(1000),
    overdue_amount=euros(0),
    open_invoices=10,
    overdue_count=0,
    max_days_past_due=0,
    longest_days_late=0,
    purchases_12m=euros(12_000),
    sales=euros(3000),
    exposure=euros(1000),
    wadd=0.0,
    wadd_invoices=10,
    wadd_amount=euros(3000),
    settled_invoices=20,
)


def a_ledger(**changes: Any) -> CurrencyFacts:  # Any: a test's fields, checked by the dataclass
    """A customer who pays everything in time, but for what is said."""
    return replace(QUIET, **changes)


def late_by(days: int, *, share: float = 0.4, invoices: int = 4) -> CurrencyFacts:
    """A customer with a share of the open amount past due, the oldest part for some days."""
    return a_ledger(
        max_days_past_due=days,
        longest_days_late=days,
        overdue_count=invoices,
        overdue_amount=QUIET.open_amount.times(share),
        overdue_invoices=tuple(f"I{number}" for number in range(invoices)),
    )


def facts_on(
    day: date, *ledgers: CurrencyFacts, detectors: DetectorFacts | None = None
) -> IndicatorFacts:
    return IndicatorFacts(as_of=day, currencies=ledgers, detectors=detectors or DetectorFacts())


def a_surprise(**changes: Any) -> SurpriseFacts:  # Any: a test's fields, checked by the dataclass
    usual = SurpriseFacts(
        currency="EUR",
        on=TODAY,
        amount=euros(300),
        z=0.0,
        observed=10,
        usual=100.0,
        ratio=3.0,
        document="O1",
    )
    return replace(usual, **changes)


def a_finding(
    value: float | None, *, indicator: Indicator = Indicator.MAX_DAYS_PAST_DUE, on: date = TODAY
) -> Finding:
    """What an indicator says when its value is this."""
    entry = SHIPPED.indicators[indicator]
    severity = entry.severity_of(value)
    return Finding(
        indicator=indicator,
        value=value,
        severity=severity,
        threshold=entry.threshold(severity or WATCH),
        breached_on=on,
        hard=entry.triggers(value),
        confidence=1.0,
        by_value=severity,
        of_now=True,
    )


def an_occasion(
    day: int = 0, *, closing: bool = False, indicator: Indicator = Indicator.MAX_DAYS_PAST_DUE
) -> Occasion:
    return Occasion(
        as_of=on_day(day),
        closing=closing,
        lifecycle=SHIPPED.lifecycle,
        entry=SHIPPED.indicators[indicator],
    )
