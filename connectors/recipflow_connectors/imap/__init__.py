"""The connector `imap`: a mailbox by IMAP, read and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recipflow.connector import Secrets
from recipflow.errors import UserError
from recipflow_connectors.credentials import access_of
from recipflow_connectors.given import problems_of
from recipflow_connectors.servers import server_of

YEAR = 365

_KEYS = {
    "address": str,
    "host": object,
    "user": str,
    "port": object,
    "security": object,
    "insecure": bool,
    "since_days": int,
    "drafts": bool,
    "folders": list,
    "shared": list,
    "token_command": list,
}


def connect(settings: Mapping[str, Any], secrets: Secrets) -> object:
    """The mailbox of `address` at `host`; the password is the secret "password".

    `user` is the name to sign in with (the address), `port` and `security` ("tls", "starttls", "plain") how (993,
    "tls"); `since_days` how far back to read at first (365), `folders` which ones alone (the user's own), `shared` which
    ones of others as well, `drafts` whether they may be looked at, `token_command` a program that prints an OAuth token,
    where there is no password. Raises UserError with every problem.
    """
    from recipflow_connectors.imap.account import Imap, ImapWithDrafts
    from recipflow_connectors.imap.folders import Choice
    from recipflow_connectors.imap.session import PORTS

    problems = problems_of(settings, "imap", _KEYS)
    server = server_of(settings, PORTS, "imap", problems)
    user = settings.get("user") or settings.get("address")
    if not user:
        problems.append('imap.address: name the mailbox, like address = "you@example.org".')
    if problems:
        raise UserError(problems)
    again = f"recipflow connect imap {settings.get('address', user)}"
    access = access_of(server, settings, secrets, again)
    kind = ImapWithDrafts if settings.get("drafts") else Imap
    choice = Choice(tuple(settings.get("folders", ())), tuple(settings.get("shared", ())))
    return kind(access, days=settings.get("since_days", YEAR), choice=choice)
