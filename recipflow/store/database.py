"""The database file: created private, opened fast, migrated when old, refused when newer than we are."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path

from recipflow import migrations
from recipflow.errors import UserError

_PRAGMAS = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA journal_size_limit = 4194304;
PRAGMA foreign_keys = ON;
PRAGMA secure_delete = FAST;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -2048;
"""
# FULL: one fsync a page or decision costs nothing measurable, and the user's word survives a power cut.
_FULL, _NORMAL = 2, 1

_VERSION = """
CREATE TABLE alembic_version (
  version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
"""
BEFORE = ".before-"
DAILY = ".daily-"
UNFINISHED = ".unfinished"
INCOMING = ".incoming"
"""What the names of copies go on with, after the database's own; the last two while they are being made."""
BUSY_SECONDS = 10.0  #: how long to wait for another process (the daemon, a second terminal) that is writing


def connect(path: Path | None) -> sqlite3.Connection:
    """The database at `path`, created if absent; `None` is one in memory, gone when closed."""
    if path is None:
        return _created(_ready(_opened(":memory:")))
    _make_private(path)
    try:
        return _current(path)
    except sqlite3.DatabaseError as exc:
        from recipflow.store.unusable import why

        raise UserError(f"{path}: cannot be used: {why(path, exc).reason}.") from exc


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing, even if the power goes; one inside another is part of it."""
    if db.in_transaction:
        yield
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if db.in_transaction:  # a full disk has ended it already
            db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


@contextmanager
def regainable(db: sqlite3.Connection) -> Iterator[None]:
    """Wait for no disk: what is written within is whole after a power cut, but the last of it may be missing.

    For what can be computed anew. Any later transaction outside waits for it, too (https://sqlite.org/pragma.html#pragma_synchronous).
    """
    (before,) = db.execute("PRAGMA synchronous").fetchone()
    if before < _FULL or db.in_transaction:
        yield
        return
    db.execute(f"PRAGMA synchronous = {_NORMAL}")
    try:
        yield
    finally:
        db.execute(f"PRAGMA synchronous = {before}")


@contextmanager
def kept_open(path: Path) -> Iterator[None]:
    """Hold a database that is there open meanwhile, whoever else comes and goes.

    Whoever closes it last folds its journal in and takes it away, and the next one begins a journal: four waits for the
    disk. Nothing may be put in the file's place while it is held.
    """
    try:
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, check_same_thread=False)
    except sqlite3.OperationalError:
        yield
        return
    try:
        with suppress(sqlite3.DatabaseError):  # whoever works with it says what is wrong
            db.execute("SELECT name FROM sqlite_master LIMIT 1").fetchall()
        yield
    finally:
        db.close()


def fold_in(db: sqlite3.Connection) -> None:
    """Into the file with all that stands in the journal, which then holds nothing of what was there before."""
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def faults(db: sqlite3.Connection) -> tuple[str, ...]:
    """What SQLite finds wrong with the file; nothing, if all is well."""
    checks = (db.execute(f"PRAGMA {check}").fetchall() for check in ("quick_check(20)", "foreign_key_check"))
    return tuple(" ".join(map(str, row)) for rows in checks for row in rows if row != ("ok",))


def backups(path: Path) -> tuple[Path, ...]:
    """The copies kept: of each day, and from before migrations."""
    return tuple(sorted(one for kind in (BEFORE, DAILY) for one in path.parent.glob(f"{path.name}{kind}*")))


def left_behind(path: Path) -> tuple[Path, ...]:
    """What is left of copies whose making was broken off."""
    return tuple(one for kind in (UNFINISHED, INCOMING) for one in path.parent.glob(f"{path.name}{kind}*"))


def back_up(db: sqlite3.Connection, copy: Path) -> None:
    """Copy an open database into a file for the user alone; others may go on writing meanwhile."""
    _make_private(copy)
    target = sqlite3.connect(copy)
    try:
        db.backup(target)
    finally:
        target.close()


def _current(path: Path) -> sqlite3.Connection:
    """Nothing is written before the version was seen: it may be anybody's file."""
    db = _opened(str(path))
    try:
        version = _version(db)
        if version > migrations.HEAD:
            raise UserError(
                f"{path}: was written by a newer recipflow (schema {version}). Update recipflow to open it."
            )
        if version == "":
            return _created(_ready(db))
        if version == migrations.HEAD:
            return _ready(db)
        back_up(db, path.with_name(f"{path.name}{BEFORE}{migrations.HEAD}"))
    except BaseException:
        db.close()
        raise
    db.close()
    try:
        migrations.upgrade(path)
    except Exception as exc:
        raise UserError(f"{path}: could not be brought up to date and is as it was ({exc}).") from exc
    return _ready(_opened(str(path)))


def _opened(target: str) -> sqlite3.Connection:
    # Transactions are begun and ended by the store alone.
    return sqlite3.connect(target, timeout=BUSY_SECONDS, isolation_level=None, cached_statements=256)


def _ready(db: sqlite3.Connection) -> sqlite3.Connection:
    for pragma in _PRAGMAS.strip().splitlines():
        db.execute(pragma)
    return db


def _version(db: sqlite3.Connection) -> str:
    """The schema's revision; "" of an empty database."""
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return ""
    if "alembic_version" not in tables:
        raise sqlite3.DatabaseError("it holds other tables")
    (version,) = db.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(version)


def _created(db: sqlite3.Connection) -> sqlite3.Connection:
    schema = files("recipflow.store").joinpath("schema.sql").read_text(encoding="utf-8")
    db.execute("BEGIN IMMEDIATE")
    if _version(db) == "":  # else another process was faster
        for statement in (_VERSION + schema).split(";"):
            db.execute(statement)
        db.execute("INSERT INTO alembic_version VALUES (?)", (migrations.HEAD,))
        db.execute("INSERT INTO meta VALUES ('salt', ?)", (secrets.token_hex(16),))
    db.execute("COMMIT")
    return db


def _make_private(path: Path) -> None:
    """File 0600 in a directory 0700; Windows keeps both in the user's profile, which others cannot read."""
    if not path.parent.exists():
        path.parent.mkdir(mode=0o700, parents=True)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    elif os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(0o600)
