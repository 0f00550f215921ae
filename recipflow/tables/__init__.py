"""The database schema, defined once: imported only to create or migrate it, never to read.

Instants are seconds since 1970 in UTC; mappings are JSON.
"""

from __future__ import annotations

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable, DDLElement
from sqlmodel import SQLModel

from recipflow.tables import derived, facts

__all__ = ["METADATA", "derived", "facts", "schema"]

METADATA = SQLModel.metadata


def schema() -> str:
    """The whole schema as SQL; `store/schema.sql` is this text, so that reading imports none of this."""
    tables = METADATA.sorted_tables
    indexes = [one for table in tables for one in sorted(table.indexes, key=lambda index: str(index.name))]
    ddl: list[DDLElement] = [*map(CreateTable, tables), *map(CreateIndex, indexes)]
    lines = "".join(f"{str(one.compile(dialect=sqlite.dialect())).strip()};\n" for one in ddl).splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines)
