"""What the queue is made of: everyone with an open warning, as they stand."""

from asyncio import to_thread
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.domain.handling.queue import Subject
from services.monitoring.domain.handling.stakes import expires_on
from services.monitoring.domain.outside.profile import Profile
from services.monitoring.domain.outside.security import eligible_security
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.watching.risk_warning import WarningStatus
from services.monitoring.domain.watching.watch import Watch, early_warning_of
from services.monitoring.storage.accounts import Shown, read_shown
from services.monitoring.storage.profiles import load_profiles
from services.monitoring.storage.warnings import warning
from services.monitoring.storage.watches import load_states
from shared.kernel.money import Money

CHUNK = 500
_WAITS = (WarningStatus.OPEN.value, WarningStatus.ACKNOWLEDGED.value)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Under which policy, and as of which day."""

    policy: MonitoringPolicy
    as_of: date


async def open_subjects(
    conn: AsyncConnection, policy: MonitoringPolicy, *, as_of: date
) -> list[Subject]:
    """Everyone with a warning that waits for somebody, as of the day asked about."""
    named = select(warning.c.customer_id).where(warning.c.status.in_(_WAITS)).distinct()
    names = sorted(await conn.scalars(named))
    subjects: list[Subject] = []
    for begin in range(0, len(names), CHUNK):
        subjects += await _subjects(conn, names[begin : begin + CHUNK], _Asked(policy, as_of))
    return subjects


async def count_snoozed(conn: AsyncConnection) -> int:
    """How many warnings are put off."""
    suppressed = warning.c.status == WarningStatus.SUPPRESSED.value
    return int(await conn.scalar(select(func.count()).where(suppressed)) or 0)


async def _subjects(conn: AsyncConnection, names: Sequence[str], asked: _Asked) -> list[Subject]:
    states = await load_states(conn, names)
    profiles = await load_profiles(conn, names)

    def put_together() -> list[Subject]:
        """Decode the states and profiles, beside the event loop."""
        return [
            _subject(name, read_shown(states[name]), profiles.get(name), asked)
            for name in names
            if name in states
        ]

    return await to_thread(put_together)


def _subject(name: str, shown: Shown, profile: Profile | None, asked: _Asked) -> Subject:
    standing, watch, rules, as_of = shown.standing, shown.watch, asked.policy, asked.as_of
    return Subject(
        customer_id=name,
        score=early_warning_of(watch, rules.warnings, as_of=as_of),
        warnings=tuple(watch.warnings.values()),
        exposure=tuple(Money(each.total, each.currency) for each in standing.exposures),
        secured=() if profile is None else eligible_security(profile.external, as_of=as_of),
        in_default=standing.defaulted_on is not None,
        stale_on=_stale_on(watch, rules),
    )


def _stale_on(watch: Watch, policy: MonitoringPolicy) -> dict[str, date]:
    half_lives = policy.warnings.lifecycle.stale_half_lives
    return {
        kept.warning_id: expires_on(
            alert.breached_on[alert.severity],
            half_life_days=policy.warnings.indicators[indicator].half_life_days,
            half_lives=half_lives,
        )
        for indicator, kept in watch.warnings.items()
        if (alert := watch.alerts[indicator]).goes_stale
    }
