"""Bring a database to the present schema: schemas, tables, roles and rights. Safe to run again."""

from collections.abc import Sequence

from sqlalchemy import Connection, MetaData, text

from shared.db.engine import role_of

_LOCK = 0x0B1160  # any number of our own: one migration at a time


class PartitionCountError(Exception):
    """The database was laid out for another number of partitions; it is fixed at the first migration."""

    def __init__(self, service: str, *, found: int, wanted: int) -> None:
        super().__init__(
            f"{service} was migrated for {found} partitions, not {wanted}; the count is fixed, "
            "because every customer's place follows from it"
        )


def serialize(conn: Connection) -> None:
    """Wait until no other migration runs; released at the transaction's end."""
    conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def make_schemas(conn: Connection, service: str) -> None:
    """The service's own schema and the schema of its log."""
    for schema in (service, f"{service}_log"):
        conn.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))


def make_tables(conn: Connection, metadata: Sequence[MetaData]) -> None:
    """Create what is not there."""
    for each in metadata:
        each.create_all(conn)


def make_role(conn: Connection, service: str) -> None:
    """The role a service works as: it owns nothing, it may write its own schemas only."""
    role = role_of(service)
    known = conn.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role})
    if not known:
        conn.execute(text(f'CREATE ROLE "{role}" NOLOGIN'))
    conn.execute(text(f'GRANT "{role}" TO CURRENT_USER'))


def grant_rights(conn: Connection, service: str, neighbours: Sequence[str]) -> None:
    """A service's rights: everything in its own schemas, reading and `log_reader` of the others' logs."""
    role = role_of(service)
    for schema in (service, f"{service}_log"):
        _grant(conn, f'USAGE ON SCHEMA "{schema}"', role)
        _grant(conn, f'SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "{schema}"', role)
    for neighbour in neighbours:
        schema = f"{neighbour}_log"
        _grant(conn, f'USAGE ON SCHEMA "{schema}"', role)
        _grant(conn, f'SELECT ON ALL TABLES IN SCHEMA "{schema}"', role)
        _grant(conn, f'INSERT, UPDATE ON "{schema}".log_reader', role)


def lay_out_partitions(conn: Connection, service: str, partitions: int) -> None:
    """One ownership row per partition. Raises `PartitionCountError` for another count than before."""
    found = int(conn.scalar(text(f'SELECT count(*) FROM "{service}".partition_state')) or 0)
    if found and found != partitions:
        raise PartitionCountError(service, found=found, wanted=partitions)
    conn.execute(
        text(
            f'INSERT INTO "{service}".partition_state (partition) '
            "SELECT generate_series(0, :last) ON CONFLICT DO NOTHING"
        ),
        {"last": partitions - 1},
    )


def _grant(conn: Connection, right: str, role: str) -> None:
    conn.execute(text(f'GRANT {right} TO "{role}"'))
