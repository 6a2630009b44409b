"""Where batches end changes nothing of what the outside tells, whatever it tells and in what order."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts import signals as said
from shared.contracts import transactions as tx
from shared.contracts.envelope import Event
from shared.contracts.financials import ExternalRatingPublished
from shared.contracts.screening import CustomerUpdated, Industry, Relationship
from tests.unit.monitoring.in_memory import Monitoring, Told, a_close

BEGIN = date(2025, 1, 20)
NAMES = ("C1", "C2", "C3")
PARTS = st.tuples(
    st.integers(min_value=0, max_value=11),
    st.sampled_from(NAMES),
    st.integers(min_value=-3, max_value=9),
    st.integers(min_value=0, max_value=9),
)


def on_day(number: int) -> date:
    return BEGIN + timedelta(days=number)


def event_of(kind: int, name: str, on: date, size: int) -> Event:
    """Something that may be told: its size says how bad it is, and which document it is about."""
    document, closed = f"D{size % 3}", "closed" if size == 0 else "opened"
    share = size / 9
    events: tuple[Event, ...] = (
        said.LegalProceedingFiled(
            proceeding_id=document,
            kind=("insolvency", "enforcement", "dishonest_debtor")[size % 3],
            date=on,
            status="closed" if closed == "closed" else "opened",
        ),
        said.AdverseMediaReported(report_id=document, date=on, severity=share, credibility=1),
        said.RegistryChangeReported(change_id=document, kind="address", date=on),
        said.InsurerActionReported(
            action_id=document, insurer="H", kind="cut", date=on, cut_share=share
        ),
        said.SecurityValued(
            security_id=document,
            date=on,
            eligible_amount=Decimal(size),
            required_amount=Decimal(5),
            currency="EUR",
            expires_on=on + timedelta(days=size * 8),
        ),
        said.BillArrearsListed(
            listing_id="B", date=on, status="closed" if closed == "closed" else "opened"
        ),
        ExternalRatingPublished(
            agency="S", grade="ABCDABCDAB"[size].replace("D", "BBB"), affirmed_on=on
        ),
        said.AuditEventReported(event_id=document, kind="qualified", date=on),
        CustomerUpdated(
            customer_id=name,
            legal_names=(),
            country="DE",
            industry=Industry(scheme="N", code=f"C2{size % 2}"),
            relationships=(Relationship(type="controls", party=NAMES[size % 3]),) if size else (),
        ),
        said.IndustryIndexPublished(
            scheme="N", code=f"C2{size % 2}", index="pmi", date=on, value=40 + 2 * size
        ),
        said.CountryIndexPublished(
            country="DE", index="transfer_controls", date=on, value=size % 2
        ),
        tx.InvoiceIssued(
            invoice_id=f"I{size}",
            amount=Decimal(100 + size),
            currency="EUR",
            invoice_date=on,
            due_date=on + timedelta(days=3),
        ),
    )
    return events[kind]


def story(days: list[list[tuple[int, str, int, int]]]) -> list[Told]:
    """Each day's news, then its close; a broadcast is about nobody."""
    told = []
    for number, news in enumerate(days):
        for place, (kind, name, shift, size) in enumerate(news):
            event = event_of(kind, name, on_day(number + shift), size)
            broadcast = isinstance(event, said.IndustryIndexPublished | said.CountryIndexPublished)
            about = "" if broadcast else name
            told.append(Told(event, about, on_day(number), id=f"n/{number}/{place}"))
        told.append(a_close(on_day(number)))
    return told


@settings(max_examples=60, deadline=None)
@given(
    days=st.lists(st.lists(PARTS, max_size=4), min_size=1, max_size=16),
    cuts=st.sets(st.integers(min_value=0, max_value=70), max_size=12),
)
def test_batches_may_end_anywhere(
    days: list[list[tuple[int, str, int, int]]], cuts: set[int]
) -> None:
    events = story(days)
    one_by_one, cut = Monitoring(), Monitoring()
    for monitoring in (one_by_one, cut):
        monitoring.run([a_close(on_day(-1))])
    one_by_one.run(*([each] for each in events))
    ends = sorted({*(each for each in cuts if each < len(events)), len(events)})
    cut.run(*(events[begin:end] for begin, end in zip([0, *ends], ends, strict=False)))
    assert cut.accounts == one_by_one.accounts
    assert cut.profiles == one_by_one.profiles
    assert cut.groups.members == one_by_one.groups.members
    assert cut.sectors == one_by_one.sectors
    assert _last_of_a_day(cut) == _last_of_a_day(one_by_one)


def _last_of_a_day(monitoring: Monitoring) -> list[tuple[str, str, Event]]:
    """What was said, without exposures: of those only the last of a batch leaves."""
    return [
        (envelope.id, envelope.subject, event)
        for envelope, event in monitoring.told
        if envelope.type != "monitoring.exposure_changed.v1"
    ]
