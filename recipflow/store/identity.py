"""What makes two interactions one: the same Message-ID, or the same meeting, of which the later version counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from recipflow.model import Interaction, Meeting, Message
from recipflow.store.rows import Prepared, Row, meeting_row, utf8
from recipflow.threads.aliases import digest


def merged(items: Iterable[Prepared]) -> dict[int, Prepared]:
    """One of each identity, by its digest, as if they had come one after the other."""
    page: dict[int, Prepared] = {}
    for item in items:
        one = item.interaction
        number = number_of(one)
        page[number] = _joined(page[number], item) if number in page else item
    return page


def number_of(one: Interaction) -> int:
    """The digest it is found by."""
    return digest("meeting" if isinstance(one, Meeting) else "message", one.id)


def _joined(first: Prepared, second: Prepared) -> Prepared:
    one, other = first.interaction, second.interaction
    if isinstance(one, Meeting) and isinstance(other, Meeting):
        return second if place(other) > place(one) else first
    if isinstance(one, Message) and isinstance(other, Message):
        return first._replace(interaction=replace(one, labels=tuple({*one.labels, *other.labels})))
    return first


def place(meeting: Meeting) -> Row:
    """The later of two versions is the greater."""
    _, _, sequence, known, *_ = meeting_row(meeting)
    return sequence, known, utf8(meeting.version)
