"""Messages made from the text of real ones: answers, newsletters, pages and attachments, as many as are wanted."""

from __future__ import annotations

import base64
import html
import quopri
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

_FIRST = datetime(2003, 1, 6, 8, tzinfo=UTC)
_PEOPLE = 1_500
_LIST_SHARE, _ANSWER_SHARE, _HTML_SHARE, _ATTACHED_SHARE = 0.18, 0.45, 0.4, 0.17
_ATTACHED_BYTES = 32_000
_ATTACHED = (("application/pdf", "notes.pdf"), ("image/jpeg", "IMG_1.jpg"), ("application/zip", "all.zip"))


@dataclass(slots=True)
class _Sent:
    """A message already made, which a later one may answer."""

    id: str
    references: list[str]
    subject: str
    text: str
    other: tuple[str, str]


@dataclass(slots=True)
class Maker:
    """Makes messages from the real ones' text; the seed decides everything."""

    me: str
    texts: list[tuple[str, str]]
    chance: random.Random
    blob: bytes
    people: list[tuple[str, str]]
    recent: list[_Sent] = field(default_factory=list)

    def message(self, number: int) -> tuple[bytes, bool]:
        """The bytes of one message, and whether the user sent it."""
        chance = self.chance
        at = _FIRST + timedelta(minutes=number * 41 + chance.randrange(40))
        if chance.random() < _LIST_SHARE:
            return self._newsletter(number, at), False
        by_me = chance.random() < 0.35
        parent = (
            chance.choice(self.recent[-400:]) if self.recent and chance.random() < _ANSWER_SHARE else None
        )
        subject, text = chance.choice(self.texts)
        other = (
            parent.other
            if parent
            else self.people[min(int(chance.expovariate(1 / 160)), len(self.people) - 1)]
        )
        references: list[str] = []
        if parent:
            subject = parent.subject if parent.subject.lower().startswith("re:") else f"Re: {parent.subject}"
            references = [*parent.references[-12:], parent.id]
            text = f"{text}\n\n{_quoted(parent, at)}"
        name = f"{number:06d}.{chance.getrandbits(48):012x}@mail{number % 7}.example.net"
        self.recent.append(_Sent(name, references, subject, text[:4000], other))
        head = self._head(name, at, by_me, other, subject, references)
        return head + self._body(text), by_me

    def _head(
        self,
        name: str,
        at: datetime,
        by_me: bool,
        other: tuple[str, str],
        subject: str,
        references: list[str],
    ) -> bytes:
        mine, theirs = f"Me Myself <{self.me}>", f"{other[0]} <{other[1]}>"
        lines = [
            f"Return-Path: <{self.me if by_me else other[1]}>",
            *(_received(at, hop) for hop in range(0 if by_me else 3)),
            f"Message-ID: <{name}>",
            f"Date: {format_datetime(at)}",
            f"From: {mine if by_me else theirs}",
            f"To: {theirs if by_me else mine}",
            f"Subject: {subject}",
            "MIME-Version: 1.0",
            "X-Mailer: Mail 16.0.4266.1003",
        ]
        if self.chance.random() < 0.25:
            copied = self.chance.sample(self.people, self.chance.randint(1, 4))
            lines.append("Cc: " + ",\n ".join(f'"{one[0]}" <{one[1]}>' for one in copied))
        if references:
            lines += [
                f"In-Reply-To: <{references[-1]}>",
                "References: " + "\n ".join(f"<{one}>" for one in references),
            ]
        return ("\n".join(lines) + "\n").encode("utf-8", "replace")

    def _body(self, text: str) -> bytes:
        part = self._text_part(text)
        if self.chance.random() >= _ATTACHED_SHARE:
            return part
        size = int(self.chance.lognormvariate(0, 0.9) * _ATTACHED_BYTES)
        start = self.chance.randrange(len(self.blob) - 1_000_000)
        data = base64.encodebytes(self.blob[start : start + min(size, 1_000_000)])
        kind, name = self.chance.choice(_ATTACHED)
        return b"".join(
            (
                b'Content-Type: multipart/mixed; boundary="=_mixed_1"\n\nThis is a multi-part message.\n--=_mixed_1\n',
                part,
                f'\n--=_mixed_1\nContent-Type: {kind}; name="{name}"\nContent-Transfer-Encoding: base64\n'.encode(),
                f'Content-Disposition: attachment; filename="{name}"\n\n'.encode(),
                data,
                b"--=_mixed_1--\n",
            )
        )

    def _text_part(self, text: str) -> bytes:
        chosen = self.chance.random()
        if chosen < _HTML_SHARE:
            rich = _rich(text)
            if chosen < _HTML_SHARE / 4:
                return _encoded(rich, "text/html", quoted=True)
            return b"".join(
                (
                    b'Content-Type: multipart/alternative; boundary="=_alt_2"\n\n--=_alt_2\n',
                    _encoded(text, "text/plain", quoted=True),
                    b"\n--=_alt_2\n",
                    _encoded(rich, "text/html", quoted=True),
                    b"\n--=_alt_2--\n",
                )
            )
        return _encoded(text, "text/plain", quoted=chosen > 0.75)

    def _newsletter(self, number: int, at: datetime) -> bytes:
        firm = self.chance.randrange(60)
        subject, _ = self.chance.choice(self.texts)
        items = "\n".join(self.chance.choice(self.texts)[1][:1500] for _ in range(6))
        head = [
            *(_received(at, hop) for hop in range(4)),
            f"Message-ID: <news{number}.{firm}@news{firm}.example.com>",
            f"Date: {format_datetime(at)}",
            f"From: Firm {firm} <news@news{firm}.example.com>",
            f"To: <{self.me}>",
            f"Subject: {subject}",
            f"List-Unsubscribe: <https://news{firm}.example.com/u/{number}>",
            f"List-Id: <news.news{firm}.example.com>",
            "Precedence: bulk",
            "MIME-Version: 1.0",
        ]
        return ("\n".join(head) + "\n").encode("utf-8", "replace") + _encoded(
            _rich(items), "text/html", quoted=True
        )


