"""Work: the day, the policy in force, ids that come out the same, and marks that are left."""

from dataclasses import dataclass
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.monitoring import ArrearsChanged, MonitoringDayClosed
from shared.decisions.kinds import DecisionKind
from shared.kernel.errors import InvalidInputError
from shared.kernel.reasons import Reason
from shared.policies.book import ALWAYS, PolicyVersion
from shared.testing.toy import ToyPolicy
from tests.unit.chassis.records import CUSTOMER, ONE, THREE, TWO, an_envelope, toy_work


@dataclass(frozen=True, slots=True)
class CountFacts:
    orders: int


@dataclass(frozen=True, slots=True)
class CountDecision:
    too_many: bool
    decided_for: date
    reasons: tuple[Reason, ...]


def decide_count(facts: CountFacts, policy: ToyPolicy, *, as_of: date) -> CountDecision:
    if facts.orders < 0:
        raise InvalidInputError(field="orders", value=facts.orders, rule="must not be negative")
    reason = Reason("orders", value=facts.orders, threshold=policy.most_orders)
    return CountDecision(facts.orders > policy.most_orders, as_of, (reason,))


COUNT: DecisionKind[CountFacts, ToyPolicy, CountDecision] = DecisionKind(
    "count", decide_count, CountFacts, CountDecision, "count-1"
)
STRICT_FROM_THE_THIRD = [
    PolicyVersion("loose", ALWAYS, ToyPolicy(10)),
    PolicyVersion("strict", THREE, ToyPolicy(1)),
]


def arrears(customer_id: str = CUSTOMER) -> ArrearsChanged:
    return ArrearsChanged(customer_id=customer_id, as_of=TWO, invoices=(), totals=())


def test_the_business_day_is_the_one_after_the_last_closed_one() -> None:
    assert toy_work(closed_on=ONE).business_day == TWO


def test_the_business_day_crosses_months_and_years() -> None:
    assert toy_work(closed_on=date(2025, 12, 31)).business_day == date(2026, 1, 1)


def test_before_the_ledger_begins_the_causes_own_day_counts() -> None:
    assert toy_work(closed_on=None).business_day == TWO


def test_while_a_day_is_closed_it_is_that_day() -> None:
    work = toy_work(closed_on=ONE)
    work.closing = THREE
    assert work.business_day == THREE


def test_the_day_moves_on_with_the_close() -> None:
    work = toy_work(closed_on=ONE)
    work.closed_on = TWO
    assert work.business_day == THREE


@pytest.mark.parametrize(("closed_on", "version"), [(ONE, "loose"), (TWO, "strict")])
def test_the_policy_is_the_one_in_force_on_the_business_day(closed_on: date, version: str) -> None:
    work = toy_work(closed_on=closed_on, versions=STRICT_FROM_THE_THIRD)
    assert work.policy_version == version


def test_the_policy_is_what_the_version_says() -> None:
    assert toy_work(closed_on=TWO, versions=STRICT_FROM_THE_THIRD).policy == ToyPolicy(1)


def test_a_batch_that_is_tried_again_gives_the_same_ids() -> None:
    assert toy_work().new_id("case", CUSTOMER) == toy_work().new_id("case", CUSTOMER)


def test_two_ids_of_one_kind_and_subject_differ() -> None:
    work = toy_work()
    assert work.new_id("case", CUSTOMER) != work.new_id("case", CUSTOMER)


def test_the_second_id_too_comes_out_the_same() -> None:
    one, other = toy_work(), toy_work()
    assert [one.new_id("case", CUSTOMER) for _ in range(3)] == [
        other.new_id("case", CUSTOMER) for _ in range(3)
    ]


def test_ids_differ_by_kind_and_by_subject() -> None:
    work = toy_work()
    assert len({work.new_id(kind, who) for kind in "ab" for who in ("c1", "c2")}) == 4


def test_ids_differ_by_cause() -> None:
    other = toy_work(cause=an_envelope(id="e2"))
    assert toy_work().new_id("case", CUSTOMER) != other.new_id("case", CUSTOMER)


def test_ids_differ_by_the_causes_source() -> None:
    other = toy_work(cause=an_envelope(source="elsewhere"))
    assert toy_work().new_id("case", CUSTOMER) != other.new_id("case", CUSTOMER)


