"""What people say of warnings: acknowledged once, resolved for good, and never silently undone."""

import pytest

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.watching.alerts import Label
from services.monitoring.domain.watching.risk_warning import RiskWarning, WarningStatus
from services.monitoring.usecases import verdicts
from services.monitoring.usecases.verdicts import (
    AcknowledgeWarning,
    AlreadyAcknowledgedError,
    LabelWarning,
    ResolveWarning,
    WarningNotOpenError,
    WarningStillOpenError,
    acknowledge,
    resolve,
)
from shared.contracts.monitoring import WarningRaised, WarningResolved
from tests.unit.monitoring.warning_builders import a_ledger, late_by, on_day
from tests.unit.monitoring.watched_builders import Subject, some_work

LATE = late_by(31, invoices=1)
LATER = late_by(61, invoices=1)
CALM = a_ledger()


def a_warned_customer() -> Subject:
    customer = Subject()
    customer.observe(0, LATE)
    return customer


def acknowledged(
    customer: Subject, *, day: int = 1, note: str = "called them"
) -> dict[str, object]:
    wish = AcknowledgeWarning(warning_id=customer.warning().warning_id, note=note)
    answer = acknowledge(customer.watched(on_day(day)), wish, some_work(day, actor="Ann"))
    assert answer.status == 200
    return answer.body


def resolved(customer: Subject, label: Label, *, day: int = 1, note: str = "") -> str:
    warning_id = customer.warning().warning_id
    work = some_work(day, actor="Bob")
    wish = ResolveWarning(warning_id=warning_id, label=label, note=note)
    assert resolve(customer.watched(on_day(day)), wish, work).status == 200
    customer.hear(work)
    return warning_id


def test_an_acknowledged_warning_says_who_has_seen_it() -> None:
    customer = a_warned_customer()
    answer = acknowledged(customer)
    kept = customer.warning()
    assert kept.status is WarningStatus.ACKNOWLEDGED
    assert (kept.acknowledged_by, kept.acknowledged_on) == ("Ann", on_day(1))
    assert (answer["status"], answer["note"]) == ("acknowledged", "called them")
    assert customer.saved[kept.warning_id] == kept


def test_acknowledging_announces_nothing() -> None:
    customer = a_warned_customer()
    acknowledged(customer)
    assert customer.told == ["WarningRaised T01 amber"]


def test_a_warning_is_acknowledged_once() -> None:
    customer = a_warned_customer()
    acknowledged(customer)
    with pytest.raises(AlreadyAcknowledgedError, match="Ann"):
        acknowledged(customer)


def test_an_escalated_warning_is_open_again() -> None:
    customer = a_warned_customer()
    acknowledged(customer)
    customer.observe(30, LATER)
    assert customer.warning().status is WarningStatus.OPEN


def test_an_acknowledged_warning_clears_like_any_other() -> None:
    customer = a_warned_customer()
    acknowledged(customer)
    customer.close(1, CALM)
    customer.close(2, CALM)
    (kept,) = customer.saved.values()
    assert (kept.status, kept.acknowledged_by) == (WarningStatus.RESOLVED, "Ann")


@pytest.mark.parametrize("label", Label)
def test_a_resolution_is_announced_with_its_label(label: Label) -> None:
    customer = a_warned_customer()
    warning_id = resolved(customer, label)
    event = customer.said[-1]
    assert isinstance(event, WarningResolved)
    assert (event.warning_id, event.label, event.as_of) == (warning_id, label.value, on_day(1))
    assert (event.severity, event.previous_severity) == ("amber", "amber")


@pytest.mark.parametrize(
    ("label", "scored"),
    [
        (Label.TRUE, True),
        (Label.BENIGN, False),
        (Label.DATA_ERROR, False),
        (Label.DUPLICATE, False),
    ],
)
def test_only_a_true_warning_still_weighs_on_the_score(label: Label, *, scored: bool) -> None:
    customer = a_warned_customer()
    resolved(customer, label)
    assert (customer.said[-1].figures.ews > 0) is scored


def test_a_resolved_warning_is_saved_with_who_and_what() -> None:
    customer = a_warned_customer()
    warning_id = resolved(customer, Label.BENIGN, note="paid to the old account")
    kept = customer.saved[warning_id]
    assert (kept.status, kept.label) == (WarningStatus.RESOLVED, Label.BENIGN)
    assert (kept.resolved_by, kept.resolved_on) == ("Bob", on_day(1))
    assert kept.note == "paid to the old account"
    assert Indicator.MAX_DAYS_PAST_DUE not in customer.watch.warnings


def test_a_note_of_the_acknowledgement_survives_a_resolution_without_one() -> None:
    customer = a_warned_customer()
    acknowledged(customer)
    warning_id = resolved(customer, Label.TRUE)
    assert customer.saved[warning_id].note == "called them"


