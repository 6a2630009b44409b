"""All tables of one service that are not its own business: log, work, doors, administration."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import MetaData, Table

from shared.audit.trail import audit_table
from shared.auth.keys import key_table
from shared.chassis.idempotency.claims import claim_table
from shared.chassis.idempotency.commands import command_table
from shared.decisions.storage import decision_table
from shared.log.tables import LogTables, WorkTables, log_tables, work_tables
from shared.policies.versions import policy_table

_KEY: Final = "obligor.chassis"


@dataclass(frozen=True, slots=True)
class ChassisTables:
    """What every service has beside its own tables. `log` lives in its own schema."""

    log: LogTables
    work: WorkTables
    api_key: Table
    audit: Table
    claim: Table
    command: Table
    decision: Table
    policy: Table


def chassis_tables(service: str, metadata: MetaData) -> ChassisTables:
    """The chassis tables of a service, added to its metadata the first time they are asked for."""
    known = metadata.info.get(_KEY)
    if isinstance(known, ChassisTables):
        return known
    tables = ChassisTables(
        log=log_tables(service),
        work=work_tables(metadata),
        api_key=key_table(metadata),
        audit=audit_table(metadata),
        claim=claim_table(metadata),
        command=command_table(metadata),
        decision=decision_table(metadata),
        policy=policy_table(metadata),
    )
    metadata.info[_KEY] = tables
    return tables
