"""How far a ledger can be relied on: each doubt, what it takes, and what it does to warnings."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.detectors import DecayingCount
from services.monitoring.domain.figures.feed_quality import (
    Feed,
    FeedQuality,
    feed_quality,
    note_doubt,
)
from services.monitoring.domain.indicator_facts.everything import IndicatorFacts
from services.monitoring.domain.indicator_facts.external import Source
from services.monitoring.domain.indicators import measure, only_for
from services.monitoring.domain.policies.guards import FeedDoubt
from services.monitoring.domain.receivables.account import Account, Payment, Receivable
from services.monitoring.domain.receivables.facts import Fact, FactKind
from services.monitoring.domain.receivables.history import History
from shared.contracts import transactions as tx
from shared.contracts.monitoring import WarningRaised
from shared.contracts.screening import CustomerRegistered
from tests.unit.monitoring.in_memory import Monitoring
from tests.unit.monitoring.outside_builders import a_sign, outside
from tests.unit.monitoring.statement_builders import a_statement, on_file
from tests.unit.monitoring.telling import begun, closes, issued, on_day, paid, told
from tests.unit.monitoring.warning_builders import SHIPPED, TODAY, facts_on, late_by

RULES = SHIPPED.feed


def _quality(account: Account | None = None, **fields: Any) -> FeedQuality:  # Any: a test's fields
    feed = Feed(as_of=TODAY, account=account or Account(), registered=True)
    return feed_quality(replace(feed, **fields), RULES)


def _taken(quality: FeedQuality) -> dict[FeedDoubt, float]:
    return {each.doubt: each.takes for each in quality.doubts}


def _owing(*, last: int = 0) -> Account:
    on = TODAY - timedelta(days=last)
    receivable = Receivable(
        invoice_id="I1", invoice_date=on, due_date=on, amount=100, currency="EUR"
    )
    return Account(last_key=(on, 0, "I1", 1, ""), receivables={"I1": receivable})


def test_a_ledger_without_a_doubt_scores_one() -> None:
    assert _quality(_owing()) == FeedQuality(score=1.0, doubts=())


def test_each_doubt_takes_its_share_off_what_the_others_left() -> None:
    quality = _quality(Account(credits={"EUR": 1}), registered=False)
    assert _taken(quality) == {FeedDoubt.UNREGISTERED: 0.1, FeedDoubt.EXCESS_CREDIT: 0.1}
    assert quality.score == 0.81


@pytest.mark.parametrize(
    ("count", "takes"), [(1.0, 0.04), (4.0, 0.16), (5.0, 0.2), (6.0, 0.2), (100.0, 0.2)]
)
def test_a_counted_doubt_takes_more_until_it_counts_in_full(count: float, takes: float) -> None:
    counted = {FeedDoubt.REFUSED: DecayingCount(count=count, on=TODAY)}
    assert _taken(_quality(counted=counted)) == {FeedDoubt.REFUSED: takes}


def test_a_counted_doubt_is_forgotten_by_half() -> None:
    counted: dict[FeedDoubt, DecayingCount] = {}
    for _ in range(2):
        note_doubt(counted, FeedDoubt.CORRECTIONS, on=TODAY - timedelta(days=90), policy=RULES)
    (doubt,) = _quality(counted=counted).doubts
    assert (doubt.count, doubt.takes) == (1.0, 0.01)


@pytest.mark.parametrize(("age", "doubted"), [(7, False), (8, True)])
def test_a_document_that_others_name_may_be_missing_for_a_week(age: int, *, doubted: bool) -> None:
    fact = Fact(on=TODAY - timedelta(days=age), kind=FactKind.PAYMENT_RECEIVED, document="P1")
    quality = _quality(Account(pending={"invoice/I9": (fact,)}))
    assert bool(quality.doubts) is doubted
    if doubted:
        assert quality.doubts[0].documents == ("invoice/I9",)


@pytest.mark.parametrize(("ahead", "doubted"), [(7, False), (8, True)])
def test_a_fact_may_be_dated_a_week_ahead(ahead: int, *, doubted: bool) -> None:
    quality = _quality(waiting=(TODAY + timedelta(days=ahead),))
    assert (FeedDoubt.FUTURE_DATED in _taken(quality)) is doubted


@pytest.mark.parametrize(("currency", "doubted"), [("EUR", False), ("USD", True)])
def test_money_in_a_currency_never_invoiced_is_doubted(currency: str, *, doubted: bool) -> None:
    for applied, idle in ((0, True), (100, False)):
        payment = Payment(payment_id="P1", on=TODAY, amount=100, currency=currency, applied=applied)
        account = Account(histories={"EUR": History(purchased={TODAY: 100}), "USD": History()})
        account.put_payment(payment)
        assert bool(_quality(account).doubts) is (doubted and idle)


@pytest.mark.parametrize(
    ("silent", "elsewhere", "doubt"),
    [
        (90, 0, None),
        (91, 0, FeedDoubt.SILENT_CUSTOMER),
        (91, 3, FeedDoubt.SILENT_CUSTOMER),
        (91, 4, None),
        (14, 14, None),
        (15, 15, FeedDoubt.STALE_FEED),
        (91, None, None),
    ],
)
def test_silence_is_the_customers_or_the_feeds(
    silent: int, elsewhere: int | None, doubt: FeedDoubt | None
) -> None:
    newest = None if elsewhere is None else TODAY - timedelta(days=elsewhere)
    found = {each.doubt for each in _quality(_owing(last=silent), newest=newest).doubts}
    assert found == (set() if doubt is None else {doubt})


def test_silence_without_open_invoices_is_none() -> None:
    quiet = replace(_owing(last=400), receivables={})
    assert _quality(quiet, newest=TODAY).score == 1.0


def test_signs_of_the_ledger_count_for_less_and_those_of_others_do_not() -> None:
    doubtful = replace(
        facts_on(TODAY, late_by(40)), data_quality=0.5, financials=on_file(a_statement(TL=700))
    )
    assert measure(Indicator.MAX_DAYS_PAST_DUE, doubtful, SHIPPED).confidence == 0.5
    assert measure(Indicator.DEBT_TO_ASSETS, doubtful, SHIPPED).confidence == 0.5
    insured = replace(doubtful, external=outside(a_sign(Source.INSURER, "cancelled", by="A")))
    assert measure(Indicator.INSURER_ACTION, insured, SHIPPED).confidence == 1.0
    calm = replace(doubtful, data_quality=1.0)
    assert measure(Indicator.MAX_DAYS_PAST_DUE, calm, SHIPPED).confidence == 1.0
    assert measure(Indicator.DEBT_TO_ASSETS, calm, SHIPPED).confidence == 0.5


def test_the_quality_is_stored_with_the_decision() -> None:
    doubtful = IndicatorFacts(as_of=TODAY, data_quality=0.5)
    for indicator in (Indicator.MAX_DAYS_PAST_DUE, Indicator.DISHONOURS):
        assert only_for(indicator, doubtful).data_quality == 0.5


def _registered() -> Monitoring:
    monitoring = begun()
    known = CustomerRegistered(customer_id="C1", legal_names=(), country="DE")
    monitoring.run([told(known, name="r"), told(issued(), name="i")])
    return monitoring


def _raised(monitoring: Monitoring) -> list[WarningRaised]:
    said = monitoring.said(WarningRaised)
    return [each for each in said if isinstance(each, WarningRaised)]


def _counts(monitoring: Monitoring) -> dict[str, float]:
    return {
        doubt.value: count.count for doubt, count in monitoring.customer("C1").watch.doubts.items()
    }


def test_negative_amounts_are_parked_and_counted() -> None:
    monitoring = _registered()
    monitoring.run([told(paid(amount="-5"), name="negative")])
    assert monitoring.parked == [("negative", "invalid_input")]
    assert _counts(monitoring) == {"refused_facts": 1.0}


def test_garbage_about_nobody_leaves_no_trace() -> None:
    monitoring = begun()
    monitoring.run([told(paid(amount="-5"), about="nobody", name="negative")])
    assert monitoring.accounts == {}


def test_the_same_document_under_another_id_is_counted() -> None:
    monitoring = _registered()
    monitoring.run([told(issued(), name="again")])
    assert _counts(monitoring) == {"duplicate_documents": 1.0}


def test_a_corrected_document_is_counted() -> None:
    monitoring = _registered()
    corrected = tx.InvoiceIssued(
        invoice_id="I1",
        amount=Decimal(900),
        currency="EUR",
        invoice_date=on_day(0),
        due_date=on_day(10),
        version=2,
    )
    monitoring.run([told(corrected, name="corrected")])
    assert _counts(monitoring) == {"corrected_documents": 1.0}


def test_a_document_that_a_second_system_tells_is_counted() -> None:
    monitoring = _registered()
    monitoring.run([replace(told(issued(), name="again"), source="second")])
    assert _counts(monitoring) == {"corrected_documents": 1.0}


def test_a_credit_note_in_another_currency_is_counted() -> None:
    monitoring = _registered()
    note = tx.CreditNoteIssued(
        credit_note_id="N1", invoice_id="I1", amount=Decimal(5), currency="USD", reason="price"
    )
    monitoring.run([told(note, name="note")])
    assert _counts(monitoring) == {"wrong_currency": 1.0}


def test_quality_travels_with_the_figures_and_weighs_on_the_score() -> None:
    scores = []
    for registered in (True, False):
        monitoring = begun()
        known = CustomerRegistered(customer_id="C1", legal_names=(), country="DE")
        monitoring.run([told(known, name="r")] if registered else [])
        monitoring.run([told(issued(terms=2), name="i")], closes(0, 10))
        (late,) = _raised(monitoring)
        scores.append((late.figures.data_quality, late.figures.ews))
    (known_quality, certain), (unknown_quality, doubtful) = scores
    assert (known_quality, unknown_quality) == (1.0, 0.9)
    assert doubtful < certain


def test_a_feed_that_fell_silent_is_doubted_when_the_day_closes() -> None:
    monitoring = _registered()
    monitoring.run(closes(0, 40))
    assert {each.figures.data_quality for each in _raised(monitoring)} == {0.6}
    alive = _registered()
    for number in range(41):
        alive.run(
            [told(issued(f"I{number}", on=number), on=number, about="C2", name=f"i{number}")],
            closes(number, number),
        )
    mine = [each for each in _raised(alive) if each.customer_id == "C1"]
    assert {each.figures.data_quality for each in mine} == {1.0}


def test_the_day_of_the_newest_fact_does_not_depend_on_batches() -> None:
    stream = [told(issued(), name="i"), *closes(0, 30)]
    apart, at_once = begun(), begun()
    apart.run(*[[each] for each in stream])
    at_once.run(stream)
    assert apart.accounts == at_once.accounts
    assert [event for _, event in apart.told] == [event for _, event in at_once.told]


def test_the_week_before_the_first_fact_is_no_silence() -> None:
    assert _quality(Account(), newest=date(2020, 1, 1)).score == 1.0


def test_a_policy_from_before_conflicts_counted_goes_on_without_them() -> None:
    before = replace(
        RULES,
        doubts={name: each for name, each in RULES.doubts.items() if name != FeedDoubt.CONFLICTS},
    )
    counted: dict[FeedDoubt, DecayingCount] = {}
    note_doubt(counted, FeedDoubt.CONFLICTS, on=TODAY, policy=before)
    assert counted == {}
    note_doubt(counted, FeedDoubt.CONFLICTS, on=TODAY, policy=RULES)
    feed = Feed(as_of=TODAY, account=_owing(), registered=True, counted=counted)
    assert feed_quality(feed, before).score == 1.0
    assert feed_quality(feed, RULES).score == pytest.approx(0.96)
