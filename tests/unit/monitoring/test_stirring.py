"""What a fact cannot move keeps its value, and what a glance passes over would have said nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.indicators import (
    ON_CONDUCT,
    ON_DETECTORS,
    ON_LEDGERS,
    Finding,
    measure,
)
from services.monitoring.domain.policies.warnings import Severity
from services.monitoring.domain.receivables.facts import FactKind
from services.monitoring.domain.standing import limits_measured
from services.monitoring.domain.watching.alerts import Alert
from services.monitoring.domain.watching.foreseen import Ahead, foreseen
from services.monitoring.domain.watching.glance import Glance
from services.monitoring.domain.watching.stirring import SIGNS_OF_LEDGER, worth_measuring
from services.monitoring.domain.watching.touched import TOUCHED, touched_by
from services.monitoring.storage.book import Customer
from services.monitoring.usecases.closing import next_wake
from services.monitoring.usecases.figures import View, view_of
from services.monitoring.usecases.observing import indicator_facts
from shared.chassis.work import Work
from shared.contracts.tiering import CreditLimitSet
from shared.kernel.dates import next_day, previous_day
from tests.unit.monitoring.in_memory import POLICIES, Monitoring, Told, a_close
from tests.unit.monitoring.test_equality import START, streams

LEDGER_SIGNS = sorted(ON_LEDGERS | ON_DETECTORS | ON_CONDUCT)
AN_ALERT = Alert(
    severity=Severity.WATCH,
    value=1.0,
    said_on=START,
    said_value=1.0,
    breached_on={Severity.WATCH: START},
)
POLICY = POLICIES.in_force(date.max).policy
ONLY_TIME = frozenset(  # moved by a month's end, and by no fact
    {
        Indicator.LATENESS_DRIFT,
        Indicator.SALES_OUTSTANDING_DRIFT,
        Indicator.OLDEST_ITEM_AGEING,
        Indicator.ORDER_DROP,
        Indicator.LIQUID_GOODS_SHIFT,
    }
)


NOTED_WITH_ANY = (
    frozenset(  # a limit may be in force from this day on: any fact, or the close, notes its use
        {Indicator.UTILISATION_TREND, Indicator.OVER_LIMIT_DURATION}
    )
)


def _view(customer: Customer, day: date) -> View:
    return view_of(customer.ledger.account, POLICY.ledger, as_of=day)


def _findings(customer: Customer, day: date) -> dict[Indicator, Finding]:
    work = Work(
        service="monitoring",
        topic="",
        partition=0,
        policies=POLICIES,
        closed_on=None,
        cause=a_close(day).envelope,
    )
    facts = indicator_facts(customer, _view(customer, day), work, None)
    return {each: measure(each, facts, POLICY.warnings) for each in LEDGER_SIGNS}


def _glance(customer: Customer, day: date) -> Glance:
    view = _view(customer, day)
    return Glance(
        as_of=day,
        account=view.account,
        watch=customer.watch,
        ageings=view.ageings,
        exposures=view.exposures,
        limits=limits_measured(customer.standing, as_of=day, policy=POLICY.ledger),
        policy=POLICY,
    )


def _with_limits(stream: Sequence[Told], cents: int) -> list[Told]:
    """The stream with a small limit for both customers, after its first close."""
    told = [
        Told(
            CreditLimitSet(
                customer_id=name,
                as_of=START,
                currency="EUR",
                decision_id="D1",
                amount=Decimal(cents) / 100,
                previous_amount=None,
                binding_cap="need",
                reasons=(),
                policy_version="1",
            ),
            name,
            START,
            id=f"limit/{name}",
            source="/obligor/tiering",
        )
        for name in ("A", "B")
    ]
    return [stream[0], *told, *stream[1:]]


def _step(monitoring: Monitoring, told: Told) -> tuple[Customer | None, Customer]:
    name = told.customer_id
    before = monitoring.customer(name) if name in monitoring.accounts else None
    monitoring.run([told])
    return before, monitoring.customer(name)


def _applied(monitoring: Monitoring, told: Told, *, waited: bool) -> bool:
    return not waited and monitoring.statuses.get(told.envelope.id) == "applied"


@settings(max_examples=60, deadline=None)
@given(streams, st.integers(1_000, 200_000))
def test_a_glance_errs_on_the_side_of_measuring(stream: list[Told], cents: int) -> None:
    monitoring = Monitoring()
    for told in _with_limits(stream, cents):
        kind = told.envelope.type
        if kind not in set(FactKind):
            monitoring.run([told])
            continue
        waited = any(row.customer_id == told.customer_id for row in monitoring.waiting.values())
        monitoring.run([told])
        if not _applied(monitoring, told, waited=waited) or monitoring.closed_on is None:
            continue
        day, customer = next_day(monitoring.closed_on), monitoring.customer(told.customer_id)
        touched = TOUCHED[FactKind(kind)]
        worth = worth_measuring(touched, _glance(customer, day), ())
        found = _findings(customer, day)
        assert [each for each in touched if found[each].severity and each not in worth] == []


@settings(max_examples=60, deadline=None)
@given(streams, st.integers(1_000, 200_000))
def test_what_a_fact_does_not_touch_keeps_its_value(stream: list[Told], cents: int) -> None:
    monitoring = Monitoring()
    for told in _with_limits(stream, cents):
        kind = told.envelope.type
        if kind not in set(FactKind) or told.customer_id not in monitoring.accounts:
            monitoring.run([told])
            continue
        waited = any(row.customer_id == told.customer_id for row in monitoring.waiting.values())
        before, after = _step(monitoring, told)
        if before is None or monitoring.closed_on is None:
            continue
        if not _applied(monitoring, told, waited=waited):
            continue
        day = next_day(monitoring.closed_on)
        was, now = _findings(before, day), _findings(after, day)
        touched = {*TOUCHED[FactKind(kind)], *NOTED_WITH_ANY}
        others = [each for each in LEDGER_SIGNS if each not in touched]
        moved = [each for each in others if _said(was[each]) != _said(now[each])]
        assert moved == []


def _said(finding: Finding) -> tuple[object, ...]:
    """An account's first fact of any kind makes an honest zero of what was unknown."""
    return finding.value or 0.0, finding.severity


