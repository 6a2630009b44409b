"""A linked customer fails: its relations hear of it at the next close."""

from datetime import date, timedelta
from decimal import Decimal

from shared.contracts import signals as said
from shared.contracts import transactions as tx
from shared.contracts.monitoring import WarningChanged, WarningRaised, WarningResolved
from shared.contracts.screening import CustomerRegistered, CustomerUpdated, Relationship
from shared.contracts.tiering import CreditLimitSet
from tests.unit.monitoring.in_memory import Monitoring, Told, a_close

DAY = date(2025, 3, 3)


def on_day(number: int) -> date:
    return DAY + timedelta(days=number)


def registered(name: str, *edges: Relationship, on: int = 0) -> Told:
    event = CustomerRegistered(customer_id=name, legal_names=(), country="DE", relationships=edges)
    return Told(event, name, on_day(on), id=f"r/{name}")


def controls(party: str) -> Relationship:
    return Relationship(type="controls", party=party)


def insolvent(name: str, *, on: int) -> Told:
    filed = said.LegalProceedingFiled(proceeding_id="P1", kind="insolvency", date=on_day(on))
    return Told(filed, name, on_day(on), id=f"s/{name}")


def told(monitoring: Monitoring, name: str) -> list[tuple[str, str, date]]:
    return [
        (each.indicator, each.severity, each.as_of)
        for each in monitoring.said(WarningChanged)
        if isinstance(each, WarningChanged) and each.customer_id == name
    ]


def closes(first: int, last: int) -> list[Told]:
    return [a_close(on_day(number)) for number in range(first, last + 1)]


def begun(*customers: Told) -> Monitoring:
    monitoring = Monitoring()
    monitoring.run(closes(-1, -1), customers, closes(0, 0))
    return monitoring


def test_a_child_hears_of_its_parent_the_day_after() -> None:
    monitoring = begun(registered("C1", controls("C2")), registered("C2"), registered("C3"))
    monitoring.run([insolvent("C1", on=1)], closes(1, 1))
    assert told(monitoring, "C2") == []
    monitoring.run(closes(2, 2))
    assert told(monitoring, "C2") == [("E11", "red", on_day(2))]
    assert told(monitoring, "C3") == []


def test_a_parent_hears_of_its_child() -> None:
    monitoring = begun(registered("C1", controls("C2")), registered("C2"))
    monitoring.run([insolvent("C2", on=1)], *([each] for each in closes(1, 2)))
    assert told(monitoring, "C1") == [("E11", "red", on_day(2))]


def test_two_of_them_do_not_frighten_each_other_for_ever() -> None:
    """The failure of one is the other's worry; that worry is not the first one's again."""
    monitoring = begun(registered("C1", controls("C2")), registered("C2"))
    monitoring.run([insolvent("C1", on=1)], *([each] for each in closes(1, 20)))
    assert [each[0] for each in told(monitoring, "C1")] == ["E08"]


def test_whoever_is_registered_later_is_linked_from_then_on() -> None:
    monitoring = begun(registered("C1", controls("C2")))
    assert not monitoring.customer("C1").standing.linked
    monitoring.run([registered("C2", on=1)], closes(1, 1))
    assert monitoring.customer("C1").standing.linked
    assert monitoring.customer("C2").standing.linked


def test_a_relationship_that_ends_lets_the_warning_clear() -> None:
    monitoring = begun(registered("C1", controls("C2")), registered("C2"))
    monitoring.run([insolvent("C1", on=1)], closes(1, 2))
    apart = CustomerUpdated(customer_id="C1", legal_names=(), country="DE", version=2)
    monitoring.run([Told(apart, "C1", on_day(3), id="u/C1")], closes(3, 6))
    over = [each for each in monitoring.said(WarningResolved) if isinstance(each, WarningResolved)]
    assert [(each.customer_id, each.indicator) for each in over] == [("C2", "E11")]
    assert not monitoring.customer("C2").standing.linked


def test_a_group_uses_its_limits_together() -> None:
    monitoring = begun(registered("C1", controls("C2")), registered("C2"))
    limit = CreditLimitSet(
        customer_id="C1",
        as_of=DAY,
        decision_id="d",
        amount=Decimal(100),
        previous_amount=None,
        currency="EUR",
        binding_cap="NEED",
        reasons=(),
        policy_version="t",
    )
    invoice = tx.InvoiceIssued(
        invoice_id="I1",
        amount=Decimal(120),
        currency="EUR",
        invoice_date=on_day(1),
        due_date=on_day(60),
    )
    monitoring.run(
        [Told(limit, "C1", DAY, id="l"), Told(invoice, "C2", on_day(1), id="i")], closes(1, 2)
    )
    raised = [e for e in monitoring.said(WarningRaised) if isinstance(e, WarningRaised)]
    assert [(e.customer_id, e.indicator, e.value) for e in raised] == [
        ("C1", "L05", 1.2),
        ("C2", "L05", 1.2),
    ]


def test_where_batches_end_changes_nothing() -> None:
    story = [
        registered("C1", controls("C2")),
        registered("C2"),
        a_close(on_day(0)),
        insolvent("C1", on=1),
        registered("C3", controls("C1"), on=1),
        *closes(1, 8),
    ]
    one, many = Monitoring(), Monitoring()
    one.run(closes(-1, -1), story)
    many.run(closes(-1, -1), *([each] for each in story))
    assert one.told == many.told
    assert one.accounts == many.accounts
    assert one.profiles == many.profiles
    assert one.groups.members == many.groups.members
