"""The case decision: why a case opens, how it goes on, when it ends."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.recovery.domain.case import (
    CaseDecision,
    CaseFacts,
    CaseVerdict,
    OpenCase,
    decide_case,
)
from services.recovery.domain.dunning import DunningDecision, DunningFacts, decide_dunning
from services.recovery.domain.model import CaseCause, CaseState, Claim, Plan, Planner
from services.recovery.usecases import CASE
from shared.decisions.stored import canonical_json, read_facts
from tests.unit.recovery.builders import POLICY, TODAY, a_claim, days

SOON = Plan("send_interest_notice", TODAY + days(5))
OPEN = OpenCase(CaseState.REMINDED, "medium", SOON)


def dunned(*claims: Claim, tier: str | None = "medium", last: str | None = None) -> DunningDecision:
    return decide_dunning(DunningFacts("C1", tier, claims, last), POLICY, as_of=TODAY)


def facts(*claims: Claim, **more: object) -> CaseFacts:
    given_facts = CaseFacts(
        customer_id="C1",
        tier="medium",
        in_default=False,
        claims=claims,
        at_close=True,
        dunning=dunned(*claims),
    )
    return replace(given_facts, **more)  # type: ignore[arg-type]  # fields by name


def decided(*claims: Claim, **more: object) -> CaseDecision:
    return decide_case(facts(*claims, **more), POLICY, as_of=TODAY)


def test_the_first_dunning_step_opens_a_case() -> None:
    decision = decided(a_claim(3))
    assert decision.verdict is CaseVerdict.OPEN
    assert decision.cause is CaseCause.DUNNING
    assert decision.state is CaseState.REMINDED


def test_before_the_first_dunning_step_there_is_no_case() -> None:
    decision = decided(a_claim(2))
    assert decision.verdict is CaseVerdict.NONE
    assert [reason.code for reason in decision.reasons] == ["K-NO-CAUSE"]


def test_tier_high_with_arrears_opens_a_case() -> None:
    decision = decided(a_claim(0), tier="high", dunning=None, at_close=False)
    assert decision.verdict is CaseVerdict.OPEN
    assert decision.cause is CaseCause.TIER_HIGH
    assert decision.plan == Plan("call_customer", TODAY + days(1))


def test_tier_high_without_arrears_opens_none() -> None:
    assert decided(tier="high").verdict is CaseVerdict.NONE


@pytest.mark.parametrize("tier", ["low", "medium", None])
def test_any_other_tier_with_young_arrears_opens_none(tier: str | None) -> None:
    assert decided(a_claim(1), tier=tier, dunning=None, at_close=False).verdict is CaseVerdict.NONE


def test_a_default_opens_a_case() -> None:
    decision = decided(a_claim(1), in_default=True)
    assert (decision.verdict, decision.cause) == (CaseVerdict.OPEN, CaseCause.DEFAULT)


def test_a_default_without_arrears_opens_none() -> None:
    assert decided(in_default=True).verdict is CaseVerdict.NONE


def test_a_default_is_the_cause_before_tier_and_dunning() -> None:
    assert decided(a_claim(20), in_default=True, tier="high").cause is CaseCause.DEFAULT
    assert decided(a_claim(20), tier="high").cause is CaseCause.TIER_HIGH


def test_a_disputed_claim_on_tier_high_is_a_case_with_the_dispute_to_settle() -> None:
    decision = decided(a_claim(None), tier="high")
    assert decision.verdict is CaseVerdict.OPEN
    assert decision.plan is not None
    assert decision.plan.action == "resolve_dispute"


def test_empty_arrears_close_a_case() -> None:
    decision = decided(open_case=OPEN)
    assert decision.verdict is CaseVerdict.CLOSE
    assert decision.plan is None
    assert [reason.code for reason in decision.reasons] == ["K-PAID"]


def test_a_case_is_not_closed_while_the_day_goes_on() -> None:
    decision = decided(open_case=OPEN, at_close=False, dunning=None)
    assert decision.verdict is CaseVerdict.KEEP
    assert decision.plan == SOON


def test_tier_high_escalates_an_open_case() -> None:
    decision = decided(a_claim(3), tier="high", open_case=OPEN, dunning=None, at_close=False)
    assert decision.verdict is CaseVerdict.ESCALATE
    assert [reason.code for reason in decision.reasons] == ["K-ESCALATED"]


def test_tier_high_escalates_an_open_case_even_if_nothing_is_overdue_just_now() -> None:
    decision = decided(tier="high", open_case=OPEN, dunning=None, at_close=False)
    assert decision.verdict is CaseVerdict.ESCALATE


def test_a_case_is_escalated_once() -> None:
    on_high = replace(OPEN, tier="high")
    decision = decided(a_claim(3), tier="high", open_case=on_high, dunning=None)
    assert decision.verdict is CaseVerdict.KEEP


def test_a_step_moves_the_case_on() -> None:
    decision = decided(a_claim(10), open_case=OPEN, dunning=dunned(a_claim(10), last="L1"))
    assert decision.state is CaseState.DUNNED
    assert decision.plan == Plan("call_and_stop_new_credit", TODAY + days(10))


def test_without_a_step_the_case_stays_where_it_is() -> None:
    decision = decided(a_claim(5), open_case=OPEN, dunning=dunned(a_claim(5), last="L1"))
    assert decision.verdict is CaseVerdict.KEEP
    assert decision.state is CaseState.REMINDED
    assert [reason.code for reason in decision.reasons] == ["K-UNCHANGED"]


@pytest.mark.parametrize("state", [CaseState.AGENCY, CaseState.LEGAL, CaseState.RESTRUCTURING])
def test_the_ladder_never_leads_out_of_what_a_person_chose(state: CaseState) -> None:
    case = replace(OPEN, state=state)
    assert decided(a_claim(30), open_case=case).state is state


def test_the_ladder_never_leads_back() -> None:
    case = replace(OPEN, state=CaseState.FORMAL_DEMAND)
    assert decided(a_claim(10), open_case=case).state is CaseState.FORMAL_DEMAND


@pytest.mark.parametrize(
    ("promise", "state"),
    [(1, CaseState.PTP), (0, CaseState.BROKEN_PTP), (-1, CaseState.BROKEN_PTP)],
)
def test_a_promise_is_broken_on_its_day_if_money_is_still_owed(
    promise: int, state: CaseState
) -> None:
    case = replace(OPEN, state=CaseState.PTP, promise_until=TODAY + days(promise))
    quiet = dunned(a_claim(5), last="L1")
    assert decided(a_claim(5), open_case=case, dunning=quiet).state is state


def test_after_a_broken_promise_the_ladder_goes_on() -> None:
    case = replace(OPEN, state=CaseState.BROKEN_PTP)
    step = dunned(a_claim(20), last="L2")
    assert decided(a_claim(20), open_case=case, dunning=step).state is CaseState.DUNNED


def test_a_person_s_plan_holds_until_its_day() -> None:
    mine = Plan("visit", TODAY + days(1), Planner.PERSON)
    assert decided(a_claim(5), open_case=replace(OPEN, plan=mine)).plan == mine


@pytest.mark.parametrize("ahead", [0, -1])
def test_a_person_s_plan_gives_way_to_the_ladder_once_its_day_has_come(ahead: int) -> None:
    mine = Plan("visit", TODAY + days(ahead), Planner.PERSON)
    plan = decided(a_claim(5), open_case=replace(OPEN, plan=mine)).plan
    assert plan == Plan("send_interest_notice", TODAY + days(5))


def test_a_look_at_a_dispute_is_not_put_off_every_day() -> None:
    planned = Plan("resolve_dispute", TODAY + days(3))
    decision = decided(a_claim(None), open_case=replace(OPEN, plan=planned))
    assert decision.plan == planned


def test_a_look_at_a_dispute_whose_day_came_is_planned_anew() -> None:
    planned = Plan("resolve_dispute", TODAY)
    decision = decided(a_claim(None), open_case=replace(OPEN, plan=planned))
    assert decision.plan == Plan("resolve_dispute", TODAY + days(14))


claim_lists = st.lists(st.builds(a_claim, st.none() | st.integers(0, 120)), max_size=1).map(tuple)
open_cases = st.none() | st.builds(
    OpenCase,
    state=st.sampled_from([each for each in CaseState if each is not CaseState.CLOSED]),
    tier=st.sampled_from([None, "low", "medium", "high"]),
    plan=st.builds(
        Plan,
        st.sampled_from(["review_case", "resolve_dispute", "visit"]),
        st.dates(TODAY - days(5), TODAY + days(30)),
        st.sampled_from(Planner),
    ),
    promise_until=st.none() | st.dates(TODAY - days(5), TODAY + days(20)),
)


@st.composite
def facts_at_close(draw: st.DrawFn) -> CaseFacts:
    owed, tier = draw(claim_lists), draw(st.sampled_from([None, "low", "medium", "high"]))
    last = draw(st.sampled_from([None, "L1", "L4", "L7"]))
    return facts(
        *owed,
        tier=tier,
        in_default=draw(st.booleans()),
        open_case=draw(open_cases),
        dunning=dunned(*owed, tier=tier, last=last),
    )


@given(facts_at_close())
def test_no_case_is_left_without_a_next_action_that_is_still_to_come(
    given_facts: CaseFacts,
) -> None:
    decision = decide_case(given_facts, POLICY, as_of=TODAY)
    if decision.verdict in {CaseVerdict.OPEN, CaseVerdict.KEEP, CaseVerdict.ESCALATE}:
        assert decision.state is not None
        assert decision.plan is not None
        assert decision.plan.on > TODAY


@given(facts_at_close())
def test_a_case_is_open_after_the_close_only_where_money_is_owed(given_facts: CaseFacts) -> None:
    decision = decide_case(given_facts, POLICY, as_of=TODAY)
    going_on = {CaseVerdict.OPEN, CaseVerdict.KEEP, CaseVerdict.ESCALATE}
    if not given_facts.claims:
        assert decision.verdict not in going_on
    elif given_facts.open_case is not None:
        assert decision.verdict in going_on - {CaseVerdict.OPEN}


@given(facts_at_close())
def test_every_decision_gives_a_reason(given_facts: CaseFacts) -> None:
    assert decide_case(given_facts, POLICY, as_of=TODAY).reasons


@given(facts_at_close())
def test_a_stored_decision_can_be_taken_again(given_facts: CaseFacts) -> None:
    stored = read_facts(CASE, canonical_json(given_facts))
    again = decide_case(stored, POLICY, as_of=TODAY)
    assert canonical_json(again) == canonical_json(decide_case(given_facts, POLICY, as_of=TODAY))
