"""Letters without an account: as a page in a file, or as mails in a Maildir that any mail program shows."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path

from recipflow.connector import Letter
from recipflow.errors import TryLater


def as_mail(letter: Letter, at: datetime) -> EmailMessage:
    """The letter as a mail from the user to the user: plain text and the same as HTML, then what is enclosed."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = letter.address
    mail["To"] = letter.address
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = make_msgid(letter.token, letter.address.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    for one in letter.enclosures:
        main, _, sub = one.type.partition(";")[0].strip().partition("/")
        mail.add_attachment(one.content, maintype=main, subtype=sub, filename=one.name)
    return mail


class FileCourier:
    """Writes each letter over the one before: the page of the day."""

    def __init__(self, path: Path) -> None:
        self._path = path.expanduser()

    def send(self, letter: Letter) -> str:
        try:
            write_whole(self._path, letter.html.encode("utf-8"))
        except OSError as problem:
            raise TryLater(f"{self._path}: cannot be written: {problem.strerror}") from problem
        return str(self._path)

    def sent(self, token: str, *, since: datetime) -> str | None:  # noqa: ARG002
        """Writing the same page again changes nothing, so nobody needs to look."""
        return None


class MaildirCourier:
    """Delivers into a Maildir; the file's name carries the token, so that each letter is there once."""

    def __init__(self, path: Path) -> None:
        self._path = path.expanduser()

    def send(self, letter: Letter) -> str:
        mail = as_mail(letter, datetime.now(UTC))
        try:
            for part in ("tmp", "new", "cur"):
                (self._path / part).mkdir(mode=0o700, parents=True, exist_ok=True)
            name = f"{int(datetime.now(UTC).timestamp())}.{letter.token}.recipflow"
            write_whole(self._path / "new" / name, mail.as_bytes(), beside=self._path / "tmp")
        except OSError as problem:
            raise TryLater(f"{self._path}: cannot be written: {problem.strerror}") from problem
        return name

    def sent(self, token: str, *, since: datetime) -> str | None:  # noqa: ARG002
        found = (one.name for part in ("new", "cur") for one in (self._path / part).glob(f"*.{token}.*"))
        return next(found, None)


def write_whole(path: Path, content: bytes, beside: Path | None = None) -> None:
    """The whole file or the old one, even if the power goes."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=beside or path.parent, prefix=".recipflow-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
