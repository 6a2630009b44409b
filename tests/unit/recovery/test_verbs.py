"""Arrears, tiers, defaults and days' closes, without a database."""

from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest

from services.recovery.domain.acting import (
    ActionType,
    ArrearsRemainError,
    CaseNotOpenError,
)
from services.recovery.domain.model import Case, CaseCause, CaseState
from services.recovery.domain.policy import RecoveryPolicy
from services.recovery.storage import Book
from services.recovery.usecases import (
    AddAction,
    add_action,
    keep_arrears,
    keep_cure,
    keep_default,
    take_tier,
)
from shared.chassis.work import Work
from shared.contracts.figures import ArrearsFigures, CustomerFigures
from shared.contracts.monitoring import CustomerCured, DefaultFlagged
from shared.contracts.recovery import (
    CaseClosed,
    CaseOpened,
    DunningStepTaken,
    RecoveryDayClosed,
)
from shared.kernel.errors import InvalidInputError
from tests.unit.recovery.builders import (
    TODAY,
    a_book,
    a_tier,
    an_invoice,
    announced,
    arrears,
    close,
    days,
    said_by,
    some_work,
    turn_to,
)

FIGURES = CustomerFigures(as_of=TODAY, ews=80.0, band="red", in_default=True)
DEFAULT = DefaultFlagged(
    customer_id="C1", as_of=TODAY, cause="past_due", days_past_due=91, figures=FIGURES
)


def _hear(index: int, book: Book, work: Work[RecoveryPolicy]) -> None:
    match index:
        case 0:
            keep_arrears(arrears(an_invoice(TODAY - days(6))), book, work)
        case 1:
            take_tier(a_tier("high", late=6), book, work)
        case _:
            keep_default(DEFAULT, book, work)


def the_case(book: Book) -> Case:
    return book.open_cases["C1"]


def test_arrears_are_kept_and_decided_when_the_day_closes() -> None:
    book, work = a_book(), some_work()
    keep_arrears(arrears(an_invoice(TODAY - days(3))), book, work)
    assert work.decided == []
    close(TODAY, book, work)
    assert [decision.kind for decision in work.decided] == ["dunning", "case"]


def test_the_first_step_opens_a_case_and_is_taken() -> None:
    book, work = a_book(), some_work()
    keep_arrears(arrears(an_invoice(TODAY - days(3))), book, work)
    close(TODAY, book, work)
    opened, step, closed = announced(work)
    assert isinstance(opened, CaseOpened)
    assert (opened.cause, opened.amount, opened.currency) == ("dunning", Decimal("100.00"), "EUR")
    assert (opened.next_action, opened.next_action_on) == (
        "send_interest_notice",
        TODAY + days(7),
    )
    assert isinstance(step, DunningStepTaken)
    assert (step.step, step.days_past_due, step.case_id) == ("L1", 3, opened.case_id)
    assert closed == RecoveryDayClosed(date=TODAY)


def test_young_arrears_wait_for_their_first_step_without_a_case() -> None:
    book, work = a_book(), some_work()
    keep_arrears(arrears(an_invoice(TODAY - days(1))), book, work)
    close(TODAY, book, work)
    assert book.open_cases == {}
    assert book.debtor("C1").wake_on == TODAY + days(2)
    for ahead in (1, 2):
        close(TODAY + days(ahead), book, work)
    assert the_case(book).opened_on == TODAY + days(2)


def test_a_case_climbs_the_whole_ladder_by_itself_and_takes_each_step_once() -> None:
    book, work = a_book(), some_work()
    keep_arrears(arrears(an_invoice(TODAY - days(1))), book, work)
    for ahead in range(130):
        close(TODAY + days(ahead), book, work)
    steps = [each.step for each in said_by(work, DunningStepTaken)]
    assert steps == ["L1", "L2", "L3", "L4", "L5", "L6", "L7"]
    assert len(said_by(work, CaseOpened)) == 1
    assert the_case(book).state is CaseState.FORMAL_DEMAND


