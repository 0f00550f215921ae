"""Salted hashes of who was forgotten: enough to skip them, not to name them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path


def bury(db: sqlite3.Connection, addresses: Iterable[str]) -> None:
    """Keep salted hashes of these addresses."""
    salt = _salt(db)
    db.executemany("INSERT OR IGNORE INTO tombstone VALUES (?)", ((_hash(salt, one),) for one in addresses))


def unbury(db: sqlite3.Connection, addresses: Iterable[str]) -> None:
    """Let these be read again from now on; what was erased stays erased."""
    salt = _salt(db)
    db.executemany("DELETE FROM tombstone WHERE hash = ?", ((_hash(salt, one),) for one in addresses))


def buried(db: sqlite3.Connection) -> Callable[[str], bool] | None:
    """Tells whether an address was buried; None if none was, so that most users pay nothing."""
    hashes = frozenset(one for (one,) in db.execute("SELECT hash FROM tombstone"))
    salt = _salt(db)
    return lru_cache(maxsize=4096)(lambda address: _hash(salt, address) in hashes) if hashes else None


def take_over(db: sqlite3.Connection, path: Path) -> frozenset[str]:
    """Bury here, too, whom the database in a file that nobody writes to buried; says which of them are known here.

    Nobody, where it cannot be read.
    """
    where = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(where, uri=True)) as other:
        gone = buried(other)
        if gone is None:
            return frozenset()
        if _salt(db) == _salt(other):  # copies of one another: also those who are not known here
            rows = other.execute("SELECT hash FROM tombstone").fetchall()
            db.executemany("INSERT OR IGNORE INTO tombstone VALUES (?)", rows)
        return frozenset(one for (one,) in db.execute("SELECT address FROM party") if gone(one))
    return frozenset()


def _salt(db: sqlite3.Connection) -> bytes:
    (salt,) = db.execute("SELECT value FROM meta WHERE key = 'salt'").fetchone()
    return bytes.fromhex(salt)


def _hash(salt: bytes, name: str) -> str:
    return blake2b(name.encode("utf-8", "replace"), key=salt, digest_size=16).hexdigest()
