"""Builders of what rating works with; each names only what a test cares about."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from services.rating.domain.model import (
    Basis,
    Behaviour,
    ExternalOpinion,
    OpinionKind,
    Outlook,
    RatingDecision,
    RatingFacts,
    Statement,
    Unit,
)
from services.rating.domain.policy import RatingPolicy
from services.rating.domain.rate import decide_rating
from services.rating.handlers import SERVICE
from services.rating.storage.book import Book
from shared.chassis.work import Work
from shared.contracts import catalogue
from shared.contracts.envelope import Event, first_of_chain
from shared.contracts.figures import ArrearsFigures, BehaviourFigures, CustomerFigures
from shared.policies.book import PolicyBook, shipped

SHIPPED: Final = shipped(SERVICE.policy_file, RatingPolicy)
POLICY: Final = SHIPPED.policy
GOLDEN: Final[dict[str, dict[str, Any]]] = json.loads(
    (Path(__file__).parents[2] / "golden" / "rating.json").read_text()
)
YEAR_END: Final = date(2024, 12, 31)
DAY: Final = date(2025, 6, 30)
# The golden cases' own short names.
_CODES: Final = {
    "rev": "REV",
    "ebit": "EBIT",
    "da": "DA",
    "int": "INT_EXP",
    "ni": "NI",
    "ta": "TA",
    "ca": "CA",
    "inv": "INV",
    "cash": "CASH",
    "cl": "CL",
    "tl": "TL",
    "eq": "TE",
    "re": "RE",
    "debt": "DEBT",
    "cfo": "CFO",
    "cogs": "COGS",
    "ap": "AP",
    "intang": "INTANG",
}
ALPHA: Final[dict[str, float]] = GOLDEN["RT-1a"]["in"]["fin"]


def a_statement(figures: dict[str, float] | None = None, /, **lines: float | None) -> Statement:
    """Alpha's audited statement in millions of EUR; a line given as None is left out."""
    given = {_CODES[name]: value for name, value in (figures or ALPHA).items() if name in _CODES}
    merged: dict[str, float | None] = {**given, "PREPAY": 0.0, **lines}
    reported = {code: Decimal(str(value)) for code, value in merged.items() if value is not None}
    return Statement(YEAR_END, 12, Basis.AUDITED, "EUR", Unit.MILLIONS, reported)


def the_year_before(
    figures: dict[str, float] | None = None, *, period_end: date = date(2023, 12, 31)
) -> Statement:
    """The statement that a golden case's opening figures come from."""
    known = figures or ALPHA
    opening = {
        "TA": known["ta0"],
        "REV": known["rev0"],
        "TL": known["ta0"] / 2,
        "TE": known["ta0"] / 2,
    }
    reported = {code: Decimal(str(value)) for code, value in opening.items()}
    return Statement(period_end, 12, Basis.AUDITED, "EUR", Unit.MILLIONS, reported)


def a_behaviour(**known: float | None) -> Behaviour:
    """A good payer with thirty settled invoices."""
    good = Behaviour(
        settled_24m=30,
        wadd_12m=1.0,
        late_over_30_share_12m=0.0,
        max_days_past_due_6m=3,
        wadd_trend=0.0,
    )
    return replace(good, **known)  # type: ignore[arg-type]  # fields by name, whatever their type


def golden_behaviour(figures: dict[str, float], *, settled: int = 30) -> Behaviour:
    """A golden case's behaviour."""
    return Behaviour(
        settled_24m=settled,
        wadd_12m=figures["wadd"],
        late_over_30_share_12m=figures["pct_late30"],
        max_days_past_due_6m=int(figures["max_dpd6"]),
        wadd_trend=figures["add_trend"],
        dishonours_12m=int(figures["nsf"]),
    )


def an_opinion(
    grade: str = "BB",
    *,
    agency: str = "S&P",
    kind: OpinionKind = OpinionKind.ISSUER,
    affirmed_on: date = date(2025, 3, 31),
    outlook: Outlook = Outlook.STABLE,
) -> ExternalOpinion:
    """An agency's grade, three months old."""
    return ExternalOpinion(agency, grade, kind, affirmed_on, outlook)


def rated(facts: RatingFacts, *, as_of: date = DAY) -> RatingDecision:
    """The decision under the shipped policy."""
    return decide_rating(facts, POLICY, as_of=as_of)


def figures(
    *,
    settled: int | None = 30,
    material_days: int = 0,
    in_default: bool = False,
    ews: float = 10.0,
    wadd: float = 2.0,
) -> CustomerFigures:
    """Figures as monitoring sends them."""
    behaviour = None
    if settled is not None:
        behaviour = BehaviourFigures(
            settled_24m=settled,
            wadd_12m=wadd,
            late_over_30_share_12m=0.0,
            max_days_past_due_6m=material_days,
            wadd_trend=0.0,
        )
    arrears = ArrearsFigures(
        currency="EUR",
        overdue_amount=Decimal(material_days),
        undisputed_overdue_amount=Decimal(material_days),
        oldest_days_past_due=material_days,
        material_days_past_due=material_days,
    )
    return CustomerFigures(
        as_of=DAY,
        ews=ews,
        band="green",
        in_default=in_default,
        behaviour=behaviour,
        arrears=(arrears,) if material_days else (),
    )


def a_book() -> Book:
    """An empty book of partition 0."""
    return Book(partition=0)


def a_work(closed_on: date | None = date(2025, 6, 29)) -> Work[RatingPolicy]:
    """Work of a partition whose business day is the 30th of June 2025."""
    return Work(
        service="rating",
        topic="obligor.rating",
        partition=0,
        policies=PolicyBook([SHIPPED]),
        closed_on=closed_on,
        cause=first_of_chain(
            event_id="cause-0",
            source="/test",
            event_type="test",
            time=datetime(2025, 6, 30, 9, tzinfo=UTC),
            subject="c1",
        ),
    )


def hear(
    event: Event,
    book: Book,
    work: Work[RatingPolicy],
    *,
    subject: str = "c1",
    day: date = DAY,
) -> None:
    """Deliver an event to the service, as the chassis does."""
    event_type = catalogue.EVENT_TYPES[type(event)]
    number = len(work.decided) + len(work.announced)
    work.begin(
        first_of_chain(
            event_id=f"event-{number}-{event_type}",
            source="/test",
            event_type=event_type,
            time=datetime(day.year, day.month, day.day, 9, tzinfo=UTC),
            subject=subject,
        )
    )
    SERVICE.handlers[event_type](event, book, work)
