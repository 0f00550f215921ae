"""Labelled messages of every format we have, and the product's own reading of each, alone.

A file is `hand_dev.jsonl` or one of its kind (whole messages of known owners), or one of the public sets (sentences that
were labelled for some acts only); a directory is a gold mailbox.
"""

from __future__ import annotations

import json
import mailbox
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.mime.application import MIMEApplication
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import parsedate_to_datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from recipflow.assembly import machines
from recipflow.cli.reading import act_as_json
from recipflow.model import Attachment, Form, Message, Party
from recipflow.observing import observe
from recipflow.reading import Reader
from recipflow.text import new_text

LABELS = ("give", "notable", "ask", "large", "thanks", "promise", "refusal", "meeting")
ACTS = {"give", "ask", "thanks", "promise", "refusal"}
PUBLIC = {"ask": "ask", "commit": "promise", "thanks": "thanks", "refusal": "refusal", "meeting": "meeting"}
"""What the public sets call the acts. Spoken directives and proposals that follow another convention are left out."""

LARGE = 2.0
"""fu above which an ask is large: about half an hour."""

OTHER = "somebody@example.org"
NOW = datetime(2026, 1, 1, tzinfo=UTC)

Acts = Sequence[Mapping[str, Any]]
"""Acts as `recipflow read --json` prints them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A message, and which of the labels it was read for are true of it."""

    id: str
    group: str  #: the owner, or the thread of a public set: what must not be on both sides of a split
    text: str
    truth: frozenset[str]
    known: frozenset[str]  #: labels it was read for
    me: frozenset[str]
    sender: str
    to: tuple[str, ...] = (OTHER,)
    cc: tuple[str, ...] = ()
    subject: str = ""
    date: str = "Mon, 3 Jun 2002 09:00:00 +0000"
    attachments: tuple[str, ...] = ()
    at: Mapping[str, frozenset[int]] = field(default_factory=dict)  #: by label, the sentences, if told
    of: int = 0  #: sentences it had then
    quotes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: by label, its words, if told
    language: str = "en"


def labelled(path: Path, language: str = "en") -> list[Labelled]:
    """All labelled messages of a file, or those of a gold mailbox that are in one language."""
    if path.is_dir():
        return list(_gold(path, language))
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [_sentence(row) if "labelled_for" in row else _message(row) for row in rows]


def read_alone(messages: Sequence[Labelled], reader: Reader) -> list[Acts]:
    """The acts of each message, by the way of `recipflow read`: written to a mailbox, parsed, cut, judged, read."""
    found: dict[str, Acts] = {}
    for me in dict.fromkeys(one.me for one in messages):
        mine = {f"{number}@bench": one for number, one in enumerate(messages) if one.me == me}
        found |= _read(mine, me, reader)
    return [found.get(f"{number}@bench", ()) for number in range(len(messages))]


def as_message(one: Labelled) -> Message:
    """The message as a connector would hand it on, its new text cut."""
    return Message(
        id=one.id,
        at=parsedate_to_datetime(one.date),
        sender=Party(one.sender),
        to=tuple(map(Party, one.to)),
        cc=tuple(map(Party, one.cc)),
        subject=" ".join(one.subject.split()),
        attachments=tuple(Attachment(name, "", 1) for name in one.attachments),
        text=new_text(one.text, Form.PLAIN).text,
    )


def labels(acts: Acts) -> dict[str, float]:
    """The labels that acts amount to, each with the highest certainty."""
    certainty: dict[str, float] = {}
    for act in acts:
        for label in _of_act(act):
            certainty[label] = max(certainty.get(label, 0.0), act["confidence"])
        for label in ("notable", "large"):
            certainty[label] = max(certainty.get(label, 0.0), act[f"{label}_confidence"])
    return certainty


def said(acts: Acts) -> frozenset[str]:
    """The labels that are said outright."""
    return frozenset(label for act in acts for label in _of_act(act)) | frozenset(
        label
        for act in acts
        for label, holds in (
            ("notable", act["notable"]),
            ("large", act["act"] == "ask" and (act["size"] or 0) > LARGE),
        )
        if holds
    )


def _of_act(act: Mapping[str, Any]) -> Iterator[str]:
    if act["act"] in ACTS:
        yield act["act"]
    if act["kind"] == "meeting":
        yield "meeting"


