from datetime import timedelta

import pytest

from services.recovery.domain.case import CaseDecision, CaseVerdict
from services.recovery.domain.dunning import DunningDecision
from services.recovery.domain.model import Case, CaseCause, CaseState, Claim, Debtor, Plan
from services.recovery.storage import Book
from services.recovery.usecases.deciding import Decided, carry_out
from shared.contracts.recovery import CaseClosed, CaseOpened, DunningStepTaken
from shared.kernel.reasons import Reason
from tests.unit.recovery.builders import (
    TODAY,
    a_book,
    a_case,
    a_claim,
    announced,
    eur,
    said_by,
    some_work,
)

PLAN = Plan("send_interest_notice", TODAY + timedelta(days=5))
DEBTOR = Debtor("C1", tier="medium")


def _decision(
    verdict: CaseVerdict,
    *,
    cause: CaseCause | None = None,
    state: CaseState | None = CaseState.REMINDED,
    plan: Plan | None = PLAN,
) -> CaseDecision:
    return CaseDecision(verdict, cause, state, plan, (Reason("K-DUNNING", "L1", 3),))


def _stepped(step: str | None = "L2", *, plan: Plan | None = PLAN) -> DunningDecision:
    return DunningDecision(step, CaseState.DUNNED, 10, eur("100.00"), plan, (Reason("D-L2"),))


def _decided(
    decision: CaseDecision,
    *,
    debtor: Debtor = DEBTOR,
    claims: tuple[Claim, ...] = (a_claim(),),
    dunning: DunningDecision | None = None,
) -> Decided:
    return Decided("d1", decision, debtor, claims, dunning)


def _holding(case: Case) -> Book:
    book = a_book()
    book.open_cases[case.customer_id] = case
    return book


def test_nothing_to_do_is_nothing_done() -> None:
    book, work = a_book(), some_work()

    assert carry_out(_decided(_decision(CaseVerdict.NONE)), book, work) is None
    assert (book.deeds, announced(work)) == ([], [])


def test_an_opened_case_is_noted_and_told() -> None:
    book, work = a_book(), some_work()
    decision = _decision(CaseVerdict.OPEN, cause=CaseCause.DUNNING)

    case = carry_out(_decided(decision), book, work)
    assert case is not None
    assert book.open_cases["C1"] == case
    assert [deed.remark.type for deed in book.deeds] == ["opened"]
    (opened,) = said_by(work, CaseOpened)
    assert (opened.case_id, opened.cause, opened.next_action) == (
        *(case.case_id, "dunning", "send_interest_notice"),
    )


def test_an_opened_case_carries_the_reason() -> None:
    work = some_work()
    carry_out(_decided(_decision(CaseVerdict.OPEN, cause=CaseCause.DUNNING)), a_book(), work)

    (opened,) = said_by(work, CaseOpened)
    assert [(each.code, each.value, each.threshold) for each in opened.reasons] == [
        ("K-DUNNING", "L1", 3)
    ]


def test_a_case_without_a_state_begins_as_current() -> None:
    decision = _decision(CaseVerdict.OPEN, cause=CaseCause.DEFAULT, state=None)
    case = carry_out(_decided(decision), a_book(), some_work())

    assert case is not None
    assert case.state is CaseState.CURRENT


@pytest.mark.parametrize(
    "decided",
    [
        _decided(_decision(CaseVerdict.OPEN, cause=None)),
        _decided(_decision(CaseVerdict.OPEN, cause=CaseCause.DEFAULT, plan=None)),
        _decided(_decision(CaseVerdict.OPEN, cause=CaseCause.DEFAULT), claims=()),
    ],
)
def test_no_case_is_opened_without_cause_plan_and_claim(decided: Decided) -> None:
    book, work = a_book(), some_work()

    assert carry_out(decided, book, work) is None
    assert (book.deeds, announced(work)) == ([], [])


def test_an_opened_case_stands_for_its_oldest_claim() -> None:
    claims = (a_claim(3, overdue="9.00"), a_claim(40, overdue="5.00"))
    decision = _decision(CaseVerdict.OPEN, cause=CaseCause.DEFAULT)
    case = carry_out(_decided(decision, claims=claims), a_book(), some_work())

    assert case is not None
    assert case.amount == eur("5.00")


