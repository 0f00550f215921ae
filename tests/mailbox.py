"""Small fictional mailboxes, written by the tests that read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

ME = "noor@haddad.example"


def mail(
    sender: str,
    to: str | Sequence[str],
    text: str,
    *,
    at: datetime,
    subject: str = "hello",
    answers: EmailMessage | None = None,
    attach: Sequence[str] = (),
    **headers: str,
) -> EmailMessage:
    """One mail; `answers` sets In-Reply-To, References and the subject; header names with _ for -."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to if isinstance(to, str) else ", ".join(to)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{at:%Y%m%d%H%M%S}.{sender.split('@')[0].split('<')[-1]}@mail.example>"
    message["Subject"] = f"Re: {answers['Subject'].removeprefix('Re: ')}" if answers else subject
    if answers:
        message["In-Reply-To"] = answers["Message-ID"]
        message["References"] = answers["Message-ID"]
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    for name in attach:
        message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename=name)
    return message


def write_mbox(path: Path, mails: Sequence[EmailMessage]) -> Path:
    """The mails as one mbox, in the order given."""
    with path.open("wb") as file:
        for message in mails:
            file.write(b"From - Thu Jan  1 00:00:00 2026\n")
            for line in message.as_bytes().split(b"\n"):
                file.write((b">" + line if line.lstrip(b">").startswith(b"From ") else line) + b"\n")
            file.write(b"\n")
    return path


def write_folder(path: Path, mails: Sequence[EmailMessage]) -> Path:
    """The mails as a folder of .eml files."""
    path.mkdir(parents=True, exist_ok=True)
    for number, message in enumerate(mails):
        (path / f"{number:03}.eml").write_bytes(message.as_bytes())
    return path


def days(start: datetime, count: float) -> datetime:
    return start + timedelta(days=count)
