"""Settings come from the environment, from files where they are secret, and are checked."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr, ValidationError

from shared.chassis.settings import (
    LedgerClock,
    ProcessRole,
    Settings,
    TransportName,
    read_environment,
)


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OBLIGOR_DATABASE_URL", "OBLIGOR_ADMIN_TOKEN", "OBLIGOR_PORT", "OBLIGOR_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)


def test_a_laptop_needs_no_settings() -> None:
    settings = Settings()
    assert settings.host == "127.0.0.1"
    assert settings.partitions == 4
    assert settings.transport is TransportName.POSTGRES
    assert settings.role is ProcessRole.ALL
    assert settings.database_url is None
    assert settings.zone == ZoneInfo("UTC")


def test_variables_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBLIGOR_CLOCK", "live")
    monkeypatch.setenv("OBLIGOR_PARTITIONS", "24")
    monkeypatch.setenv("OBLIGOR_LEDGER_ZONE", "Asia/Shanghai")
    settings = Settings()
    assert settings.clock is LedgerClock.LIVE
    assert settings.partitions == 24
    assert settings.zone == ZoneInfo("Asia/Shanghai")


def test_arguments_come_before_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBLIGOR_PORT", "9000")
    assert Settings(port=9001).port == 9001


def test_a_secret_may_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text("hush\n")
    monkeypatch.setenv("OBLIGOR_ADMIN_TOKEN_FILE", str(tmp_path / "token"))
    assert Settings().admin_token == SecretStr("hush")


@pytest.mark.parametrize("empty", ["", " "])
def test_an_empty_token_counts_as_not_set(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBLIGOR_ADMIN_TOKEN", empty)
    assert Settings().admin_token is None


def test_an_empty_file_holds_no_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text("\n")
    monkeypatch.setenv("OBLIGOR_ADMIN_TOKEN_FILE", str(tmp_path / "token"))
    assert Settings().admin_token is None


def test_secrets_are_not_shown() -> None:
    settings = Settings(
        admin_token=SecretStr("hush"), database_url=SecretStr("postgresql://a:hush@db/x")
    )
    assert "hush" not in repr(settings)
    assert "hush" not in settings.model_dump_json()


def test_a_typo_refuses_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBLIGOR_PARTITION", "8")
    with pytest.raises(ValidationError, match="partition"):
        Settings()


@pytest.mark.parametrize(
    "name",
    [
        "OBLIGOR_URL",
        "OBLIGOR_TOKEN",
        "OBLIGOR_REQUIRE_KAFKA",
        "OBLIGOR_RATING_SERVICE_HOST",
        "OBLIGOR_RATING_SERVICE_PORT_HTTP",
        "OBLIGOR_PORT_8000_TCP_ADDR",
    ],
)
def test_variables_of_others_are_left_alone(name: str) -> None:
    assert read_environment({name: "x", "PATH": "/bin"}) == {}


def test_every_setting_can_be_given_by_its_name() -> None:
    environment = {f"OBLIGOR_{name.upper()}": "x" for name in Settings.model_fields}
    assert set(read_environment(environment)) == set(Settings.model_fields)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("partitions", 0),
        ("partitions", 1001),
        ("port", 65536),
        ("port", -1),
        ("transport", "pigeon"),
        ("clock", "broken"),
        ("role", "king"),
        ("ledger_zone", "Middle/Earth"),
        ("ledger_zone", "../../etc/passwd"),
        ("command_wait_seconds", -1),
    ],
)
def test_a_setting_nobody_can_mean_is_refused(name: str, value: object) -> None:
    with pytest.raises(ValidationError, match=name):
        Settings.model_validate({name: value})


def test_kafka_needs_an_address() -> None:
    with pytest.raises(ValidationError, match="OBLIGOR_KAFKA_BOOTSTRAP"):
        Settings(transport=TransportName.KAFKA)


def test_kafka_with_an_address_is_fine() -> None:
    settings = Settings(transport=TransportName.KAFKA, kafka_bootstrap="kafka:9092")
    assert settings.kafka_bootstrap == "kafka:9092"