@settings(max_examples=60, deadline=None)
@given(streams, st.integers(1_000, 200_000))
def test_a_glance_at_a_close_errs_on_the_side_of_measuring(stream: list[Told], cents: int) -> None:
    monitoring = Monitoring()
    monitoring.run(_with_limits(stream, cents))
    day = monitoring.closed_on or START
    for name in monitoring.accounts:
        customer = monitoring.customer(name)
        worth = worth_measuring(SIGNS_OF_LEDGER, _glance(customer, day), ())
        found = _findings(customer, day)
        loud = [each for each in LEDGER_SIGNS if found[each].severity]
        assert [each for each in loud if each not in worth] == []


@settings(max_examples=60, deadline=None)
@given(streams)
def test_what_is_foreseen_of_an_alert_does_not_change_before(stream: list[Told]) -> None:
    monitoring = Monitoring()
    monitoring.run(stream)
    day = monitoring.closed_on or START
    for name in monitoring.accounts:
        customer = monitoring.customer(name)
        account, rules = customer.ledger.account, POLICY.warnings
        alarmed = replace(customer.watch, alerts=dict.fromkeys(LEDGER_SIGNS, AN_ALERT))
        ahead = Ahead(after=day, account=account, watch=alarmed, policy=rules)
        tells = next_wake(customer, _view(customer, day), POLICY) or date.max
        now = _findings(customer, day)
        for indicator, change in foreseen(ahead).items():
            quiet = min(change or date.max, tells, day + timedelta(days=100))
            was, then = now[indicator], _findings(customer, previous_day(quiet))[indicator]
            if indicator is Indicator.SILENCE:
                assert was.severity == then.severity
            else:
                assert was.value == then.value


def test_every_sign_of_the_ledger_is_touched_by_a_fact_or_by_time_alone() -> None:
    touched = set(touched_by(FactKind))
    assert touched | ONLY_TIME == set(LEDGER_SIGNS)
    assert not touched & ONLY_TIME


def test_facts_of_several_kinds_touch_what_each_of_them_does() -> None:
    both = touched_by([FactKind.RELIEF_REQUESTED, FactKind.PROMISE_MADE])
    assert both == (Indicator.RELIEF_REQUESTS, Indicator.BROKEN_PROMISES)
