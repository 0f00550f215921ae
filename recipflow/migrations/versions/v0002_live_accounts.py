"""Live accounts: where each message was found, and why an account does not go on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "source",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("interaction", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account", "ref"),
        sa.ForeignKeyConstraint(["account"], ["account.id"]),
        sa.ForeignKeyConstraint(["interaction"], ["interaction.id"], ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_index("source_interaction", "source", ["interaction"], unique=False)
    op.create_index("source_state", "source", ["account", "state"], unique=False)
    op.create_table(
        "trouble",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("account"),
        sa.ForeignKeyConstraint(["account"], ["account.id"]),
        sqlite_with_rowid=False,
    )
