"""What the user granted at Google: kept among the account's secrets, refreshed when needed, verified before use."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from weakref import finalize

from recipflow.connector import Secrets
from recipflow.errors import AuthNeeded

if TYPE_CHECKING:
    from google.auth.transport.requests import AuthorizedSession, Request
    from requests import Session

SECRET = "google"  # noqa: S105  (the name it is kept under)
ADDRESSES = {
    "auth_uri": "https://accounts.google.com/o/oauth2/v2/auth",
    "token_uri": "https://oauth2.googleapis.com/token",
    "revoke_uri": "https://oauth2.googleapis.com/revoke",
}
"""Google's own; what the JSON of a client says beats them."""

READ_MAIL = "https://www.googleapis.com/auth/gmail.readonly"
SEND_MAIL = "https://www.googleapis.com/auth/gmail.send"
READ_CALENDARS = "https://www.googleapis.com/auth/calendar.readonly"
#: Calendars this client made itself, and no other.
OWN_CALENDAR = "https://www.googleapis.com/auth/calendar.app.created"
MEANING = {
    READ_MAIL: "read your mail",
    SEND_MAIL: "send mail (the digest, to yourself)",
    READ_CALENDARS: "see your calendars",
    OWN_CALENDAR: "make a calendar of its own for reminders",
}

#: A refresh token of a client in "Testing" dies after seven days: https://developers.google.com/identity/protocols/oauth2
TESTING_LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """The user's client and what it was allowed; a secret as a whole."""

    client: Mapping[str, str]  #: the user's own, as its JSON has it below "installed"
    refresh_token: str
    scopes: tuple[str, ...]  #: those that were granted, which may be fewer than were asked for
    granted_at: str  #: ISO, with offset

    def __repr__(self) -> str:
        return f"Grant(scopes={self.scopes}, granted_at={self.granted_at})"

    def address(self, name: str) -> str:
        """Where Google is asked for tokens, or to revoke them."""
        return self.client.get(name) or ADDRESSES[name]

    def store(self, secrets: Secrets) -> None:
        secrets.put(SECRET, json.dumps(asdict(self)))

    def died_young(self, now: datetime) -> bool:
        """Whether it is about as old as a token of a client in testing can become."""
        age = now - datetime.fromisoformat(self.granted_at)
        return TESTING_LIFE - timedelta(hours=12) <= age <= TESTING_LIFE + timedelta(days=3)


def command(address: str, allow: Iterable[str] = ()) -> str:
    """What to type to sign in, again or with more granted."""
    return " ".join(
        ["recipflow connect gmail", *([address] if address else []), *(f"--allow {one}" for one in allow)]
    )


def load(secrets: Secrets, command: str = "recipflow connect gmail") -> Grant:
    """The grant among the secrets; AuthNeeded when there is none."""
    kept = secrets.get(SECRET)
    try:
        table: dict[str, Any] = json.loads(kept or "")
        return Grant(**table | {"scopes": tuple(table["scopes"])})
    except (ValueError, TypeError, KeyError):
        raise AuthNeeded("You have not signed in to Google yet.", command=command) from None


def require(grant: Grant, scopes: Iterable[str], command: str) -> None:
    """AuthNeeded when one of the scopes was not granted."""
    missing = [MEANING[one] for one in scopes if one not in grant.scopes]
    if missing:
        told = f"Google was not allowed to let recipflow {' and '.join(missing)}: tick it when you sign in."
        raise AuthNeeded(told, command=command)


def authorized(grant: Grant) -> AuthorizedSession:
    """A session that signs its requests, and gets itself a new access token when the old one is over."""
    from google.auth.transport.requests import AuthorizedSession, Request
    from google.oauth2.credentials import Credentials

    credentials = Credentials(  # type: ignore[no-untyped-call]
        token=None,
        refresh_token=grant.refresh_token,
        token_uri=grant.address("token_uri"),
        client_id=grant.client["client_id"],
        client_secret=grant.client["client_secret"],
    )
    for_tokens = Request(plain())
    session = AuthorizedSession(credentials, auth_request=for_tokens)  # type: ignore[no-untyped-call]
    finalize(session, _close, for_tokens)
    trust(session)
    return session


def plain() -> Session:
    """A session without credentials: for token and revocation requests."""
    from requests import Session

    session = Session()
    trust(session)
    return session


def _close(for_tokens: Request) -> None:
    """In time: left to itself, google-auth closes it so late that there may be nothing left to close it with."""
    for_tokens.session.close()
    del for_tokens.session


def trust(session: Session) -> None:
    """Honour SSL_CERT_FILE, too; the proxy variables and REQUESTS_CA_BUNDLE, requests honours itself."""
    own = os.environ.get("SSL_CERT_FILE")
    if own and not (os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")):
        session.verify = own
