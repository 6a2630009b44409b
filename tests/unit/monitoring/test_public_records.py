"""Courts, tax offices, registers and authorities: E02 to E08 and E13, at each of their bounds."""

from datetime import timedelta

import pytest

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas.external import FORMULAS
from services.monitoring.domain.indicator_facts.external import ExternalFacts, OutsideSign, Source
from services.monitoring.domain.policies.warnings import Severity
from shared.kernel.money import Money
from tests.unit.monitoring.outside_builders import a_sign, found, has_sign, outside
from tests.unit.monitoring.warning_builders import AMBER, RED, TODAY, WATCH, euros

WORTH = euros(1000)
CALM = ExternalFacts(as_of=TODAY)


def a_claim(amount: int | None, *, ago: int = 0) -> OutsideSign:
    money = None if amount is None else euros(amount)
    return a_sign(Source.COURT, "claim", ago=ago, amount=money)


def an_enforcement(amount: int | None) -> OutsideSign:
    money = None if amount is None else euros(amount)
    return a_sign(Source.COURT, "enforcement", amount=money)


def in_arrears(amount: int | None, *, ago: int = 0) -> OutsideSign:
    money = None if amount is None else euros(amount)
    return a_sign(Source.ARREARS, "tax", ago=ago, amount=money)


@pytest.mark.parametrize("indicator", FORMULAS)
def test_without_news_there_is_no_sign_and_nothing_is_raised(indicator: Indicator) -> None:
    assert not has_sign(indicator, CALM)
    assert found(indicator, CALM).severity is None


@pytest.mark.parametrize(
    ("claimed", "severity"),
    [(50, None), (51, WATCH), (200, WATCH), (201, AMBER), (500, AMBER), (501, RED)],
)
def test_claims_count_by_their_share_of_net_worth(claimed: int, severity: Severity | None) -> None:
    finding = found(Indicator.LITIGATION, outside(a_claim(claimed), worth=WORTH))
    assert (finding.value, finding.severity) == (claimed / 1000, severity)


def test_claims_add_up_for_a_year() -> None:
    recent, old = a_claim(30, ago=364), a_claim(30, ago=365)
    assert found(Indicator.LITIGATION, outside(recent, old, worth=WORTH)).value == 0.03


def test_a_claim_against_nobody_knows_what_is_unknown() -> None:
    assert found(Indicator.LITIGATION, outside(a_claim(500))).value is None
    assert found(Indicator.LITIGATION, outside(a_claim(None), worth=WORTH)).value is None
    dollars = a_sign(Source.COURT, "claim", amount=Money(50_000, "USD"))
    assert found(Indicator.LITIGATION, outside(dollars, worth=WORTH)).value is None


def test_any_claim_is_too_much_for_a_net_worth_that_is_gone() -> None:
    assert found(Indicator.LITIGATION, outside(a_claim(1), worth=euros(0))).severity is RED
    nothing = found(Indicator.LITIGATION, outside(a_claim(0), worth=euros(-5)))
    assert (nothing.value, nothing.severity) == (0.0, None)
    for amount in (Money(1, "USD"), None):
        foreign = a_sign(Source.COURT, "claim", amount=amount)
        assert found(Indicator.LITIGATION, outside(foreign, worth=euros(-5))).severity is RED


@pytest.mark.parametrize("amount", [Money(100, "USD"), None])
@pytest.mark.parametrize(
    ("claimed", "severity"), [(501, RED), (201, AMBER), (51, WATCH), (50, None)]
)
def test_claims_that_are_not_all_known_may_raise_but_are_never_calm(
    claimed: int, severity: Severity | None, amount: Money | None
) -> None:
    other = a_sign(Source.COURT, "claim", document="other", amount=amount)
    finding = found(Indicator.LITIGATION, outside(a_claim(claimed), other, worth=WORTH))
    assert finding.severity is severity
    assert finding.value == (claimed / 1000 if severity else None)


def test_the_evidence_of_a_claim_can_be_checked_by_hand() -> None:
    finding = found(Indicator.LITIGATION, outside(a_claim(300, ago=4), worth=WORTH))
    figures = finding.evidence.figures
    assert (figures["amount"], figures["net_worth"]) == ("300.00", "1000.00")
    assert finding.evidence.documents == ("claim-4",)
    assert finding.breached_on == TODAY - timedelta(days=4)


@pytest.mark.parametrize(
    ("amount", "worth", "severity"),
    [
        (None, None, WATCH),
        (10, None, WATCH),
        (50, WORTH, WATCH),
        (51, WORTH, AMBER),
        (200, WORTH, AMBER),
        (201, WORTH, RED),
        (None, euros(0), RED),
    ],
)
def test_any_enforcement_is_a_sign_and_a_large_one_a_worse(
    amount: int | None, worth: Money | None, severity: Severity
) -> None:
    facts = outside(an_enforcement(amount), worth=worth)
    assert found(Indicator.ENFORCEMENT, facts).severity is severity


