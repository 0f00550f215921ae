"""Making people gone: all that is theirs deleted, their names and addresses blotted out of what others wrote."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from typing import NamedTuple

from recipflow.store import progress
from recipflow.store.naming import naming

FORGOTTEN = "[forgotten]"
"""What stands where the name or address of somebody forgotten stood in somebody else's words."""

_THEIRS = (
    ("act", "address"),
    ("address", "address"),
    ("refold", "address"),
    ("contact", "id"),
    ("relationship", "contact"),
    ("nudge_life", "contact"),
    ("reply_token", "contact"),
    ("renewal", "contact"),
)
_WORDS = (
    ("interaction", ("subject", "text", "headers", "attachments")),
    ("act", ("quote",)),
    ("reading", ("question_quote",)),
    ("thread", ("key",)),
    ("set_aside", ("place", "reason")),
    ("decision", ("payload",)),
    ("delivery", ("content", "wrote")),
)
_LIST = "(SELECT value FROM json_each(?))"


class Erased(NamedTuple):
    """How many interactions went, and in how many others the person was blotted out."""

    interactions: int
    blotted: int


def named(db: sqlite3.Connection, addresses: Collection[str], names: Collection[str] = ()) -> bool:
    """Whether these take part in anything that is kept, or are named in it: looks through all of it."""
    who = json.dumps(list(addresses))
    if db.execute(f"SELECT 1 FROM party WHERE address IN {_LIST} LIMIT 1", (who,)).fetchone():
        return True
    _teach(db, [*addresses, *names])
    told = (("decision", ("target",)), ("nudge_life", ("contact",)), ("delivery", ("contact",)), *_WORDS)
    return any(
        db.execute(
            f"SELECT 1 FROM {table} WHERE {' OR '.join(f'names_them({column})' for column in columns)} LIMIT 1"
        ).fetchone()
        for table, columns in told
    )


def erase(
    db: sqlite3.Connection, addresses: Collection[str], me: Collection[str], names: Collection[str] = ()
) -> Erased:
    """Delete all that is theirs and blot out their addresses and full names, these besides, elsewhere.

    What it changes of others is put back among the unlinked, the unread and the marked.
    """
    words, who, gone = (
        sorted({*_words(db, addresses), *names}, key=len, reverse=True),
        {*addresses, *_contacts(db, addresses)},
        _theirs(db, addresses, me),
    )
    keys = json.dumps(sorted(gone))
    _erase_decisions(db, who, keys)
    _teach(db, words)
    _erase_notes(db)
    _mark_named(db)
    _take_back(db, who)
    _erase_interactions(db, keys, gone)
    _erase_parties(db, addresses)
    for table, column in _THEIRS:
        db.executemany(f"DELETE FROM {table} WHERE {column} = ?", ((one,) for one in who))
    blotted = _blot(db, words)
    _begin_again(db)
    return Erased(len(gone), blotted)


def _words(db: sqlite3.Connection, addresses: Collection[str]) -> list[str]:
    """Addresses and full names, longest first; not a first name alone, nor a name somebody else has too."""
    names = db.execute(
        f"SELECT name FROM party WHERE name LIKE '_% _%' GROUP BY name HAVING min(address IN {_LIST})",
        (json.dumps(list(addresses)),),
    )
    return sorted({*addresses, *(name.strip() for (name,) in names)}, key=len, reverse=True)


def _erase_interactions(db: sqlite3.Connection, keys: str, gone: Collection[int]) -> None:
    """These; whose threads and ledgers they were in is put together anew. `keys` are the same as JSON."""
    _unlink(db, keys)
    _mark(db, [(key,) for key in gone])
    db.execute(f"DELETE FROM interaction WHERE id IN {_LIST}", (keys,))


def _begin_again(db: sqlite3.Connection) -> None:
    """What was derived of those who are marked is derived anew."""
    progress.begin_again(db)
    # What comes next may be given the number of a row that is gone.
    progress.step_back(db, progress.MARKED, _newest(db) + 1)
    db.execute(
        "DELETE FROM relationship WHERE contact IN "
        "(SELECT contact FROM address WHERE address IN (SELECT address FROM refold))"
    )


def _erase_parties(db: sqlite3.Connection, addresses: Collection[str]) -> None:
    """Out of the lists of those who took part in what others wrote, which then reads otherwise."""
    who = json.dumps(list(addresses))
    gone = f"(SELECT id FROM party WHERE address IN {_LIST})"
    shared = db.execute(f"SELECT DISTINCT interaction FROM part WHERE party IN {gone}", (who,)).fetchall()
    for table, column in (("part", "party"), ("party", "id")):
        db.execute(f"DELETE FROM {table} WHERE {column} IN {gone}", (who,))
    _read_anew(db, shared)


def _contacts(db: sqlite3.Connection, addresses: Collection[str]) -> set[str]:
    """Contacts that have no address left."""
    rows = db.execute(
        f"SELECT contact FROM address WHERE contact IS NOT NULL GROUP BY contact HAVING min(address IN {_LIST})",
        (json.dumps(list(addresses)),),
    )
    return {contact for (contact,) in rows}


