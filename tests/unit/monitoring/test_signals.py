"""The outside speaks: kept as it came, measured at once, and again when time tells."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.storage.book import Book
from services.monitoring.usecases.signals import note_external_rating, note_signal
from shared.contracts import catalogue
from shared.contracts import signals as said
from shared.contracts.envelope import Event
from shared.contracts.financials import ExternalRatingPublished
from shared.contracts.monitoring import WarningChanged, WarningRaised, WarningResolved
from tests.unit.monitoring.in_memory import Monitoring, Told, a_close
from tests.unit.monitoring.test_learning import a_work

DAY = date(2025, 3, 3)


def on_day(number: int) -> date:
    return DAY + timedelta(days=number)


def begun() -> Monitoring:
    monitoring = Monitoring()
    monitoring.run([a_close(on_day(-1))])
    return monitoring


def about(event: Event, *, on: int = 0, name: str = "") -> Told:
    return Told(event, "C1", on_day(on), id=name or f"s{on}")


def insolvent(*, on: int = 0, status: str = "opened") -> Told:
    filed = said.LegalProceedingFiled(
        proceeding_id="P1",
        kind="insolvency",
        date=on_day(on),
        status="closed" if status == "closed" else "opened",
    )
    return about(filed, on=on, name=f"{status}{on}")


def security(*, ends_on: int) -> Told:
    valued = said.SecurityValued(
        security_id="G1",
        date=DAY,
        eligible_amount=Decimal(200),
        required_amount=Decimal(100),
        currency="EUR",
        expires_on=on_day(ends_on),
    )
    return about(valued)


def raised(monitoring: Monitoring) -> list[tuple[str, str, date]]:
    return [
        (each.indicator, each.severity, each.as_of)
        for each in monitoring.said(WarningChanged)
        if isinstance(each, WarningChanged)
    ]


def test_a_signal_is_kept_as_it_came() -> None:
    book = Book(partition=2)
    event = said.LegalProceedingFiled(proceeding_id="L1", kind="claim", date=DAY)
    note_signal(event, book, a_work())
    assert (book.signals[0]["customer_id"], book.signals[0]["partition"]) == ("C1", 2)
    assert b"L1" in bytes(str(book.signals[0]["payload"]), "utf-8")


def test_an_insolvency_is_said_at_once_and_lifts_the_score() -> None:
    monitoring = begun()
    monitoring.run([insolvent()])
    warning = monitoring.said(WarningRaised)[0]
    assert isinstance(warning, WarningRaised)
    assert (warning.indicator, warning.severity) == ("E08", "red")
    assert (warning.figures.ews, warning.figures.hard_triggers) == (90.0, ("E08",))
    assert warning.evidence.documents == ("P1",)


def test_a_strong_match_is_a_hard_trigger_but_adds_nothing_to_the_score() -> None:
    near = said.SanctionProximityReported(report_id="S1", date=DAY, band="strong")
    weak = said.SanctionProximityReported(report_id="S1", date=DAY, band="possible")
    one, two = begun(), begun()
    one.run([about(near)])
    two.run([about(weak)])
    strong, possible = one.said(WarningRaised)[0], two.said(WarningRaised)[0]
    assert isinstance(strong, WarningRaised)
    assert isinstance(possible, WarningRaised)
    assert (strong.figures.ews, strong.figures.hard_triggers) == (90.0, ("E10",))
    assert (possible.figures.ews, possible.figures.hard_triggers) == (0.0, ())


def test_a_proceeding_that_is_closed_clears_after_two_days() -> None:
    monitoring = begun()
    monitoring.run([insolvent()], [a_close(on_day(0))], [insolvent(on=1, status="closed")])
    monitoring.run([a_close(on_day(1))], [a_close(on_day(2))])
    cleared = monitoring.said(WarningResolved)[0]
    assert isinstance(cleared, WarningResolved)
    assert (cleared.indicator, cleared.as_of) == ("E08", on_day(2))


def test_what_leaves_its_window_clears_by_itself() -> None:
    moved = said.RegistryChangeReported(change_id="R1", kind="address", date=DAY)
    monitoring = begun()
    monitoring.run([about(moved)], *([a_close(on_day(number))] for number in range(95)))
    cleared = monitoring.said(WarningResolved)[0]
    assert isinstance(cleared, WarningResolved)
    assert (cleared.indicator, cleared.as_of) == ("E07", on_day(91))


def test_a_signal_from_before_the_ledger_has_begun_is_measured_once_it_has() -> None:
    monitoring = Monitoring()
    monitoring.run([insolvent()])
    assert raised(monitoring) == []
    monitoring.run([a_close(on_day(0))])
    assert raised(monitoring) == [("E08", "red", on_day(0))]


def test_what_is_dated_ahead_is_said_when_its_day_closes() -> None:
    monitoring = begun()
    monitoring.run([replace(insolvent(on=2), on=DAY)])
    monitoring.run(*([a_close(on_day(number))] for number in range(2)))
    assert raised(monitoring) == []
    monitoring.run([a_close(on_day(2))])
    assert raised(monitoring) == [("E08", "red", on_day(2))]


def test_press_reports_fade_while_nothing_else_happens() -> None:
    """0.612 gets to 0.48, where amber is left, in 180 * log2(0.612 / 0.48) = 63.1 days."""
    monitoring = begun()
    report = said.AdverseMediaReported(report_id="R", date=DAY, severity=0.68, credibility=0.9)
    monitoring.run([about(report)])
    woken = []
    for number in range(100):
        customer = monitoring.customer("C1")
        woken += [number] if customer.wake_on == on_day(number) else []
        monitoring.run([a_close(on_day(number))])
    assert raised(monitoring) == [
        ("E09", "amber", DAY),
        ("E09", "watch", on_day(65)),
        ("E09", "watch", on_day(91)),
    ]
    assert len(woken) < 10


def test_reports_that_fade_together_are_looked_at_until_they_have() -> None:
    monitoring = begun()
    reports = [
        said.AdverseMediaReported(report_id=f"R{number}", date=DAY, severity=0.38, credibility=1)
        for number in range(2)
    ]
    for number, each in enumerate(reports):
        monitoring.run([about(each, name=f"r{number}")])
    for number in range(89):
        monitoring.run([a_close(on_day(number))])
    fading = [1 - (1 - 0.38 * 0.5 ** (number / 180)) ** 2 for number in range(89)]
    first = next(number for number, value in enumerate(fading) if value <= 0.48)
    assert raised(monitoring)[2:] == [("E09", "watch", on_day(first + 1))]


def test_security_is_looked_at_as_it_nears_its_end() -> None:
    monitoring = begun()
    monitoring.run([security(ends_on=70)])
    for number in range(80):
        monitoring.run([a_close(on_day(number))])
    assert raised(monitoring) == [
        ("L07", "watch", on_day(10)),
        ("L07", "amber", on_day(40)),
        ("L07", "red", on_day(71)),
    ]


def test_an_agencys_downgrade_is_said_at_once() -> None:
    monitoring = begun()
    for number, grade in enumerate(("A", "BBB")):
        rating = ExternalRatingPublished(agency="S&P", grade=grade, affirmed_on=on_day(number))
        monitoring.run([about(rating, on=number)], [a_close(on_day(number))])
    assert raised(monitoring)[0] == (Indicator.EXTERNAL_DOWNGRADE, "red", on_day(1))


def test_the_grade_of_a_single_issue_is_left_out() -> None:
    monitoring = begun()
    issuer = ExternalRatingPublished(agency="S&P", grade="BBB", affirmed_on=on_day(0))
    issue = ExternalRatingPublished(
        agency="S&P", grade="BB", kind="issue", affirmed_on=on_day(1), outlook="watch_negative"
    )
    monitoring.run([about(issuer)], [about(issue, on=1)], [a_close(on_day(1))])
    assert raised(monitoring) == []


def test_a_grade_nobody_asked_for_is_kept_apart() -> None:
    monitoring = begun()
    issuer = ExternalRatingPublished(agency="S&P", grade="A", affirmed_on=on_day(0))
    unasked = ExternalRatingPublished(
        agency="S&P", grade="BBB", kind="unsolicited", affirmed_on=on_day(1)
    )
    monitoring.run([about(issuer)], [about(unasked, on=1)], [a_close(on_day(1))])
    assert raised(monitoring) == []


def test_an_agencys_grade_is_kept_as_it_came() -> None:
    book = Book(partition=0)
    note_external_rating(
        ExternalRatingPublished(agency="S&P", grade="A", affirmed_on=DAY), book, a_work()
    )
    assert [each["customer_id"] for each in book.signals] == ["C1"]
    assert b"S&P" in bytes(str(book.signals[0]["payload"]), "utf-8")


def test_nonsense_is_refused_and_nothing_is_kept() -> None:
    monitoring = begun()
    absurd = said.EquityPledgeReported(report_id="E1", date=DAY, pledged_share=7)
    monitoring.run([about(absurd)])
    assert monitoring.parked == [("s0", "invalid_input")]
    assert monitoring.accounts == {}


def test_a_signal_about_nobody_is_refused() -> None:
    monitoring = begun()
    event = said.LegalProceedingFiled(proceeding_id="L1", kind="claim", date=DAY)
    monitoring.run([Told(event, "", DAY, id="s")])
    assert monitoring.parked == [("s", "invalid_input")]


def test_where_batches_end_changes_nothing() -> None:
    story = [
        security(ends_on=61),
        insolvent(),
        a_close(on_day(0)),
        insolvent(on=1, status="closed"),
        *(a_close(on_day(number)) for number in range(1, 5)),
    ]
    one, many = begun(), begun()
    one.run(story)
    many.run(*([each] for each in story))
    assert one.told == many.told
    assert (one.profiles, one.accounts) == (many.profiles, many.accounts)


def test_the_published_list_of_bills_is_red_until_it_is_left() -> None:
    monitoring = begun()
    listed = said.BillArrearsListed(listing_id="B1", date=DAY)
    left = said.BillArrearsListed(listing_id="B1", date=on_day(2), status="closed")
    monitoring.run([about(listed)], [a_close(DAY)], [a_close(on_day(1))])
    assert raised(monitoring) == [("T14", "red", DAY)]
    monitoring.run([about(left, on=2)], *([a_close(on_day(number))] for number in (2, 3)))
    cleared = monitoring.said(WarningResolved)[0]
    assert isinstance(cleared, WarningResolved)
    assert (cleared.indicator, cleared.as_of) == ("T14", on_day(3))


@pytest.mark.parametrize(
    ("kind", "severity"),
    [("auditor_change", "watch"), ("qualified", "amber"), ("going_concern", "red")],
)
def test_an_audit_event_needs_no_statement(kind: str, severity: str) -> None:
    monitoring = begun()
    event = catalogue.decode(
        "audit_event.reported", f'{{"event_id":"A1","kind":"{kind}","date":"{DAY}"}}'.encode()
    )
    assert event is not None
    monitoring.run([about(event)])
    assert raised(monitoring) == [("F14", severity, DAY)]


def test_the_hours_to_see_to_a_warning_begin_when_it_can_be_known() -> None:
    monitoring = begun()
    monitoring.run(*([a_close(on_day(number))] for number in range(3)))
    monitoring.run([insolvent(on=1)])
    (warning,) = monitoring.customer("C1").watch.warnings.values()
    assert warning.pending_at is not None
    assert warning.pending_at.date() == warning.pending_since == on_day(3)


def test_a_signal_told_late_is_learned_on_the_business_day() -> None:
    book, work = Book(partition=0), a_work()
    assert work.closed_on is not None
    event = said.LegalProceedingFiled(proceeding_id="L1", kind="claim", date=DAY)
    early = work.cause.time - timedelta(days=400)
    work.begin(msgspec.structs.replace(work.cause, time=early))
    note_signal(event, book, work)
    recorded = book.signals[0]["recorded_at"]
    assert isinstance(recorded, datetime)
    assert recorded.date() == work.business_day
