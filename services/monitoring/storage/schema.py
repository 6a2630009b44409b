"""The schema that monitoring's tables are declared in."""

from shared.db.tables import metadata_of

METADATA = metadata_of("monitoring")
