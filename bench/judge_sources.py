"""Where labelled messages come from: those of real people, our own further labels, and fictional ones."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from bench.labelled import LABELS, NOW, OTHER, Labelled, labelled
from recipflow.assembly import FIRST, machines
from recipflow.connector import pulling
from recipflow.model import Message
from recipflow.preparing import Preparing
from tests.data.building import build
from tests.data.mailboxes import EIGHTH, FIFTH, FOURTH, NINTH, SECOND, SEVENTH, SIXTH, TENTH, THIRD
from tests.data.sources import Mailbox

OURS = Path(__file__).with_name("labels.jsonl")
"""Labels of further messages of the development mailboxes, by their ids: three in five were written by others."""

MARKS = Path(__file__).with_name("marks.jsonl")
"""Which sentences of the hand-labelled messages do their acts, by our reading; the sentences are numbered."""

FICTIONAL = Path(__file__).with_name("fictional.jsonl")
"""Fictional mails, written for what is rare in the others: favours to remember, refusals, promises, thanks, large asks."""

INVENTED = (SECOND, THIRD, FOURTH, FIFTH, SIXTH, SEVENTH, EIGHTH, NINTH, TENTH)
"""Fictional mailboxes of our own, of which the truth is known."""


LETTERS = Path(__file__).with_name("letters")
"""Fictional mailboxes that were written to be learned from: without expectations, meetings or machines."""


def by_hand(data: Path) -> Iterator[Labelled]:
    """The hand-labelled messages, with what we marked in them."""
    return map(_marked, labelled(data / "acts_dev" / "hand_dev.jsonl"))


def invented(*languages: str) -> Iterator[Labelled]:
    """What is in English, or in one of the `languages`, in our own fictional mailboxes."""
    for box in (*INVENTED, *map(_letters, sorted(LETTERS.iterdir()))):
        yield from _of_box(box, *languages)


def letters(home: Path, *languages: str) -> Iterator[Labelled]:
    """The same of one folder of letters."""
    return _of_box(_letters(home), *languages)


def fictional(file: Path, language: str = FIRST) -> Iterator[Labelled]:
    """Fictional mails, half of them by the user.

    `notable` tells which sentences one would remember, or that all the gives are.
    """
    me = "me@example.org"
    for number, row in enumerate(map(json.loads, file.read_text(encoding="utf-8").splitlines())):
        said = {
            act: tuple(row["sentences"][at] for at in row[act])
            for act in LABELS
            if isinstance(row.get(act), list)
        }
        said |= {"notable": said["give"]} if row.get("notable") is True else {}
        truth = {*said, *["large"] * bool(row.get("large_ask"))} & set(LABELS)
        by, to = (me, OTHER) if number % 2 else (OTHER, me)
        yield Labelled(
            id=f"{file.stem} {number}",
            group=file.stem,
            text="\n".join(row["sentences"]),
            truth=frozenset(truth),
            known=frozenset(LABELS),
            me=frozenset({me}),
            sender=by,
            to=(to,),
            subject=("Re: " if row.get("reply") else "") + row.get("subject", ""),
            quotes=said,
            language=language,
        )


def ours(archive: Path) -> Iterator[Labelled]:
    """Further messages of the development mailboxes, with our labels."""
    rows = {row["id"]: row for row in map(json.loads, OURS.read_text(encoding="utf-8").splitlines())}
    with TemporaryDirectory() as place, tarfile.open(archive) as mailboxes:
        mailboxes.extractall(place, filter="data")
        for home in sorted(Path(place).glob("dev/*/owner.json")):
            owner = json.loads(home.read_text(encoding="utf-8"))
            me = frozenset(owner["addresses"])
            known = {
                message.id: message for message in _messages(home.parent, me) if _hashed(message.id) in rows
            }
            yield from (
                _labelled(known[name], rows[_hashed(name)], owner["owner"], me) for name in sorted(known)
            )


def _of_box(box: Mailbox, *languages: str) -> Iterator[Labelled]:
    with TemporaryDirectory() as place:
        home = Path(place) / box.title.replace(" ", "_")
        build(box, home)
        for language in languages or (FIRST,):
            yield from labelled(home, language)


def _letters(home: Path) -> Mailbox:
    return Mailbox(
        directory=home,
        title=home.name,
        zone=ZoneInfo("UTC"),
        domain="letters.example",
        list_id="list.example",
    )


@cache
def _marks() -> Mapping[str, Mapping[str, Any]]:
    return {row["id"]: row for row in map(json.loads, MARKS.read_text(encoding="utf-8").splitlines())}


def _marked(one: Labelled) -> Labelled:
    row = _marks().get(_hashed(f"hand {one.id}"), {})
    return replace(one, **_told(row))


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    """Where the acts are, if the row says so; what one would remember of a message is where it gives."""
    at = {act: frozenset(places) for act, places in row.get("at", {}).items()}
    return {"at": at | {"notable": at.get("give", frozenset())}, "of": row.get("of", 0)}


def _hashed(message: str) -> str:
    """What our labels know a message by: neither its id nor its owner stands in the repository."""
    return blake2b(message.encode(), digest_size=8).hexdigest()


def _messages(folder: Path, me: frozenset[str]) -> Iterator[Message]:
    connector, prepare = pulling("files", {"paths": [str(folder)]}), Preparing(machines=machines(), me=me)
    cursor, more = None, True
    while more:
        page = connector.pull(cursor, now=NOW)
        for one in page.interactions:
            if isinstance(one, Message) and isinstance(prepared := prepare(one).interaction, Message):
                yield prepared
        more, cursor = page.more and page.cursor != cursor, page.cursor


def _labelled(message: Message, row: Mapping[str, Any], owner: str, me: frozenset[str]) -> Labelled:
    truth = {*row["acts"], *["notable"] * row["notable"], *["large"] * row["large_ask"]}
    return Labelled(
        id=message.id,
        group=owner,
        text=message.text,
        truth=frozenset(truth),
        known=frozenset(LABELS),
        me=me,
        sender=message.sender.address,
        to=tuple(party.address for party in message.to) or (OTHER,),
        cc=tuple(party.address for party in message.cc),
        subject=message.subject,
        date=message.at.strftime("%a, %d %b %Y %H:%M:%S +0000"),
        attachments=tuple(item.name for item in message.attachments),
        **_told(row),
    )
