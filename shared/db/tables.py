"""Table metadata: one schema per service, constraint names by one convention."""

from typing import TypeVar

from sqlalchemy import ColumnElement, MetaData, any_, bindparam
from sqlalchemy.dialects.postgresql import ARRAY

ValueT = TypeVar("ValueT")
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


def one_of(column: ColumnElement[ValueT], name: str) -> ColumnElement[bool]:
    """The condition `column = ANY(:name)`, for statements that are built once and run often."""
    return column == any_(bindparam(name, type_=ARRAY(column.type)))
