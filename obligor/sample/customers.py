"""The customers of the sample: who they are, how they buy, how they pay, what becomes of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from random import Random

from obligor.facts import Registration
from obligor.sample.identifiers import a_lei, an_uscc
from obligor.sample.names import Identity, chinese_identities, european_identities
from obligor.sample.stories import COURSES, FAILING, Fate, Story
from shared.contracts.screening import Identifier

_CHINESE = 24
_SHARE_OF_CHINESE_IN_CNY = 0.35
_CNY_PER_EUR = 8.0
_DAYS_BEFORE_FIRST_FAILURE = 240
_STILL_TO_FAIL = 3  # failing customers whose end lies beyond the last day: visible, not yet lost
_SHARE_WITH_STATEMENTS = 0.4
_SHARE_WITH_LEI = 0.35
_SHARE_ON_ACCOUNT = 0.08
_LATEST_NOTICE_SHARE = 0.8
_LEAST_OF_FAILING = 2.2  # orders a month, so that somebody who fails owes us something


@dataclass(frozen=True, slots=True)
class Habits:
    """How a customer buys and pays when nothing is wrong; days, and amounts in its currency."""

    yearly_purchases: float
    orders_a_month: float
    terms_days: int
    days_late: float
    spread: float
    pays_on: int
    on_account: bool


@dataclass(frozen=True, slots=True)
class SampleCustomer:
    """One customer of the sample."""

    registration: Registration
    currency: str
    habits: Habits
    fate: Fate
    files_statements: bool

    @property
    def customer_id(self) -> str:
        """Its id in the register and the ledger."""
        return self.registration.customer_id

    @property
    def name(self) -> str:
        """Its registered name."""
        return self.registration.legal_names[0].name


def sample_customers(dice: Random, *, first_day: date, last_day: date) -> list[SampleCustomer]:
    """All customers of the sample, in the order of their ids."""
    stories = _stories(dice)
    identities = _identities(dice, len(stories))
    still_to_fail = set(dice.sample(_failing_positions(stories), _STILL_TO_FAIL))
    return [
        _customer(
            number,
            identity,
            dice=dice,
            fate=_fate(
                story,
                dice=dice,
                first_day=first_day,
                last_day=last_day,
                ends_later=number in still_to_fail,
            ),
        )
        for number, (identity, story) in enumerate(zip(identities, stories, strict=True))
    ]


def _stories(dice: Random) -> list[Story]:
    stories = list(chain.from_iterable([story] * one.customers for story, one in COURSES.items()))
    return dice.sample(stories, len(stories))


def _failing_positions(stories: list[Story]) -> list[int]:
    """Who may fail after the last day: only where it can already be seen."""
    visible = {Story.DRIFTING, Story.PART_PAYING, Story.BOUNCING}
    return [number for number, story in enumerate(stories) if story in visible]


def _identities(dice: Random, count: int) -> list[Identity]:
    european = european_identities(dice)
    chinese = chinese_identities(dice)
    identities = [next(chinese) for _ in range(_CHINESE)]
    identities += [next(european) for _ in range(count - _CHINESE)]
    return dice.sample(identities, count)


def _fate(story: Story, *, dice: Random, first_day: date, last_day: date, ends_later: bool) -> Fate:
    notice = COURSES[story].notice
    length = dice.randint(*notice) if notice else 0
    if ends_later:
        elapsed = round(length * dice.uniform(0.6, _LATEST_NOTICE_SHARE))
        begins = last_day - timedelta(days=elapsed)
        return Fate(story, shows_from=begins, fails_on=begins + timedelta(days=length))
    window = (last_day - first_day).days - _DAYS_BEFORE_FIRST_FAILURE - 10
    ends = first_day + timedelta(days=_DAYS_BEFORE_FIRST_FAILURE + dice.randrange(window))
    shows_from = ends - timedelta(days=length) if notice else None
    if story in FAILING:
        return Fate(story, shows_from=shows_from, fails_on=ends)
    return Fate(story, shows_from=shows_from, recovered_on=ends if notice else None)


def _customer(number: int, identity: Identity, *, dice: Random, fate: Fate) -> SampleCustomer:
    pays_in_cny = identity.country == "CN" and dice.random() < _SHARE_OF_CHINESE_IN_CNY
    currency = "CNY" if pays_in_cny else "EUR"
    habits = _habits(dice, fate.story, currency=currency)
    return SampleCustomer(
        registration=_registration(number, identity, dice=dice, habits=habits),
        currency=currency,
        habits=habits,
        fate=fate,
        files_statements=dice.random() < _SHARE_WITH_STATEMENTS,
    )


def _habits(dice: Random, story: Story, *, currency: str) -> Habits:
    purchases = min(3_000_000.0, max(30_000.0, dice.lognormvariate(12.1, 0.9)))
    days_late = dice.uniform(12, 24) if story is Story.SLOW else max(-6.0, dice.gauss(-2.0, 2.0))
    return Habits(
        yearly_purchases=purchases * (_CNY_PER_EUR if currency == "CNY" else 1.0),
        orders_a_month=max(
            _LEAST_OF_FAILING if story in FAILING else 0.0,
            min(3.0, 0.5 + purchases / 450_000 + 0.6 * dice.random()),
        ),
        terms_days=dice.choice((30, 30, 45) if story in FAILING else (14, 30, 30, 30, 45)),
        days_late=days_late,
        spread=dice.uniform(0.5, 3.0),
        pays_on=dice.randrange(5),
        on_account=dice.random() < _SHARE_ON_ACCOUNT,
    )


def _registration(number: int, identity: Identity, *, dice: Random, habits: Habits) -> Registration:
    return Registration(
        customer_id=f"{identity.country}-{10001 + number}",
        legal_names=identity.legal_names,
        country=identity.country,
        identifiers=tuple(_identifiers(dice, identity)),
        industry=identity.industry,
        registered_on=date(dice.randint(1972, 2019), dice.randint(1, 12), dice.randint(1, 28)),
        size_class=_size_class(habits),
        segment=dice.choice(("dealer", "manufacturer", "contractor")),
    )


def _identifiers(dice: Random, identity: Identity) -> Iterator[Identifier]:
    if identity.region is not None:
        yield Identifier(scheme="uscc", value=an_uscc(dice, region=identity.region))
    elif dice.random() < _SHARE_WITH_LEI:
        yield Identifier(scheme="lei", value=a_lei(dice))


def _size_class(habits: Habits) -> str:
    large, medium = 1_000_000, 150_000
    if habits.yearly_purchases > large:
        return "large"
    return "medium" if habits.yearly_purchases > medium else "small"
