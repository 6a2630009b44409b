"""What a chart shows is asked of three services, by customer."""

import json
from collections.abc import Mapping
from datetime import date

import httpx

from obligor.remote import Remote
from obligor.report.timeline import Mark, Money, timeline_of

SAID: dict[str, list[tuple[str, Mapping[str, object]]]] = {
    "monitoring": [
        ("monitoring.exposure_changed.v1", {"as_of": "2025-01-05", "exposures": [("EUR", 90, 0)]}),
        ("monitoring.exposure_changed.v1", {"as_of": "2025-01-05", "exposures": [("EUR", 100, 0)]}),
        (
            "monitoring.exposure_changed.v1",
            {"as_of": "2025-01-09", "exposures": [("EUR", 80, 80), ("USD", 5, 0)]},
        ),
        (
            "monitoring.warning_raised.v1",
            {
                "as_of": "2025-01-09",
                "indicator": "T01",
                "severity": "red",
                "figures": {"ews": 62.5},
            },
        ),
        (
            "monitoring.warning_resolved.v1",
            {
                "as_of": "2025-01-20",
                "indicator": "T01",
                "severity": "red",
                "figures": {"ews": None},
            },
        ),
    ],
    "tiering": [("tiering.tier_assigned.v1", {"as_of": "2025-01-09", "tier": "high"})],
    "recovery": [("recovery.case_opened.v1", {"as_of": "2025-01-10", "case_id": "c"})],
}


def a_platform(said: dict[str, list[tuple[str, Mapping[str, object]]]]) -> Remote:
    def answer(request: httpx.Request) -> httpx.Response:
        service = request.url.path.split("/")[1]
        wanted = request.url.params.get_list("type")
        assert request.url.params["customer_id"] == "C1"
        items = [
            {"type": kind, "event": _spelled(event)}
            for kind, event in said.get(service, [])
            if kind in wanted
        ]
        return httpx.Response(200, text=json.dumps({"items": items, "next_cursor": None}))

    client = httpx.Client(transport=httpx.MockTransport(answer), base_url="http://there")
    return Remote(client)


def _spelled(event: Mapping[str, object]) -> Mapping[str, object]:
    exposures = event.get("exposures")
    if not isinstance(exposures, list):
        return event
    names = ("currency", "open_amount", "overdue_amount")
    return {**event, "exposures": [dict(zip(names, each, strict=True)) for each in exposures]}


def test_the_last_word_of_a_day_counts_and_the_main_currency_is_drawn() -> None:
    told = timeline_of(a_platform(SAID), "C1")
    assert told.currency == "EUR"
    assert told.money == (
        Money(date(2025, 1, 5), 100.0, 0.0),
        Money(date(2025, 1, 9), 80.0, 80.0),
    )


def test_scores_follow_warnings_and_an_unknown_one_is_drawn_at_nothing() -> None:
    told = timeline_of(a_platform(SAID), "C1")
    assert told.scores == ((date(2025, 1, 9), 62.5), (date(2025, 1, 20), 0.0))


def test_warnings_tiers_and_cases_are_marks_and_a_cleared_warning_is_none() -> None:
    assert timeline_of(a_platform(SAID), "C1").marks == (
        Mark(date(2025, 1, 9), "sign", "T01", "red"),
        Mark(date(2025, 1, 9), "tier", "high"),
        Mark(date(2025, 1, 10), "case", ""),
    )


def test_a_customer_of_whom_nothing_was_said_has_an_empty_timeline() -> None:
    told = timeline_of(a_platform({}), "C1")
    assert (told.currency, told.money, told.scores, told.marks) == ("", (), (), ())
