"""The connector `smtp`: sends the digest, from the user to the user and to nobody else."""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from typing import Any
from urllib.parse import quote

from recipflow.connector import Letter, Secrets
from recipflow.errors import CannotLook, Uncertain, UserError
from recipflow_connectors.composing import composed
from recipflow_connectors.credentials import Access, access_of
from recipflow_connectors.given import problems_of
from recipflow_connectors.servers import server_of
from recipflow_connectors.smtp.session import PORTS, accepted, entered, not_taken

_KEYS = {
    "address": object,
    "host": object,
    "port": object,
    "security": object,
    "insecure": bool,
    "user": str,
    "token_command": list,
}
#: Seven bits and no line too long: every server takes it.
_SAFE = SMTP.clone(cte_type="7bit", max_line_length=78)


def connect(settings: Mapping[str, Any], secrets: Secrets) -> Smtp:
    """The courier for letters to `address` by `host`; the password is the secret "password".

    `user`, `port` (465, with starttls 587), `security` and `token_command` are as those of `imap`. Raises UserError
    with every problem.
    """
    problems = problems_of(settings, "smtp", _KEYS)
    server = server_of(settings, PORTS, "smtp", problems)
    address = settings.get("address")
    if not isinstance(address, str) or not all(address.partition("@")):
        problems.append('smtp.address: name your own, like address = "you@example.org".')
    if problems:
        raise UserError(problems)
    access = access_of(server, settings, secrets, f"recipflow connect smtp {address}")
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
        mail = _mail(letter, self._address)
        with entered(self._access) as smtp:
            accepted(self._access, smtp.mail(self._address))
            accepted(self._access, smtp.rcpt(self._address))
            answer: tuple[int, bytes | str]
            try:
                answer = smtp.data(mail.as_bytes(policy=_SAFE))
            except smtplib.SMTPResponseException as fault:
                answer = fault.smtp_code, fault.smtp_error
            except OSError as fault:
                raise Uncertain(
                    f"{self._access.server}: the connection was lost while the letter was sent."
                ) from fault
            if not 200 <= answer[0] < 300:
                raise not_taken(self._access, *answer)
        return str(mail["Message-ID"])

    def sent(self, token: str, *, since: datetime) -> str | None:  # noqa: ARG002
        """A server that takes mail does not show it."""
        raise CannotLook(f"{self._access.server.host} does not show what was sent.")


def _mail(letter: Letter, address: str) -> EmailMessage:
    """Its Message-ID comes of its token: sent twice, it is the same mail."""
    mail = composed(letter, address, policy=_SAFE)
    mail["Date"] = formatdate(localtime=True)
    mail["Message-ID"] = f"<{quote(letter.token, safe='')}.recipflow@{address.rpartition('@')[2]}>"
    return mail
