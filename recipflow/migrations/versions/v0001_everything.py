"""The first schema: facts and what is derived from them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("connector", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("last_sync", sa.Integer(), nullable=True),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "address",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("person", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("address"),
        sqlite_with_rowid=False,
    )
    op.create_index("address_contact", "address", ["contact"], unique=False)
    op.create_table(
        "contact",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.Integer(), nullable=True),
        sa.Column("last_seen", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("decision_target", "decision", ["target"], unique=False)
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "node",
        sa.Column("digest", sa.Integer(), nullable=False),
        sa.Column("interaction", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "interaction"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "nudge_life",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("shown_count", sa.Integer(), nullable=False),
        sa.Column("first_shown", sa.Integer(), nullable=True),
        sa.Column("last_shown", sa.Integer(), nullable=True),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
        sqlite_with_rowid=False,
    )
    op.create_index("nudge_life_contact", "nudge_life", ["contact"], unique=False)
    op.create_table(
        "party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("party_address", "party", ["address", "name"], unique=True)
    op.create_table(
        "refold",
        sa.Column("address", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("address"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "relationship",
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=True),
        sa.Column("interaction", sa.Text(), nullable=False),
        sa.Column("next_due", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("contact"),
        sqlite_with_rowid=False,
    )
    op.create_index("relationship_next_due", "relationship", ["next_due"], unique=False)
    op.create_table(
        "tombstone",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "interaction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("ext", sa.Text(), nullable=False),
        sa.Column("digest", sa.Integer(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("machine", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("in_reply_to", sa.Text(), nullable=False),
        sa.Column("refs", sa.Text(), nullable=False),
        sa.Column("thread_hint", sa.Text(), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("attachments", sa.Text(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account"],
            ["account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("interaction_at", "interaction", ["at"], unique=False)
    op.create_index("interaction_digest", "interaction", ["digest"], unique=True)
    op.create_index(
        "interaction_reading", "interaction", ["type", "machine", "language", "sealed"], unique=False
    )
    op.create_table(
        "set_aside",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"],
            ["account.id"],
        ),
        sa.PrimaryKeyConstraint("account", "place"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "act",
        sa.Column("interaction", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("size", sa.Float(), nullable=True),
        sa.Column("routine", sa.Boolean(), nullable=False),
        sa.Column("notable", sa.Boolean(), nullable=False),
        sa.Column("flags", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("due", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("notable_confidence", sa.Float(), nullable=False),
        sa.Column("large_confidence", sa.Float(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["interaction"], ["interaction.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("interaction", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("act_address", "act", ["address", "interaction"], unique=False)
    op.create_table(
        "meeting",
        sa.Column("interaction", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("all_day", sa.Boolean(), nullable=False),
        sa.Column("recurring", sa.Boolean(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["interaction"], ["interaction.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("interaction"),
    )
    op.create_table(
        "part",
        sa.Column("interaction", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("party", sa.Integer(), nullable=False),
        sa.Column("partstat", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["interaction"], ["interaction.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["party"],
            ["party.id"],
        ),
        sa.PrimaryKeyConstraint("interaction", "position"),
        sqlite_with_rowid=False,
    )
    op.create_index("part_party", "part", ["party", "role", "interaction"], unique=False)
    op.create_table(
        "reading",
        sa.Column("interaction", sa.Integer(), nullable=False),
        sa.Column("question", sa.Boolean(), nullable=False),
        sa.Column("question_quote", sa.Text(), nullable=False),
        sa.Column("unread", sa.Boolean(), nullable=False),
        sa.Column("away_until", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["interaction"], ["interaction.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("interaction"),
    )
    op.create_table(
        "thread",
        sa.Column("interaction", sa.Integer(), nullable=False),
        sa.Column("thread", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["interaction"], ["interaction.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("interaction"),
    )
    op.create_index("thread_key", "thread", ["key", "at"], unique=False)
    op.create_index("thread_thread", "thread", ["thread"], unique=False)
