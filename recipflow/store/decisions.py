"""The user's words, append-only, and what became of each nudge."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from recipflow.model import ContactId
from recipflow.store.rows import Row, instant, maybe_instant, maybe_seconds, seconds

Payload = Mapping[str, str | int | float | bool | list[str] | None]


class Verb(StrEnum):
    """What the user can say."""

    LOG = "log"
    CORRECT = "correct"
    DONE = "done"
    WRONG = "wrong"
    ANSWER = "answer"  #: yes or no, to a question
    NEVER = "never"
    SNOOZE = "snooze"
    DISMISS = "dismiss"
    MERGE = "merge"
    SPLIT = "split"
    ME = "me"
    PLAN = "plan"  #: what the user intends with a contact; with "drop", one of it no more
    UNLEARN = "unlearn"  #: a correction is taken back, with what it taught
    CONTACT = "contact"  #: profile, norm, tags of a contact


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One word of the user's, on a nudge's key, a contact, an address or an interaction."""

    id: int
    at: datetime
    verb: Verb
    target: str
    payload: Payload
    undone_at: datetime | None = None


class LifeState(StrEnum):
    NEW = "new"
    SHOWN = "shown"
    DONE = "done"
    SNOOZED = "snoozed"
    DISMISSED = "dismissed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What became of a nudge."""

    key: str
    kind: str
    contact: ContactId
    state: LifeState = LifeState.NEW
    shown_count: int = 0
    first_shown: datetime | None = None
    last_shown: datetime | None = None
    until: datetime | None = (
        None  #: put away until then, None: for good; of what came back, kept for its first day
    )


class Decisions:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def append(self, verb: Verb, target: str, payload: Payload, at: datetime) -> int:
        """Keep a word; its number is what `undo` takes."""
        words = json.dumps(dict(payload), ensure_ascii=False)
        cursor = self._db.execute(
            "INSERT INTO decision (at, verb, target, payload) VALUES (?, ?, ?, ?)",
            (seconds(at), verb.value, target, words),
        )
        return cursor.lastrowid or 0

    def undo(self, at: datetime, number: int | None = None) -> Decision | None:
        """Take one back, by default the last; None if there is none, or it was taken back already."""
        rows = self._db.execute(
            "UPDATE decision SET undone_at = ? WHERE undone_at IS NULL AND id = coalesce(?, "
            f"(SELECT max(id) FROM decision WHERE undone_at IS NULL)) RETURNING {_DECISION}",
            (seconds(at), number),
        ).fetchall()
        return _decision(rows[0]) if rows else None

    def redo(self, numbers: Iterable[int]) -> list[Decision]:
        """Let these stand again that were taken back."""
        rows = self._db.execute(
            f"UPDATE decision SET undone_at = NULL WHERE id IN (SELECT value FROM json_each(?)) RETURNING {_DECISION}",
            (json.dumps(list(numbers)),),
        ).fetchall()
        return list(map(_decision, rows))

    def standing(self, verb: Verb | None = None, target: str | None = None) -> tuple[Decision, ...]:
        """Those not taken back, oldest first."""
        rows = self._db.execute(
            f"SELECT {_DECISION} FROM decision WHERE undone_at IS NULL "
            "AND (:verb IS NULL OR verb = :verb) AND (:target IS NULL OR target = :target) ORDER BY id",
            {"verb": verb and verb.value, "target": target},
        )
        return tuple(map(_decision, rows))

    def lives(self, *, contact: ContactId | None = None, key: str | None = None) -> dict[str, Life]:
        """By key: all, one contact's, or one nudge's."""
        rows = self._db.execute(
            f"SELECT {_LIFE} FROM nudge_life "
            "WHERE (:contact IS NULL OR contact = :contact) AND (:key IS NULL OR key = :key)",
            {"contact": contact, "key": key},
        )
        return {row[0]: _life(row) for row in rows}

    def put_lives(self, lives: Iterable[Life]) -> None:
        """Keep what became of these, in place of what was known."""
        self._db.executemany(
            f"REPLACE INTO nudge_life ({_LIFE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", map(_life_row, lives)
        )

    def drop_lives(self, keys: Iterable[str]) -> None:
        """Nothing became of these."""
        self._db.executemany("DELETE FROM nudge_life WHERE key = ?", ((one,) for one in keys))


_DECISION = "id, at, verb, target, payload, undone_at"
_LIFE = "key, kind, contact, state, shown_count, first_shown, last_shown, until"


def _decision(row: Row) -> Decision:
    number, at, verb, target, payload, undone = row
    return Decision(
        id=number,
        at=instant(at),
        verb=Verb(verb),
        target=target,
        payload=json.loads(payload),
        undone_at=maybe_instant(undone),
    )


def _life(row: Row) -> Life:
    key, kind, contact, state, count, first, last, until = row
    return Life(
        key=key,
        kind=kind,
        contact=contact,
        state=LifeState(state),
        shown_count=count,
        first_shown=maybe_instant(first),
        last_shown=maybe_instant(last),
        until=maybe_instant(until),
    )


def _life_row(life: Life) -> Row:
    return (
        life.key,
        life.kind,
        life.contact,
        life.state.value,
        life.shown_count,
        maybe_seconds(life.first_shown),
        maybe_seconds(life.last_shown),
        maybe_seconds(life.until),
    )
