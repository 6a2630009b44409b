"""F16: what a customer promised of its statements, kept, near, broken, and not cured in time."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.monitoring.api.covenants import answer
from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas import covenants
from services.monitoring.domain.indicator_facts.everything import IndicatorFacts
from services.monitoring.domain.indicator_facts.external import (
    Bound,
    ExternalFacts,
    OutsideSign,
    Source,
)
from services.monitoring.domain.indicator_facts.financials import FinancialFacts, StatementFacts
from services.monitoring.domain.indicators import Finding, measure
from services.monitoring.domain.outside.covenants import with_covenants
from services.monitoring.domain.outside.external_standing import ExternalStanding
from services.monitoring.domain.outside.financial_standing import FinancialStanding
from services.monitoring.domain.outside.profile import Profile, profile_wakes_on
from services.monitoring.domain.policies.warnings import Severity
from shared.contracts.monitoring import WarningChanged
from shared.contracts.signals import CovenantAgreed
from shared.kernel.money import Money
from tests.unit.monitoring.in_memory import Monitoring, Told, a_close
from tests.unit.monitoring.statement_builders import AS_OF, a_statement, filed, on_file
from tests.unit.monitoring.warning_builders import SHIPPED

ENTRY = SHIPPED.indicators[Indicator.COVENANT_BREACH]
AGREED = date(2024, 1, 1)
KNOWN = date(2025, 4, 1)  # the day from which the sound statement of 2024 counts
WATCH, AMBER, RED = Severity.WATCH, Severity.AMBER, Severity.RED


def a_covenant(
    kind: str = "current_ratio",
    bound: Bound = Bound.AT_LEAST,
    level: float | None = 1.5,
    **fields: Any,  # a test's fields
) -> OutsideSign:
    made = OutsideSign(
        source=Source.COVENANT, document="K1", kind=kind, on=AGREED, bound=bound, level=level
    )
    return replace(made, **fields)


def held(
    *covenants: OutsideSign, statements: tuple[StatementFacts, ...], as_of: date = KNOWN
) -> FinancialFacts:
    told = ExternalFacts(as_of=as_of, signs=covenants)
    facts = on_file(*statements, as_of=as_of)
    return with_covenants(facts, told, FinancialStanding(statements=statements), SHIPPED)


def found(
    *covenants: OutsideSign, statements: tuple[StatementFacts, ...], as_of: date = KNOWN
) -> Finding:
    facts = held(*covenants, statements=statements, as_of=as_of)
    whole = IndicatorFacts(as_of=as_of, financials=facts)
    return measure(Indicator.COVENANT_BREACH, whole, SHIPPED)


@pytest.mark.parametrize(
    ("current_assets", "severity", "state"),
    [
        (495, None, "kept"),  # 1.65, a tenth above 1.5
        (494, WATCH, "near"),
        (450, WATCH, "near"),  # the level itself is kept
        (449, AMBER, "broken"),
    ],
)
def test_a_covenant_is_near_within_a_tenth_and_broken_beyond_its_level(
    current_assets: int, severity: Severity | None, state: str
) -> None:
    finding = found(a_covenant(), statements=(a_statement(CA=current_assets),))
    assert finding.severity is severity
    assert finding.evidence.figures["state"] == state


@pytest.mark.parametrize(
    ("liabilities", "severity"), [(540, None), (541, WATCH), (600, WATCH), (601, AMBER)]
)
def test_at_most_holds_from_the_other_side(liabilities: int, severity: Severity | None) -> None:
    covenant = a_covenant("debt_to_assets", Bound.AT_MOST, 0.6)
    statement = a_statement(TL=liabilities, TE=1000 - liabilities)
    assert found(covenant, statements=(statement,)).severity is severity


def test_a_breach_is_red_once_the_days_to_cure_it_are_over() -> None:
    broken = (a_statement(CA=400),)
    last = KNOWN + timedelta(days=30)
    assert found(a_covenant(), statements=broken, as_of=last).severity is AMBER
    late = found(a_covenant(), statements=broken, as_of=last + timedelta(days=1))
    assert (late.severity, late.breached_on) == (RED, KNOWN)
    assert late.evidence.figures["cure_by"] == "2025-05-01"
    assert late.evidence.documents == ("K1", "2024-12-31 12m audited")


def test_a_breach_in_two_statements_running_has_not_been_cured() -> None:
    broken = (a_statement(2023, CA=400), a_statement(2024, CA=400))
    finding = found(a_covenant(), statements=broken)
    assert (finding.severity, finding.breached_on) == (RED, date(2024, 4, 1))
    once = (a_statement(2023), a_statement(2024, CA=400))
    assert found(a_covenant(), statements=once).severity is AMBER


def test_the_time_to_cure_never_begins_before_the_covenant() -> None:
    broken = (a_statement(2023, CA=400), a_statement(2024, CA=400))
    young = a_covenant(on=KNOWN)
    assert found(young, statements=broken).severity is AMBER
    assert found(young, statements=broken).breached_on == KNOWN


def test_an_amount_is_held_in_its_own_currency_only() -> None:
    worth = a_covenant("tangible_net_worth", level=None, amount=Money(48_100, "EUR"))
    finding = found(worth, statements=(a_statement(),))  # TE 500 less INTANG 20
    assert (finding.severity, finding.evidence.figures["tangible_net_worth"]) == (AMBER, 480.0)
    foreign = replace(worth, amount=Money(1, "USD"))
    assert found(foreign, statements=(a_statement(),)).value is None


def test_equity_at_least_nothing_is_never_near() -> None:
    equity = a_covenant("equity", level=None, amount=Money(0, "EUR"))
    assert found(equity, statements=(a_statement(TE=0, TL=1000),)).value == 0
    broken = found(equity, statements=(a_statement(TE=-1, TL=1001),))
    assert (broken.severity, broken.evidence.figures["headroom"]) == (AMBER, None)


def test_a_statement_has_to_be_here_in_time() -> None:
    soon = a_covenant("statement_days", Bound.AT_MOST, 180)
    ends = date(2025, 12, 31)
    days = {number: ends + timedelta(days=number) for number in (161, 163, 180, 181, 211, 212)}
    severities = [
        found(soon, statements=(a_statement(),), as_of=day).severity for day in days.values()
    ]
    assert severities == [None, WATCH, WATCH, AMBER, AMBER, RED]


def test_of_a_customer_that_never_filed_any_the_year_of_the_covenant_is_awaited() -> None:
    soon = a_covenant("statement_days", Bound.AT_MOST, 180)
    days = [date(2024, 12, 31) + timedelta(days=number) for number in (0, 180, 181, 212)]
    found_on = [found(soon, statements=(), as_of=day) for day in days]
    assert [each.severity for each in found_on] == [None, WATCH, AMBER, RED]
    profile = Profile(external=ExternalStanding(signs=(soon,)))
    assert profile_wakes_on(profile, SHIPPED, day=date(2025, 1, 1)) == days[2]


def test_what_the_statement_does_not_say_is_unknown_and_hides_no_breach() -> None:
    silent = a_covenant("interest_cover", document="K2")
    statement = a_statement(CA=400, without=("EBIT",))
    assert found(silent, statements=(statement,)).value is None
    assert found(silent, a_covenant(), statements=(statement,)).severity is AMBER
    calm = a_covenant(level=1)
    assert found(silent, calm, statements=(statement,)).value is None
    assert found(a_covenant(), statements=()).value is None


def test_a_stale_statement_keeps_and_breaks_nothing() -> None:
    covenants = (a_covenant(), a_covenant("equity", level=None, amount=Money(99_900, "EUR")))
    old = date(2026, 7, 1)
    assert found(*covenants, statements=(a_statement(CA=400),), as_of=old).value is None


@pytest.mark.parametrize("kind", covenants.MEASURES)
def test_every_measure_can_be_told_of_a_whole_statement(kind: str) -> None:
    amount = Money(1, "EUR") if kind in {"equity", "tangible_net_worth"} else None
    (one,) = covenants.tested(
        held(a_covenant(kind, amount=amount), statements=(a_statement(),)), ENTRY, SHIPPED
    )
    assert one.value is not None


def test_a_covenant_that_has_ended_binds_no_more() -> None:
    ended = a_covenant(expires_on=KNOWN - timedelta(days=1))
    assert held(ended, statements=(a_statement(),)).covenants == ()
    assert held(replace(ended, expires_on=KNOWN), statements=(a_statement(),)).covenants != ()


def test_the_profile_wakes_for_the_end_and_for_the_cure() -> None:
    profile = Profile(
        financials=FinancialStanding(statements=(a_statement(CA=400),)),
        external=ExternalStanding(signs=(a_covenant(expires_on=date(2025, 6, 10)),)),
    )

    def wakes(day: date) -> date | None:
        return profile_wakes_on(profile, SHIPPED, day=day)

    assert wakes(KNOWN + timedelta(days=1)) == date(2025, 5, 2)  # the first day not cured
    assert wakes(date(2025, 5, 3)) == date(2025, 6, 11)


def test_the_door_shows_the_room_that_is_left() -> None:
    worth = a_covenant("equity", level=None, amount=Money(40_000, "EUR"), document="K2")
    profile = Profile(
        financials=FinancialStanding(statements=(a_statement(CA=400),)),
        external=ExternalStanding(signs=(a_covenant(), worth)),
    )
    shown = answer("C1", profile, SHIPPED, None, as_of=KNOWN)
    assert [(e.covenant_id, e.state, e.level, e.value, e.headroom) for e in shown.items] == [
        ("K1", "broken", "1.5", "1.33333", pytest.approx(-1 / 9)),
        ("K2", "kept", "400.00", "500.00", 0.25),
    ]
    assert shown.statement == "2024-12-31 12m audited"
    assert answer("C1", Profile(), SHIPPED, None, as_of=KNOWN).items == []


def test_a_breach_is_said_at_once_grows_when_time_is_up_and_ends_with_a_waiver() -> None:
    monitoring = Monitoring()
    monitoring.run([a_close(AS_OF)])
    first = AS_OF + timedelta(days=1)
    statement = Told(filed(CA=400), "C1", first)
    monitoring.run([_agreed(first)], [statement])
    for number in range(34):
        monitoring.run([a_close(first + timedelta(days=number))])
    waived = first + timedelta(days=34)
    monitoring.run([_agreed(waived, status="closed")], [a_close(waived)])
    monitoring.run([a_close(waived + timedelta(days=1))])
    said = [
        (type(each).__name__, each.severity, (each.as_of - first).days)
        for each in monitoring.said(WarningChanged)
        if isinstance(each, WarningChanged) and each.indicator == "F16"
    ]
    assert said[:2] == [("WarningRaised", "amber", 0), ("WarningEscalated", "red", 31)]
    assert said[-1][0] == "WarningResolved"


def _agreed(on: date, **fields: Any) -> Told:  # a test's fields
    made = CovenantAgreed(
        covenant_id="K1",
        date=on,
        measure="current_ratio",
        bound="at_least",
        level=Decimal("1.5"),
        **fields,
    )
    return Told(made, "C1", on, id=f"k{on}")