def test_a_paid_case_is_closed_with_nothing_left() -> None:
    book, work = _holding(a_case(version=3)), some_work()
    decision = _decision(CaseVerdict.CLOSE, state=CaseState.CLOSED, plan=None)

    assert carry_out(_decided(decision, claims=()), book, work) is None
    closed = book.changed_cases["K1"]
    assert (closed.outcome, closed.amount, closed.version) == ("paid", eur("0.00"), 4)
    assert [each.outcome for each in said_by(work, CaseClosed)] == ["paid"]


@pytest.mark.parametrize("verdict", [CaseVerdict.CLOSE, CaseVerdict.KEEP, CaseVerdict.ESCALATE])
def test_a_case_that_is_not_there_is_not_changed(verdict: CaseVerdict) -> None:
    book, work = a_book(), some_work()

    assert carry_out(_decided(_decision(verdict)), book, work) is None
    assert (book.deeds, announced(work)) == ([], [])


def test_a_case_that_stays_as_it_is_gets_no_line() -> None:
    case = a_case(plan=PLAN)
    book = _holding(case)

    assert carry_out(_decided(_decision(CaseVerdict.KEEP)), book, some_work()) == case
    assert book.deeds == []


def _line(case: Case, decided: Decided) -> str:
    book = _holding(case)
    carry_out(decided, book, some_work())
    (deed,) = book.deeds
    return deed.remark.type


def test_another_amount_is_a_line() -> None:
    decided = _decided(_decision(CaseVerdict.KEEP), claims=(a_claim(overdue="60.00"),))

    assert _line(a_case(plan=PLAN), decided) == "amount_changed"


def test_another_plan_is_a_line() -> None:
    plan = Plan("review_case", TODAY + timedelta(days=30))

    assert _line(a_case(), _decided(_decision(CaseVerdict.KEEP, plan=plan))) == "plan_renewed"


def test_another_tier_is_a_line() -> None:
    debtor = Debtor("C1", tier="low")

    assert _line(a_case(), _decided(_decision(CaseVerdict.KEEP), debtor=debtor)) == "tier_recorded"


def test_a_broken_promise_is_a_line() -> None:
    decision = _decision(CaseVerdict.KEEP, state=CaseState.BROKEN_PTP)

    assert _line(a_case(state=CaseState.PTP), _decided(decision)) == "promise_broken"


def test_an_escalation_is_a_line() -> None:
    debtor = Debtor("C1", tier="high")

    assert _line(a_case(), _decided(_decision(CaseVerdict.ESCALATE), debtor=debtor)) == "escalated"


def test_a_step_is_noted_and_told() -> None:
    book, work = _holding(a_case()), some_work()
    decision = _decision(CaseVerdict.KEEP, state=CaseState.DUNNED)

    case = carry_out(_decided(decision, dunning=_stepped()), book, work)
    assert case is not None
    assert (case.step, case.state) == ("L2", CaseState.DUNNED)
    assert [deed.remark.type for deed in book.deeds] == ["dunning_step"]
    (taken,) = said_by(work, DunningStepTaken)
    assert (taken.step, taken.days_past_due, taken.currency) == ("L2", 10, "EUR")


def test_an_escalation_with_a_step_is_two_lines() -> None:
    book = _holding(a_case())
    decided = _decided(
        _decision(CaseVerdict.ESCALATE), debtor=Debtor("C1", tier="high"), dunning=_stepped()
    )
    carry_out(decided, book, some_work())

    assert [deed.remark.type for deed in book.deeds] == ["escalated", "dunning_step"]
    assert [deed.ordinal for deed in book.deeds] == [2, 3]


@pytest.mark.parametrize("dunning", [None, _stepped(None), _stepped(plan=None)])
def test_without_a_step_nothing_is_dunned(dunning: DunningDecision | None) -> None:
    work = some_work()
    carry_out(_decided(_decision(CaseVerdict.KEEP), dunning=dunning), _holding(a_case()), work)

    assert said_by(work, DunningStepTaken) == []


def test_a_case_whose_claim_is_gone_keeps_its_amount() -> None:
    book = _holding(a_case(amount=eur("70.00")))

    case = carry_out(_decided(_decision(CaseVerdict.KEEP), claims=()), book, some_work())
    assert case is not None
    assert case.amount == eur("70.00")


def test_a_case_keeps_state_and_plan_that_were_not_decided() -> None:
    held = a_case()
    decision = _decision(CaseVerdict.KEEP, state=None, plan=None)

    case = carry_out(_decided(decision), _holding(held), some_work())
    assert case == held
