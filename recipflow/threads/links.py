"""What linking needs of one message."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from recipflow.model import Message
from recipflow.threads.aliases import alias
from recipflow.threads.subjects import Marker, marker, subject_key

_MOST_PARTIES = 50
MOST_NAMED = 99
"""Of the ids a message refers to, so many of the nearest are looked at."""


class Link(NamedTuple):
    """What linking needs of one message."""

    id: str
    at: datetime
    key: str  #: normalised subject
    orphan: bool  #: names nothing, and may yet be an answer
    marked: bool  #: its subject says "Re:"
    sender: str
    others: tuple[str, ...]  #: To and Cc, at most 50
    nodes: tuple[
        str, ...
    ]  #: aliases of its own id and of those it names (nearest first), the provider's thread id
    parent: str = ""  #: the message an orphan was found to answer
    thread: str = ""

    @property
    def place(self) -> tuple[datetime, str]:
        return self.at, self.id


def link_of(message: Message) -> Link:
    """What linking needs of a message."""
    return link_told(
        message.id,
        message.at,
        message.subject,
        (message.in_reply_to, *reversed(message.references[-MOST_NAMED:])),
        message.thread_hint,
        message.sender.address,
        (party.address for party in (*message.to, *message.cc)),
    )


def link_told(
    id_: str,
    at: datetime,
    subject: str,
    named: Iterable[str],
    hint: str,
    sender: str,
    others: Iterable[str],
) -> Link:
    """What linking needs of a message, of which no more is known than this; it names the nearest id first."""
    nodes = dict.fromkeys(map(alias, (id_, *named)))
    nodes.pop("", None)
    if hint:
        nodes["hint:" + hint] = None
    key, front = subject_key(subject), marker(subject)
    return Link(
        id_,
        at,
        key,
        orphan=len(nodes) == 1 and key != "" and front is not Marker.FORWARD,
        marked=front is Marker.REPLY,
        sender=sender,
        others=tuple(dict.fromkeys(others))[:_MOST_PARTIES],
        nodes=tuple(nodes),
    )