def _read(messages: Mapping[str, Labelled], me: frozenset[str], reader: Reader) -> dict[str, Acts]:
    with TemporaryDirectory() as place:
        box = mailbox.mbox(Path(place) / "alone.mbox")
        for name, one in messages.items():
            box.add(_mail(name, one))
        box.close()
        seen = observe({"paths": [place]}, me, reader=reader, machines=machines(), now=NOW, set_aside=_refuse)
        return {
            one.name: [act_as_json(act, act.contact) for act in one.acts if not act.remark] for one in seen
        }


def _refuse(where: str, reason: str) -> None:
    raise ValueError(f"{where}: {reason}")


def _mail(name: str, one: Labelled) -> MIMEBase:
    """Written by the old policy, which takes headers as odd as old archives have them."""
    text = MIMEText(one.text, "plain", "utf-8")
    mail = MIMEMultipart() if one.attachments else text
    for attachment in one.attachments:
        part = MIMEApplication(b"-")
        part.add_header("Content-Disposition", "attachment", filename=attachment)
        mail.attach(part)
    if one.attachments:
        mail.attach(text)
    for key, value in (
        ("Message-ID", f"<{name}>"),
        ("From", one.sender),
        ("Date", one.date),
        ("To", ", ".join(one.to)),
        ("Cc", ", ".join(one.cc)),
        ("Subject", " ".join(one.subject.split())),
    ):
        mail[key] = value
    return mail


def _message(row: Mapping[str, Any]) -> Labelled:
    truth = {*row["acts"], *["notable"] * row["notable"], *["large"] * row["large_ask"]}
    return Labelled(
        id=row["id"],
        group=row["owner"],
        text=row["text"],
        truth=frozenset(truth),
        known=frozenset(LABELS),
        me=frozenset({row["from"]}),
        sender=row["from"],
        to=tuple(row["to"]) or (OTHER,),
        cc=tuple(row["cc"]),
        subject=row["subject"],
        date=row["date"].partition(" (")[0],
        attachments=tuple(row["attachments"]),
    )


def _sentence(row: Mapping[str, Any]) -> Labelled:
    return Labelled(
        id=row["id"],
        group=row["thread"] or row["id"],
        text=row["text"],
        truth=frozenset(PUBLIC[label] for label in row["labels"] if label in PUBLIC),
        known=frozenset(PUBLIC[label] for label in row["labelled_for"] if label in PUBLIC),
        me=frozenset({"me@example.org"}),
        sender="me@example.org",
    )


def _gold(directory: Path, language: str) -> Iterator[Labelled]:
    people = json.loads((directory / "people.json").read_text(encoding="utf-8"))
    texts = {row["message_id"]: row for row in _rows(directory / "newtext.jsonl")}
    for row in _rows(directory / "truth.jsonl"):
        if row.get("lang") == language and row["message_id"] in texts:
            yield _of_gold(row, texts[row["message_id"]], people["me"]["addresses"], directory.name)


def _of_gold(row: Mapping[str, Any], text: Mapping[str, Any], me: Sequence[str], group: str) -> Labelled:
    acts = row["acts"]
    truth = {act["act"] for act in acts} & ACTS | {"meeting" for act in acts if act["kind"] == "meeting"}
    truth |= {"notable" for act in acts if act["notable"]}
    truth |= {"large" for act in acts if act["act"] == "ask" and (act["size_fu"] or 0) > LARGE}
    others, mine = tuple(row["contacts"]), row["by"] == "me"
    return Labelled(
        id=row["message_id"],
        group=group,
        text=text["text"],
        truth=frozenset(truth),
        known=frozenset(LABELS),
        me=frozenset(me),
        sender=me[0] if mine else others[0],
        to=others if mine else tuple(me[:1]),
        subject=text["subject"],
        date=datetime.fromisoformat(row["date"]).strftime("%a, %d %b %Y %H:%M:%S %z"),
        quotes=_quotes(acts),
        language=row["lang"],
    )


def _quotes(acts: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """The words of each label; of acts without any, those labels are left out."""
    said: dict[str, list[str]] = {}
    for act in acts:
        for label in {
            act["act"],
            *["meeting"] * (act["kind"] == "meeting"),
            *["notable"] * bool(act["notable"]),
        }:
            said.setdefault(label, []).append(act.get("quote") or "")
    return {label: tuple(quotes) for label, quotes in said.items() if all(quotes)}


def _rows(path: Path) -> Iterable[dict[str, Any]]:
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())
