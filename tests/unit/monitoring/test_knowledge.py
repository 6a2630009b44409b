"""When a fact was learned, and what could have been answered before."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given, settings

from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.knowledge import learned_at
from services.monitoring.domain.receivables.ledger import account_as_of
from services.monitoring.storage.reading import FactRow, stored_fact
from shared.contracts import transactions as tx
from shared.contracts.transactions import DayClosed
from tests.unit.monitoring.in_memory import POLICIES, Monitoring, Told, a_close
from tests.unit.monitoring.test_equality import streams

DAY = date(2025, 3, 3)
NOON = datetime(2025, 3, 3, 12, tzinfo=UTC)
POLICY = POLICIES.in_force(date.max).policy.ledger


def test_a_fact_told_on_its_business_day_was_learned_as_it_was_told() -> None:
    assert learned_at(NOON, business_day=DAY) == NOON


def test_a_fact_told_ahead_of_the_business_day_was_learned_as_it_was_told() -> None:
    assert learned_at(NOON, business_day=DAY - timedelta(days=1)) == NOON


def test_a_fact_of_a_closed_day_was_learned_as_the_business_day_began() -> None:
    learned = learned_at(NOON, business_day=DAY + timedelta(days=1))
    assert learned == datetime(2025, 3, 4, tzinfo=UTC)


def test_the_business_day_begins_at_midnight_in_the_ledgers_zone() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    learned = learned_at(NOON.astimezone(zone), business_day=DAY + timedelta(days=2))
    assert learned == datetime(2025, 3, 4, 16, tzinfo=UTC)


def known_by(rows: Sequence[FactRow], moment: datetime) -> list[FactRow]:
    return [row for row in rows if datetime.fromisoformat(str(row.recorded_at)) <= moment]


def then(monitoring: Monitoring, name: str, day: date) -> Account:
    """What the facts recorded by the end of a day add up to at the end of it."""
    mine = [row for row in monitoring.facts.values() if row.customer_id == name]
    known = known_by(mine, datetime.combine(day, datetime.max.time(), UTC))
    return account_as_of([stored_fact(row) for row in known], day, POLICY)


@settings(max_examples=60)
@given(streams)
def test_what_was_known_then_is_what_the_ledger_said_then(stream: list[Told]) -> None:
    monitoring, said = Monitoring(), {}
    for each in stream:
        monitoring.run([each])
        if isinstance(each.event, DayClosed):
            for name in monitoring.accounts:
                account = monitoring.customer(name).ledger.account
                said[name, each.event.date] = (dict(account.receivables), dict(account.credits))
    for (name, day), answered in said.items():
        found = then(monitoring, name, day)
        assert (found.receivables, found.credits) == answered


def an_invoice(amount: str, *, version: int = 1) -> tx.InvoiceIssued:
    return tx.InvoiceIssued(
        invoice_id="I1",
        amount=Decimal(amount),
        currency="EUR",
        invoice_date=DAY,
        due_date=DAY,
        version=version,
    )


def test_before_a_correction_was_learned_its_first_version_counts() -> None:
    monitoring = Monitoring()
    later = DAY + timedelta(days=3)
    monitoring.run(
        [a_close(DAY - timedelta(days=1)), Told(an_invoice("100"), "A", DAY)],
        [a_close(day) for day in (DAY, DAY + timedelta(days=1), DAY + timedelta(days=2))],
        [Told(an_invoice("90", version=2), "A", DAY, id="v2"), a_close(later)],
    )
    before, after = then(monitoring, "A", later - timedelta(days=1)), then(monitoring, "A", later)
    assert before.receivables["I1"].amount == 100_00
    assert after.receivables["I1"].amount == 90_00
