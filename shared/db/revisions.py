"""Schema revisions of one service, kept in its `migrations/` folder and run by Alembic."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData

_SCRIPTS = Path(__file__).with_name("alembic")


@dataclass(frozen=True, slots=True)
class Revisions:
    """The revisions of one service: where they lie, and the tables they should lead to."""

    service: str
    folder: Path
    metadata: Sequence[MetaData]

    def upgrade(self, conn: Connection) -> None:
        """Run what is missing, inside the caller's transaction."""
        command.upgrade(self._config(conn), "head")

    def downgrade(self, conn: Connection) -> None:
        """Undo everything: the tables are gone afterwards, with what was in them."""
        command.downgrade(self._config(conn), "base")

    def write(self, conn: Connection, message: str) -> None:
        """Write a revision for what the tables have that the database has not."""
        number = f"{len(list(self.folder.glob('[0-9]*.py'))) + 1:04}"
        command.revision(self._config(conn), message, autogenerate=True, rev_id=number)

    def differences(self, conn: Connection) -> list[object]:
        """What the revisions leave undone compared with the tables; empty when they agree."""
        options = {
            "target_metadata": list(self.metadata),
            "include_schemas": True,
            "include_name": lambda name, kind, _: kind != "schema" or name in self._schemas(),
            "version_table_schema": self.service,
        }
        context = MigrationContext.configure(conn, opts=options)
        return list(compare_metadata(context, list(self.metadata)))  # type: ignore[arg-type]  # Alembic takes several

    def head(self) -> str | None:
        """The newest revision there is."""
        return ScriptDirectory.from_config(self._config(None)).get_current_head()

    def current(self, conn: Connection) -> str | None:
        """The revision a database is at; None before the first."""
        options = {"version_table_schema": self.service}
        return MigrationContext.configure(conn, opts=options).get_current_revision()

    def _schemas(self) -> set[str]:
        return {self.service, f"{self.service}_log"}

    def _config(self, conn: Connection | None) -> Config:
        config = Config()
        config.set_main_option("script_location", str(_SCRIPTS))
        config.set_main_option("version_locations", str(self.folder))
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        config.set_main_option("path_separator", "newline")
        config.attributes["connection"] = conn
        config.attributes["service"] = self.service
        config.attributes["schemas"] = self._schemas()
        config.attributes["metadata"] = self.metadata
        return config
