"""Table metadata: one schema per service, constraint names by one convention."""

from sqlalchemy import MetaData

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def metadata_of(schema: str) -> MetaData:
    """The metadata that a schema's tables are declared in."""
    return MetaData(schema=schema, naming_convention=NAMING)
