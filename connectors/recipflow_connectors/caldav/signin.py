"""Connecting a CalDAV account: the server is found by an address, the password tried, the calendars shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from recipflow.connector import Proposed, Secrets, Talk
from recipflow.errors import AuthNeeded, TryLater, UserError
from recipflow_connectors.admission import Key, let_in
from recipflow_connectors.caldav import REMINDERS
from recipflow_connectors.caldav.client import Client, Shelf
from recipflow_connectors.caldav.reminders import NAME
from recipflow_connectors.given import is_safe
from recipflow_connectors.signing import allowed, calendars

KNOWN = {
    "icloud.com": "https://caldav.icloud.com/",
    "me.com": "https://caldav.icloud.com/",
    "mac.com": "https://caldav.icloud.com/",
    "fastmail.com": "https://caldav.fastmail.com/dav/",
    "fastmail.fm": "https://caldav.fastmail.com/dav/",
    "gmx.de": "https://caldav.gmx.net/",
    "gmx.net": "https://caldav.gmx.net/",
    "web.de": "https://caldav.web.de/",
    "mailbox.org": "https://dav.mailbox.org/caldav/",
    "posteo.de": "https://posteo.de:8443/",
    "yahoo.com": "https://caldav.calendar.yahoo.com/",
    "zoho.com": "https://calendar.zoho.com/caldav/",
}
"""Where the providers' own help pages say their server is; for all others RFC 6764 (SRV, .well-known) is followed."""
_NO_PASSWORDS = frozenset({"gmail.com", "googlemail.com"})
_TIMEOUT = 30.0
_NONE_YET = "no calendar of yours is there yet; one that you make is read, too"


def sign_in(talk: Talk, vault: Callable[[str], Secrets], given: Mapping[str, Any]) -> Sequence[Proposed]:
    """Takes place, user, password and what may be written from `given`, asks for what is missing, and tries them."""
    allow = allowed(given, [REMINDERS])
    place = str(given.get("place") or talk.ask("Your address, or the address of the server")).strip()
    if "://" not in place and not all(place.partition("@")):
        raise UserError(f"{place!r} is neither an address like you@example.org nor a server's like https://…")
    domain = place.rpartition("@")[2].lower()
    if domain in _NO_PASSWORDS:
        raise UserError(
            "Google takes no password for CalDAV. Either: recipflow connect gmail\n"
            "or the calendar's secret address: recipflow connect ics"
        )
    url = place if "://" in place else KNOWN.get(domain, f"https://{domain}/")
    _safe(url)
    user = str(given.get("user") or (place if "://" not in place else talk.ask("User name")))
    if not given.get("password"):
        talk.say("Many providers want an app password here: one made for this program, in their settings.")
    searched = domain if "://" not in place else ""
    key, (found_at, shelves) = let_in(
        talk, (), user, {**given, "user": user}, lambda key: _tried(url, searched, key)
    )
    name = f"caldav:{user}@{found_at.partition('://')[2].partition('/')[0]}"
    key.keep(vault(name))
    return [
        Proposed(
            name="calendar",
            connector="caldav",
            vault=name,
            settings={"url": found_at, "user": user} | ({"allow": allow} if allow else {}),
            seen=_seen(shelves),
            mine=(user,) if "@" in user else (),
        )
    ]


def _tried(url: str, domain: str, key: Key) -> tuple[str, list[Shelf]]:
    """Where the server is, and what is there; a domain we know nothing of is searched (RFC 6764)."""
    asked = domain if domain and domain not in KNOWN else url
    client = Client(asked, key.user, key.password, _TIMEOUT)
    try:
        with client.connected():
            return _safe(client.home()), client.shelves()
    except AuthNeeded as fault:
        told = f"{fault} Is it an app password? And the right user name?"
        raise AuthNeeded(told, command=fault.command) from fault
    except TryLater as fault:
        where = domain or "that address"
        raise UserError(
            f"No calendar server answers for {where} ({str(fault).rstrip('.')}). Is the network away? Else name it: "
            "recipflow connect caldav https://…"
        ) from fault


def _safe(url: str) -> str:
    if not is_safe(url):
        raise UserError("The server's address must begin with https://, so that nobody reads the password.")
    return url


def _seen(shelves: Sequence[Shelf]) -> str:
    names = [one.name or one.url for one in shelves if one.name != NAME]
    return f"{calendars(len(names))}: {', '.join(names)}" if names else _NONE_YET
