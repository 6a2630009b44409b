"""A customer's history replayed under a policy comes out as the ledger itself would have it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.indicator_facts.external import AgencyRating
from services.monitoring.domain.learning.past import Era, Past, Told, in_order
from services.monitoring.domain.learning.simulation import Run
from services.monitoring.domain.outside.financial_standing import FinancialStanding
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.standing import Standing
from services.monitoring.handlers import SERVICE
from services.monitoring.usecases.dry_run import DryRun, compared, shown_comparison
from services.monitoring.usecases.simulating import Acting, Replay, replayed
from shared.contracts import catalogue
from shared.contracts import transactions as tx
from shared.contracts.envelope import Event
from shared.contracts.financials import ExternalRatingPublished
from shared.contracts.monitoring import (
    DefaultFlagged,
    WarningChanged,
    WarningRaised,
    WarningResolved,
)
from tests.unit.monitoring import statement_builders as statements
from tests.unit.monitoring.in_memory import POLICIES, Monitoring, a_close
from tests.unit.monitoring.in_memory import Told as Sent

POLICY = POLICIES.in_force(date.max).policy
ACTING = Acting(handlers=SERVICE.handlers, close_day=SERVICE.close_day)
START = date(2025, 1, 1)
NUMBERS = count()


def on_day(number: int) -> date:
    return START + timedelta(days=number)


def told(event: Event, on: int) -> Told:
    return Told(
        on=on_day(on),
        dated=on_day(on),
        kind=catalogue.EVENT_TYPES[type(event)],
        source="erp",
        event_id=f"e{next(NUMBERS)}",
        payload=catalogue.encode(event),
    )


def issued(name: str, on: int, terms: int = 10, amount: str = "1000") -> tx.InvoiceIssued:
    return tx.InvoiceIssued(
        invoice_id=name,
        amount=Decimal(amount),
        currency="EUR",
        invoice_date=on_day(on),
        due_date=on_day(on + terms),
    )


def paid(name: str, on: int, amount: str = "1000") -> tx.PaymentReceived:
    return tx.PaymentReceived(
        payment_id=f"P-{name}",
        amount=Decimal(amount),
        currency="EUR",
        value_date=on_day(on),
        method="transfer",
        allocations=(tx.Allocation(invoice_id=name, amount=Decimal(amount)),),
    )


def a_past(*events: Told, customer_id: str = "A") -> Past:
    return Past(
        customer_id=customer_id,
        told=in_order(events),
        standing=Standing(),
        financials=FinancialStanding(),
    )


STORY = (
    *(told(issued(f"I{number}", 10 * number), 10 * number) for number in range(12)),
    *(told(paid(f"I{number}", 10 * number + 12), 10 * number + 12) for number in range(6)),
)
ERA = Era(since=START, through=on_day(300))


def run(past: Past, policy: MonitoringPolicy = POLICY, era: Era = ERA) -> Replay:
    return replayed(past, policy, ACTING, era)


def lived(story: Sequence[Told], last: int, *first: Sent, **beside: Sequence[Told]) -> Monitoring:
    """The same story of A through the handlers as a worker takes it, every single day closed.

    `first` is told before it begins, `beside` are the stories of others, by name.
    """
    monitoring = Monitoring()
    monitoring.run([a_close(on_day(-1))], first)
    stories = {"A": story, **beside}
    for day in range(last + 1):
        sent = []
        for name, each in ((n, e) for n, told_of in stories.items() for e in in_order(told_of)):
            event = catalogue.decode(each.kind, each.payload)
            assert event is not None
            if each.on == on_day(day):
                sent.append(Sent(event, name, on_day(day), id=each.event_id))
        monitoring.run([*sent, a_close(on_day(day))])
    return monitoring


def raised_in(monitoring: Monitoring) -> Counter[tuple[str, str]]:
    """What came or got worse, as a run counts it."""
    run = Run()
    for each in monitoring.said(WarningChanged):
        if isinstance(each, WarningChanged) and not isinstance(each, WarningResolved):
            run.alert(each.indicator, each.severity, each.previous_severity)
    return run.raised


def test_a_replay_says_what_the_ledger_said() -> None:
    monitoring = lived(STORY, 300)
    raised = [each for each in monitoring.said(WarningRaised) if isinstance(each, WarningRaised)]
    defaults = monitoring.said(DefaultFlagged)
    found = run(a_past(*STORY))
    assert len(raised) > 2
    assert sum(found.run.raised.values()) >= len(raised)
    assert {name for name, _ in found.run.raised} == {each.indicator for each in raised}
    assert len(found.run.leads) == len(defaults) == 1
    kept, now = monitoring.customer("A"), found.customer
    assert now.ledger.unfold(POLICY.ledger).receivables == kept.ledger.account.receivables
    assert sorted(now.watch.alerts) == sorted(kept.watch.alerts)
    assert now.standing.defaulted_on == kept.standing.defaulted_on


def test_months_are_scored_at_their_ends() -> None:
    found = run(a_past(*STORY))
    assert sorted(found.run.scores)[:2] == [date(2025, 1, 31), date(2025, 2, 28)]
    assert found.run.scores[date(2025, 1, 31)].band == "green"
    assert found.run.scores[date(2025, 9, 30)].band == "red"


def test_what_lies_before_the_era_is_replayed_but_not_counted() -> None:
    late = Era(since=on_day(250), through=on_day(300))
    found = run(a_past(*STORY), era=late)
    assert found.run.days == 51
    assert min(found.run.scores) > on_day(249)
    assert sum(found.run.raised.values()) < sum(run(a_past(*STORY)).run.raised.values())


def test_what_lies_behind_the_era_is_left_out() -> None:
    early = Era(since=START, through=on_day(20))
    found = run(a_past(*STORY), era=early)
    assert len(found.customer.history or ()) == len(
        [each for each in STORY if each.on <= on_day(20)]
    )


def test_an_empty_past_says_nothing() -> None:
    found = run(a_past())
    assert (found.run.days, found.run.raised) == (0, {})


def test_an_event_that_is_refused_today_is_left_out() -> None:
    broken = told(issued("X", 3, amount="-5"), 3)
    assert run(a_past(broken)).customer.ledger.account.receivables == {}


def test_a_late_fact_is_taken_up_when_it_was_learned() -> None:
    late = replace(told(paid("I0", 12), 12), on=on_day(40))
    before = run(a_past(told(issued("I0", 0), 0), late), era=Era(since=START, through=on_day(39)))
    after = run(a_past(told(issued("I0", 0), 0), late), era=Era(since=START, through=on_day(40)))
    assert before.customer.ledger.unfold(POLICY.ledger).receivables["I0"].open == 1000_00
    assert after.customer.ledger.unfold(POLICY.ledger).receivables == {}


def graded(grade: str, on: int) -> ExternalRatingPublished:
    return ExternalRatingPublished(agency="S&P", grade=grade, affirmed_on=on_day(on))


def test_an_agencys_grades_are_replayed() -> None:
    grades = (told(graded("A", 20), 20), told(graded("BBB", 50), 50))
    raised = run(a_past(*STORY, *grades)).run.raised
    assert raised["E01", "red"] == raised_in(lived([*STORY, *grades], 300))["E01", "red"] == 1


def test_grades_that_are_kept_without_their_events_count_from_their_days() -> None:
    kept = tuple(
        AgencyRating(agency="S&P", grade=grade, on=on_day(on), watch_negative=False)
        for grade, on in (("A", 20), ("BBB", 50))
    )
    found = run(replace(a_past(), ratings=kept))
    assert found.run.raised == {("E01", "red"): 1}
    assert found.run.days == 281
    early = Era(since=START, through=on_day(49))
    assert run(replace(a_past(), ratings=kept), era=early).run.raised == {}


def test_a_customer_with_statements_alone_is_looked_at_when_they_count() -> None:
    failing = statements.changed(
        statements.a_statement(2024, CA=100, TL=980, TE=20), counts_from=on_day(90)
    )
    past = replace(a_past(), financials=FinancialStanding(statements=(failing,)))
    found = run(past)
    assert {"F01", "F02", "F06"} <= {indicator for indicator, _ in found.run.raised}
    assert found.run.days == 211
    assert run(past, era=Era(since=START, through=on_day(89))).run.days == 0


def deaf(policy: MonitoringPolicy) -> MonitoringPolicy:
    """The policy with thresholds that nothing reaches."""
    indicators = {
        name: replace(
            entry,
            watch=None,
            amber=None,
            red=1e5 if entry.comparator.met(2, 1) else -1e5,
            hard_trigger=None,
        )
        for name, entry in policy.warnings.indicators.items()
    }
    return replace(policy, warnings=replace(policy.warnings, indicators=indicators))


def test_two_policies_are_compared_over_the_same_customers() -> None:
    assert Indicator.MAX_DAYS_PAST_DUE in POLICY.warnings.indicators
    dry_run = DryRun(current=POLICY, proposed=deaf(POLICY), era=ERA, acting=ACTING)
    found = compared(dry_run, [a_past(*STORY), a_past(customer_id="B")])
    current, proposed = found.current, found.proposed
    assert (current.customers, current.late, current.defaults) == (2, 6, 1)
    assert current.late_warned > 0
    assert sum(proposed.raised.values()) == proposed.late_warned == 0
    assert (proposed.late, proposed.late_share) == (6, 0.0)
    assert [each.customer_id for each in found.changes] == ["A"]
    shown = shown_comparison(found)
    assert shown["customers_changing_band"] == 1
    assert shown["current"]["money"][0]["late_amount"] == "6000.00"  # type: ignore[index]  # shown plainly


def test_the_same_policy_twice_changes_nobody() -> None:
    dry_run = DryRun(current=POLICY, proposed=POLICY, era=ERA, acting=ACTING)
    found = compared(dry_run, [a_past(*STORY)])
    assert found.current == found.proposed
    assert found.changes == []


def test_facts_of_one_day_are_replayed_as_the_ledger_sorts_them() -> None:
    payment, invoice = told(paid("I0", 0), 0), told(issued("I0", 0), 0)
    assert [each.kind for each in in_order([payment, invoice])] == [
        "invoice.issued",
        "payment.received",
    ]
    assert datetime.combine(invoice.on, datetime.min.time(), UTC).date() == START
