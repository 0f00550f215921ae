"""A small fictional mailbox on disk, as mail programs write it: short to tell in a test."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

ANN, DANA, KWAME = "ann@haven.example", "dana@harbour.example", "kwame@kiosk.example"
INES = "ines@loja.example"
NAMES = {ANN: "Ann Haven", DANA: "Dana Ruiz", KWAME: "Kwame Asante", INES: "Inês Loja"}
FIRST = datetime(2026, 3, 2, 9, tzinfo=UTC)  #: a Monday
MORNING = "2026-03-16T08:00+00:00"  #: two weeks on


def letter(
    number: int, sender: str, to: str, text: str, *, day: int = 0, answers: int | None = None, **headers: str
) -> EmailMessage:
    """The message of that number, sent `day` days after the first."""
    mail = EmailMessage()
    mail["Message-ID"] = f"<{number}@letters.example>"
    mail["Date"] = format_datetime(FIRST + timedelta(days=day, minutes=number))
    mail["From"] = f"{NAMES.get(sender, 'Somebody')} <{sender}>"
    mail["To"] = f"{NAMES.get(to, 'Somebody')} <{to}>"
    mail["Subject"] = f"Letter {number}"
    mail["X-Gmail-Labels"] = "Sent" if sender == ANN else "Inbox"
    if answers is not None:
        mail["In-Reply-To"] = f"<{answers}@letters.example>"
    for name, value in headers.items():
        del mail[name.replace("_", "-")]
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def correspondence() -> list[EmailMessage]:
    """Ann asked Dana, who helped and was not thanked; Ann owes a promise to Kwame, and an answer."""
    return [
        letter(
            1, ANN, DANA, "Hi Dana,\n\nHow are you? Could you have a look at my plan for the shop?\n\nAnn"
        ),
        letter(
            2,
            DANA,
            ANN,
            "Hi Ann,\n\nI spent the whole weekend on your plan and rewrote the two chapters about the shop "
            "for you. Attached is the new version with my notes.\n\nDana",
            day=2,
            answers=1,
        ),
        letter(
            3,
            ANN,
            KWAME,
            "Hello Kwame,\n\nI'll send you the drawings by Monday.\n\nAnn",
            day=9,
            Subject="Re: the door",
        ),
        letter(
            4, KWAME, ANN, "Hi Ann,\n\nCould you tell me which paint you used on the door?\n\nKwame", day=10
        ),
        letter(
            5,
            "news@shop.example",
            ANN,
            "Big sale this week",
            day=10,
            List_Unsubscribe="<https://shop.example/u>",
            Precedence="bulk",
        ),
        letter(
            6,
            INES,
            ANN,
            "Ciao Ann, non so se hai già visto questo, ma il negozio è molto bello e mi è piaciuto con tutto il cuore.",
            day=11,
        ),
    ]


def mailbox(path: Path, mails: Iterable[EmailMessage], mode: str = "wb") -> Path:
    """The mails as an mbox file."""
    with path.open(mode) as file:
        for mail in mails:
            file.write(b"From - Mon Mar  2 09:00:00 2026\n" + mail.as_bytes() + b"\n")
    return path


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//letters//EN
BEGIN:VEVENT
UID:lunch@letters.example
DTSTAMP:20260303T090000Z
DTSTART:20260305T120000Z
DTEND:20260305T130000Z
SUMMARY:Coffee with Kwame
ORGANIZER;CN=Ann Haven:mailto:ann@haven.example
ATTENDEE;CN=Kwame Asante;PARTSTAT=ACCEPTED:mailto:kwame@kiosk.example
END:VEVENT
END:VCALENDAR
"""


def calendar(path: Path) -> Path:
    """Ann had coffee with Kwame."""
    path.write_text(CALENDAR.replace("\n", "\r\n"), encoding="utf-8", newline="")
    return path
