"""Whatever comes in whatever order, a grant never takes more than the limit leaves."""

from dataclasses import dataclass, field, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from services.tiering.domain.model import Tier
from services.tiering.domain.order_check import decide_order
from shared.kernel.money import Money, total
from tests.unit.tiering.building import DAY, POLICY, eur, order_facts

LIMIT = eur(10_000)
ORDERS = st.sampled_from(["O-1", "O-2", "O-3", "O-4", "O-5"])
AMOUNTS = st.integers(1, 600_000).map(lambda minor: Money(minor, "EUR"))


@dataclass
class Model:
    """One account as the door sees it: what is owed, and what is reserved for which order."""

    tier: Tier
    owed: Money = field(default_factory=lambda: Money.zero("EUR"))
    live: dict[str, Money] = field(default_factory=dict)

    def check(self, order: str, amount: Money, *, person: str | None, partial: bool) -> None:
        """Check an order; a new check of it takes the place of the one before."""
        self.live.pop(order, None)
        facts = order_facts(
            tier=self.tier,
            limit=LIMIT,
            terms_days=None,
            receivables=self.owed,
            reserved=total(self.live.values(), "EUR"),
            released_by=person,
            accepts_partial=partial,
        )
        decision = decide_order(replace(facts, amount=amount), POLICY, as_of=DAY)
        if decision.granted is not None:
            self.live[order] = decision.granted
            self.assert_within_the_limit()

    def absorb(self, order: str) -> None:
        """The order has been delivered and billed."""
        self.owed = self.owed + self.live.pop(order, Money.zero("EUR"))

    def pay(self, amount: Money) -> None:
        """The customer pays some of what is owed."""
        self.owed = Money(max(0, (self.owed - amount).minor), "EUR")

    def assert_within_the_limit(self) -> None:
        """Last known exposure and live reservations within the limit and its tolerance."""
        taken = self.owed + total(self.live.values(), "EUR")
        assert taken.minor <= LIMIT.minor * (1 + POLICY.tiers[self.tier].order_tolerance)


KINDS = st.sampled_from(["check", "check", "check", "cancel", "absorb", "pay", "bill"])
Step = tuple[str, str, Money, bool, bool]
steps_of_any_kind = st.lists(
    st.tuples(KINDS, ORDERS, AMOUNTS, st.booleans(), st.booleans()), max_size=40
)


@settings(max_examples=100)
@given(steps_of_any_kind, st.sampled_from([Tier.LOW, Tier.MEDIUM]))
def test_grants_stay_within_the_limit_whatever_happens_between_them(
    steps: list[Step], tier: Tier
) -> None:
    model = Model(tier)
    for kind, order, amount, released, partial in steps:
        match kind:
            case "check":
                model.check(order, amount, person="Ada" if released else None, partial=partial)
            case "cancel":
                model.live.pop(order, None)
            case "absorb":
                model.absorb(order)
            case "pay":
                model.pay(amount)
            case _:
                model.owed = model.owed + amount
