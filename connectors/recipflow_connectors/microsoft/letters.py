"""A letter from the user to the user as MIME, the way Graph's sendMail takes it."""

from __future__ import annotations

from base64 import b64encode
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from recipflow.connector import Letter
from recipflow.errors import UserError


def encoded(letter: Letter) -> str:
    """The letter in base64, to its one address: https://learn.microsoft.com/graph/outlook-send-mime-message."""
    mail = EmailMessage(policy=SMTP)
    try:
        address = Address(addr_spec=letter.address)
    except (ValueError, IndexError) as fault:
        raise UserError(f"{letter.address!r} is no address a digest can be sent to.") from fault
    mail["From"] = mail["To"] = address
    mail["Subject"] = " ".join(letter.subject.split())
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    for name, kind, content in letter.enclosures:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
        *_, added = mail.iter_attachments()
        added.replace_header("Content-Type", kind)
    return b64encode(mail.as_bytes()).decode()
