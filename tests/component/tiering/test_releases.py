"""Held orders that a person frees, within the limit and on record."""

import pytest

from shared.auth.principals import Role
from tests.component.tiering.bench import CHECKS, Tiering
from tests.unit.tiering.events import customer_figures, grade_answer


async def test_an_order_within_the_limit_is_released_and_reserved(rated: Tiering) -> None:
    answer = await rated.check("O-1", "1000.00")
    assert answer["decision"] == "release"
    assert answer["limit"] == {"amount": "10000.00", "currency": "EUR"}
    assert answer["exposure"] == {"amount": "0.00", "currency": "EUR"}
    assert answer["headroom"] == {"amount": "10000.00", "currency": "EUR"}
    assert answer["reservation"] == {
        "amount": "1000.00",
        "currency": "EUR",
        "valid_through": "2025-06-05",
        "status": "live",
    }


async def test_a_held_order_is_freed_by_a_person_within_the_limit(rated: Tiering) -> None:
    held = await rated.check("O-1", 6_000)
    assert [reason["code"] for reason in held["reasons"]] == ["O-MAX"]
    manager = await rated.caller.key(Role.CREDIT_MANAGER, person="Grace")
    path = f"{CHECKS}/{held['check_id']}/release"
    freed = (await rated.post(path, {"note": "long known"}, **manager)).json()
    assert freed["decision"] == "release"
    assert freed["reservation"]["amount"] == "6000.00"
    assert freed["reasons"][0] == {
        "code": "released_by_person",
        "value": "Grace",
        "threshold": None,
    }


async def test_an_order_is_released_once(rated: Tiering) -> None:
    held = await rated.check("O-1", 6_000)
    path = f"{CHECKS}/{held['check_id']}/release"
    assert (await rated.post(path)).status_code == 200
    again = await rated.post(path)
    assert (again.status_code, again.json()["code"]) == (409, "not_releasable")


async def test_nobody_releases_an_order_over_the_limit(rated: Tiering) -> None:
    held = await rated.check("O-1", 10_001)
    refused = await rated.post(f"{CHECKS}/{held['check_id']}/release")
    assert (refused.status_code, refused.json()["code"]) == (409, "release_refused")
    assert await rated.live() == {}


async def test_a_cancelled_order_cannot_be_released(rated: Tiering) -> None:
    held = await rated.check("O-1", 6_000)
    await rated.post(f"{CHECKS}/{held['check_id']}/cancellation")
    refused = await rated.post(f"{CHECKS}/{held['check_id']}/release")
    assert refused.json()["code"] == "not_releasable"


@pytest.mark.parametrize(
    ("role", "status"), [(Role.ANALYST, 403), (Role.INGEST, 403), (Role.VIEWER, 403)]
)
async def test_releasing_needs_authority(rated: Tiering, role: Role, status: int) -> None:
    headers = await rated.caller.key(role)
    assert (await rated.post(f"{CHECKS}/c/release", **headers)).status_code == status


async def test_a_rejected_order_cannot_be_released(rated: Tiering) -> None:
    await rated.work(grade_answer("D", figures=customer_figures(in_default=True)))
    rejected = await rated.check("O-1", 100)
    refused = await rated.post(f"{CHECKS}/{rejected['check_id']}/release")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_releasable")


async def test_releases_and_cancellations_are_audited(rated: Tiering) -> None:
    held = await rated.check("O-1", 6_000)
    await rated.post(f"{CHECKS}/{held['check_id']}/release", {"note": "long known"})
    await rated.post(f"{CHECKS}/{held['check_id']}/cancellation")
    async with rated.caller.doors.reading() as conn:
        rows = (await conn.execute(rated.caller.doors.tables.audit.select())).all()
    deeds = [(row.action, row.subject) for row in rows if row.subject == held["check_id"]]
    assert deeds == [
        ("credit_check.released", held["check_id"]),
        ("credit_check.cancelled", held["check_id"]),
    ]


async def test_a_refused_release_leaves_no_trace(rated: Tiering) -> None:
    held = await rated.check("O-1", 10_001)
    await rated.post(f"{CHECKS}/{held['check_id']}/release")
    async with rated.caller.doors.reading() as conn:
        rows = (await conn.execute(rated.caller.doors.tables.audit.select())).all()
    assert not [row for row in rows if row.subject == held["check_id"]]
    assert (await rated.get(f"/credit-checks/{held['check_id']}"))["decision"] == "hold"
