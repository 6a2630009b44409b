"""The whole platform as a process: a file goes in, and the chain of decisions comes out."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from shared.testing.processes import ObligorProcess, client_of, run_command
from tests.journey import ledger_file

pytestmark = [pytest.mark.timeout(400), pytest.mark.xdist_group("platform")]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="obligor-") as found:
        path = Path(found)
        path.chmod(0o755)
        yield path


@pytest.fixture(scope="module")
def ledger(folder: Path) -> Path:
    return ledger_file.write_ledger(folder / "ledger.csv")


@pytest.fixture(scope="module")
def platform(folder: Path, ledger: Path) -> Iterator[ObligorProcess]:
    """A platform that a file was imported into, killed in the middle of it, and restarted."""
    process = ObligorProcess(
        ["up", "--data", str(folder / "data")], log=folder / "up.log", environment={}
    )
    with process:
        arguments = ["import", "receivables", str(ledger), "--preset", "plain"]
        run_command([*arguments, "--no-wait"], url=process.url)
        process.kill()
        process.start()
        run_command(arguments, url=process.url)
        yield process


@pytest.fixture
def http(platform: ObligorProcess) -> Iterator[httpx.Client]:
    with client_of(platform.url) as client:
        yield client


def pages(http: httpx.Client, path: str, **query: str | list[str]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    cursor: str | None = None
    while True:
        page = http.get(path, params={**query, **({"cursor": cursor} if cursor else {})}).json()
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def sampled_days() -> list[date]:
    first, last = ledger_file.FIRST_DAY, ledger_file.last_day()
    return [first + timedelta(days=n) for n in range(0, (last - first).days + 1, 9)] + [last]


@pytest.mark.parametrize("customer_id", ledger_file.CUSTOMERS)
def test_what_is_owed_is_right_on_every_day_of_the_history(
    http: httpx.Client, customer_id: str
) -> None:
    for day in sampled_days():
        path = f"/monitoring/v1/customers/{customer_id}/receivables"
        answer = http.get(path, params={"as_of": day.isoformat()}).json()
        expected = ledger_file.expected(customer_id, day)
        assert {name: answer[name] for name in expected} == expected, day


@pytest.mark.parametrize("customer_id", ledger_file.CUSTOMERS)
def test_ageing_buckets_add_up_to_what_is_open(http: httpx.Client, customer_id: str) -> None:
    answer = http.get(f"/monitoring/v1/customers/{customer_id}/receivables").json()
    cents = sum(round(float(amount) * 100) for amount in answer["ageing"].values())
    assert cents == round(float(answer["open_amount"]) * 100)


def test_each_warning_has_exactly_one_rating_decision(http: httpx.Client) -> None:
    kinds = [f"monitoring.warning_{what}.v1" for what in ("raised", "escalated", "resolved")]
    causes = [event["id"] for event in pages(http, "/monitoring/v1/events", type=kinds)]
    decided = Counter(d["cause_id"] for d in pages(http, "/rating/v1/decisions", limit="200"))
    assert causes
    assert {decided[cause] for cause in causes} == {1}


def test_each_answer_of_rating_has_exactly_one_tier_decision(http: httpx.Client) -> None:
    kinds = ["rating.grade_assigned.v1", "rating.grade_affirmed.v1"]
    answers = [event["id"] for event in pages(http, "/rating/v1/events", type=kinds)]
    decisions = pages(http, "/tiering/v1/decisions", limit="200")
    decided = Counter(d["cause_id"] for d in decisions if d["kind"] == "tier")
    assert answers
    assert {decided[answer] for answer in answers} == {1}


def test_nobody_has_two_open_cases(http: httpx.Client) -> None:
    cases = pages(http, "/recovery/v1/cases", limit="200")
    open_cases = Counter(case["customer_id"] for case in cases if case["closed_on"] is None)
    assert set(open_cases.values()) <= {1}


def test_who_stopped_paying_is_in_tier_high_with_one_open_case(http: httpx.Client) -> None:
    customer = ledger_file.CUSTOMERS[-1]
    tier = http.get(f"/tiering/v1/customers/{customer}/tier").json()
    cases = pages(http, "/recovery/v1/cases", customer_id=customer)
    assert tier["tier"] == "high"
    assert len([case for case in cases if case["closed_on"] is None]) == 1


def test_an_open_case_has_a_next_action_and_a_date(http: httpx.Client) -> None:
    open_cases = [c for c in pages(http, "/recovery/v1/cases") if c["closed_on"] is None]
    assert open_cases
    assert all(case["next_action"] and case["next_action_on"] for case in open_cases)


def test_nothing_was_parked(http: httpx.Client) -> None:
    for service in ("screening", "rating", "monitoring", "tiering", "recovery"):
        assert http.get(f"/{service}/v1/dead-letters").json()["items"] == []


def test_importing_the_file_again_changes_nothing(
    http: httpx.Client, platform: ObligorProcess, ledger: Path
) -> None:
    names = ("monitoring", "rating", "tiering", "recovery")
    before = [len(pages(http, f"/{name}/v1/decisions")) for name in names]
    run_command(["import", "receivables", str(ledger), "--preset", "plain"], url=platform.url)
    after = [len(pages(http, f"/{name}/v1/decisions")) for name in names]
    assert before == after


def test_the_trace_of_a_customer_spans_the_services(platform: ObligorProcess) -> None:
    said = run_command(["trace", ledger_file.CUSTOMERS[-1]], url=platform.url)
    for word in ("monitoring", "rating", "tiering", "recovery"):
        assert word in said


def test_a_stored_decision_is_taken_again_identically(
    http: httpx.Client,
) -> None:
    for service in ("rating", "tiering", "monitoring", "recovery", "screening"):
        for decision in http.get(f"/{service}/v1/decisions", params={"limit": 5}).json()["items"]:
            answer = http.post(f"/{service}/v1/decisions/{decision['decision_id']}/replay")
            assert answer.json()["identical"] is True, answer.text


def test_a_second_platform_on_the_same_folder_is_refused_by_name(
    platform: ObligorProcess, folder: Path
) -> None:
    second = ObligorProcess(
        ["up", "--data", str(folder / "data")], log=folder / "second.log", environment={}
    )
    with pytest.raises(RuntimeError, match="another Obligor works in"):
        second.start()
    assert platform.answers("/healthz")


def test_garbage_is_refused_item_by_item(http: httpx.Client) -> None:
    good_looking = {"id": "x", "source": "s", "time": "2025-01-01T00:00:00Z", "customer_id": "c"}
    answer = http.post(
        "/monitoring/v1/transactions",
        json=[
            {**good_looking, "type": "weather.changed", "data": {}},
            {**good_looking, "type": "invoice.issued", "data": {"amount": "NaN"}},
            "not even an object",
        ],
    )
    assert answer.status_code in {202, 422}
    assert answer.json()["accepted"] == 0


def test_nothing_opens_without_a_key(platform: ObligorProcess) -> None:
    for path in ("/monitoring/v1/warnings", "/tiering/v1/tiers", "/rating/v1/keys"):
        assert httpx.get(platform.url + path).status_code == 401


def test_a_clean_stop_leaves_quickly_and_a_restart_serves_the_same(
    platform: ObligorProcess, http: httpx.Client
) -> None:
    path = f"/tiering/v1/customers/{ledger_file.CUSTOMERS[0]}/tier"
    before = http.get(path).json()
    assert platform.stop() == 0
    platform.start()
    assert http.get(path).json() == before
