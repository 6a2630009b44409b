"""One customer's two years, as the running platform tells them: money, score, and what was done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import msgspec
from msgspec import Struct

from obligor.remote import Remote

EXPOSURE = "monitoring.exposure_changed.v1"
RAISED = "monitoring.warning_raised.v1"
ESCALATED = "monitoring.warning_escalated.v1"
_SCORED = (
    RAISED,
    ESCALATED,
    "monitoring.warning_resolved.v1",
    "monitoring.behaviour_reported.v1",
)
_TIERED = "tiering.tier_assigned.v1"
_OPENED = "recovery.case_opened.v1"


class Told(Struct, frozen=True):
    """An event of `GET /{service}/v1/events`."""

    type: str
    event: msgspec.Raw


class ExposureSaid(Struct, frozen=True):
    """What is owed in one currency."""

    currency: str
    open_amount: Decimal
    overdue_amount: Decimal


class ExposuresSaid(Struct, frozen=True):
    """What `exposure_changed` says, as far as it is drawn."""

    as_of: date
    exposures: tuple[ExposureSaid, ...]


class ScoreSaid(Struct, frozen=True):
    """The composite score at the time of an event."""

    ews: float | None = None


class SignSaid(Struct, frozen=True):
    """A warning or report with the score it left behind."""

    as_of: date
    figures: ScoreSaid
    indicator: str = ""
    severity: str = ""


class TierSaid(Struct, frozen=True):
    """A tier given."""

    as_of: date
    tier: str


class CaseSaid(Struct, frozen=True):
    """A recovery case opened."""

    as_of: date


@dataclass(frozen=True, slots=True)
class Money:
    """What was owed, and overdue, at the end of a day."""

    on: date
    open: float
    overdue: float


@dataclass(frozen=True, slots=True)
class Mark:
    """Something said or done on a day: a warning (`sign`), a tier, or a case."""

    on: date
    kind: str
    label: str
    severity: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """What a chart of one customer shows; each series in the order of its days."""

    currency: str
    money: tuple[Money, ...]
    scores: tuple[tuple[date, float], ...]
    marks: tuple[Mark, ...]


def timeline_of(remote: Remote, customer_id: str) -> Timeline:
    """Ask monitoring, tiering and recovery what happened to a customer."""
    exposures = [
        msgspec.json.decode(each.event, type=ExposuresSaid)
        for each in _events(remote, "monitoring", customer_id, EXPOSURE)
    ]
    signs = [
        (each.type, msgspec.json.decode(each.event, type=SignSaid))
        for each in _events(remote, "monitoring", customer_id, *_SCORED)
    ]
    currency = _main_currency(exposures)
    return Timeline(
        currency=currency,
        money=tuple(_money(exposures, currency)),
        scores=tuple((said.as_of, said.figures.ews or 0.0) for _, said in signs),
        marks=(*_signs(signs), *_tiers(remote, customer_id), *_cases(remote, customer_id)),
    )


def _events(remote: Remote, service: str, customer_id: str, *types: str) -> Iterator[Told]:
    path = f"/{service}/v1/events"
    return remote.pages(path, Told, customer_id=customer_id, type=list(types))


def _main_currency(exposures: list[ExposuresSaid]) -> str:
    """The currency in which most was ever owed."""
    largest: dict[str, Decimal] = {}
    for said in exposures:
        for each in said.exposures:
            owed = max(largest.get(each.currency, Decimal(0)), each.open_amount)
            largest[each.currency] = owed
    return max(sorted(largest), key=lambda name: largest[name], default="")


def _money(exposures: list[ExposuresSaid], currency: str) -> Iterator[Money]:
    by_day = {
        said.as_of: each
        for said in exposures
        for each in said.exposures
        if each.currency == currency
    }
    for day, each in sorted(by_day.items()):
        yield Money(day, float(each.open_amount), float(each.overdue_amount))


def _signs(signs: list[tuple[str, SignSaid]]) -> Iterator[Mark]:
    for kind, said in signs:
        if kind in {RAISED, ESCALATED}:
            yield Mark(said.as_of, "sign", said.indicator, said.severity)


def _tiers(remote: Remote, customer_id: str) -> Iterator[Mark]:
    for each in _events(remote, "tiering", customer_id, _TIERED):
        said = msgspec.json.decode(each.event, type=TierSaid)
        yield Mark(said.as_of, "tier", said.tier)


def _cases(remote: Remote, customer_id: str) -> Iterator[Mark]:
    for each in _events(remote, "recovery", customer_id, _OPENED):
        said = msgspec.json.decode(each.event, type=CaseSaid)
        yield Mark(said.as_of, "case", "")
