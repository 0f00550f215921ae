"""An act keeps the last day that the letter around it speaks of. What was read before has none until it is read anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    with op.batch_alter_table("act", recreate="always", table_kwargs={"sqlite_with_rowid": False}) as batch:
        batch.add_column(sa.Column("about", sa.Text(), nullable=True), insert_after="due")