def people() -> list[tuple[str, str]]:
    """Whom the user writes with: a name and an address each."""
    return [
        (_name(n), f"{_name(n).lower().replace(' ', '.')}{n}@org{n % 240}.example.org")
        for n in range(_PEOPLE)
    ]


def _received(at: datetime, hop: int) -> str:
    return (
        f"Received: from mx{hop}.example.net (mx{hop}.example.net [192.0.2.{hop}])\n\tby mail.example.org with ESMTPS"
        f" id 4f3kQ{hop}z9\n\tfor <me@example.org>; {format_datetime(at + timedelta(seconds=4 - hop))}"
    )


def _quoted(parent: _Sent, at: datetime) -> str:
    day = at - timedelta(days=1)
    lines = "\n".join(f"> {line}" for line in parent.text.splitlines()[:80])
    return f"On {day:%a, %b %d, %Y at %I:%M %p}, {parent.other[0]} <{parent.other[1]}> wrote:\n\n{lines}"


def _rich(text: str) -> str:
    rows = "".join(
        f'<p class="MsoNormal" style="margin:0;font-size:11pt;font-family:Calibri,sans-serif">{html.escape(line)}</p>\n'
        for line in text.splitlines()
    )
    style = (
        "p.MsoNormal, li.MsoNormal, div.MsoNormal {margin:0cm; margin-bottom:.0001pt; font-size:11.0pt}\n" * 6
    )
    return f"<html><head><style>{style}</style></head><body><div>{rows}</div></body></html>"


def _encoded(text: str, kind: str, *, quoted: bool) -> bytes:
    data = text.encode("utf-8", "replace")
    how = "quoted-printable" if quoted else "8bit"
    head = f'Content-Type: {kind}; charset="utf-8"\nContent-Transfer-Encoding: {how}\n\n'.encode()
    return head + (quopri.encodestring(data) if quoted else data)


_FIRSTS = (
    "Ana",
    "Ben",
    "Carla",
    "Dana",
    "Elif",
    "Farid",
    "Greta",
    "Hugo",
    "Ines",
    "Jan",
    "Kira",
    "Liam",
    "Mona",
    "Nils",
)
_LASTS = (
    "Abe",
    "Berg",
    "Costa",
    "Dietz",
    "Engel",
    "Fuchs",
    "Graf",
    "Holt",
    "Iyer",
    "Jung",
    "Klein",
    "Lopes",
    "Marsh",
)


def _name(number: int) -> str:
    return f"{_FIRSTS[number % len(_FIRSTS)]} {_LASTS[number // len(_FIRSTS) % len(_LASTS)]}"
