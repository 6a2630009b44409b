"""The security that binds on a day, by currency."""

from datetime import date

import pytest

from services.monitoring.domain.indicator_facts.external import OutsideSign, Source
from services.monitoring.domain.outside.external_standing import ExternalStanding
from services.monitoring.domain.outside.security import eligible_security
from shared.kernel.money import Money
from tests.unit.monitoring.warning_builders import euros, on_day


def held(
    name: str, amount: Money | None, *, expires_on: date | None = None, over: bool = False
) -> OutsideSign:
    return OutsideSign(
        source=Source.SECURITY,
        document=name,
        kind="guarantee",
        on=on_day(0),
        amount=amount,
        expires_on=expires_on,
        over=over,
    )


def worth(*signs: OutsideSign, day: int = 5) -> tuple[Money, ...]:
    return eligible_security(ExternalStanding(signs=signs), as_of=on_day(day))


def test_security_is_summed_by_currency() -> None:
    dollars = Money(700, "USD")
    found = worth(held("S1", euros(10)), held("S2", dollars), held("S3", euros(5)))
    assert found == (euros(15), dollars)


@pytest.mark.parametrize(("expires", "counts"), [(4, False), (5, True), (6, True)])
def test_what_has_expired_is_worth_nothing(expires: int, *, counts: bool) -> None:
    assert bool(worth(held("S1", euros(10), expires_on=on_day(expires)))) is counts


def test_what_was_given_back_or_never_valued_is_worth_nothing() -> None:
    assert worth(held("S1", euros(10), over=True), held("S2", None)) == ()


def test_what_comes_later_is_not_there_yet() -> None:
    assert worth(held("S1", euros(10)), day=-1) == ()
