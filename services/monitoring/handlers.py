"""Monitoring's subscriptions: what it hears, and which use case answers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.storage.book import Book
from services.monitoring.storage.rebuilds import REBUILD_ACCOUNTS, RebuildAccounts
from services.monitoring.storage.rooms import MonitoringStorage
from services.monitoring.storage.schema import METADATA
from services.monitoring.storage.tables import account
from services.monitoring.usecases import (
    commands,
    learning,
    posting,
    rebuilding,
    signals,
    statements,
)
from services.monitoring.usecases.closing import close_day
from services.monitoring.usecases.defaulting import DEFAULT_FLAG
from services.monitoring.usecases.observing import MonitoringWork
from services.monitoring.usecases.snoozing import (
    DECIDE_SNOOZE,
    SNOOZE_WARNING,
    DecideSnooze,
    SnoozeWarning,
)
from services.monitoring.usecases.verdicts import (
    ACKNOWLEDGE_WARNING,
    LABEL_WARNING,
    RESOLVE_WARNING,
    AcknowledgeWarning,
    LabelWarning,
    ResolveWarning,
)
from services.monitoring.usecases.warnings import WARNING
from shared.chassis.service import CommandKind, Service, Subscription
from shared.contracts import catalogue

Handler = Callable[[Any, Book, MonitoringWork], None]

_HANDLERS: Final[dict[str, Handler]] = {
    "screening.customer_registered.v1": learning.note_customer,
    "screening.customer_updated.v1": learning.note_customer,
    "tiering.credit_limit_set.v1": learning.note_credit_limit,
    "financial_statement.filed": statements.file_statement,
    "external_rating.published": signals.note_external_rating,
    **dict.fromkeys(catalogue.EVENTS[catalogue.SIGNALS], signals.note_signal),
    **{
        name: posting.take_fact
        for name in catalogue.EVENTS[catalogue.TRANSACTIONS]
        if name != catalogue.DAY_CLOSED
    },
}

SERVICE: Final[Service[Book, MonitoringPolicy]] = Service(
    name="monitoring",
    topic=catalogue.MONITORING,
    subscriptions=(
        Subscription(catalogue.SCREENING),
        Subscription(catalogue.TIERING),
        Subscription(catalogue.FINANCIALS, upstream=True),
        Subscription(catalogue.SIGNALS, upstream=True),
        Subscription(catalogue.TRANSACTIONS, upstream=True, closes_on=catalogue.DAY_CLOSED),
    ),
    handlers=_HANDLERS,
    close_day=close_day,
    storage=MonitoringStorage(),
    metadata=METADATA,
    policy=MonitoringPolicy,
    policy_file=Path(__file__).with_name("policy.yaml"),
    hosts=(catalogue.TRANSACTIONS, catalogue.SIGNALS),
    commands={
        ACKNOWLEDGE_WARNING: CommandKind(AcknowledgeWarning, commands.acknowledge_warning),
        RESOLVE_WARNING: CommandKind(ResolveWarning, commands.resolve_warning),
        REBUILD_ACCOUNTS: CommandKind(RebuildAccounts, rebuilding.rebuild_accounts),
        LABEL_WARNING: CommandKind(LabelWarning, commands.label_warning),
        SNOOZE_WARNING: CommandKind(SnoozeWarning, commands.snooze_warning),
        DECIDE_SNOOZE: CommandKind(DecideSnooze, commands.decide_snooze),
    },
    decisions=(WARNING, DEFAULT_FLAG),
    wakes=account,
    on_conflict=posting.note_conflict,
)
