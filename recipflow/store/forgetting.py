"""Making people gone from the disk: out of the tables, and out of all that keeps what tables held before."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from pathlib import Path

from recipflow.store import erasing, tombstones
from recipflow.store.database import backups, fold_in, left_behind, transaction
from recipflow.store.erasing import Erased


def forget(
    db: sqlite3.Connection,
    path: Path | None,
    addresses: Collection[str],
    *,
    me: Collection[str],
    names: Collection[str] = (),
    bury: bool,
    spare: Path | None = None,
) -> Erased:
    """Erase these people from the database at `path` and its copies, but for the one to `spare`, which has forgotten them.

    `bury`: and remember to skip them from now on.
    """
    db.execute("PRAGMA secure_delete = ON")
    with transaction(db):
        erased = erasing.erase(db, addresses, me, names)
        if bury:
            tombstones.bury(db, addresses)
    if path:
        for copy in {*backups(path), *left_behind(path)} - {spare}:
            copy.unlink(missing_ok=True)
    db.execute("VACUUM")
    if path:
        fold_in(db)
    return erased
