"""What opens a mail server: a password out of the vault, or a token that the user's own program prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from recipflow.connector import Secrets
from recipflow.errors import AuthNeeded, TryLater
from recipflow_connectors.servers import Server

PASSWORD = "password"  # noqa: S105  (the secret's name in a vault)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How somebody gets into a mail server."""

    server: Server
    user: str
    secret: Callable[[], str]  #: gives the password, or with `oauth` a token, when it is needed
    oauth: bool = False
    again: str  #: what to type when it no longer lets in


def access_of(server: Server, settings: Mapping[str, Any], secrets: Secrets, again: str) -> Access:
    """As the settings have it: as `user`, else `address`, with what `token_command` prints, else the password."""
    command = settings.get("token_command")
    return Access(
        server=server,
        user=str(settings.get("user") or settings.get("address")),
        secret=token_of(command) if command else password_of(secrets, again),
        oauth=bool(command),
        again=again,
    )


def password_of(secrets: Secrets, again: str) -> Callable[[], str]:
    """What gives the password when it is needed; AuthNeeded when there is none."""

    def password() -> str:
        found = secrets.get(PASSWORD)
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
