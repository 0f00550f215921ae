"""A letter from the user to the user as a mail, whoever carries it."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from typing import Any

from recipflow.connector import Enclosure, Letter


def composed(letter: Letter, address: str, *, policy: EmailPolicy[Any] = SMTP) -> EmailMessage:
    """The letter, from that address to itself. It has no date and no id: whoever sends it gives them."""
    mail = EmailMessage(policy=policy)
    mail["From"] = mail["To"] = address
    mail["Subject"] = " ".join(letter.subject.split())
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
