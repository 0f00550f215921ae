"""How far each account was read, and what in it could not be."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from recipflow.connector import WITHIN, SetAside
from recipflow.store.rows import instant, maybe_instant, maybe_seconds, seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One configured source, as the store knows it; its settings stand in config.toml."""

    id: int
    name: str
    connector: str
    cursor: str | None = None
    last_sync: datetime | None = None  #: when a pull last reached the end; before, advice rests on a part
    seen: int = 0  #: interactions taken in so far, those known already among them


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why an account does not go on."""

    reason: str
    command: str = ""  #: what the user has to type; "" when it passes by itself
    since: datetime
    tries: int = 1
    retry_at: datetime | None = None  #: not before then; None: when the user has acted


class Accounts:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def ensure(self, name: str, connector: str) -> Account:
        """The account of that name, made if it is new; with another connector it starts from nothing."""
        self._db.execute(
            "INSERT INTO account (name, connector, seen) VALUES (?, ?, 0) ON CONFLICT (name) DO UPDATE "
            "SET cursor = iif(connector = excluded.connector, cursor, NULL), connector = excluded.connector",
            (name, connector),
        )
        return next(account for account in self.all() if account.name == name)

    def all(self) -> tuple[Account, ...]:
        rows = self._db.execute(
            "SELECT id, name, connector, cursor, last_sync, seen FROM account ORDER BY id"
        )
        return tuple(
            Account(
                id=i, name=name, connector=connector, cursor=cursor, last_sync=maybe_instant(at), seen=seen
            )
            for i, name, connector, cursor, at, seen in rows
        )

    def advance(self, account: int, cursor: str | None, *, seen: int, finished: datetime | None) -> None:
        """Move the cursor; `finished` when there is nothing more to be had now."""
        self._db.execute(
            "UPDATE account SET cursor = ?, seen = seen + ?, last_sync = coalesce(?, last_sync) WHERE id = ?",
            (cursor, seen, None if finished is None else seconds(finished), account),
        )

    def rewind(self, account: int) -> None:
        """It is read from the beginning the next time; what is known already changes nothing."""
        self._db.execute("UPDATE account SET cursor = NULL WHERE id = ?", (account,))

    def troubles(self) -> dict[int, Trouble]:
        """What is wrong with each account that does not go on."""
        rows = self._db.execute("SELECT account, reason, command, since, tries, retry_at FROM trouble")
        return {
            account: Trouble(
                reason=reason,
                command=command,
                since=instant(since),
                tries=tries,
                retry_at=maybe_instant(retry),
            )
            for account, reason, command, since, tries, retry in rows
        }

    def put_trouble(self, account: int, trouble: Trouble) -> None:
        """Note that it does not go on; since when is kept from the first time."""
        self._db.execute(
            "INSERT INTO trouble VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET reason = excluded.reason, "
            "command = excluded.command, tries = tries + excluded.tries, retry_at = excluded.retry_at",
            (
                account,
                trouble.reason,
                trouble.command,
                seconds(trouble.since),
                trouble.tries,
                maybe_seconds(trouble.retry_at),
            ),
        )

    def clear_trouble(self, account: int) -> None:
        """It goes on."""
        self._db.execute("DELETE FROM trouble WHERE account = ?", (account,))

    def put_aside(self, account: int, items: Iterable[SetAside], now: datetime) -> None:
        """Keep what could not be read; the same place counts once."""
        self._db.executemany(
            "INSERT INTO set_aside VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET reason = excluded.reason",
            [(account, item.where, item.reason, seconds(now)) for item in items],
        )

    def clear_aside(self, account: int, places: Iterable[str], *, within: bool = True) -> None:
        """These places are looked at anew: nothing at them, or `within` them ("PLACE, event 7"), is set aside now."""
        for place in places:  # a statement each: SQLite goes by the index in neither part of an OR here
            self._db.execute("DELETE FROM set_aside WHERE account = ? AND place = ?", (account, place))
            for part in WITHIN if within else ():
                self._db.execute(
                    "DELETE FROM set_aside WHERE account = ? AND place > ? AND place < ?",
                    (account, f"{place}, {part} ", f"{place}, {part}!"),
                )

    def set_aside(self, account: int | None = None) -> tuple[SetAside, ...]:
        """What could not be read, of one account or of all."""
        rows = self._db.execute(
            "SELECT place, reason FROM set_aside WHERE ? IS NULL OR account = ? ORDER BY account, place",
            (account, account),
        )
        return tuple(SetAside(*row) for row in rows)
