"""What becomes of customers is noted once, as it happens."""

from decimal import Decimal

from services.monitoring.domain.learning.outcomes import OutcomeKind
from shared.contracts import transactions as tx
from shared.kernel.money import Money
from tests.unit.monitoring.in_memory import Monitoring
from tests.unit.monitoring.telling import BEGIN, begun, closes, issued, on_day, paid, told


def outcomes(monitoring: Monitoring) -> list[tuple[str, int]]:
    """What was noted, and on which day from the beginning."""
    return [(each.kind.value, (each.on - BEGIN).days) for each in monitoring.outcomes]


def test_being_long_overdue_is_noted_once_and_again_after_it_was_over() -> None:
    monitoring = begun()
    monitoring.run([told(issued("I1", "100", terms=10))], closes(0, 110))
    assert outcomes(monitoring) == [("long_overdue", 101)]
    monitoring.run([told(paid("P1", "100", on=111, to="I1"), on=111)], closes(111, 112))
    monitoring.run([told(issued("I2", "100", on=113, terms=0), on=113)], closes(113, 210))
    assert outcomes(monitoring) == [("long_overdue", 101), ("long_overdue", 204)]


def test_a_default_and_its_cure_are_noted_with_what_was_at_stake() -> None:
    monitoring = begun()
    monitoring.run([told(issued("I1", "1000", terms=10))], closes(0, 105))
    assert outcomes(monitoring) == [("default", 101), ("long_overdue", 101)]
    assert monitoring.outcomes[0].exposure == (Money(100_000, "EUR"),)
    monitoring.run([told(paid("P1", "1000", on=106, to="I1"), on=106)], closes(106, 200))
    assert outcomes(monitoring)[-1][0] == "cure"


def test_a_write_off_is_noted_on_its_day() -> None:
    monitoring = begun()
    given_up = tx.ReceivableWrittenOff(
        write_off_id="W1", invoice_id="I1", amount=Decimal(400), currency="EUR", date=on_day(3)
    )
    monitoring.run([told(issued())], closes(0, 2), [told(given_up, on=3)], closes(3, 3))
    (noted,) = monitoring.outcomes
    assert (noted.kind, noted.on) == (OutcomeKind.WRITE_OFF, on_day(3))
    assert noted.exposure == (Money(40_000, "EUR"),)


def test_nothing_is_noted_of_those_who_pay() -> None:
    monitoring = begun()
    monitoring.run([told(issued())], closes(0, 5), [told(paid(on=6, to="I1"), on=6)], closes(6, 40))
    assert monitoring.outcomes == []
