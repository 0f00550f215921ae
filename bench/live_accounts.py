"""Accounts for the daemon's measurements, with servers or stand-ins behind them: their tables in config.toml."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Tables = list[dict[str, Any]]


def servers(stack: ExitStack, place: Path) -> Tables:
    """A CalDAV account, and an IMAP account where there is a server for it; passwords in files for the user alone."""
    from recipflow.secrets import Keep, vault
    from tests import dav
    from tests.connectors import dovecot

    url = stack.enter_context(dav.radicale(place / "dav"))
    vault("dav", place / "tokens", Keep.FILE).put("password", dav.PASSWORD)
    calendar = {"name": "calendar", "connector": "caldav", "url": url, "user": dav.USER, "vault": "dav"}
    found: Tables = [{**calendar, "allow": ["reminders"]}]
    if dovecot.BINARY:
        server = stack.enter_context(dovecot.running())
        vault("imap", place / "tokens", Keep.FILE).put("password", dovecot.PASSWORD)
        mail = {"name": "mail", "connector": "imap", "host": "127.0.0.1", "port": server.port}
        found.append({**mail, "security": "plain", "user": "ann", "vault": "imap"})
    return found


def google(stack: ExitStack, place: Path) -> Tables:
    """Gmail and Google Calendar at the stand-in, which holds the demo's mailbox."""
    from recipflow.demo import unpack
    from recipflow.home import find
    from tests.worlds.google import at_google

    world = stack.enter_context(at_google(unpack(place), ("noor@haddad.example",)))
    world.arrive(datetime.now(UTC))
    world.sign_in(find({"RECIPFLOW_HOME": str(place)}))
    accounts: Any = world.settings["accounts"]
    names = {"mail": "mail", "meetings": "calendar"}
    return [{**one, "name": names[one["name"]]} for one in accounts]
