"""Dropping what can be computed again, and the texts that grew too old."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from recipflow.store import outdated, progress
from recipflow.store.rows import seconds


def drop_derived(db: sqlite3.Connection) -> None:
    """Drop what can be computed again; what was read in a text since dropped for age cannot, and stays."""
    for table in ("act", "reading"):
        db.execute(
            f"DELETE FROM {table} WHERE interaction IN (SELECT id FROM interaction WHERE text IS NOT NULL)"
        )
    for table in ("relationship", "renewal", "refold", "node", "thread", "address", "contact"):
        db.execute(f"DELETE FROM {table}")
    progress.begin_again(db)
    progress.step_back(db, progress.MARKED)
    outdated.none(db)


def drop_texts(db: sqlite3.Connection, before: datetime) -> int:
    """Drop the texts of messages sent before an instant that were read already; says how many."""
    return db.execute(
        "UPDATE interaction SET text = NULL WHERE at < ? AND type = 'message' AND text IS NOT NULL "
        "AND id IN (SELECT interaction FROM reading)",
        (seconds(before),),
    ).rowcount
