"""A dry run at the terminal: asked for, waited for, shown side by side."""

import io
from pathlib import Path

import httpx
import msgspec
import pytest
from rich.console import Console

from obligor.commands.simulate import (
    Outcome,
    Simulation,
    SimulationFailedError,
    ended_simulation,
    read_new_policy,
    say_simulation,
)
from obligor.remote import Remote
from shared.kernel.errors import InvalidInputError

ASKED = Simulation("s1", "running", 0, "2024-01-01", "2025-12-31")


def a_side(**more: object) -> dict[str, object]:
    plain: dict[str, object] = {
        "warnings": {"T01": {"watch": 3, "red": 1}},
        "alerts": 4,
        "customer_months": 20.0,
        "late_invoices": 10,
        "late_invoices_warned": 7,
        "defaults": 2,
        "defaults_warned": 1,
        "money": [{"currency": "EUR", "late_amount": "900.00", "warned_amount": "650.00"}],
        "alerts_per_customer_month": 0.2,
        "late_invoices_warned_share": 0.7,
        "median_lead_days": 75.0,
    }
    return {**plain, **more}


def an_outcome() -> Outcome:
    new = a_side(warnings={"T02": {"amber": 2}}, alerts=2, late_invoices_warned_share=None)
    change = {"customer_id": "C9", "months": 3, "ews": -12.5, "band": "red", "new_band": "amber"}
    plain = {
        "current": a_side(),
        "proposed": new,
        "customers_changing_band": 1,
        "band_changes": [change],
        "late_days": 15,
        "grace_days": 3,
        "customers_without_links": 140,
    }
    return msgspec.convert(plain, Outcome)


def answering(*answers: dict[str, object]) -> Remote:
    left = list(answers)
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=left.pop(0)))
    return Remote(httpx.Client(transport=transport, base_url="http://there"))


def state(status: str, **more: object) -> dict[str, object]:
    plain = {"simulation_id": "s1", "status": status, "customers": 5}
    return {**plain, "since": "2024-01-01", "through": "2025-12-31", **more}


def test_both_policies_stand_side_by_side() -> None:
    page = io.StringIO()
    say_simulation(Console(file=page, width=160), ASKED, an_outcome())
    said = page.getvalue()
    for expected in (
        "7 of 10 (70.0%)",
        "T01",
        "T02",
        "650.00",
        "C9",
        "-12.5",
        "75",
        "1 of 2",
        "140",
    ):
        assert expected in said
    assert "another person approves it" in said
    assert "nothing was changed" in said


def test_it_is_waited_for_until_it_is_done() -> None:
    told: list[str] = []
    remote = answering(state("running"), state("done", outcome={"current": 1}))
    ended = ended_simulation(remote, ASKED, say=told.append, sleep=lambda _: None)
    assert (ended.status, told) == ("done", ["5 customers replayed"])


def test_a_failure_is_said_with_its_reason() -> None:
    remote = answering(state("failed", reason="the disk is full"))
    with pytest.raises(SimulationFailedError, match="the disk is full"):
        ended_simulation(remote, ASKED, say=lambda _: None, sleep=lambda _: None)


def test_a_policy_file_is_read_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "new.yaml"
    file.write_text("version: v2\nledger: {}\n")
    assert read_new_policy(file) == {"version": "v2", "ledger": {}}


@pytest.mark.parametrize("text", ["- 1\n", "a: [\n", ""])
def test_a_file_that_is_no_policy_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "new.yaml"
    file.write_text(text)
    with pytest.raises(InvalidInputError):
        read_new_policy(file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError):
        read_new_policy(tmp_path / "none.yaml")
