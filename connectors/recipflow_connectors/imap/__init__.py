"""The connector `imap`: a mailbox by IMAP, read and never changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from recipflow.connector import Secrets
from recipflow.errors import AuthNeeded, TryLater, UserError
from recipflow_connectors.servers import server_of

YEAR = 365

_KEYS = {
    "address": str,
    "host": str,
    "user": str,
    "port": int,
    "security": str,
    "insecure": bool,
    "since_days": int,
    "drafts": bool,
    "folders": list,
    "token_command": list,
}


def connect(settings: Mapping[str, Any], secrets: Secrets) -> object:
    """The mailbox of `address` at `host`; the password is the secret "password".

    `user` is the name to sign in with (the address), `port` and `security` ("tls", "starttls", "plain") how (993,
    "tls"); `since_days` how far back to read at first (365), `folders` which ones alone (the user's own), `drafts`
    whether they may be looked at, `token_command` a program that prints an OAuth token, where there is no password.
    Raises UserError with every problem.
    """
    from recipflow_connectors.imap.account import Imap, ImapWithDrafts
    from recipflow_connectors.imap.session import PORTS, Access

    problems = [f"imap.{key}: there is no such setting." for key in sorted(settings.keys() - _KEYS)]
    problems += [
        f"imap.{key}: must be {_NAMED[kind]}, is {settings[key]!r}."
        for key, kind in _KEYS.items()
        if key in settings and not isinstance(settings[key], kind)
    ]
    server = server_of(settings, PORTS, "imap", problems)
    user = settings.get("user") or settings.get("address")
    if not user:
        problems.append('imap.address: name the mailbox, like address = "you@example.org".')
    if problems:
        raise UserError(problems)
    again = f"recipflow connect imap {settings.get('address', user)}"
    command = settings.get("token_command")
    access = Access(
        server=server,
        user=str(user),
        secret=token_of(command) if command else password_of(secrets, again),
        oauth=bool(command),
        again=again,
    )
    kind = ImapWithDrafts if settings.get("drafts") else Imap
    return kind(access, days=settings.get("since_days", YEAR), named=settings.get("folders", ()))


def password_of(secrets: Secrets, again: str) -> Callable[[], str]:
    """What gives the password when it is needed; AuthNeeded when there is none."""

    def password() -> str:
        found = secrets.get("password")
        if found is None:
            raise AuthNeeded("There is no password for it on this computer.", command=again)
        return found

    return password


def token_of(command: list[str]) -> Callable[[], str]:
    """What runs the user's own program for a token, each time anew: tokens last an hour."""

    def token() -> str:
        import subprocess

        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
        except (OSError, subprocess.TimeoutExpired) as fault:
            raise TryLater(f"{command[0]} gave no token ({type(fault).__name__}).") from fault
        if done.returncode or not done.stdout.strip():
            raise AuthNeeded(
                f"{command[0]} gave no token (it ended with {done.returncode}).", command=command[0]
            )
        return done.stdout.strip()

    return token


_NAMED = {str: 'a text in "quotes"', int: "a whole number", bool: "true or false", list: "a list"}
