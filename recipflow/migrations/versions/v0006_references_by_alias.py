"""What messages refer to is kept by alias, so that no id of a mail that is not here is.

The hashes of Message-IDs that stood among the tombstones go where a reference tells them from those of addresses.
"""

from __future__ import annotations

import sqlite3
from typing import cast

from alembic import op

from recipflow.threads.aliases import aliases

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    driver = cast(sqlite3.Connection, op.get_bind().connection.driver_connection)
    driver.create_function("aliases", 1, aliases, deterministic=True)
    op.execute("PRAGMA secure_delete = ON")  # what stood there is overwritten
    op.execute(
        "DELETE FROM tombstone WHERE EXISTS "
        "(SELECT 1 FROM interaction WHERE instr(in_reply_to || ' ' || refs, hash || '@forgotten'))"
    )
    op.execute(
        "UPDATE interaction SET in_reply_to = aliases(in_reply_to), refs = aliases(refs) "
        "WHERE in_reply_to <> '' OR refs <> ''"
    )
    op.execute("DELETE FROM meta WHERE key = 'unnaming'")
