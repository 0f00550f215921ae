"""Why a database cannot be used, as the user reads it, and the command that mends it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from pathlib import Path
from shlex import quote
from typing import NamedTuple

from recipflow.store.database import DAILY, backups

LITTLE = 1 << 20
"""Bytes free on a disk below which it is full: SQLite then speaks of an "I/O error", too."""


class Unusable(NamedTuple):
    """What is not in order, and the command that mends it."""

    reason: str
    command: str


def why(path: Path, fault: sqlite3.Error) -> Unusable:
    """What SQLite's error means for the database at `path` (https://sqlite.org/rescode.html)."""
    code, file = getattr(fault, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF, quote(str(path))
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _is_full(path)):
        return Unusable("the disk is full", f"df -h {quote(str(path.parent))}")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Unusable(
            f"another program is writing to it: wait until it is done ({fault})", "recipflow service status"
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return Unusable(f"it may not be read and written ({fault})", writable(path))
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return Unusable(f"it is damaged, or is not a recipflow database ({fault})", _from_copy(path))
    return Unusable(str(fault), f"recipflow --debug doctor; df -h {file}")


def writable(path: Path) -> str:
    """The command after which the user may read and write a file or folder, and what it lies in."""
    both = " ".join(quote(str(one)) for one in dict.fromkeys((path.parent, path)))
    there = [one for one in (path.parent, path) if os.access(one, os.F_OK)]
    if sys.platform != "win32" and any(one.stat().st_uid != os.getuid() for one in there):
        return f"sudo chown {os.getuid()} {both}"
    return f"chmod u+rwX {both}"


def _is_full(path: Path) -> bool:
    return shutil.disk_usage(path.parent).free < LITTLE


def _from_copy(path: Path) -> str:
    """The newest copy holds what the user said, and `sync` reads the mail since; without one, all mail is read again."""
    kept = [one for one in backups(path) if one.name.startswith(f"{path.name}{DAILY}")]
    if kept:
        return f"recipflow restore {quote(str(kept[-1]))}"
    file = quote(str(path))
    return f"mv {file} {file}.damaged && recipflow sync"
