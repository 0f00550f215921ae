"""The contracts between recipflow and an account, and how installed connectors are found.

A connector is installed under the entry point group `recipflow.connectors`; the entry names a callable
`connect(settings, secrets)`, and is loaded only when `config.toml` or a command names it. What it returns offers one
or more of the protocols below: a mailbox is a `Connector` that may also be `Fetching`, `Watching`, `Drafting` and a
`MailCourier`; a calendar is a `Connector` that may also be a `CalendarCourier` and `Vacating`. What it does not offer,
it has not.

Every call may raise `AuthNeeded` (the user must act) or `TryLater` (it passes by itself); a call that writes may also
raise `Uncertain` (it may have been done: look before repeating).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from recipflow.connector.couriers import (
    Busy,
    CalendarCourier,
    Enclosure,
    Letter,
    MailCourier,
    Reminder,
    Vacated,
    Vacating,
    Written,
)
from recipflow.connector.signing import (
    Connect,
    MemorySecrets,
    Proposed,
    Revoking,
    Secrets,
    SignIn,
    Talk,
    Writer,
)
from recipflow.connector.sources import (
    WITHIN,
    Connector,
    Drafting,
    Fetching,
    Limited,
    Page,
    SetAside,
    Tidying,
    Unhurried,
    Watching,
    WatchingDrafts,
)
from recipflow.errors import UserError

__all__ = [
    "GROUP",
    "SIGN_IN_GROUP",
    "WITHIN",
    "Busy",
    "CalendarCourier",
    "Connect",
    "Connector",
    "Drafting",
    "Enclosure",
    "Fetching",
    "Letter",
    "Limited",
    "MailCourier",
    "MemorySecrets",
    "Page",
    "Proposed",
    "Reminder",
    "Revoking",
    "Secrets",
    "SetAside",
    "SignIn",
    "Talk",
    "Tidying",
    "Unhurried",
    "Vacated",
    "Vacating",
    "Watching",
    "WatchingDrafts",
    "Writer",
    "Written",
    "installed",
    "load",
    "load_sign_in",
    "pulling",
]

GROUP = "recipflow.connectors"
SIGN_IN_GROUP = "recipflow.sign_in"


def installed() -> dict[str, str]:
    """The names of the installed connectors, each with the object it loads."""
    return {entry.name: entry.value for entry in entry_points(group=GROUP)}


def load(name: str) -> Connect:
    """The connector of that name; a UserError lists those there are."""
    connect: Connect = _loaded(GROUP, name)
    return connect


def load_sign_in(name: str) -> SignIn:
    """What walks through signing in to `name`; a UserError lists those there are."""
    sign_in: SignIn = _loaded(SIGN_IN_GROUP, name)
    return sign_in


def pulling(name: str, settings: Mapping[str, Any], secrets: Secrets | None = None) -> Connector:
    """The account of that connector; a UserError when it is none that mail or meetings can be pulled from."""
    account = load(name)(settings, secrets or MemorySecrets())
    if not isinstance(account, Connector):
        raise UserError(f"The connector {name!r} delivers only: nothing can be read from it.")
    return account


@cache
def _loaded(group: str, name: str) -> Any:
    """Looked up once: what is installed changes only with the installation, and looking reads what every package says."""
    found = {entry.name: entry for entry in entry_points(group=group)}
    if name not in found:
        raise UserError(f"There is no connector {name!r}. Installed: {', '.join(sorted(found)) or 'none'}.")
    return found[name].load()
