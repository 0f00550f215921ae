"""Copies of the database: one a day, one before each migration, and putting one back."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from recipflow import migrations
from recipflow.errors import UserError
from recipflow.store.database import DAILY, INCOMING, UNFINISHED, back_up, backups


class Copy(NamedTuple):
    """A copy that was kept."""

    path: Path
    at: datetime  #: when it was made, in local time
    size: int


def daily(database: Path, day: date, *, keep: int) -> Path | None:
    """The day's copy, if there is none yet, by SQLite's own online backup; older ones beyond `keep` go."""
    made = None
    path = database.with_name(f"{database.name}{DAILY}{day.isoformat()}")
    if keep and not path.exists():
        unfinished = path.with_name(f"{database.name}{UNFINISHED}")
        unfinished.unlink(missing_ok=True)
        with closing(sqlite3.connect(database)) as db:
            back_up(db, unfinished)
        unfinished.replace(path)
        made = path
    for old in sorted(database.parent.glob(f"{database.name}{DAILY}*"))[: -keep or None]:
        old.unlink()
    return made


def copies(database: Path) -> tuple[Copy, ...]:
    """All copies there are, the newest first."""
    known = [
        Copy(path, datetime.fromtimestamp(path.stat().st_mtime).astimezone(), path.stat().st_size)
        for path in backups(database)
    ]
    return tuple(sorted(known, key=lambda one: one.at, reverse=True))


def restore(database: Path, copy: Path) -> Path | None:
    """Put a copy in the database's place; what was there is kept beside it, and returned. All of it or nothing.

    A UserError when the copy is no sound database of ours.
    """
    _check(copy)
    incoming = database.with_name(f"{database.name}{INCOMING}")
    incoming.unlink(missing_ok=True)
    with closing(_read_only(copy)) as db:
        back_up(db, incoming)
    saved = None
    if database.exists():
        _fold_in(database)
        saved = database.with_name(f"{database.name}.before-restore")
        database.replace(saved)
    for beside in ("-wal", "-shm"):
        database.with_name(database.name + beside).unlink(missing_ok=True)
    os.replace(incoming, database)  # noqa: PTH105
    return saved


def _check(copy: Path) -> None:
    if not copy.is_file():
        raise UserError(f"{copy}: there is no such file. recipflow restore lists the copies there are.")
    try:
        with closing(_read_only(copy)) as db:
            (sound,) = db.execute("PRAGMA quick_check(1)").fetchone()
            (version,) = db.execute("SELECT version_num FROM alembic_version").fetchone()
    except (sqlite3.DatabaseError, TypeError) as fault:
        raise UserError(f"{copy}: is no copy of a recipflow database ({fault}).") from fault
    if sound != "ok":
        raise UserError(f"{copy}: is damaged ({sound}).")
    if version > migrations.HEAD:
        raise UserError(f"{copy}: was written by a newer recipflow. Update recipflow to restore it.")


def _read_only(copy: Path) -> sqlite3.Connection:
    """A journal beside it is read, too; without one none is made, which would look like another copy."""
    whole = not copy.with_name(f"{copy.name}-wal").exists()
    return sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro{'&immutable=1' * whole}", uri=True)


def _fold_in(database: Path) -> None:
    """What stands in the journal goes into the file, so that the file alone is the whole of it."""
    try:
        with closing(sqlite3.connect(database, timeout=10.0)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.DatabaseError:
        return  # it is damaged: that is why somebody restores
