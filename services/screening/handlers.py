"""Screening's subscriptions and commands, as one table."""

from pathlib import Path
from typing import Final

from services.screening.domain.policy import ScreeningPolicy
from services.screening.storage import METADATA, Book, Register
from services.screening.storage.tables import customer
from services.screening.usecases import (
    SCREENING,
    RegisterCustomer,
    ScreenCustomer,
    close_day,
    keep_arrears,
    register_customer,
    screen_customer,
)
from shared.chassis.service import CommandKind, Service, Subscription
from shared.contracts import catalogue

SERVICE: Final[Service[Book, ScreeningPolicy]] = Service(
    name="screening",
    topic=catalogue.SCREENING,
    subscriptions=(Subscription(catalogue.MONITORING, closes_on="monitoring.day_closed.v1"),),
    handlers={"monitoring.arrears_changed.v1": keep_arrears},
    close_day=close_day,
    storage=Register(),
    metadata=METADATA,
    policy=ScreeningPolicy,
    policy_file=Path(__file__).with_name("policy.yaml"),
    commands={
        "register_customer": CommandKind(RegisterCustomer, register_customer),
        "screen_customer": CommandKind(ScreenCustomer, screen_customer),
    },
    decisions=(SCREENING,),
    wakes=customer,
)
