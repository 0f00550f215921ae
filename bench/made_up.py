"""A database of made-up mail, and an account that goes on with it: for the daemon's measurements."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.scale import ME, Mailbox, _filled
from recipflow import assembly, config
from recipflow.connector import Page
from recipflow.home import Home, find
from recipflow.model import Message
from recipflow.store import Store

ROOT = Path(__file__).resolve().parents[1]
WATCHING = "BENCH_WATCHING"
"""The variable that makes the account one that tells by itself."""


class MadeUp:
    """An account with so much mail, and as much more as a file says; it tells by itself when that grows."""

    def __init__(self, settings: Mapping[str, Any], _secrets: object = None) -> None:
        self._file = Path(settings["more"])
        self._mailbox = Mailbox(settings["messages"], settings["people"])
        self._stopped = threading.Event()
        self._seen = self._more()

    def pull(self, cursor: str | None, *, now: datetime) -> Page:
        start, end = int(cursor or 0), self._mailbox.messages + self._more()
        page = tuple(self._message(number, now) for number in range(start, min(end, start + 400)))
        reached = start + len(page)
        return Page(interactions=page, cursor=str(reached), more=reached < end)

    def wait(self, seconds: float) -> bool:
        """A pipe would be kinder than this; its wakes are not measured."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._stopped.is_set():
            if self._more() != self._seen:
                self._seen = self._more()
                return True
            self._stopped.wait(0.01)
        return False

    def stop(self) -> None:
        self._stopped.set()

    def _message(self, number: int, now: datetime) -> Message:
        made = self._mailbox.message(number)
        return replace(made, at=min(now, made.at))

    def _more(self) -> int:
        return int(self._file.read_text() or 0) if self._file.exists() else 0


class Polled:
    """The same, that has to be asked."""

    def __init__(self, settings: Mapping[str, Any], secrets: object) -> None:
        self._account = MadeUp(settings, secrets)

    def pull(self, cursor: str | None, *, now: datetime) -> Page:
        return self._account.pull(cursor, now=now)


def filled(place: Path, people: int, accounts: list[dict[str, Any]], **more: Any) -> tuple[Home, Path]:
    """A home whose database holds made-up mail of so many people, and the file that says how much more came.

    One that was filled before is used as it is.
    """
    home, coming, messages = find({"RECIPFLOW_HOME": str(place)}), place / "more", max(10_000, 3 * people)
    made_up = {"name": "made-up", "connector": "made-up", "more": str(coming)}
    settings = {
        "me.addresses": [ME.address],
        "me.tz": "UTC",
        "accounts": [{**made_up, "messages": messages, "people": people}, *accounts],
        "digest.via": f"maildir:{place / 'mail'}",
        **more,
    }
    home.config.unlink(missing_ok=True)
    config.create(home.config, settings)
    if not home.database.exists():
        with Store(home.database) as store:
            store.accounts.ensure("made-up", "files")
            _filled(store, assembly.context([ME.address], UTC), messages, people)
            store._db.execute("UPDATE account SET connector = 'made-up', cursor = ?", (str(messages),))
    return home, coming


def installed(folder: Path) -> Path:
    """The made-up account as a stranger's package would bring it, for every process the daemon starts."""
    about = folder / "made_up-1.0.dist-info"
    about.mkdir(parents=True, exist_ok=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: made-up\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[recipflow.connectors]\nmade-up = made_up_accounts:connect\n")
    (folder / "made_up_accounts.py").write_text(
        f"import os, sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "def connect(settings, secrets):\n    from bench import made_up\n"
        f"    kind = made_up.MadeUp if os.environ.get({WATCHING!r}) else made_up.Polled\n"
        "    return kind(dict(settings), secrets)\n"
    )
    return folder


def waiting(home: Home) -> bool:
    """Whether advice waits to be renewed."""
    now = datetime.now(UTC).timestamp()
    with closing(sqlite3.connect(home.database)) as db:
        sql = (
            "SELECT EXISTS (SELECT 1 FROM renewal) OR EXISTS (SELECT 1 FROM relationship WHERE next_due <= ?)"
        )
        return bool(db.execute(sql, (now,)).fetchone()[0])


def all_due(home: Home) -> None:
    """Everybody waits to be folded anew, as after other settings."""
    with closing(sqlite3.connect(home.database)) as db, db:
        db.execute("UPDATE relationship SET next_due = 0")
