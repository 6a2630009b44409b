"""Recovery's subscriptions and commands, as one table."""

from pathlib import Path
from typing import Final

from services.recovery.domain.policy import RecoveryPolicy
from services.recovery.storage import METADATA, Book, Cases
from services.recovery.storage.tables import debtor
from services.recovery.usecases import (
    CASE,
    DUNNING,
    AddAction,
    add_action,
    close_day,
    keep_arrears,
    keep_cure,
    keep_default,
    take_tier,
)
from shared.chassis.service import CommandKind, Service, Subscription
from shared.contracts import catalogue

SERVICE: Final[Service[Book, RecoveryPolicy]] = Service(
    name="recovery",
    topic=catalogue.RECOVERY,
    subscriptions=(
        Subscription(catalogue.MONITORING, closes_on="monitoring.day_closed.v1"),
        Subscription(catalogue.TIERING, closes_on="tiering.day_closed.v1"),
    ),
    handlers={
        "monitoring.arrears_changed.v1": keep_arrears,
        "monitoring.default_flagged.v1": keep_default,
        "monitoring.customer_cured.v1": keep_cure,
        "tiering.tier_assigned.v1": take_tier,
    },
    close_day=close_day,
    storage=Cases(),
    metadata=METADATA,
    policy=RecoveryPolicy,
    policy_file=Path(__file__).with_name("policy.yaml"),
    commands={"add_action": CommandKind(AddAction, add_action)},
    decisions=(DUNNING, CASE),
    wakes=debtor,
)
