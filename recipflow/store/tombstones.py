"""Salted hashes of who was forgotten, and of what mails of theirs were called: enough to skip them, not to name them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from hashlib import blake2b

from recipflow.model import Interaction, Message


def bury(db: sqlite3.Connection, names: Iterable[str]) -> None:
    """Keep salted hashes of these addresses or Message-IDs."""
    salt = _salt(db)
    db.executemany("INSERT OR IGNORE INTO tombstone VALUES (?)", ((_hash(salt, one),) for one in names))


def unbury(db: sqlite3.Connection, addresses: Iterable[str]) -> None:
    """Let these be read again from now on; what was erased stays erased."""
    salt = _salt(db)
    db.executemany("DELETE FROM tombstone WHERE hash = ?", ((_hash(salt, one),) for one in addresses))


def buried(db: sqlite3.Connection) -> Callable[[str], bool] | None:
    """Tells whether an address or Message-ID was buried; None if none was, so that most users pay nothing."""
    hashes = frozenset(one for (one,) in db.execute("SELECT hash FROM tombstone"))
    salt = _salt(db)
    return lru_cache(maxsize=4096)(lambda name: _hash(salt, name) in hashes) if hashes else None


def aliases(db: sqlite3.Connection, ids: Iterable[str]) -> dict[str, str]:
    """What stands for these Message-IDs where others refer to them: a hash, so that the answers stay in one thread."""
    salt = _salt(db)
    return {one: f"{_hash(salt, one)}@forgotten" for one in ids}


def unnamed(db: sqlite3.Connection, items: Iterable[Interaction]) -> list[Interaction]:
    """The interactions, their references to buried mails by alias."""
    gone = buried(db)
    if gone is None:
        return list(items)
    return [_renamed(one, db, gone) if isinstance(one, Message) else one for one in items]


def unname(db: sqlite3.Connection, names: Mapping[str, str]) -> list[int]:
    """Put aliases for these Message-IDs where what is stored refers to them; gives the rows that changed."""
    rows = db.execute("SELECT id, in_reply_to, refs FROM interaction WHERE in_reply_to <> '' OR refs <> ''")
    changed = [
        (names.get(reply, reply), " ".join(names.get(one, one) for one in refs.split(" ")), key)
        for key, reply, refs in rows
        if reply in names or not names.keys().isdisjoint(refs.split(" "))
    ]
    db.executemany("UPDATE interaction SET in_reply_to = ?, refs = ? WHERE id = ?", changed)
    return [key for _, _, key in changed]


def _renamed(one: Message, db: sqlite3.Connection, gone: Callable[[str], bool]) -> Message:
    names = aliases(db, (name for name in {one.in_reply_to, *one.references} if name and gone(name)))
    if not names:
        return one
    references = tuple(names.get(name, name) for name in one.references)
    return replace(one, in_reply_to=names.get(one.in_reply_to, one.in_reply_to), references=references)


def _salt(db: sqlite3.Connection) -> bytes:
    (salt,) = db.execute("SELECT value FROM meta WHERE key = 'salt'").fetchone()
    return bytes.fromhex(salt)


def _hash(salt: bytes, name: str) -> str:
    return blake2b(name.encode("utf-8", "replace"), key=salt, digest_size=16).hexdigest()