@given(st.permutations(["e1", "e2", "e3"]))
def test_where_a_batch_begins_does_not_change_ids(order: list[str]) -> None:
    """What other records of the batch did leaves no trace in the ids of this one."""
    work = toy_work()
    found = {}
    for event_id in order:
        work.begin(an_envelope(id=event_id))
        found[event_id] = work.new_id("case", CUSTOMER)
    alone = toy_work(cause=an_envelope(id="e2"))
    assert found["e2"] == alone.new_id("case", CUSTOMER)


def test_an_announcement_follows_from_its_cause() -> None:
    work = toy_work()
    work.announce(arrears(), customer_id=CUSTOMER)
    ((envelope, event),) = work.announced
    assert event == arrears()
    assert envelope.source == "/obligor/monitoring"
    assert envelope.type == "monitoring.arrears_changed.v1"
    assert (envelope.subject, envelope.causation_id, envelope.depth) == (CUSTOMER, "e1", 1)


def test_an_announcement_to_all_is_about_nobody() -> None:
    work = toy_work()
    work.announce(MonitoringDayClosed(date=TWO))
    assert work.announced[0][0].subject == ""


def test_two_announcements_of_one_cause_have_two_ids() -> None:
    work = toy_work()
    work.announce(arrears(), customer_id=CUSTOMER)
    work.announce(arrears(), customer_id=CUSTOMER)
    assert len({envelope.id for envelope, _ in work.announced}) == 2


def test_announcements_keep_their_order() -> None:
    work = toy_work()
    for number in range(5):
        work.announce(arrears(f"c{number}"), customer_id=f"c{number}")
    assert [envelope.subject for envelope, _ in work.announced] == ["c0", "c1", "c2", "c3", "c4"]


def test_the_next_record_begins_without_a_person_and_applied() -> None:
    work = toy_work()
    work.begin(an_envelope(), actor="ada")
    work.status = "waiting"
    work.begin(an_envelope(id="e2"))
    assert (work.cause.id, work.actor, work.status) == ("e2", None, "applied")


def test_a_command_names_the_person_behind_it() -> None:
    work = toy_work()
    work.begin(an_envelope(), actor="ada")
    assert work.actor == "ada"


def test_a_decision_comes_back_with_its_id() -> None:
    work = toy_work()
    decision_id, decision = work.decide(COUNT, CountFacts(1001), customer_id=CUSTOMER)
    assert decision.too_many
    assert work.decided[0].decision_id == decision_id


def test_a_decision_is_taken_for_the_business_day() -> None:
    work = toy_work(closed_on=TWO)
    _, decision = work.decide(COUNT, CountFacts(1), customer_id=CUSTOMER)
    assert decision.decided_for == THREE
    assert work.decided[0].as_of == THREE


def test_a_stored_decision_names_what_it_was_taken_by() -> None:
    work = toy_work(closed_on=TWO, versions=STRICT_FROM_THE_THIRD)
    work.decide(COUNT, CountFacts(2), customer_id=CUSTOMER)
    stored = work.decided[0]
    assert (stored.kind, stored.policy_version) == ("count", "strict")
    assert stored.model_version == "count-1"
    assert (stored.cause_id, stored.cause_source) == ("e1", "test")
    assert (stored.cause_type, stored.correlation_id) == ("order.placed", "e1")


def test_a_stored_decision_keeps_facts_and_outcome() -> None:
    work = toy_work()
    work.decide(COUNT, CountFacts(7), customer_id=CUSTOMER)
    stored = work.decided[0]
    assert msgspec.json.decode(stored.inputs) == {"orders": 7}
    assert msgspec.json.decode(stored.outcome)["too_many"] is False


def test_a_decision_at_a_days_end_has_one_chain_per_customer() -> None:
    work = toy_work(cause=an_envelope("day.closed", id="day/1", correlation_id="day/1", subject=""))
    work.decide(COUNT, CountFacts(1), customer_id="c1")
    work.decide(COUNT, CountFacts(1), customer_id="c2")
    assert [each.correlation_id for each in work.decided] == ["day/1/c1", "day/1/c2"]


def test_a_decision_that_is_refused_leaves_no_trace() -> None:
    work = toy_work()
    with pytest.raises(InvalidInputError):
        work.decide(COUNT, CountFacts(-1), customer_id=CUSTOMER)
    assert work.decided == []
    assert work.new_id("count", CUSTOMER) == toy_work().new_id("count", CUSTOMER)
