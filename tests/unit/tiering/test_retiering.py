"""One answer of rating, one tier decision and one limit decision."""

from datetime import date

import msgspec
import pytest

from services.tiering.domain.model import Tier
from services.tiering.domain.policy import TieringPolicy
from services.tiering.handlers import SERVICE
from services.tiering.storage.book import Account, Book, TotalRow
from services.tiering.usecases.retiering import retier
from shared.chassis.work import Work
from shared.contracts.envelope import Event
from shared.contracts.rating import GradeAffirmed, GradeAnswer
from shared.contracts.tiering import CreditLimitSet, TierAssigned
from shared.decisions.kinds import DecisionKind
from shared.decisions.stored import canonical_json, read_facts
from shared.kernel.errors import InvalidInputError
from tests.unit.tiering.building import DAY, POLICY, eur
from tests.unit.tiering.events import (
    CUSTOMER,
    a_book,
    a_work,
    customer_figures,
    exposure_figures,
    grade_answer,
    purchase_figures,
)

YESTERDAY = date(2025, 6, 1)


def after(*answers: GradeAnswer, book: Book | None = None) -> tuple[Book, Work[TieringPolicy]]:
    """The book and the work after some answers on one day."""
    book, work = book or a_book(), a_work()
    for number, answer in enumerate(answers):
        work.begin(msgspec.structs.replace(work.cause, id=f"e-{number}"))
        retier(answer, book, work)
    return book, work


def announced(work: Work[TieringPolicy]) -> list[type[Event]]:
    return [type(event) for _, event in work.announced]


def tier_of(work: Work[TieringPolicy]) -> TierAssigned:
    return next(event for _, event in work.announced if isinstance(event, TierAssigned))


def limit_of(work: Work[TieringPolicy]) -> CreditLimitSet:
    return [event for _, event in work.announced if isinstance(event, CreditLimitSet)][-1]


def test_an_answer_takes_exactly_one_tier_and_one_limit_decision() -> None:
    _, work = after(grade_answer())
    assert [decision.kind for decision in work.decided] == ["tier", "credit_limit"]


def test_a_first_answer_announces_tier_and_limit() -> None:
    _, work = after(grade_answer())
    assert announced(work) == [TierAssigned, CreditLimitSet]


def test_the_same_answer_again_is_decided_but_not_announced() -> None:
    _, work = after(grade_answer(), grade_answer())
    assert len(work.decided) == 4
    assert announced(work) == [TierAssigned, CreditLimitSet]


def test_an_affirmed_grade_with_a_worse_band_still_changes_the_tier() -> None:
    worse = grade_answer("A", figures=customer_figures(band="red", ews=80.0))
    affirmed = GradeAffirmed(**{name: getattr(worse, name) for name in worse.__struct_fields__})
    _, work = after(grade_answer("A"), affirmed)
    assert announced(work) == [TierAssigned, CreditLimitSet, TierAssigned, CreditLimitSet]


def test_a_tier_is_announced_with_what_recovery_acts_on() -> None:
    _, work = after(grade_answer("CCC"))
    event = tier_of(work)
    assert (event.tier, event.previous_tier, event.since) == ("high", None, DAY)
    assert event.arrears == customer_figures().arrears
    assert event.payment_terms_days == 0
    assert event.measures["order_hold"] == "a person decides every order"
    assert event.policy_version == "tiering-1"


def test_a_changed_tier_names_the_one_before() -> None:
    _, work = after(grade_answer("A"), grade_answer("CCC"))
    events = [event for _, event in work.announced if isinstance(event, TierAssigned)]
    assert (events[1].tier, events[1].previous_tier) == ("high", "low")


def test_events_name_the_decision_behind_them() -> None:
    _, work = after(grade_answer())
    assert tier_of(work).decision_id == work.decided[0].decision_id
    assert limit_of(work).decision_id == work.decided[1].decision_id


def test_events_are_caused_by_rating_s_answer() -> None:
    _, work = after(grade_answer())
    assert {envelope.causation_id for envelope, _ in work.announced} == {"e-0"}
    assert {envelope.subject for envelope, _ in work.announced} == {CUSTOMER}