def test_a_listed_debtor_is_a_hard_trigger_and_a_limited_one_is_not() -> None:
    listed = found(Indicator.DISHONEST_DEBTOR, outside(a_sign(Source.COURT, "dishonest_debtor")))
    limited = found(Indicator.DISHONEST_DEBTOR, outside(a_sign(Source.COURT, "consumption_limit")))
    assert (listed.severity, listed.hard) == (RED, True)
    assert (limited.severity, limited.hard) == (AMBER, False)


@pytest.mark.parametrize(("ago", "value"), [(729, 3.0), (730, 0.0)])
def test_a_listing_ends_with_its_term(ago: int, value: float) -> None:
    listed = a_sign(Source.COURT, "dishonest_debtor", ago=ago)
    assert found(Indicator.DISHONEST_DEBTOR, outside(listed)).value == value


def test_a_limit_on_consumption_stands_until_it_is_lifted() -> None:
    limited = a_sign(Source.COURT, "consumption_limit", ago=2000)
    assert found(Indicator.DISHONEST_DEBTOR, outside(limited)).severity is AMBER


@pytest.mark.parametrize(
    ("amounts", "severity"),
    [([None], WATCH), ([None, None], AMBER), ([20, 30], AMBER), ([51], RED), ([50], WATCH)],
)
def test_arrears_with_the_state_count_by_number_and_weight(
    amounts: list[int | None], severity: Severity
) -> None:
    signs = [in_arrears(amount, ago=place) for place, amount in enumerate(amounts)]
    assert found(Indicator.TAX_ARREARS, outside(*signs, worth=WORTH)).severity is severity


def test_arrears_that_are_open_count_however_old_and_as_repeated_within_a_year() -> None:
    old = in_arrears(60, ago=2000)
    assert found(Indicator.TAX_ARREARS, outside(old)).severity is WATCH
    assert found(Indicator.TAX_ARREARS, outside(old, worth=WORTH)).severity is RED
    for ago, value in ((364, 2.0), (365, 1.0)):
        facts = outside(in_arrears(None, ago=ago), in_arrears(None))
        assert found(Indicator.TAX_ARREARS, facts).value == value


@pytest.mark.parametrize(
    ("share", "severity"), [(0.5, None), (0.51, WATCH), (0.8, WATCH), (0.81, AMBER), (1.0, AMBER)]
)
def test_a_pledge_counts_by_its_share(share: float, severity: Severity | None) -> None:
    pledged = a_sign(Source.EQUITY, "pledged", share=share)
    assert found(Indicator.EQUITY_PLEDGE, outside(pledged)).severity is severity


def test_frozen_equity_is_red_and_the_newest_report_counts() -> None:
    frozen = a_sign(Source.EQUITY, "frozen", ago=1, share=0.1)
    released = a_sign(Source.EQUITY, "pledged", share=0.1)
    assert found(Indicator.EQUITY_PLEDGE, outside(frozen)).severity is RED
    assert found(Indicator.EQUITY_PLEDGE, outside(frozen, released)).severity is None


@pytest.mark.parametrize(
    ("kinds", "severity"),
    [
        (["address"], WATCH),
        (["address", "legal_representative"], AMBER),
        (["abnormal_list", "beneficial_owner", "address"], AMBER),
        (["capital_cut"], RED),
        (["deregistration_notice"], RED),
    ],
)
def test_changes_in_the_register_add_up_and_grave_ones_are_red(
    kinds: list[str], severity: Severity
) -> None:
    signs = [a_sign(Source.REGISTRY, kind) for kind in kinds]
    assert found(Indicator.REGISTRY_EVENTS, outside(*signs)).severity is severity


@pytest.mark.parametrize(("ago", "count"), [(89, 1.0), (90, 0.0)])
def test_a_change_in_the_register_counts_for_ninety_days(ago: int, count: float) -> None:
    change = a_sign(Source.REGISTRY, "address", ago=ago)
    assert found(Indicator.REGISTRY_EVENTS, outside(change)).value == count


@pytest.mark.parametrize("kind", ["insolvency", "liquidation", "payment_stop"])
def test_a_failure_is_a_hard_trigger_for_as_long_as_it_is_open(kind: str) -> None:
    finding = found(Indicator.INSOLVENCY, outside(a_sign(Source.COURT, kind, ago=2000)))
    assert (finding.severity, finding.hard) == (RED, True)


@pytest.mark.parametrize(
    ("measures", "severity"),
    [
        (["penalty"], WATCH),
        (["suspension"], AMBER),
        (["revocation"], RED),
        (["penalty", "suspension"], AMBER),
    ],
)
def test_the_gravest_measure_of_an_authority_counts(
    measures: list[str], severity: Severity
) -> None:
    signs = [a_sign(Source.AUTHORITY, each, by="safety") for each in measures]
    assert found(Indicator.LICENCE_SANCTION, outside(*signs)).severity is severity


@pytest.mark.parametrize(("ago", "value"), [(179, 3.0), (180, 0.0)])
def test_a_measure_counts_for_half_a_year(ago: int, value: float) -> None:
    revoked = a_sign(Source.AUTHORITY, "revocation", ago=ago)
    assert found(Indicator.LICENCE_SANCTION, outside(revoked)).value == value
