"""Answering a digest by mail to oneself: the mails it offers, and what such a mail says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import quote

from recipflow.digest.model import DigestItem
from recipflow.explain.verdicts import Mistake
from recipflow.model import NudgeKind


class Answer(StrEnum):
    """What can be said of a nudge by mail."""

    DONE = "done"
    SNOOZE = "snooze"
    WRONG = "wrong"
    NEVER = "never"


class Reply(NamedTuple):
    """A mail to oneself that says something of a nudge."""

    label: str
    href: str


class Heard(NamedTuple):
    """What such a mail said."""

    answer: Answer
    key: str
    token: str
    because: Mistake | None = None


_LABELS = {
    Answer.DONE: "Done",
    Answer.SNOOZE: "Snooze",
    Answer.WRONG: "Wrong",
    Answer.NEVER: "Never",
}
_SEND = "Send this mail as it is."
_WHAT = {
    Answer.DONE: "You did it, where no mail shows it.",
    Answer.SNOOZE: "It comes back in a week, if it still stands then.",
    Answer.NEVER: "No more advice about this person, for good. `recipflow undo` takes it back.",
}
_REASONS = {
    Mistake.NOT_A_FAVOUR: "It was no such thing.",
    Mistake.WRONG_PERSON: "It was somebody else.",
    Mistake.ALREADY_HANDLED: "It is done already.",
    Mistake.NOT_MINE: "That mail is none of my business.",
}
_WHY = "Why is it wrong? Leave one line, delete the others, and send."
_SUBJECT = re.compile(r"^recipflow (done|snooze|wrong|never) ([0-9a-f]{8}) ([a-z2-7]{16})$")


def offered(
    items: Iterable[DigestItem], address: str, tokens: Mapping[str, str]
) -> dict[str, tuple[Reply, ...]]:
    """For each item that has a token, the mails that answer it."""
    return {
        item.key: tuple(_reply(answer, item, address, tokens[item.key]) for answer in Answer)
        for item in items
        if item.key in tokens
    }


def understood(subject: str, text: str) -> Heard | None:
    """What a mail says of a nudge; None when it is no such mail. Whose it is, and its token, is not looked at."""
    match = _SUBJECT.match(" ".join(subject.split()))
    if match is None:
        return None
    answer = Answer(match[1])
    return Heard(answer, match[2], match[3], _because(text) if answer is Answer.WRONG else None)


def _because(text: str) -> Mistake:
    """The one line that was left; what was left as it was means the first."""
    left = [mistake for mistake, words in _REASONS.items() if words.lower() in text.lower()]
    return left[0] if left else Mistake.NOT_A_FAVOUR


def _reply(answer: Answer, item: DigestItem, address: str, token: str) -> Reply:
    subject = f"recipflow {answer} {item.key} {token}"
    body = f"{_SEND} {_WHAT[answer]}" if answer in _WHAT else "\r\n".join((_WHY, "", *_REASONS.values()))
    return Reply(
        _label(answer, item.kind),
        f"mailto:{quote(address, safe='@')}?subject={quote(subject)}&body={quote(body)}",
    )


def _label(answer: Answer, kind: NudgeKind) -> str:
    """What was done is named where it is one thing."""
    if answer is Answer.DONE and kind is NudgeKind.THANK:
        return "Thanked"
    return _LABELS[answer]
