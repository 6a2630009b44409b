"""Whatever happens in whatever order: one holder per identifier, one verdict per screening."""

from hypothesis import given
from hypothesis import strategies as st

from obligor.wording import catalogue
from services.screening.handlers import SERVICE
from shared.contracts.screening import CustomerRegistered, CustomerUpdated, ScreeningVerdict
from shared.decisions.replay import replay
from shared.policies.book import PolicyBook
from tests.unit.screening.builders import SHIPPED, said_by
from tests.unit.screening.stories import CUSTOMERS, KINDS, Happening, Story

happenings = st.builds(
    Happening,
    kind=st.sampled_from(KINDS),
    customer_id=st.sampled_from(CUSTOMERS),
    number=st.integers(0, 40),
)
stories = st.lists(happenings, max_size=30)


def told(story: list[Happening]) -> Story:
    teller = Story()
    for what in story:
        teller.play(what)
    return teller


@given(stories)
def test_each_screening_is_one_decision_and_one_verdict(story: list[Happening]) -> None:
    teller = told(story)
    verdicts = [event for event in said_by(teller.work) if isinstance(event, ScreeningVerdict)]
    kept = [row.decision_id for row in teller.book.screenings]
    assert [verdict.decision_id for verdict in verdicts] == kept
    assert [decision.decision_id for decision in teller.work.decided] == kept


@given(stories)
def test_a_customer_is_registered_once_and_its_versions_count_up(story: list[Happening]) -> None:
    versions: dict[str, int] = {}
    for event in said_by(told(story).work):
        if isinstance(event, CustomerUpdated):
            assert event.version == versions[event.customer_id] + 1
        elif isinstance(event, CustomerRegistered):
            assert event.customer_id not in versions
        if isinstance(event, CustomerRegistered):
            versions[event.customer_id] = event.version


@given(stories)
def test_whoever_is_registered_has_a_verdict(story: list[Happening]) -> None:
    for entry in told(story).book.entries.values():
        assert entry.verdict is not None


@given(stories)
def test_an_identifier_belongs_to_somebody_who_gives_it(story: list[Happening]) -> None:
    teller = told(story)
    for each, holder in teller.book.holders.items():
        assert each in teller.book.entries[holder].customer.identifiers


@given(stories)
def test_the_last_verdict_stands_in_the_register(story: list[Happening]) -> None:
    teller = told(story)
    last = {row.customer_id: row.decision_id for row in teller.book.screenings}
    for customer_id, entry in teller.book.entries.items():
        assert entry.verdict is not None
        assert entry.verdict.decision_id == last[customer_id]


@given(stories)
def test_every_decision_can_be_replayed_bit_for_bit(story: list[Happening]) -> None:
    for stored in told(story).work.decided:
        replayed = replay(stored, SERVICE.decisions, PolicyBook([SHIPPED]))
        assert replayed.identical, replayed.differences


@given(stories)
def test_the_same_story_told_again_ends_the_same(story: list[Happening]) -> None:
    first, second = told(story), told(story)
    assert first.work.announced == second.work.announced
    assert first.book == second.book


@given(stories)
def test_every_reason_is_worded(story: list[Happening]) -> None:
    worded = catalogue()["reasons"]
    for row in told(story).book.screenings:
        for reason in row.decision.reasons:
            assert reason.code in worded
