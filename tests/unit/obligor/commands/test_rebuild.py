"""A rebuild at the terminal: waited for, and said."""

import io

import httpx
from rich.console import Console

from obligor.commands.rebuild import Asked, Difference, Progress, ended_rebuild, say_rebuild
from obligor.remote import Remote

ASKED = Asked("r1", "/monitoring/v1/rebuilds/r1")


def progress(customers: int, *, status: str = "running", **more: object) -> dict[str, object]:
    plain = {"status": status, "customers": customers, "customers_in_all": 9, "differed": 0}
    return {**plain, "figures": {}, **more}


def said(ended: Progress) -> str:
    page = io.StringIO()
    say_rebuild(Console(file=page, width=120), ended)
    return page.getvalue()


def test_it_is_waited_for_until_it_is_done() -> None:
    answers = [progress(3), progress(6), progress(9, status="done")]
    client = httpx.Client(
        transport=httpx.MockTransport(lambda _: httpx.Response(200, json=answers.pop(0))),
        base_url="http://there",
    )
    told: list[str] = []
    ended = ended_rebuild(Remote(client), ASKED, say=told.append, sleep=lambda _: None)
    assert ended.customers == 9
    assert told == ["3 of 9 customers, 0 put right", "6 of 9 customers, 0 put right"]


def test_a_sound_ledger_is_one_sentence() -> None:
    assert said(Progress("done", 9, 9, 0, {})) == (
        "9 accounts rebuilt, all as they were to the cent\n"
    )


def test_what_was_wrong_is_listed_before_and_after() -> None:
    wrong = Difference("C3", "open", "0", "267.00", "EUR")
    page = said(Progress("done", 9, 9, 1, {"open": 1}, (wrong,)))
    assert "1 were wrong and are right now" in page
    assert "their detectors and warnings stay" in page
    assert "C3" in page
    assert "267.00" in page
