"""Moving house: all that recipflow knows and was told, as one file, and that file as all of it again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from recipflow import config
from recipflow.errors import AuthNeeded, TryLater, UserError
from recipflow.home import Home
from recipflow.session import Session
from recipflow.store import Store

FORMAT = 1
"""The version of the file's form; docs/files-and-json.md tells of it."""


def written(session: Session) -> Iterator[dict[str, Any]]:
    """The file's lines: what it is, config.toml as it stands, then every row with its table."""
    yield {"table": "recipflow", "format": FORMAT}
    if session.home.config.exists():
        yield {"table": "config", "text": session.home.config.read_text(encoding="utf-8-sig")}
    for table, row in session.store.everything():
        yield {"table": table, **row}


def taken_in(home: Home, lines: Iterable[str], name: str) -> tuple[int, bool]:
    """Put a file's lines into a new database, all or nothing: how many rows, and whether config.toml came from it.

    One that is there already stays. Derive afterwards. A UserError names the line at fault.
    """
    told = _told(lines, name)
    first = next(told, None)
    if first is None or first.get("table") != "recipflow" or first.get("format") != FORMAT:
        raise UserError(f"{name}: is not what recipflow export --all writes.")
    rows = iter(told)
    second = next(rows, None)
    taken = second is not None and second["table"] == "config"
    rest = rows if taken or second is None else _chained(second, rows)
    with Store(home.database) as store, store.transaction():
        count = store.put_back((str(row.pop("table")), row) for row in rest)
    fresh = bool(taken and second) and not home.config.exists()
    if fresh and second:
        text = str(second["text"]).removeprefix("\ufeff")  # exports of older versions keep the mark
        config.check(_parsed(text, name), name)
        config.write(home.config, text)
    return count, fresh


def _told(lines: Iterable[str], name: str) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            row["table"]
        except (ValueError, KeyError, TypeError):
            raise UserError(f"{name}: line {number}: is no row of an export.") from None
        yield row


def _chained(first: dict[str, Any], rest: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield first
    yield from rest


def _parsed(text: str, name: str) -> Mapping[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise UserError(f"{name}: config: is not TOML: {wrong}") from wrong


def remove_all(home: Home) -> Iterator[Path]:
    """Remove the database, its copies, config.toml, tokens and logs; yields what was there. Rules you wrote stay."""
    database, log = home.database, home.logs
    files = [*database.parent.glob(f"{database.name}*"), *log.parent.glob(f"{log.name}*"), home.config]
    files += sorted(home.tokens.rglob("*")) if home.tokens.is_dir() else []
    for path in files:
        if path.is_file():
            path.unlink()
            yield path
    for folder in (home.tokens, log.parent, database.parent, home.config.parent):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def emptied(session: Session, now: datetime) -> Iterator[str]:
    """Take back what lies outside this computer's files: events, secrets; says what was."""
    from recipflow import secrets
    from recipflow.daemon import couriers
    from recipflow.reminders.cleaning import clean, said_of

    for via, courier in couriers.calendars(session, now).items():
        try:
            count, calendar = clean(session.store, via, courier, now)
        except (AuthNeeded, TryLater) as fault:
            raise UserError(
                [
                    f"The events in the calendar of {via} could not be removed: {str(fault).rstrip('.')}.",
                    "All else is still here. Run this again when that is over; or, to leave the events there, first: "
                    f"recipflow disconnect {via}",
                ]
            ) from fault
        said = f" ({told})" if (told := said_of(calendar)) else ""
        yield f"{count} {'event' if count == 1 else 'events'} in the calendar of {via}{said}"
    for vault in sorted({table.vault for table in session.settings.accounts if table.vault}):
        secrets.empty(vault, session.home.tokens, session.settings.secrets)
        yield f"the secrets of {vault}"
