"""What rating hears and what it answers: once per trigger, with the trigger's figures echoed."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from services.rating.domain.model import GradeOverride
from services.rating.domain.policy import RatingPolicy
from services.rating.handlers import SERVICE
from services.rating.storage.book import Book
from shared.chassis.work import Work
from shared.contracts import monitoring
from shared.contracts.envelope import Event
from shared.contracts.figures import CustomerFigures
from shared.contracts.financials import ExternalRatingPublished, FinancialStatementFiled
from shared.contracts.rating import (
    GradeAffirmed,
    GradeAnswer,
    GradeAssigned,
    RatingDayClosed,
    ReviewDue,
)
from shared.contracts.screening import (
    CustomerCleared,
    CustomerReferred,
    CustomerRegistered,
    CustomerRejected,
    CustomerUpdated,
    Industry,
    LegalName,
)
from shared.kernel.errors import InvalidInputError, ObligorError
from tests.unit.rating.builders import DAY, YEAR_END, a_book, a_statement, a_work, figures, hear

LINES = a_statement().lines


def registered(kind: type[CustomerRegistered] = CustomerRegistered) -> CustomerRegistered:
    return kind(
        customer_id="c1",
        legal_names=(LegalName(name="Alpha GmbH"),),
        country="DE",
        industry=Industry(scheme="nace-2", code="46"),
        segment="wholesale",
        size_class="medium",
    )


def verdict(kind: type[CustomerCleared | CustomerReferred | CustomerRejected]) -> Event:
    outcome = {CustomerCleared: "pass", CustomerReferred: "refer", CustomerRejected: "reject"}
    return kind(
        customer_id="c1",
        as_of=DAY,
        decision_id="s1",
        outcome=outcome[kind],
        points=0,
        reasons=(),
        not_checked=(),
        policy_version="p",
    )


def warning(
    kind: type[monitoring.WarningChanged], known: CustomerFigures | None = None
) -> monitoring.WarningChanged:
    return kind(
        customer_id="c1",
        warning_id="w1",
        as_of=DAY,
        indicator="T01",
        severity="watch",
        previous_severity=None,
        value=12.0,
        threshold=7.0,
        raised_on=DAY,
        evidence=monitoring.WarningEvidence(figures={}),
        policy_version="p",
        figures=known or figures(),
    )


def behaviour(occasion: str = "month_end") -> monitoring.BehaviourReported:
    return monitoring.BehaviourReported(
        customer_id="c1", as_of=DAY, occasion=occasion, figures=figures()
    )


def defaulted() -> monitoring.DefaultFlagged:
    known = figures(in_default=True, material_days=95)
    return monitoring.DefaultFlagged(
        customer_id="c1", as_of=DAY, cause="dpd", days_past_due=95, figures=known
    )


def cured() -> monitoring.CustomerCured:
    return monitoring.CustomerCured(customer_id="c1", as_of=DAY, figures=figures())


def a_filing(
    period_end: date = YEAR_END, lines: dict[str, Decimal] | None = None
) -> FinancialStatementFiled:
    return FinancialStatementFiled(
        period_end=period_end,
        months=12,
        basis="audited",
        currency="EUR",
        unit="millions",
        lines=lines or LINES,
    )


def an_agency_grade(grade: str = "BB", affirmed_on: date = date(2025, 5, 1)) -> Event:
    return ExternalRatingPublished(agency="Fitch", grade=grade, affirmed_on=affirmed_on)


TRIGGERS = [
    (warning(monitoring.WarningRaised), "warning_raised"),
    (warning(monitoring.WarningEscalated), "warning_escalated"),
    (warning(monitoring.WarningResolved), "warning_resolved"),
    (behaviour(), "behaviour_reported"),
    (behaviour("sixth_settled_invoice"), "behaviour_reported"),
    (defaulted(), "default_flagged"),
    (cured(), "customer_cured"),
    (verdict(CustomerCleared), "screening_verdict"),
    (verdict(CustomerReferred), "screening_verdict"),
    (verdict(CustomerRejected), "screening_verdict"),
    (a_filing(), "financial_statement"),
    (an_agency_grade(), "external_rating"),
]


@pytest.mark.parametrize(("event", "trigger"), TRIGGERS)
def test_each_trigger_decides_exactly_once(event: Event, trigger: str) -> None:
    book, work = a_book(), a_work()
    hear(event, book, work)
    (decided,) = work.decided
    (rating,) = book.ratings
    ((envelope, answer),) = work.announced
    assert isinstance(answer, GradeAssigned)
    assert answer.trigger == rating.trigger == trigger
    assert answer.decision_id == rating.decision_id == decided.decision_id
    assert envelope.subject == answer.customer_id == "c1"
    assert decided.as_of == answer.as_of == DAY


@pytest.mark.parametrize("kind", [CustomerRegistered, CustomerUpdated])
def test_the_register_s_facts_decide_nothing(kind: type[CustomerRegistered]) -> None:
    book, work = a_book(), a_work()
    hear(registered(kind), book, work)
    assert (work.decided, work.announced) == ([], [])
    state = book.customers["c1"]
    assert (state.country, state.segment, state.size_class) == ("DE", "wholesale", "medium")
    assert state.industry == "nace-2:46"


def test_the_register_s_facts_come_into_the_next_decision() -> None:
    book, work = a_book(), a_work()
    hear(registered(), book, work)
    hear(behaviour(), book, work)
    assert '"segment":"wholesale"' in work.decided[0].inputs


def test_a_first_grade_is_assigned_and_the_same_again_affirmed() -> None:
    book, work = a_book(), a_work()
    hear(behaviour(), book, work)
    hear(behaviour(), book, work)
    first, second = (event for _, event in work.announced)
    assert isinstance(first, GradeAssigned)
    assert isinstance(second, GradeAffirmed)
    assert first.previous_grade is None
    assert second.previous_grade == second.grade == first.grade
    assert [rating.number for rating in book.ratings] == [1, 2]


def test_a_changed_grade_is_assigned_with_the_one_before() -> None:
    book, work = a_book(), a_work()
    hear(behaviour(), book, work)
    hear(defaulted(), book, work)
    before, after = (event for _, event in work.announced)
    assert isinstance(before, GradeAssigned)
    assert isinstance(after, GradeAssigned)
    assert (after.previous_grade, after.grade) == (before.grade, "D")


def test_a_cured_customer_is_no_longer_d() -> None:
    book, work = a_book(), a_work()
    hear(defaulted(), book, work)
    hear(cured(), book, work)
    assert book.customers["c1"].grade == "BB-"


def test_the_answer_echoes_the_trigger_s_figures() -> None:
    book, work = a_book(), a_work()
    known = figures(ews=61.5)
    hear(warning(monitoring.WarningRaised, known), book, work)
    ((_, answer),) = work.announced
    assert isinstance(answer, GradeAnswer)
    assert answer.figures == known


def test_a_trigger_without_figures_echoes_the_last_ones() -> None:
    book, work = a_book(), a_work()
    known = figures(ews=61.5)
    hear(warning(monitoring.WarningRaised, known), book, work)
    hear(a_filing(), book, work)
    (_, (_, answer)) = work.announced
    assert isinstance(answer, GradeAnswer)
    assert answer.figures == known


def test_before_any_figures_the_early_warning_score_is_green() -> None:
    book, work = a_book(), a_work()
    hear(verdict(CustomerCleared), book, work)
    ((_, answer),) = work.announced
    assert isinstance(answer, GradeAnswer)
    assert (answer.figures.ews, answer.figures.band) == (0.0, "green")


def test_the_verdict_is_echoed_from_then_on() -> None:
    book, work = a_book(), a_work()
    hear(verdict(CustomerReferred), book, work)
    hear(behaviour(), book, work)
    verdicts = [event.verdict for _, event in work.announced if isinstance(event, GradeAnswer)]
    assert verdicts == ["refer", "refer"]


@pytest.mark.parametrize(("occasion", "month_end"), [("month_end", True), ("sixth", False)])
def test_a_month_end_answer_says_so(occasion: str, *, month_end: bool) -> None:
    book, work = a_book(), a_work()
    hear(behaviour(occasion), book, work)
    ((_, answer),) = work.announced
    assert isinstance(answer, GradeAnswer)
    assert answer.month_end is month_end


def test_without_a_statement_capacity_is_unknown() -> None:
    book, work = a_book(), a_work()
    hear(behaviour(), book, work)
    ((_, answer),) = work.announced
    assert isinstance(answer, GradeAnswer)
    assert answer.capacity is None


def test_the_answer_carries_the_statement_s_capacity() -> None:
    book, work = a_book(), a_work()
    hear(a_filing(), book, work)
    ((_, answer),) = work.announced
    assert isinstance(answer, GradeAnswer)
    assert answer.capacity is not None
    assert answer.capacity.currency == "EUR"
    assert answer.capacity.tangible_net_worth == 13_500_000
    assert answer.capacity.working_capital == 5_500_000
    assert answer.capacity.accounts_payable == 6_800_000


def test_a_statement_for_the_same_period_replaces_the_one_before() -> None:
    book, work = a_book(), a_work()
    hear(a_filing(), book, work)
    hear(a_filing(lines={**LINES, "AP": Decimal(3)}), book, work)
    (statement,) = book.statements_of("c1", as_of=DAY)
    assert statement.lines["AP"] == 3
    assert len(work.decided) == 2


def test_the_year_before_is_found_among_what_was_filed() -> None:
    book, work = a_book(), a_work()
    hear(a_filing(date(2023, 12, 31), {**LINES, "REV": Decimal(44)}), book, work)
    hear(a_filing(), book, work)
    growth = {each.code: each.value for each in book.ratings[-1].decision.measures}["growth"]
    assert growth == pytest.approx(48 / 44 - 1)


@pytest.mark.parametrize(
    "event",
    [
        a_filing(lines={**LINES, "TE": Decimal(20)}),
        a_filing(lines={**LINES, "XX": Decimal(1)}),
        ExternalRatingPublished(agency="Nobody", grade="BB", affirmed_on=YEAR_END),
        an_agency_grade("ZZ"),
    ],
)
def test_a_refused_fact_leaves_the_book_as_it_was(event: Event) -> None:
    book, work = a_book(), a_work()
    with pytest.raises(ObligorError):
        hear(event, book, work)
    assert (book.customers, book.changed, book.filed, book.published) == ({}, set(), set(), set())
    assert work.decided == []


def test_a_wrong_unit_is_noticed_beside_the_year_before() -> None:
    book, work = a_book(), a_work()
    hear(a_filing(date(2023, 12, 31)), book, work)
    wrong = FinancialStatementFiled(
        period_end=YEAR_END, months=12, basis="audited", currency="EUR", unit="units", lines=LINES
    )
    with pytest.raises(ObligorError, match="check `unit`"):
        hear(wrong, book, work)


@pytest.mark.parametrize("event", [a_filing(), an_agency_grade()])
def test_a_fact_about_nobody_is_refused(event: Event) -> None:
    with pytest.raises(InvalidInputError, match="ce_subject"):
        hear(event, a_book(), a_work(), subject="")


@pytest.mark.parametrize("event", [a_filing(), an_agency_grade()])
def test_a_fact_dated_later_waits_visibly(event: Event) -> None:
    book, work = a_book(), a_work()
    hear(event, book, work, day=date(2025, 7, 2))
    assert work.status == "waiting"
    assert work.decided == []
    assert book.customers["c1"].wake_on == date(2025, 7, 2)


def test_a_waiting_fact_does_not_count_before_its_day() -> None:
    book, work = a_book(), a_work()
    hear(a_filing(), book, work, day=date(2025, 7, 2))
    hear(behaviour(), book, work)
    assert book.ratings[0].decision.capacity is None


def close(day: date, book: Book) -> Work[RatingPolicy]:
    work = a_work(closed_on=date.fromordinal(day.toordinal() - 1))
    work.closing = day
    work.announce(SERVICE.close_day(day, book, work))
    return work


def test_a_waiting_fact_counts_at_the_close_of_its_day() -> None:
    book, work = a_book(), a_work()
    hear(a_filing(), book, work, day=date(2025, 7, 2))
    assert len(close(date(2025, 7, 1), book).decided) == 0
    closed = close(date(2025, 7, 2), book)
    assert len(closed.decided) == 1
    assert book.ratings[0].trigger == "financial_statement"
    assert book.customers["c1"].waiting == ()


def test_a_quiet_day_closes_without_a_decision() -> None:
    book, work = a_book(), a_work()
    hear(behaviour(), book, work)
    closed = close(DAY, book)
    assert closed.decided == []
    assert [event for _, event in closed.announced] == [RatingDayClosed(date=DAY)]


def test_an_expired_validity_is_rated_again_at_its_day_s_close() -> None:
    book, work = a_book(), a_work()
    hear(behaviour(), book, work)
    valid_to = book.customers["c1"].valid_to
    assert valid_to is not None
    assert close(date.fromordinal(valid_to.toordinal() - 1), book).decided == []
    closed = close(valid_to, book)
    review, answer, end = (event for _, event in closed.announced)
    assert isinstance(review, ReviewDue)
    assert isinstance(answer, GradeAffirmed)
    assert isinstance(end, RatingDayClosed)
    assert answer.trigger == "validity_expired"
    assert answer.as_of == valid_to < answer.valid_to


def test_a_day_s_decisions_have_a_chain_of_their_own_per_customer() -> None:
    book, work = a_book(), a_work()
    hear(behaviour(), book, work)
    valid_to = book.customers["c1"].valid_to
    assert valid_to is not None
    closing = a_work(closed_on=date.fromordinal(valid_to.toordinal() - 1))
    closing.closing = valid_to
    closing.begin(msgspec.structs.replace(closing.cause, subject=""))
    SERVICE.close_day(valid_to, book, closing)
    chains = {envelope.correlation_id for envelope, _ in closing.announced}
    assert chains == {"cause-0/c1"}


def test_an_override_ends_after_its_last_day() -> None:
    book, work = a_book(), a_work()
    hear(behaviour(), book, work)
    state = book.open("c1")
    state.override = GradeOverride("B", "visit", "anna", "bert", date(2025, 7, 31))
    assert close(date(2025, 7, 31), book).decided == []
    assert len(close(date(2025, 8, 1), book).decided) == 1
    assert book.customers["c1"].override is None
    assert book.ratings[-1].trigger == "override_expired"


def test_whoever_wakes_is_decided_in_the_order_of_ids() -> None:
    book, work = a_book(), a_work()
    for name in ("c3", "c1", "c2"):
        hear(a_filing(), book, work, subject=name, day=date(2025, 7, 2))
    closed = close(date(2025, 7, 2), book)
    assert [decided.customer_id for decided in closed.decided] == ["c1", "c2", "c3"]


def test_the_same_events_give_the_same_decisions_and_answers() -> None:
    def told() -> list[object]:
        book, work = a_book(), a_work()
        for event, _ in TRIGGERS:
            hear(event, book, work)
        return [*work.announced, *work.decided]

    assert told() == told()


def test_the_service_closes_on_monitoring_and_hosts_the_financials() -> None:
    closing = [each.topic for each in SERVICE.subscriptions if each.closes_on]
    assert closing == ["obligor.monitoring"]
    assert SERVICE.hosts == ("obligor.financials",)
    assert [each.topic for each in SERVICE.subscriptions if each.upstream] == ["obligor.financials"]


def test_figures_without_behaviour_are_no_history() -> None:
    book, work = a_book(), a_work()
    hear(warning(monitoring.WarningRaised, figures(settled=None)), book, work)
    assert [each.name for each in book.ratings[0].decision.components] == ["prior"]
