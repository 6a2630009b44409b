"""Everything an operator may set, read from OBLIGOR_* variables and, for secrets, from files."""

import os
import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from typing_extensions import override

from shared.chassis.memory import REMEMBER_AT_MOST
from shared.chassis.waking import CLOSE_AT_MOST

PREFIX = "OBLIGOR_"
_FILE = "_file"
# Read by the command line and the tests, not by the platform.
_OTHERS = re.compile(
    r"OBLIGOR_(URL|TOKEN|LANG|REQUIRE_\w+|TEST_\w+)$"
    # Kubernetes adds these to every pod for each Service whose name begins with obligor.
    r"|OBLIGOR_\w*(SERVICE_HOST|SERVICE_PORT\w*|PORT_\d+_(TCP|UDP)\w*)$"
)


class TransportName(StrEnum):
    """What carries events between services."""

    POSTGRES = "postgres"
    KAFKA = "kafka"


class LedgerClock(StrEnum):
    """Who closes days: a scheduler at midnight, or only the log itself."""

    LIVE = "live"
    LOG = "log"


class ProcessRole(StrEnum):
    """Which half of a service a process runs."""

    API = "api"
    WORKER = "worker"
    ALL = "all"


class Pooler(StrEnum):
    """What stands between us and PostgreSQL."""

    NONE = "none"
    PGBOUNCER = "pgbouncer"


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        message = "must be an IANA time zone, such as Europe/Berlin"
        raise ValueError(message)
    return name


def _empty_is_none(value: SecretStr | None) -> SecretStr | None:
    """A variable that is set to nothing says nothing: an empty token must never open a door."""
    return value if value is not None and value.get_secret_value().strip() else None


class Settings(BaseSettings):
    """The settings of one process. An unknown OBLIGOR_ name refuses to start: it is a typo.

    Any name may be given as NAME_FILE, the path of a file that holds the value.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    database_url: SecretStr | None = None
    database_roles: bool = True
    db_pooler: Pooler = Pooler.NONE
    kafka_bootstrap: str | None = None
    transport: TransportName = TransportName.POSTGRES
    partitions: Annotated[int, Field(ge=1, le=1000)] = 4
    clock: LedgerClock = LedgerClock.LOG
    day_grace_minutes: Annotated[int, Field(ge=0, le=720)] = 15
    ledger_zone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    data_dir: Path = Path("data")
    admin_token: Annotated[SecretStr | None, AfterValidator(_empty_is_none)] = None
    role: ProcessRole = ProcessRole.ALL
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    log_level: str = "INFO"
    access_log: bool = False
    command_wait_seconds: Annotated[float, Field(ge=0, le=30)] = 2.0
    close_at_most: Annotated[int, Field(ge=1, le=100_000)] = CLOSE_AT_MOST
    remember_at_most: Annotated[int, Field(ge=0, le=1_000_000)] = REMEMBER_AT_MOST
    linger_seconds: Annotated[float, Field(ge=0, le=60)] = 0.0
    drain_seconds: Annotated[float, Field(ge=0, le=300)] = 10.0

    @property
    def zone(self) -> ZoneInfo:
        """The ledger's time zone: a fact's date is its calendar day there."""
        return ZoneInfo(self.ledger_zone)

    @model_validator(mode="after")
    def _kafka_needs_an_address(self) -> Self:
        if self.transport is TransportName.KAFKA and not self.kafka_bootstrap:
            message = "OBLIGOR_KAFKA_BOOTSTRAP must name the brokers when OBLIGOR_TRANSPORT=kafka"
            raise ValueError(message)
        return self

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment with its files; nothing else."""
        return init_settings, _Environment(settings_cls)


class _Environment(PydanticBaseSettingsSource):
    """Every OBLIGOR_ variable that is ours, so that one nobody reads is refused."""

    @override
    def get_field_value(self, field: object, field_name: str) -> tuple[str | None, str, bool]:
        """One field's text; unused, because `__call__` reads all at once."""
        del field
        return self().get(field_name), field_name, False

    @override
    def __call__(self) -> dict[str, str]:
        return read_environment(os.environ)


def read_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The settings' texts by field name; a NAME_FILE is replaced by the file's content."""
    ours = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and not _OTHERS.match(name)
    }
    return {
        name.removesuffix(_FILE): Path(value).read_text(encoding="utf-8").strip()
        if name.endswith(_FILE)
        else value
        for name, value in ours.items()
    }
