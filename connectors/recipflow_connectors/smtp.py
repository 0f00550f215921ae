"""The connector `smtp`: sends the digest, from the user to the user and to nobody else."""

from __future__ import annotations

import re
import smtplib
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from typing import Any
from urllib.parse import quote

from recipflow.connector import Enclosure, Letter, Proposed, Secrets, Talk
from recipflow.errors import AuthNeeded, CannotLook, TryLater, Uncertain, UserError
from recipflow_connectors.admission import Key, Protocol, address_of, let_in, server_for, settings_of
from recipflow_connectors.credentials import password_of, token_of
from recipflow_connectors.discovery import SECONDS
from recipflow_connectors.servers import (
    CONNECT_SECONDS,
    READ_SECONDS,
    Security,
    Server,
    dial,
    secured,
    server_of,
    tls,
    unreachable,
)

PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.PLAIN: 25}

_KEYS = frozenset({"address", "host", "port", "security", "insecure", "user", "token_command"})
#: Seven bits and no line too long: every server takes it.
_SAFE = SMTP.clone(cte_type="7bit", max_line_length=78)
_MICROSOFT = ("smtp.office365.com", "smtp-mail.outlook.com")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How the server is reached, and what to type when it no longer lets in."""

    server: Server
    user: str
    secret: Callable[[], str]
    oauth: bool = False
    again: str = "recipflow connect smtp"


def connect(settings: Mapping[str, Any], secrets: Secrets) -> Smtp:
    """The courier for letters to `address` by `host`; the password is the secret "password".

    `user`, `port` (465, with starttls 587), `security` and `token_command` are as those of `imap`. Raises UserError
    with every problem.
    """
    problems = [f"smtp.{key}: there is no such setting." for key in sorted(settings.keys() - _KEYS)]
    server = server_of(settings, PORTS, "smtp", problems)
    address, command = settings.get("address"), settings.get("token_command")
    if not isinstance(address, str) or not all(address.partition("@")):
        problems.append('smtp.address: name your own, like address = "you@example.org".')
    if command is not None and not (isinstance(command, list) and command):
        problems.append("smtp.token_command: must be a list: the program and its arguments.")
    if problems:
        raise UserError(problems)
    again = f"recipflow connect smtp {address}"
    access = Access(
        server=server,
        user=str(settings.get("user") or address),
        secret=token_of(command) if command else password_of(secrets, again),
        oauth=bool(command),
        again=again,
    )
    return Smtp(access, str(address))


class Smtp:
    """Sends letters to one address, the user's own."""

    def __init__(self, access: Access, address: str) -> None:
        self._access = access
        self._address = address.lower()

    def send(self, letter: Letter) -> str:
        """Send it; its Message-ID. `Uncertain` when the connection is lost after the server may have taken it."""
        if letter.address.lower() != self._address:
            raise UserError(f"smtp.address: letters go to {self._address} alone, not to {letter.address}.")
        mail = composed(letter, self._address)
        with entered(self._access) as smtp:
            _accepted(self._access, smtp.mail(self._address))
            _accepted(self._access, smtp.rcpt(self._address))
            try:
                _accepted(self._access, smtp.data(mail.as_bytes(policy=_SAFE)))
            except smtplib.SMTPResponseException:
                raise
            except OSError as fault:
                raise Uncertain(
                    f"{self._access.server}: the connection was lost while the letter was sent."
                ) from fault
        return str(mail["Message-ID"])

    def sent(self, token: str, *, since: datetime) -> str | None:  # noqa: ARG002
        """A server that takes mail does not show it."""
        raise CannotLook(f"{self._access.server.host} does not show what was sent.")


def composed(letter: Letter, address: str) -> EmailMessage:
    """The letter as a mail. Its Message-ID comes of its token: sent twice, it is the same mail."""
    mail = EmailMessage(policy=_SAFE)
    mail["From"] = mail["To"] = address
    mail["Subject"] = " ".join(letter.subject.split())
    mail["Date"] = formatdate(localtime=True)
    mail["Message-ID"] = f"<{quote(letter.token, safe='')}.recipflow@{address.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # nobody's absence note answers it (RFC 3834)
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    for one in letter.enclosures:
        _enclose(mail, one)
    return mail


def _enclose(mail: EmailMessage, one: Enclosure) -> None:
    kind = EmailMessage()
    kind["Content-Type"] = one.type
    mail.add_attachment(
        one.content,
        maintype=kind.get_content_maintype(),
        subtype=kind.get_content_subtype(),
        filename=one.name,
        params=dict(kind["Content-Type"].params),
    )


@contextmanager
def entered(access: Access) -> Iterator[smtplib.SMTP]:
    """A connection that is signed in; what goes wrong with it is AuthNeeded or TryLater."""
    smtp: smtplib.SMTP | None = None
    try:
        smtp = _Line(access.server)
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


class _Line(smtplib.SMTP):
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
        line = dial(self._to, timeout)
        try:
            return secured(self._to, line)
        except BaseException:
            line.close()
            raise


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


def _accepted(access: Access, answer: tuple[int, bytes]) -> None:
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


def _words(answer: bytes | str) -> str:
    said = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return (
        " ".join(re.sub(r"\b[245]\.\d+\.\d+\b|https?://\S+", "", said).split())[:160] or "it does not say why"
    )


def sign_in(talk: Talk, vaults: Callable[[str], Secrets], given: Mapping[str, Any]) -> Sequence[Proposed]:
    """`recipflow connect smtp`: the server, the password, and whether it takes mail from the user to the user."""
    address = address_of(talk, given)
    server = server_for(talk, address, given, _SMTP)
    vault = f"mail:{address}"

    def enter(key: Key) -> None:
        access = Access(
            server=server,
            user=key.user,
            secret=key.secret,
            oauth=bool(key.token_command),
            again=f"recipflow connect smtp {address}",
        )
        with entered(access) as smtp:
            _accepted(access, smtp.mail(address))
            _accepted(access, smtp.rcpt(address))
            smtp.rset()

    key, _ = let_in(talk, vaults(vault), address, given, enter)
    return [
        Proposed(
            name=f"{address} (sending)",
            connector="smtp",
            vault="" if key.token_command else vault,
            settings=settings_of(address, server, key, _SMTP),
            seen=f"{server.host} takes mail from you to you; none was sent",
        )
    ]


def _knock(server: Server) -> None:
    try:
        _Line(server, SECONDS).close()
    except OSError as fault:
        raise unreachable(server, fault) from fault


_SMTP = Protocol(name="smtp", ports=PORTS, knock=_knock)
