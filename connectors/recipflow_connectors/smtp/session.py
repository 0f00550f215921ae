"""A connection to an SMTP server: opened, signed in, and every fault one of two: the user must act, or it passes."""

from __future__ import annotations

import re
import smtplib
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from recipflow.errors import AuthNeeded, TryLater, UserError
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

PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.PLAIN: 25}
_FULL = (
    "your mailbox is full, or the letter larger than that server allows. Make room there, or set a lower max_items below "
    "[digest] in config.toml."
)
_UNWANTED = (
    "something in it looks unwanted to that server. Ask who runs it, set another detail below [digest] in config.toml, or "
    "another via: an account of yours, maildir:PATH or file:PATH."
)
_MICROSOFT = ("smtp.office365.com", "smtp-mail.outlook.com")


@contextmanager
def entered(access: Access) -> Iterator[smtplib.SMTP]:
    """A connection that is signed in; what goes wrong with it is AuthNeeded or TryLater."""
    smtp: smtplib.SMTP | None = None
    try:
        smtp = Line(access.server)
        _sign_in(smtp, access)
        yield smtp
        _leave(smtp)
    except smtplib.SMTPResponseException as fault:
        raise _refused(access, fault.smtp_code, _words(fault.smtp_error)) from None
    except smtplib.SMTPNotSupportedError as fault:
        raise AuthNeeded(
            f"{access.server} lets nobody sign in this way: {fault}", command=access.again
        ) from fault
    except smtplib.SMTPServerDisconnected as fault:
        raise TryLater(f"{access.server}: the connection was lost.") from fault
    except OSError as fault:
        raise unreachable(access.server, fault) from fault
    finally:
        if smtp:
            smtp.close()


class Line(smtplib.SMTP):
    """smtplib over a connection of our own making; it does not tell the name of this computer."""

    def __init__(self, server: Server, seconds: float = CONNECT_SECONDS) -> None:
        self._to = server
        super().__init__(server.host, server.port, local_hostname="[127.0.0.1]", timeout=seconds)
        try:
            if server.security is Security.STARTTLS:
                self.starttls(context=tls(server))
            self.ehlo_or_helo_if_needed()
            if self.sock:
                self.sock.settimeout(READ_SECONDS)
        except BaseException:
            self.close()
            raise

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002
        return dial(self._to, timeout)


def _sign_in(smtp: smtplib.SMTP, access: Access) -> None:
    if access.server.is_local and not smtp.has_extn("auth"):
        return  # a relay on this computer trusts whoever is on it
    if not access.oauth:
        smtp.login(access.user, access.secret())
        return
    said = f"user={access.user}\x01auth=Bearer {access.secret()}\x01\x01"
    # A challenge tells what is wrong with the token; it wants an empty answer before it says no.
    smtp.auth("XOAUTH2", lambda challenge=None: said if challenge is None else "")


def _leave(smtp: smtplib.SMTP) -> None:
    """What was accepted stays so, whether the farewell is heard or not."""
    try:
        smtp.quit()
    except (OSError, smtplib.SMTPException):
        return


def accepted(access: Access, answer: tuple[int, bytes]) -> None:
    code, words = answer
    if not 200 <= code < 300:
        raise _refused(access, code, _words(words))


def _refused(access: Access, code: int, words: str) -> AuthNeeded | TryLater:
    """Codes of 400 and more pass (RFC 5321, 4.2.1); those of 500 and more do not."""
    if not 500 <= code < 600:
        return TryLater(f"{access.server}: {words}")
    if access.server.host in _MICROSOFT and not access.oauth:
        return AuthNeeded(
            f"{access.server.host} takes no passwords any more; Microsoft's own sign-in is needed.",
            command="recipflow connect outlook --allow digest",
        )
    return AuthNeeded(f"{access.server.host} refuses: {words}", command=access.again)


def not_taken(access: Access, code: int, answer: bytes | str) -> UserError | TryLater:
    """A letter that was refused though whom it is from and to was not (RFC 5321, 4.2.2 and 4.2.3)."""
    if not 500 <= code < 600:
        return TryLater(f"{access.server}: {_words(answer)}")
    why = _FULL if code == 552 else _UNWANTED
    return UserError(f"{access.server.host} does not take the letter ({code}: {_words(answer)}): {why}")


def _words(answer: bytes | str) -> str:
    said = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return (
        " ".join(re.sub(r"\b[245]\.\d+\.\d+\b|https?://\S+", "", said).split())[:160] or "it does not say why"
    )
