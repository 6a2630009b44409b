"""Alembic's way in: the caller gives the connection and the metadata of one service."""

from alembic import context
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext

given = context.config.attributes
schemas = given["schemas"]


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    return name in schemas if kind == "schema" else True


def _drop_if_empty(
    _context: MigrationContext, _revision: object, scripts: list[MigrationScript]
) -> None:
    upgrade = scripts[0].upgrade_ops
    if upgrade is not None and upgrade.is_empty():
        scripts.clear()


context.configure(
    connection=given["connection"],
    target_metadata=list(given["metadata"]),
    version_table_schema=given["service"],
    include_schemas=True,
    include_name=_ours,
    compare_server_default=False,
    process_revision_directives=_drop_if_empty,
)
context.run_migrations()
