from datetime import date

import pytest

from services.screening.domain.checks import Check, CheckStatus, Effect
from services.screening.domain.model import (
    Customer,
    Industry,
    LastVerdict,
    RegisterEntry,
    Relationship,
)
from services.screening.domain.screen import ScreeningDecision
from services.screening.usecases.answers import (
    customer_answer,
    registration_event,
    screening_answer,
    verdict_event,
)
from shared.contracts.screening import (
    CustomerCleared,
    CustomerReferred,
    CustomerRegistered,
    CustomerRejected,
    CustomerUpdated,
    ScreeningVerdict,
)
from shared.kernel.reasons import Reason
from tests.unit.screening.builders import CHINESE_NAME, TODAY, a_customer, a_name

REASON = Reason("S-OWN", 45, 30, 15.0)
DECISION = ScreeningDecision(
    outcome="refer",
    points=15,
    reasons=(REASON,),
    checks=(
        Check("C11", CheckStatus.PASSED),
        Check("C16", CheckStatus.FAILED, 15, Effect.NONE, (REASON,)),
    ),
    not_checked=("C02",),
    valid_to=date(2027, 3, 2),
)


def _verdict(outcome: str = "refer") -> ScreeningVerdict:
    decision = ScreeningDecision(outcome, 15, (REASON,), (), ("C02",), date(2027, 3, 2))
    return verdict_event(
        decision, customer_id="C1", decision_id="d1", as_of=TODAY, policy_version="v1"
    )


def test_a_customer_that_was_never_screened_has_no_outcome() -> None:
    answer = customer_answer(RegisterEntry(a_customer(), TODAY))

    assert (answer["outcome"], answer["valid_to"], answer["screening_id"]) == (None, None, None)


def test_a_customer_is_shown_with_its_standing_verdict() -> None:
    verdict = LastVerdict("d1", "pass", TODAY, date(2027, 3, 2))
    answer = customer_answer(RegisterEntry(a_customer(), TODAY, verdict=verdict))

    assert (answer["outcome"], answer["valid_to"], answer["screening_id"]) == (
        *("pass", "2027-03-02", "d1"),
    )


def test_a_customer_is_shown_by_its_first_name() -> None:
    answer = customer_answer(RegisterEntry(a_customer(name=CHINESE_NAME), TODAY))

    assert answer["name"] == CHINESE_NAME
    assert answer["first_registered_on"] == "2026-03-02"


def test_a_screening_is_shown_with_its_policy_and_its_end() -> None:
    answer = screening_answer(DECISION, decision_id="d1", as_of=TODAY, policy_version="v1")

    assert (answer["screening_id"], answer["as_of"]) == ("d1", "2026-03-02")
    assert (answer["policy_version"], answer["valid_to"]) == ("v1", "2027-03-02")


def test_a_passed_check_is_shown_without_a_reason() -> None:
    answer = screening_answer(DECISION, decision_id="d1", as_of=TODAY, policy_version="v1")

    assert answer["checks"][0] == {
        "id": "C11",
        "status": "passed",
        "points": 0,
        "effect": "none",
        "reason": None,
        "reasons": (),
    }


def test_a_failed_check_is_shown_with_its_reason() -> None:
    answer = screening_answer(DECISION, decision_id="d1", as_of=TODAY, policy_version="v1")

    assert (answer["checks"][1]["status"], answer["checks"][1]["reason"]) == ("failed", "S-OWN")


def test_what_was_not_checked_is_shown() -> None:
    answer = screening_answer(DECISION, decision_id="d1", as_of=TODAY, policy_version="v1")

    assert answer["not_checked"] == ["C02"]


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        ("pass", CustomerCleared),
        ("refer", CustomerReferred),
        ("reject_credit", CustomerRejected),
        ("reject", CustomerRejected),
    ],
)
def test_an_outcome_is_announced_by_its_event(outcome: str, kind: type[ScreeningVerdict]) -> None:
    said = _verdict(outcome)

    assert type(said) is kind
    assert said.outcome == outcome


def test_a_verdict_carries_its_reasons_with_their_figures() -> None:
    (reason,) = _verdict().reasons

    assert (reason.code, reason.value, reason.threshold, reason.contribution) == (
        *("S-OWN", 45, 30, 15.0),
    )


def test_a_verdict_says_what_was_not_checked() -> None:
    assert _verdict().not_checked == ("C02",)


@pytest.mark.parametrize("kind", [CustomerRegistered, CustomerUpdated])
def test_the_register_s_word_is_of_the_kind_asked_for(kind: type[CustomerRegistered]) -> None:
    assert type(registration_event(kind, a_customer())) is kind


def test_a_customer_is_announced_with_its_names_as_given() -> None:
    event = registration_event(CustomerRegistered, a_customer(name=CHINESE_NAME))

    assert [each.name for each in event.legal_names] == [CHINESE_NAME]
    assert [each.script for each in event.legal_names] == [a_name().script]


def test_a_customer_without_an_industry_is_announced_without_one() -> None:
    assert registration_event(CustomerRegistered, a_customer()).industry is None


def test_an_industry_is_announced_in_its_own_scheme() -> None:
    customer = Customer("C1", (a_name(),), "CN", industry=Industry("GB/T 4754", "C3922"))
    industry = registration_event(CustomerRegistered, customer).industry

    assert industry is not None
    assert (industry.scheme, industry.code) == ("GB/T 4754", "C3922")


def test_relationships_travel_with_the_registration() -> None:
    edge = Relationship("owns", "C2", 0.6)
    customer = Customer("C1", (a_name(),), "CN", relationships=(edge,))
    said = registration_event(CustomerRegistered, customer).relationships
    assert [(each.type, each.party, each.share) for each in said] == [("owns", "C2", 0.6)]
