"""Cover that may go: L04, L07 and I06, at each of their bounds."""

from datetime import timedelta

import pytest

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.indicator_facts.external import OutsideSign, Source
from services.monitoring.domain.policies.warnings import Severity
from shared.kernel.money import Money
from tests.unit.monitoring.outside_builders import a_sign, found, outside
from tests.unit.monitoring.warning_builders import AMBER, RED, TODAY, WATCH, euros


def an_action(kind: str, cut: float | None = None, *, ago: int = 0, by: str = "A") -> OutsideSign:
    return a_sign(Source.INSURER, kind, ago=ago, share=cut, by=by)


def security(
    eligible: int, *, required: int = 100, ends_in: int | None = None, name: str = "G1"
) -> OutsideSign:
    ends = None if ends_in is None else TODAY + timedelta(days=ends_in)
    return a_sign(
        Source.SECURITY,
        "valuation",
        document=name,
        amount=euros(eligible),
        required=euros(required),
        expires_on=ends,
    )


@pytest.mark.parametrize(
    ("action", "severity"),
    [
        (an_action("cut", 0.1), WATCH),
        (an_action("cut", 0.25), WATCH),
        (an_action("cut", 0.251), AMBER),
        (an_action("cancelled"), RED),
        (an_action("restored"), None),
    ],
)
def test_the_insurers_word_counts(action: OutsideSign, severity: Severity | None) -> None:
    assert found(Indicator.INSURER_ACTION, outside(action)).severity is severity


def test_what_an_insurer_said_last_counts_and_the_worst_of_several() -> None:
    restored = outside(an_action("cancelled", ago=5), an_action("restored"))
    two = outside(an_action("restored"), an_action("cut", 0.5, ago=3, by="B"))
    assert found(Indicator.INSURER_ACTION, restored).value == 0.0
    assert found(Indicator.INSURER_ACTION, two).evidence.figures["insurer"] == "B"


def test_an_insurers_word_stands_until_it_says_otherwise() -> None:
    facts = outside(an_action("cancelled", ago=2000))
    assert found(Indicator.INSURER_ACTION, facts).value == 3.0


@pytest.mark.parametrize(
    ("eligible", "severity"),
    [(110, None), (109, WATCH), (100, WATCH), (99, AMBER), (80, AMBER), (79, RED)],
)
def test_security_counts_by_what_it_covers(eligible: int, severity: Severity | None) -> None:
    assert found(Indicator.SECURITY_GAP, outside(security(eligible))).severity is severity


@pytest.mark.parametrize(
    ("ends_in", "severity"),
    [(61, None), (60, WATCH), (31, WATCH), (30, AMBER), (0, AMBER), (-1, RED)],
)
def test_security_that_ends_soon_is_a_gap_to_come(ends_in: int, severity: Severity | None) -> None:
    facts = outside(security(200, ends_in=ends_in))
    assert found(Indicator.SECURITY_GAP, facts).severity is severity


def test_what_has_expired_covers_nothing() -> None:
    facts = outside(security(90, ends_in=-1), security(50, name="G2"))
    finding = found(Indicator.SECURITY_GAP, facts)
    assert (finding.value, finding.evidence.figures["eligible"]) == (0.5, "50.00")


def test_several_securities_cover_together_what_the_newest_asks_for() -> None:
    older = a_sign(
        Source.SECURITY,
        "valuation",
        ago=9,
        document="G0",
        amount=euros(100),
        required=euros(500),
    )
    finding = found(Indicator.SECURITY_GAP, outside(older, security(10)))
    assert finding.value == 1.1


def test_the_worst_covered_currency_counts() -> None:
    dollars = a_sign(
        Source.SECURITY,
        "valuation",
        document="G2",
        amount=Money(5_000, "USD"),
        required=Money(10_000, "USD"),
    )
    finding = found(Indicator.SECURITY_GAP, outside(security(200), dollars))
    assert (finding.value, finding.evidence.figures["currency"]) == (0.5, "USD")


def test_security_for_nothing_is_no_gap() -> None:
    assert found(Indicator.SECURITY_GAP, outside(security(5, required=0))).severity is None


@pytest.mark.parametrize(
    ("shares", "severity"),
    [
        ([0.1], None),
        ([0.11], WATCH),
        ([0.06, 0.06], WATCH),
        ([0.21], AMBER),
        ([0.41], RED),
        ([0.9, 0.9], RED),
    ],
)
def test_key_customers_count_by_their_share_of_revenue(
    shares: list[float], severity: Severity | None
) -> None:
    signs = [
        a_sign(Source.KEY_CUSTOMER, "default", document=f"K{place}", share=share)
        for place, share in enumerate(shares)
    ]
    assert found(Indicator.KEY_CUSTOMER_EVENT, outside(*signs)).severity is severity