def test_a_resolved_warning_stays_quiet_while_nothing_gets_worse() -> None:
    customer = a_warned_customer()
    resolved(customer, Label.BENIGN)
    for day in range(2, 20):
        customer.close(day, LATE)
    assert len(customer.said) == 2


def test_a_resolved_warning_returns_under_a_new_id_when_it_gets_worse() -> None:
    customer = a_warned_customer()
    first = resolved(customer, Label.BENIGN)
    customer.observe(30, LATER)
    event = customer.said[-1]
    assert isinstance(event, WarningRaised)
    assert event.warning_id != first
    assert (event.severity, event.previous_severity) == ("red", None)


def test_a_resolved_warning_returns_after_it_has_cleared() -> None:
    customer = a_warned_customer()
    resolved(customer, Label.BENIGN)
    customer.close(2, CALM)
    customer.close(3, CALM)
    customer.observe(40, LATE)
    assert customer.told[-1] == "WarningRaised T01 amber"
    assert len(customer.said) == 3


def test_a_resolved_warning_cannot_be_resolved_or_acknowledged_again() -> None:
    customer = a_warned_customer()
    warning_id = resolved(customer, Label.TRUE)
    watched, work = customer.watched(on_day(2)), some_work(2, actor="Ann")
    with pytest.raises(WarningNotOpenError, match=warning_id):
        resolve(watched, ResolveWarning(warning_id=warning_id, label=Label.TRUE), work)
    with pytest.raises(WarningNotOpenError, match=warning_id):
        acknowledge(watched, AcknowledgeWarning(warning_id=warning_id), work)


def test_what_is_refused_changes_nothing() -> None:
    customer = a_warned_customer()
    before = (dict(customer.watch.alerts), dict(customer.watch.warnings), dict(customer.saved))
    with pytest.raises(WarningNotOpenError):
        resolve(
            customer.watched(on_day(1)),
            ResolveWarning(warning_id="unknown", label=Label.TRUE),
            some_work(1, actor="Ann"),
        )
    after = (customer.watch.alerts, customer.watch.warnings, customer.saved)
    assert before == after


def labelled_later(
    customer: Subject, kept: RiskWarning, word: Label, *, day: int = 5
) -> RiskWarning:
    wish = LabelWarning(warning_id=kept.warning_id, label=word, note="")
    work = some_work(day, actor="Eve")
    assert verdicts.label(customer.watched(on_day(day)), kept, wish, work).status == 200
    customer.hear(work)
    return customer.saved[kept.warning_id]


def test_a_warning_that_cleared_by_itself_is_labelled_later_without_a_word_to_anybody() -> None:
    customer = a_warned_customer()
    customer.close(1, CALM)
    customer.close(2, CALM)
    (kept,) = customer.saved.values()
    done = labelled_later(customer, kept, Label.DATA_ERROR)
    assert (done.label, done.labelled_by, done.labelled_on) == (Label.DATA_ERROR, "Eve", on_day(5))
    assert (done.resolved_by, done.resolved_on) == (None, on_day(2))
    assert len(customer.said) == 2


def test_another_word_on_a_sign_that_is_still_there_changes_the_score_and_is_said() -> None:
    customer = a_warned_customer()
    warning_id = resolved(customer, Label.BENIGN)
    assert customer.figures(on_day(1)).ews == 0
    labelled_later(customer, customer.saved[warning_id], Label.TRUE)
    assert customer.figures(on_day(5)).ews > 0
    event = customer.said[-1]
    assert isinstance(event, WarningResolved)
    assert (event.label, event.warning_id) == ("true", warning_id)


def test_another_word_on_an_earlier_warning_leaves_the_present_sign_alone() -> None:
    customer = a_warned_customer()
    first = customer.saved[resolved(customer, Label.BENIGN)]
    customer.observe(30, LATER)
    second = resolved(customer, Label.TRUE, day=31)
    labelled_later(customer, first, Label.DATA_ERROR, day=32)
    assert customer.watch.alerts[Indicator.MAX_DAYS_PAST_DUE].label is Label.TRUE
    assert customer.saved[second].label is Label.TRUE


def test_an_open_warning_is_resolved_and_not_labelled() -> None:
    customer = a_warned_customer()
    wish = LabelWarning(warning_id=customer.warning().warning_id, label=Label.TRUE)
    with pytest.raises(WarningStillOpenError):
        verdicts.label(
            customer.watched(on_day(1)), customer.warning(), wish, some_work(1, actor="Eve")
        )


def test_a_resolution_is_a_label_too() -> None:
    customer = a_warned_customer()
    kept = customer.saved[resolved(customer, Label.TRUE)]
    assert (kept.labelled_by, kept.labelled_on) == ("Bob", on_day(1))
