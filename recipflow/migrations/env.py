"""What Alembic runs for every command: on the connection it was given, and only on that."""

from __future__ import annotations

from alembic import context

from recipflow import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.METADATA,
    render_as_batch=True,  # SQLite alters a table by copying it
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
