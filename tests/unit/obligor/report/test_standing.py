from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import StringIO

import httpx
from rich.console import Console
from rich.table import Table

from obligor.remote import Remote
from obligor.report.standing import (
    Amount,
    OpenWarning,
    RatingAnswer,
    ReasonAnswer,
    Receivables,
    Standing,
    TieredCustomer,
    standings,
    totals,
    worst,
)
from obligor.report.tables import reasons_of, risk_table, tier_table, worst_table
from obligor.wording import Wording


def a_standing(  # noqa: PLR0913  # a builder names what matters to each test
    name: str,
    *,
    tier: str = "low",
    ews: float | None = 0.0,
    owes: str = "100",
    overdue: str = "0",
    days_late: int = 0,
    currency: str = "EUR",
    limit: str | None = "200",
) -> Standing:
    credit_limit = None if limit is None else Amount(Decimal(limit), currency)
    return Standing(
        TieredCustomer(name, tier, "BB", ews, "green", credit_limit),
        Receivables(currency, Decimal(owes), Decimal(overdue), days_late),
    )


def printed(*tables: Table) -> str:
    console = Console(file=StringIO(), width=200)
    for table in tables:
        console.print(table)
    file = console.file
    assert isinstance(file, StringIO)
    return file.getvalue()


def names(customers: Sequence[Standing]) -> list[str]:
    return [one.customer_id for one in customers]


def test_standings_join_terms_with_debts() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/tiering/v1/tiers":
            items: list[object] = [
                {"customer_id": "A", "tier": "low", "grade": "BB"},
                {"customer_id": "B", "tier": "high"},
            ]
        else:
            owed = [
                {"currency": "EUR", "open_amount": "5.00", "overdue_amount": "1.00"},
                {"currency": "USD", "open_amount": "9.00", "overdue_amount": "0.00"},
            ]
            items = [{"customer_id": "A", "currencies": owed}]
        return httpx.Response(200, json={"items": items, "next_cursor": None})

    client = httpx.Client(transport=httpx.MockTransport(answer), base_url="http://there")
    found = standings(Remote(client))

    assert [one.receivables.currency for one in found] == ["USD", "EUR"]
    assert [one.receivables.open_amount for one in found] == [Decimal("9.00"), Decimal(0)]


def test_totals_never_add_currencies() -> None:
    found = totals(
        [
            a_standing("A", owes="10"),
            a_standing("B", owes="20"),
            a_standing("C", owes="5", currency="CNY", tier="high"),
        ]
    )

    shown = {(one.currency, one.tier): (one.customers, one.open_amount) for one in found}
    assert shown["EUR", "low"] == (2, Decimal(30))
    assert shown["CNY", "high"] == (1, Decimal(5))
    assert shown["CNY", "low"] == (0, Decimal(0))
    assert next(iter(shown)) == ("EUR", "low")


def test_worse_is_tier_first_then_score_then_lateness_then_money() -> None:
    customers = [
        a_standing("calm"),
        a_standing("medium", tier="medium", ews=90),
        a_standing("high", tier="high", ews=10),
        a_standing("high and warned", tier="high", ews=80, days_late=1),
        a_standing("high, warned and late", tier="high", ews=80, days_late=9),
    ]

    assert names(worst(customers, 4)) == [
        "high, warned and late",
        "high and warned",
        "high",
        "medium",
    ]


def test_a_score_that_is_not_known_does_not_make_a_customer_worse() -> None:
    assert names(worst([a_standing("A", ews=None), a_standing("B", ews=1.0)], 1)) == ["B"]


def test_the_tier_table_sums_up() -> None:
    customers = [a_standing("A", owes="1000"), a_standing("B", owes="3000", tier="high")]

    text = printed(tier_table(totals(customers), "EUR", Wording()))

    assert "75%" in text
    assert "4,000" in text


def test_the_worst_table_says_who_and_why() -> None:
    one = a_standing("C-1", tier="high", ews=81.0, limit=None)

    text = printed(worst_table([one], {"C-1": "Ferrero"}, {"C-1": "late"}, Wording()))

    assert "Ferrero" in text
    assert "81" in text
    assert "late" in text


def test_money_at_risk_counts_who_is_over_the_limit() -> None:
    customers = [a_standing("A", owes="300", limit="200"), a_standing("B", owes="100")]

    text = printed(risk_table(customers, None, Wording()))

    assert "with customers over their limit, EUR" in text
    over = next(line for line in text.splitlines() if "over their limit" in line)
    assert "300" in over


def test_reasons_begin_with_the_gravest_warning() -> None:
    warnings = [
        OpenWarning("C", "T02", "watch", "open", date(2026, 1, 1), 0.2, 0.15),
        OpenWarning("C", "T01", "red", "open", date(2026, 2, 1), 70.0, 60.0),
    ]
    rating = RatingAnswer("B", (ReasonAnswer("R10"), ReasonAnswer("R10"), ReasonAnswer("R16")))

    lines = reasons_of(warnings, rating, Wording()).splitlines()

    assert lines[0] == "red: oldest unpaid invoice is 70 days late (from 60)"
    assert lines[1].startswith("watch: ")
    assert lines[2] == "B: pays us late, no, old or unaudited statements"


def test_reasons_may_be_few() -> None:
    assert reasons_of([], None, Wording()) == ""
