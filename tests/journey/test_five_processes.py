"""One process on PostgreSQL's logs and five over Apache Kafka tell the same story of the same file.

With the day barrier; compared by customer and day, without ids and without the times of recording.
"""

import asyncio
import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from obligor.services import PLATFORM
from shared.testing.database import TestServer
from shared.testing.kafka_server import KafkaServer
from shared.testing.processes import ObligorProcess, client_of, run_command
from tests.journey.over_kafka import environment_of, migrate

SERVICES = [wiring.service.name for wiring in PLATFORM]
FIRST_DAY = date(2025, 3, 3)
DAYS = 16
LATE_BY: dict[str, int | None] = {"Ash": -1, "Beech": 2, "竹子": 9, "Dogwood": None}
"""Days that each customer pays after the due date; None never pays."""
_COLUMNS = (
    "type", "customer_id", "name", "country", "invoice_id", "invoice_date", "due_date",
    "value_date", "payment_id", "amount", "currency", "method",
)  # fmt: skip
_WITHOUT = ("decision_id", "warning_id", "case_id", "action_id")

Story = dict[str, Counter[str]]


def write_file(path: Path) -> Path:
    """Four customers, four invoices each, payable within three days."""
    rows: list[dict[str, object]] = [
        {"type": "customer", "customer_id": name, "name": name, "country": "CN"} for name in LATE_BY
    ]
    for name, late_by in LATE_BY.items():
        for number in range(4):
            rows += _invoice(name, number, late_by)
    with path.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, _COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def _invoice(name: str, number: int, late_by: int | None) -> Iterator[dict[str, object]]:
    issued = FIRST_DAY + timedelta(days=2 * number)
    due = issued + timedelta(days=3)
    known = {
        "customer_id": name,
        "invoice_id": f"{name}-{number}",
        "currency": "CNY",
        "amount": 7000 * (number + 1),
    }
    yield known | {"type": "invoice.issued", "invoice_date": issued, "due_date": due}
    if late_by is not None and due + timedelta(days=late_by) < FIRST_DAY + timedelta(days=DAYS):
        yield known | {
            "type": "payment.received",
            "payment_id": f"pay-{name}-{number}",
            "value_date": due + timedelta(days=late_by),
            "method": "transfer",
        }


@contextmanager
def one_process(folder: Path, url: str) -> Iterator[str]:
    environment = {"OBLIGOR_DATABASE_URL": url}
    arguments = ["up", "--data", str(folder / "one")]
    with ObligorProcess(arguments, log=folder / "one.log", environment=environment) as process:
        yield process.url


@contextmanager
def five_processes(folder: Path, url: str, broker: KafkaServer) -> Iterator[str]:
    environment = environment_of(url, broker)
    with ExitStack() as stack:
        five = {
            name: ObligorProcess(
                ["serve", name], log=folder / f"{name}.log", environment=environment
            )
            for name in SERVICES
        }
        for process in five.values():
            stack.enter_context(process)
        yield ",".join(f"{name}={process.url}" for name, process in five.items())


async def story_of(url: str) -> Story:
    """What every service announced, decided and keeps of its customers, without ids and times."""
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://"))
    story: Story = {}
    async with engine.connect() as conn:
        for name in SERVICES:
            said = await conn.execute(
                text(
                    "SELECT key, headers->>'ce_type' AS type, convert_from(value, 'UTF8') AS value "
                    f"FROM {name}_log.log WHERE topic LIKE 'obligor.%'"  # our schema
                )
            )
            for row in said:
                if "exposure_changed" not in row.type:
                    told = f"{row.key} {_plain(row.value)}"
                    story.setdefault(row.type, Counter())[told] += 1
            kinds = await conn.execute(
                text(f"SELECT kind, customer_id, as_of, outcome FROM {name}.decision")
            )
            story[f"{name} decisions"] = Counter(
                f"{row.kind} {row.customer_id} {row.as_of} {_plain(row.outcome)}" for row in kinds
            )
    await engine.dispose()
    return story


def _plain(told: str) -> str:
    return json.dumps(_stripped(json.loads(told)), sort_keys=True)


def _stripped(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _stripped(each) for name, each in value.items() if name not in _WITHOUT}
    return [_stripped(each) for each in value] if isinstance(value, list) else value


def ledger_of(url: str) -> dict[tuple[str, str], object]:
    """Each customer's receivables at the end of each day."""
    found: dict[tuple[str, str], object] = {}
    monitoring = dict(each.split("=", 1) for each in url.split(",")) if "=" in url else {}
    with client_of(monitoring.get("monitoring", url)) as http:
        for customer in LATE_BY:
            for number in range(DAYS):
                day = (FIRST_DAY + timedelta(days=number)).isoformat()
                path = f"/monitoring/v1/customers/{customer}/receivables"
                answer = http.get(path, params={"as_of": day})
                assert answer.status_code in {200, 404}, answer.text
                found[customer, day] = answer.json() if answer.is_success else None
    return found


def replay(url: str, file: Path) -> dict[tuple[str, str], object]:
    run_command(["import", "receivables", str(file), "--preset", "plain", "--day-barrier"], url=url)
    return ledger_of(url)


@pytest.mark.kafka
@pytest.mark.timeout(600)
def test_five_processes_over_kafka_tell_what_one_tells(
    postgres: TestServer, kafka_server: KafkaServer
) -> None:
    one_url, five_url = (asyncio.run(postgres.fresh()) for _ in range(2))
    with TemporaryDirectory(prefix="obligor-") as found:
        folder = Path(found)
        folder.chmod(0o755)
        file = write_file(folder / "ledger.csv")
        with one_process(folder, one_url) as url:
            one_ledger = replay(url, file)
        migrate(five_url, kafka_server)
        with five_processes(folder, five_url, kafka_server) as url:
            five_ledger = replay(url, file)
    one, five = asyncio.run(story_of(one_url)), asyncio.run(story_of(five_url))
    assert five_ledger == one_ledger
    assert {name for name in one if one[name] != five.get(name)} == set()
    assert set(one) == set(five)
    assert "monitoring.warning_raised.v1" in one
    assert "recovery.case_opened.v1" in one
