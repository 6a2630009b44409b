"""Monitoring's policy: everything that a credit manager may tune, each part in `policies/`."""

from dataclasses import dataclass

from services.monitoring.domain.policies.handling import HandlingPolicy
from services.monitoring.domain.policies.ledger import LedgerPolicy
from services.monitoring.domain.policies.warnings import WarningPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringPolicy:
    """Everything monitoring decides by."""

    ledger: LedgerPolicy
    warnings: WarningPolicy
    handling: HandlingPolicy
