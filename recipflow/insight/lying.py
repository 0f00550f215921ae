"""What a letter, and the user's mail since, tell of whether something in it still waits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from recipflow.insight.lately import Lately
from recipflow.ledger.relationship import DAY, OpenItem, OpenKind
from recipflow.model import Flag, Message
from recipflow.threads.subjects import Marker, marker

WEEK = timedelta(days=7)
MUCH = 25
"""Mails of the user's, to whomever, in which what had been forgotten would have come up: of promises that lay for a week
and longer behind so many, readers of office mail held two of eleven still to be open (`bench/READING.md`). Ours; twenty
or thirty tell the same."""


def marked(me: Collection[str], item: OpenItem, letter: Message, now: datetime, lately: Lately) -> OpenItem:
    """The item with what speaks against its waiting still."""
    flags = set(item.flags)
    if item.kind is not OpenKind.MY_ASK and _answers(letter) is (item.kind is OpenKind.THEIR_ASK):
        flags.add(Flag.BESIDE)
    since = datetime.fromtimestamp(item.last * DAY, letter.at.tzinfo)
    if now - since >= WEEK and lately.wrote_much(me, MUCH) > since:
        flags.add(Flag.LEFT)
    return replace(item, flags=frozenset(flags)) if flags != item.flags else item


def _answers(letter: Message) -> bool:
    return marker(letter.subject) is Marker.REPLY or bool(letter.in_reply_to)