def test_paid_arrears_close_the_case() -> None:
    book, work = a_book(), some_work()
    keep_arrears(arrears(an_invoice(TODAY - days(3))), book, work)
    close(TODAY, book, work)
    keep_arrears(arrears(), book, work)
    close(TODAY + days(1), book, work)
    assert book.open_cases == {}
    closed = said_by(work, CaseClosed)[0]
    assert isinstance(closed, CaseClosed)
    assert closed.outcome == "paid"
    assert book.debtor("C1").wake_on is None


def test_new_arrears_after_a_closed_case_open_another_one() -> None:
    book, work = a_book(), some_work()
    for ahead, owed in ((0, True), (1, False), (9, True)):
        day = TODAY + days(ahead)
        invoices = (an_invoice(day - days(3)),) if owed else ()
        turn_to(work, f"arrears-{ahead}")
        keep_arrears(arrears(*invoices), book, work)
        close(day, book, work)
    opened = [each.case_id for each in said_by(work, CaseOpened)]
    assert len(set(opened)) == 2
    assert the_case(book).case_id == opened[1]


def test_tier_high_with_arrears_opens_one_case_at_once() -> None:
    book, work = a_book(), some_work()
    take_tier(a_tier("high"), book, work)
    opened = announced(work)
    assert [type(event) for event in opened] == [CaseOpened]
    assert the_case(book).cause is CaseCause.TIER_HIGH


def test_the_same_tier_again_opens_no_second_case() -> None:
    book, work = a_book(), some_work()
    take_tier(a_tier("high"), book, work)
    turn_to(work, "again")
    take_tier(a_tier("high"), book, work)
    assert len(said_by(work, CaseOpened)) == 1


@pytest.mark.parametrize("tier", ["low", "medium"])
def test_another_tier_opens_none_but_is_decided_and_stored(tier: str) -> None:
    book, work = a_book(), some_work()
    take_tier(a_tier(tier), book, work)
    assert book.open_cases == {}
    assert [decision.kind for decision in work.decided] == ["case"]
    assert book.debtor("C1").tier == tier


def test_tier_high_without_arrears_opens_none() -> None:
    book, work = a_book(), some_work()
    take_tier(a_tier("high", overdue="0"), book, work)
    assert book.open_cases == {}


def test_tier_high_is_recorded_on_the_open_case() -> None:
    book, work = a_book(), some_work()
    keep_arrears(arrears(an_invoice(TODAY - days(3))), book, work)
    close(TODAY, book, work)
    turn_to(work, "tier")
    take_tier(a_tier("high", late=3), book, work)
    assert the_case(book).tier == "high"
    assert book.deeds[-1].remark.type == "escalated"
    assert len(said_by(work, CaseOpened)) == 1


def test_after_tier_high_the_faster_ladder_counts_from_that_day_s_close() -> None:
    book, work = a_book(), some_work()
    keep_arrears(arrears(an_invoice(TODAY - days(6))), book, work)
    take_tier(a_tier("high", late=6), book, work)
    close(TODAY, book, work)
    step = said_by(work, DunningStepTaken)[0]
    assert isinstance(step, DunningStepTaken)
    assert step.step == "L2"


def test_what_arrives_first_within_a_day_changes_nothing() -> None:
    outcomes = []
    for order in permutations(range(3)):
        book, work = a_book(), some_work()
        for index in order:
            turn_to(work, f"record-{index}")
            _hear(index, book, work)
        close(TODAY, book, work)
        outcomes.append((book.debtors, book.open_cases, announced(work)))
    assert all(outcome == outcomes[0] for outcome in outcomes)


def test_a_case_opened_at_once_is_closed_at_night_if_all_was_paid_by_day() -> None:
    book, work = a_book(), some_work()
    take_tier(a_tier("high"), book, work)
    close(TODAY, book, work)
    assert book.open_cases == {}
    assert [type(event) for event in announced(work)] == [CaseOpened, CaseClosed, RecoveryDayClosed]


def test_a_default_opens_a_case_when_the_day_closes() -> None:
    book, work = a_book(), some_work()
    keep_arrears(arrears(an_invoice(TODAY - days(2))), book, work)
    keep_default(DEFAULT, book, work)
    assert book.open_cases == {}
    close(TODAY, book, work)
    assert the_case(book).cause is CaseCause.DEFAULT


