"""A connection to an IMAP server: opened, signed in, and every fault made one of two: the user must act, or it passes."""

from __future__ import annotations

import imaplib
import logging
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError
from imapclient.imap4 import IMAP4WithTimeout

from recipflow.errors import AuthNeeded, TryLater
from recipflow_connectors.credentials import Access
from recipflow_connectors.servers import (
    CONNECT_SECONDS,
    READ_SECONDS,
    Security,
    Server,
    dial,
    tls,
    unreachable,
)

PORTS = {Security.TLS: 993, Security.STARTTLS: 143, Security.PLAIN: 143}

#: Protocol traces hold mail, and with some servers tokens.
logging.getLogger("imapclient").setLevel(logging.WARNING)

#: Response codes (RFC 5530) of what passes by itself.
_PASSING = re.compile(
    r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG|OVERQUOTA)\b|too many|try again|temporar", re.IGNORECASE
)
_REFUSED = re.compile(r"^\w+ failed: ")
"""How IMAPClient tells of a NO; after anything else the connection may be out of step."""
_BUSY_SECONDS = 900.0
_NO_PASSWORDS = re.compile(r"basic ?auth\w* (?:is )?(?:disabled|blocked)|BasicAuthBlocked", re.IGNORECASE)
_WANTS_A_NAME = ("imap.163.com", "imap.126.com", "imap.yeah.net", "imap.188.com")
"""NetEase opens no folder for a program that does not say what it is called (RFC 2971)."""
_MICROSOFT = ("outlook.office365.com", "outlook.office.com", "imap-mail.outlook.com")
_APP_PASSWORD = re.compile(
    r"application-specific password|app(?:lication)? ?password|web ?login required", re.IGNORECASE
)
_CODE = re.compile(r"\[[A-Z-]+\]\s*|https?://\S+|\(Failure\)")


def open_session(access: Access) -> IMAPClient:
    """A client that is signed in. AuthNeeded when it is refused for good, else TryLater."""
    client = connect(access.server)
    try:
        with translated(access.server):
            _sign_in(client, access)
            if access.server.host in _WANTS_A_NAME:
                client.id_({"name": "recipflow"})
    except BaseException:
        hang_up(client)
        raise
    return client


def connect(server: Server, seconds: float = CONNECT_SECONDS) -> IMAPClient:
    """A client that is not signed in yet; encrypted, unless the server is said to be plain."""
    with translated(server):
        client = _Client(server, seconds)
        try:
            if server.security is Security.STARTTLS:
                client.starttls(tls(server))
        except BaseException:
            hang_up(client)
            raise
        return client


def hang_up(client: IMAPClient) -> None:
    """Close it at once, without waiting for a farewell."""
    try:
        client.shutdown()
    except (OSError, IMAPClientError):
        return


@contextmanager
def translated(server: Server) -> Iterator[None]:
    """Whatever goes wrong within becomes a TryLater: once signed in, all of it passes."""
    try:
        yield
    except IMAPClientAbortError as fault:
        raise TryLater(
            f"{server}: the connection was lost ({_told(fault)}).", after=_after(str(fault))
        ) from fault
    except IMAPClientError as fault:
        raise TryLater(f"{server} refused: {_told(fault)}", after=_after(str(fault))) from fault
    except OSError as fault:
        raise unreachable(server, fault) from fault


def _sign_in(client: IMAPClient, access: Access) -> None:
    secret = access.secret()
    try:
        if access.oauth:
            client.oauth2_login(access.user, secret)
        else:
            _log_in(client, access.user, secret)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as fault:
        raise refused(access, str(fault)) from None  # what the fault holds may quote the password


def _log_in(client: IMAPClient, user: str, password: str) -> None:
    """By SASL where the password has letters that LOGIN cannot carry, or LOGIN is switched off."""
    if client.has_capability("LOGINDISABLED") or not (user + password).isascii():
        client.plain_login(user, password)
    else:
        client.login(user, password)


def refused(access: Access, answer: str) -> AuthNeeded | TryLater:
    """Which of the two a refused login is."""
    told = _told(answer)
    if _NO_PASSWORDS.search(answer) or (not access.oauth and access.server.host in _MICROSOFT):
        return AuthNeeded(
            f"{access.server.host} takes no passwords any more; Microsoft's own sign-in is needed.",
            command="recipflow connect outlook",
        )
    if _PASSING.search(answer):
        return TryLater(f"{access.server}: {told}", after=_BUSY_SECONDS)
    if _APP_PASSWORD.search(answer):
        return AuthNeeded(
            f"{access.server.host} wants an app password, not the one you sign in with on its pages.",
            command=access.again,
        )
    return AuthNeeded(f"{access.server.host} does not let {access.user} in: {told}", command=access.again)


def refusal(fault: IMAPClientError) -> str | None:
    """What the server said when it refused one command for good; None when all else is in doubt, too."""
    said = str(fault)
    for_good = (
        not isinstance(fault, IMAPClientAbortError) and _REFUSED.match(said) and not _PASSING.search(said)
    )
    return _told(_REFUSED.sub("", said)) if for_good else None


def _after(answer: str) -> float | None:
    return _BUSY_SECONDS if _PASSING.search(answer) else None


def _told(fault: object) -> str:
    """What the server said, on a short line, without codes."""
    said = str(fault)
    if said[:2] in ("b'", 'b"'):
        said = said[2:-1]
    return " ".join(_CODE.sub("", said).split())[:160] or "it does not say why"


class _Client(IMAPClient):  # type: ignore[misc]
    """IMAPClient over a connection of our own making, which knows of proxies and of sleep."""

    def __init__(self, server: Server, seconds: float) -> None:
        self._server = server
        super().__init__(
            server.host,
            server.port,
            ssl=server.security is Security.TLS,
            timeout=SocketTimeout(seconds, READ_SECONDS),
        )

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802
        return _Line(self._server, self._timeout.connect)


class _Line(IMAP4WithTimeout):  # type: ignore[misc]
    def __init__(self, server: Server, seconds: float) -> None:
        self._to = server
        super().__init__(server.host, server.port, seconds)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        return dial(self._to, timeout or CONNECT_SECONDS)