def _theirs(db: sqlite3.Connection, addresses: Collection[str], me: Collection[str]) -> set[int]:
    """Interactions from them, or with nobody else but the user."""
    rows = db.execute(
        "WITH gone AS (SELECT id FROM party WHERE address IN (SELECT value FROM json_each(?))), "
        "me AS (SELECT id FROM party WHERE address IN (SELECT value FROM json_each(?))) "
        "SELECT DISTINCT p.interaction FROM part p WHERE p.party IN gone AND ("
        "p.role IN ('from', 'organizer') OR NOT EXISTS (SELECT 1 FROM part o "
        "WHERE o.interaction = p.interaction AND o.party NOT IN gone AND o.party NOT IN me))",
        (json.dumps(list(addresses)), json.dumps(list(me))),
    )
    return {key for (key,) in rows}


def _erase_decisions(db: sqlite3.Connection, who: Collection[str], keys: str) -> None:
    """The user's own words about them: on the contact, on their nudges, on their mails, or naming them."""
    _teach(db, who)
    values = (json.dumps(list(who)), keys)
    gone = (
        f"FROM decision WHERE target IN (SELECT key FROM nudge_life WHERE contact IN {_LIST}) OR target IN "
        f"(SELECT ext FROM interaction WHERE id IN {_LIST}) OR names_them(target || char(10) || payload)"
    )
    db.execute(  # what their corrections taught is unlearned
        "INSERT OR IGNORE INTO refold SELECT address FROM act WHERE rule IN "
        f"(SELECT json_extract(payload, '$.rule') {gone})",
        values,
    )
    db.execute(f"DELETE {gone}", values)


def _erase_notes(db: sqlite3.Connection) -> None:
    """The shell's own notes that name them: it makes them again."""
    db.execute("DELETE FROM meta WHERE key <> 'salt' AND names_them(value)")


def _mark_named(db: sqlite3.Connection) -> None:
    """Whose ledger names them as it was folded, in a quote or in a word of the user's: it is folded anew."""
    db.execute(
        "INSERT OR IGNORE INTO refold SELECT address FROM address WHERE contact IN "
        "(SELECT contact FROM relationship WHERE names_them(state))"
    )


def _take_back(db: sqlite3.Connection, who: Collection[str]) -> None:
    """Events about them leave the calendar; a letter not delivered yet is composed anew, without them."""
    named = json.dumps(list(who))
    db.execute(
        "UPDATE delivery SET state = 'removing', contact = '', nudge = '', content = '', wrote = '', next_try = 0 "
        f"WHERE form = 'reminder' AND contact IN {_LIST} AND state IN ('staged', 'sending', 'delivered', "
        "'theirs', 'removing')",
        (named,),
    )
    db.execute(f"DELETE FROM delivery WHERE contact IN {_LIST}", (named,))
    db.execute("DELETE FROM delivery WHERE form = 'letter' AND state IN ('staged', 'sending')")


def _unlink(db: sqlite3.Connection, keys: str) -> None:
    """Threads that lose a message may fall apart: their messages are linked, and their people folded, anew."""
    rows = db.execute(
        "SELECT interaction FROM thread WHERE thread IN (SELECT thread FROM thread WHERE interaction IN "
        f"{_LIST})",
        (keys,),
    ).fetchall()
    unlinked = json.dumps([key for (key,) in rows])
    for table in ("thread", "node"):
        db.execute(f"DELETE FROM {table} WHERE interaction IN {_LIST}", (unlinked,))
    _mark(db, rows)


def _blot(db: sqlite3.Connection, words: list[str]) -> int:
    """Blot the words out of what others wrote; what changed is read anew."""
    pattern = naming(words)
    db.create_function("blot", 1, lambda text: text and pattern.sub(FORGOTTEN, text), deterministic=True)
    changed = db.execute(f"SELECT id FROM interaction WHERE {_differs(_WORDS[0][1])}").fetchall()
    for table, columns in _WORDS:
        blots = ", ".join(f"{column} = blot({column})" for column in columns)
        db.execute(f"UPDATE OR REPLACE {table} SET {blots} WHERE {_differs(columns)}")
    _unlink(db, json.dumps([key for (key,) in changed]))  # by subject, they may belong elsewhere now
    _read_anew(db, changed)
    return len(changed)


def _read_anew(db: sqlite3.Connection, keys: list[tuple[int]]) -> None:
    """And folded anew; but what was read in a text that is gone since stays."""
    db.executemany(
        "DELETE FROM reading WHERE interaction IN (SELECT id FROM interaction WHERE id = ? AND text IS NOT NULL)",
        keys,
    )
    _mark(db, keys)


def _teach(db: sqlite3.Connection, words: Collection[str]) -> None:
    """Let SQL ask whether a text names these."""
    pattern = naming(words)
    db.create_function(
        "names_them", 1, lambda text: text is not None and bool(pattern.search(text)), deterministic=True
    )


def _differs(columns: Iterable[str]) -> str:
    return " OR ".join(f"{column} <> blot({column})" for column in columns)


def _mark(db: sqlite3.Connection, keys: Iterable[tuple[int]]) -> None:
    db.execute(
        "INSERT OR IGNORE INTO refold SELECT address FROM party WHERE id IN "
        f"(SELECT party FROM part WHERE interaction IN {_LIST})",
        (json.dumps([key for (key,) in keys]),),
    )


def _newest(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT coalesce(max(id), 0) FROM interaction").fetchone()[0])
