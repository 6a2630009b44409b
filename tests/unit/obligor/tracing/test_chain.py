from datetime import UTC, date, datetime
from io import StringIO

import pytest
from rich.console import Console

from obligor.tracing.chain import (
    Chain,
    DecisionAnswer,
    EventAnswer,
    LinkKind,
    Told,
    chains_of,
    closed_day,
)
from obligor.tracing.labels import tree_of
from obligor.wording import Language, Wording

MARKER = "day/2026-03-31/2/C1"


def an_event(
    name: str,
    event_type: str,
    *,
    causation_id: str = "",
    correlation_id: str = MARKER,
    depth: int = 1,
    **says: object,
) -> EventAnswer:
    return EventAnswer(
        topic="obligor.x",
        partition=2,
        offset=len(name),
        id=name,
        type=event_type,
        time=datetime(2026, 3, 31, tzinfo=UTC),
        customer_id="C1",
        correlation_id=correlation_id,
        causation_id=causation_id,
        depth=depth,
        event={"as_of": "2026-03-31", **says},
    )


def a_decision(
    name: str, kind: str, *, cause_id: str, correlation_id: str = MARKER, **outcome: object
) -> DecisionAnswer:
    return DecisionAnswer(
        decision_id=name,
        customer_id="C1",
        kind=kind,
        as_of=date(2026, 3, 31),
        outcome=outcome,
        policy_version="p1",
        cause_id=cause_id,
        cause_type="x",
        correlation_id=correlation_id,
    )


def a_story() -> list[Told]:
    """A warning at a day's close, a worse grade, a worse tier; recovery decides nothing new."""
    warning = an_event(
        "w1",
        "monitoring.warning_raised.v1",
        causation_id=MARKER,
        indicator="T01",
        severity="amber",
        value=41.0,
        threshold=30.0,
    )
    grade = an_event(
        "g1", "rating.grade_assigned.v1", causation_id="w1", depth=2, previous_grade="BB", grade="B"
    )
    tier = an_event(
        "t1", "tiering.tier_assigned.v1", causation_id="g1", depth=3, tier="high", grade="B"
    )
    reasons = [{"code": "R10", "value": 41.0}]
    return [
        Told("monitoring", [warning], []),
        Told("rating", [grade], [a_decision("d1", "rating", cause_id="w1", reasons=reasons)]),
        Told("tiering", [tier], [a_decision("d2", "tier", cause_id="g1", tier="high")]),
        Told("recovery", [], [a_decision("d3", "case", cause_id="t1", verdict="none")]),
    ]


def only_chain(told: list[Told]) -> Chain:
    (chain,) = chains_of(told)
    return chain


def printed(chain: Chain, language: Language = Language.ENGLISH) -> str:
    console = Console(file=StringIO(), width=200)
    console.print(tree_of(chain, Wording(language)))
    file = console.file
    assert isinstance(file, StringIO)
    return file.getvalue()


def test_links_hang_under_what_caused_them() -> None:
    (warning,) = only_chain(a_story()).begins

    assert warning.name == "monitoring.warning_raised.v1"
    assert [link.name for link in warning.follows] == ["rating", "rating.grade_assigned.v1"]
    assert [link.name for link in warning.follows[1].follows] == [
        "tier",
        "tiering.tier_assigned.v1",
    ]


def test_a_chain_knows_its_day_its_links_and_its_services() -> None:
    chain = only_chain(a_story())

    assert chain.day == date(2026, 3, 31)
    assert chain.links == 6
    assert {"rating", "tiering.tier_assigned.v1"} <= chain.names
    assert chain.services == {"monitoring", "rating", "tiering", "recovery"}


def test_a_decision_that_announced_nothing_is_there_as_unchanged() -> None:
    (warning,) = only_chain(a_story()).begins
    tier = warning.follows[1].follows[1]

    assert [link.kind for link in tier.follows] == [LinkKind.UNCHANGED]
    assert warning.follows[0].kind is LinkKind.DECISION


def test_a_chain_that_a_close_began_is_named_after_its_day() -> None:
    assert only_chain(a_story()).title == "close of 2026-03-31"


def test_a_chain_that_a_fact_began_is_named_after_it() -> None:
    fact = an_event("f1", "invoice.issued", correlation_id="f1", depth=0)

    assert only_chain([Told("monitoring", [fact], [])]).title == "f1"


def test_what_an_unknown_event_caused_begins_its_chain() -> None:
    lone = a_decision("d1", "case", cause_id="recovery saw the close")

    (link,) = only_chain([Told("recovery", [], [lone])]).begins

    assert link.decision_id == "d1"


def test_different_first_causes_are_different_chains_in_the_order_of_their_days() -> None:
    later = an_event("b", "invoice.issued", correlation_id="b", date="2026-05-01", as_of=None)
    earlier = an_event("a", "invoice.issued", correlation_id="a", date="2026-04-01", as_of=None)

    chains = chains_of([Told("monitoring", [later, earlier], [])])

    assert [chain.correlation_id for chain in chains] == ["a", "b"]


def test_an_event_without_a_day_of_its_own_has_that_of_its_time() -> None:
    fact = an_event("a", "invoice.issued", correlation_id="a", as_of=None)

    assert only_chain([Told("monitoring", [fact], [])]).day == date(2026, 3, 31)


def test_a_command_has_the_day_of_what_it_caused() -> None:
    wish = an_event("a", "command.rate_now", correlation_id="a", as_of=None)
    decision = a_decision("d1", "rating", cause_id="a", correlation_id="a")

    assert only_chain([Told("rating", [wish], [decision])]).day == date(2026, 3, 31)
    assert only_chain([Told("rating", [wish], [])]).day is None


def test_an_event_that_names_itself_as_its_cause_does_not_hang_under_itself() -> None:
    odd = an_event("a", "x", causation_id="a")

    assert len(only_chain([Told("rating", [odd], [])]).begins) == 1


@pytest.mark.parametrize(
    ("correlation_id", "day"),
    [
        ("day/2026-03-31/2/C1", "2026-03-31"),
        ("day/2026-03-31/2", "2026-03-31"),
        ("invoice.issued:7", None),
    ],
)
def test_the_day_of_a_close_is_read_from_its_marker(correlation_id: str, day: str | None) -> None:
    assert closed_day(correlation_id) == day


def test_a_tree_says_what_happened_in_sentences() -> None:
    text = printed(only_chain(a_story()))

    assert "close of 2026-03-31" in text
    assert "T01 amber: oldest unpaid invoice is 41 days late (from 30)" in text
    assert "grade_assigned previous_grade=BB grade=B" in text
    assert "decided rating : pays us late d1" in text
    assert "decided case (unchanged) verdict=none" in text


def test_a_tree_speaks_chinese() -> None:
    assert "逾期41天" in printed(only_chain(a_story()), Language.CHINESE)


def test_money_is_shown_as_money() -> None:
    amount = {"minor": 123450, "currency": "EUR"}
    decision = a_decision("d1", "credit_limit", cause_id="x", amount=amount, binding_cap="need")

    text = printed(only_chain([Told("tiering", [], [decision])]))

    assert "amount=1,234.50 EUR binding_cap=need" in text


def test_markup_in_what_people_wrote_is_not_markup() -> None:
    fact = an_event("a", "invoice.issued", correlation_id="a", invoice_id="[red]I1")

    assert "[red]I1" in printed(only_chain([Told("monitoring", [fact], [])]))