def test_a_limit_is_announced_with_the_one_before() -> None:
    less = customer_figures(purchases=(purchase_figures(best_month=1_000),))
    _, work = after(grade_answer(), grade_answer(figures=less))
    event = limit_of(work)
    assert (str(event.amount), str(event.previous_amount)) == ("2000.00", "500000.00")
    assert event.binding_cap == "capacity"


def test_a_limit_in_another_currency_has_no_amount_before() -> None:
    in_yen = customer_figures(
        exposures=(exposure_figures(5_000, "JPY"),), purchases=(purchase_figures(currency="JPY"),)
    )
    _, work = after(grade_answer(), grade_answer(figures=in_yen))
    assert (limit_of(work).currency, limit_of(work).previous_amount) == ("JPY", None)


def test_the_account_keeps_what_the_order_check_needs() -> None:
    book, _ = after(grade_answer("BB", figures=customer_figures(band="yellow", ews=30.0)))
    account = book.accounts[CUSTOMER]
    assert account.tier is Tier.MEDIUM
    assert account.limit == eur(400_000)
    assert account.band == "yellow"
    assert account.rating_valid_to == date(2026, 6, 2)


def test_default_and_hard_triggers_reach_the_account() -> None:
    figures = customer_figures(in_default=True, hard_triggers=("insolvency",))
    book, _ = after(grade_answer(figures=figures))
    account = book.accounts[CUSTOMER]
    assert (account.in_default, account.hard_triggers) == (True, ("insolvency",))
    assert account.tier is Tier.HIGH


def test_histories_count_a_customers_changes_from_one() -> None:
    book, _ = after(grade_answer("A"), grade_answer("A"), grade_answer("CCC"))
    assert [change.ordinal for change in book.tier_changes] == [1, 2]
    assert [change.ordinal for change in book.limit_changes] == [1, 2]


def test_a_history_row_tells_why() -> None:
    book, _ = after(grade_answer())
    reasons = msgspec.json.decode(book.tier_changes[0].reasons)
    assert [reason["code"] for reason in reasons] == ["matrix", "first_tier"]


@pytest.mark.parametrize(
    "answer",
    [
        grade_answer("excellent"),
        grade_answer(confidence="certain"),
        grade_answer(figures=customer_figures(band="ultraviolet")),
    ],
)
def test_words_we_do_not_know_are_refused_before_anything_changes(answer: GradeAnswer) -> None:
    book, work = a_book(), a_work()
    with pytest.raises(InvalidInputError):
        retier(answer, book, work)
    assert not work.decided
    assert not book.accounts


def test_a_large_exposure_is_judged_by_yesterdays_portfolio() -> None:
    rows = [
        TotalRow(YESTERDAY, 0, "EUR", 10_000_000, 50),
        TotalRow(DAY, 0, "EUR", 10_000_000_000, 50),
    ]
    figures = customer_figures(exposures=(exposure_figures(50_000),))
    book, work = after(grade_answer("BB", figures=figures), book=a_book(*rows))
    assert book.accounts[CUSTOMER].tier is Tier.MEDIUM
    assert '"portfolio_day":"2025-06-01"' in work.decided[0].inputs


def test_both_decisions_replay_bit_for_bit() -> None:
    _, work = after(grade_answer("BB-", pd=0.00774153 / 3))
    kinds = {kind.name: kind for kind in SERVICE.decisions}
    for stored in work.decided:
        kind: DecisionKind[object, TieringPolicy, object] = kinds[stored.kind]
        again = kind.decide(read_facts(kind, stored.inputs), POLICY, as_of=stored.as_of)
        assert canonical_json(again) == stored.outcome


def test_an_answer_about_a_known_customer_keeps_its_exposure() -> None:
    book = a_book()
    book.accounts[CUSTOMER] = Account(CUSTOMER, exposure_version=7)
    after(grade_answer(), book=book)
    assert book.accounts[CUSTOMER].exposure_version == 7
