"""One daemon for each database: a lock of the operating system's, which a crash cannot leave behind."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from recipflow.errors import UserError

INSTANT = 0.2
"""Seconds."""


@contextmanager
def held(database: Path) -> Iterator[None]:
    """Hold the lock beside the database; a UserError names the process that has it.

    Who only asks whether it is held holds it for an instant: that is waited for.
    """
    path = path_of(database)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _taken_soon(handle):
            raise UserError(f"recipflow is running already for this database (process {_owner(path)}).")
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        os.close(handle)  # which gives the lock up


def running(database: Path) -> int | None:
    """The process that holds the lock; None when none does."""
    path = path_of(database)
    if not path.exists():
        return None
    handle = os.open(path, os.O_RDWR)
    try:
        return None if _taken(handle) else int(_owner(path) or 0)
    finally:
        os.close(handle)


def _taken_soon(handle: int) -> bool:
    until = monotonic() + INSTANT
    while not _taken(handle):
        if monotonic() > until:
            return False
        sleep(0.02)
    return True


def path_of(database: Path) -> Path:
    return database.with_name(f"{database.name}.lock")


def _owner(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:  # Windows does not let others read what is locked
        return ""


if sys.platform == "win32":
    import msvcrt

    def _taken(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _taken(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