def test_after_the_cure_young_arrears_open_no_case() -> None:
    book, work = a_book(), some_work()
    keep_default(DEFAULT, book, work)
    keep_cure(CustomerCured(customer_id="C1", as_of=TODAY, figures=FIGURES), book, work)
    keep_arrears(arrears(an_invoice(TODAY - days(2))), book, work)
    close(TODAY, book, work)
    assert book.open_cases == {}


def test_a_disputed_invoice_is_a_case_only_if_the_tier_is_high() -> None:
    for tier, cases in (("medium", 0), ("high", 1)):
        book, work = a_book(), some_work()
        disputed = an_invoice(TODAY - days(20), disputed="100.00")
        keep_arrears(arrears(disputed), book, work)
        take_tier(a_tier(tier, overdue="0"), book, work)
        close(TODAY, book, work)
        assert len(book.open_cases) == cases


def test_an_amount_with_too_many_digits_is_refused_before_anything_changes() -> None:
    book = a_book()
    wrong = arrears(an_invoice(TODAY - days(3), amount="1.001"))
    with pytest.raises(InvalidInputError):
        keep_arrears(wrong, book, some_work())
    assert book == a_book()


def test_a_tier_with_an_absurd_amount_is_refused_before_anything_changes() -> None:
    book, work = a_book(), some_work()
    figures = ArrearsFigures(
        currency="euro",
        overdue_amount=Decimal(1),
        undisputed_overdue_amount=Decimal(1),
        oldest_days_past_due=1,
        material_days_past_due=1,
    )
    event = a_tier("high")
    wrong = type(event)(
        **{name: getattr(event, name) for name in event.__struct_fields__} | {"arrears": (figures,)}
    )
    with pytest.raises(InvalidInputError):
        take_tier(wrong, book, work)
    assert book == a_book()
    assert work.decided == []


def wish(book: Book, **more: object) -> AddAction:
    case = the_case(book)
    return AddAction(**{"customer_id": "C1", "case_id": case.case_id, **more})  # type: ignore[arg-type]  # fields by name


def test_an_action_is_recorded_with_who_did_it() -> None:
    book, work = a_book(), some_work()
    take_tier(a_tier("high"), book, work)
    turn_to(work, "command")
    details = {"with": "Mr Li"}
    answer = add_action(
        wish(book, type=ActionType.CALL, note="he pays", details=details), book, work
    )
    deed = book.deeds[-1]
    assert answer.status == 201
    assert (deed.remark.type, deed.remark.actor, deed.remark.note) == ("call", "Ada", "he pays")
    assert deed.remark.details == details


def test_a_person_s_plan_wakes_the_case_on_its_day() -> None:
    book, work = a_book(), some_work()
    keep_arrears(arrears(an_invoice(TODAY - days(3))), book, work)
    close(TODAY, book, work)
    turn_to(work, "command")
    tomorrow = TODAY + days(2)
    add_action(
        wish(book, type=ActionType.CALL, next_action="visit", next_action_on=tomorrow), book, work
    )
    assert book.debtor("C1").wake_on == tomorrow


def test_a_promise_stops_dunning_and_is_broken_if_nothing_comes() -> None:
    book, work = a_book(), some_work()
    keep_arrears(arrears(an_invoice(TODAY - days(3))), book, work)
    close(TODAY, book, work)
    turn_to(work, "command")
    promised = TODAY + days(8)
    add_action(wish(book, type=ActionType.PROMISE_TO_PAY, promised_on=promised), book, work)
    for ahead in range(1, 11):
        close(TODAY + days(ahead), book, work)
    assert [each.step for each in said_by(work, DunningStepTaken)] == ["L1", "L2"]
    assert the_case(book).state is CaseState.DUNNED


def test_closing_with_arrears_is_refused() -> None:
    book, work = a_book(), some_work()
    keep_arrears(arrears(an_invoice(TODAY - days(3))), book, work)
    close(TODAY, book, work)
    with pytest.raises(ArrearsRemainError):
        add_action(wish(book, type=ActionType.CLOSE), book, work)
    assert the_case(book).is_open


