"""What opens a mail server: a password out of the vault, or a token that the user's own program prints."""

from __future__ import annotations

from collections.abc import Callable

from recipflow.connector import Secrets
from recipflow.errors import AuthNeeded, TryLater


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
