"""A meeting keeps whether the calendar itself marks it as the user's absence. Of what was read before, nobody knows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("meeting", sa.Column("away", sa.Boolean(), server_default="0", nullable=False))