def test_a_waived_case_is_closed_and_does_not_come_back() -> None:
    book, work = a_book(), some_work()
    owed = arrears(an_invoice(TODAY - days(3)))
    keep_arrears(owed, book, work)
    close(TODAY, book, work)
    turn_to(work, "command")
    add_action(wish(book, type=ActionType.CLOSE, note="goodwill", waiver=True), book, work)
    for ahead in range(1, 40):
        turn_to(work, f"arrears-{ahead}")
        keep_arrears(owed, book, work)
        close(TODAY + days(ahead), book, work)
    assert book.open_cases == {}
    assert len(said_by(work, CaseOpened)) == 1


def test_new_invoices_after_a_waiver_are_dunned() -> None:
    book, work = a_book(), some_work()
    old = an_invoice(TODAY - days(3))
    keep_arrears(arrears(old), book, work)
    close(TODAY, book, work)
    turn_to(work, "command")
    add_action(wish(book, type=ActionType.CLOSE, note="goodwill", waiver=True), book, work)
    later = TODAY + days(10)
    keep_arrears(arrears(old, an_invoice(later - days(3), amount="60.00")), book, work)
    close(later, book, work)
    assert the_case(book).amount.amount == Decimal("60.00")


def test_an_action_in_a_closed_case_is_refused() -> None:
    book, work = a_book(), some_work()
    with pytest.raises(CaseNotOpenError):
        add_action(
            AddAction(customer_id="C1", case_id="K1", type=ActionType.NOTE, note="x"), book, work
        )


def test_the_history_of_a_case_is_numbered_without_gaps_or_repeats() -> None:
    book, work = a_book(), some_work()
    keep_arrears(arrears(an_invoice(TODAY - days(1))), book, work)
    take_tier(a_tier("high"), book, work)
    for ahead in range(60):
        close(TODAY + days(ahead), book, work)
    assert [deed.ordinal for deed in book.deeds] == list(range(1, len(book.deeds) + 1))


def test_a_step_is_one_line_of_history() -> None:
    book, work = a_book(), some_work()
    keep_arrears(arrears(an_invoice(TODAY - days(1))), book, work)
    for ahead in range(20):
        close(TODAY + days(ahead), book, work)
    shown = [(deed.remark.type, deed.remark.note) for deed in book.deeds]
    assert shown == [
        ("opened", ""),
        ("dunning_step", "L1"),
        ("dunning_step", "L2"),
        ("dunning_step", "L3"),
    ]
    assert book.deeds[-1].state is CaseState.DUNNED
    assert book.deeds[-1].next_action_on == TODAY + days(29)


def test_an_escalation_and_a_step_on_one_day_are_two_lines() -> None:
    book, work = a_book(), some_work()
    keep_arrears(arrears(an_invoice(TODAY - days(6))), book, work)
    close(TODAY, book, work)
    turn_to(work, "tier")
    take_tier(a_tier("high", late=6), book, work)
    close(TODAY + days(1), book, work)
    assert [deed.remark.type for deed in book.deeds][2:] == ["escalated", "dunning_step"]


def test_a_smaller_debt_is_recorded() -> None:
    book, work = a_book(), some_work()
    keep_arrears(arrears(an_invoice(TODAY - days(4))), book, work)
    close(TODAY, book, work)
    keep_arrears(arrears(an_invoice(TODAY - days(4), amount="60.00")), book, work)
    close(TODAY + days(1), book, work)
    assert book.deeds[-1].remark.type == "amount_changed"
    assert the_case(book).amount.amount == Decimal("60.00")


def test_a_better_tier_is_recorded_and_slows_the_ladder_down() -> None:
    book, work = a_book(), some_work()
    keep_arrears(arrears(an_invoice(TODAY - days(3))), book, work)
    close(TODAY, book, work)
    turn_to(work, "tier")
    take_tier(a_tier("low", late=3), book, work)
    assert book.deeds[-1].remark.type == "tier_recorded"
    close(TODAY + days(1), book, work)
    assert the_case(book).plan is not None
    assert book.debtor("C1").wake_on == TODAY + days(11)


def test_quiet_customers_are_not_decided_about() -> None:
    book, work = a_book(), some_work()
    take_tier(a_tier("low", overdue="0"), book, work)
    before = len(work.decided)
    close(TODAY, book, work)
    close(date(2026, 12, 31), book, work)
    assert len(work.decided) == before
