"""Whose ledger was folded when the clock was ahead is found by index: it is asked for each mail, of all contacts."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_index("relationship_at", "relationship", ["at"], if_not_exists=True)
