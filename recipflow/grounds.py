"""What a piece of advice stands on: the messages, the sentences in them, and the rules that read them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from recipflow import assembly, packs
from recipflow.model import Act, Entry, Message, Nudge, Side
from recipflow.store import Stored

SAID = "you said so"
"""The rule of an act that stands on the user's own word."""
LOGGED = "log:"
"""How ids of what the user logged begin."""

_TURNED = {
    "you": "they",
    "did you": "did them",
    "they": "you",
    "them": "you",
    "your": "their",
    "their": "your",
}
_PRONOUN = re.compile(rf"\b(?:{'|'.join(sorted(_TURNED, key=len, reverse=True))})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One message, or the user's own word, with what was read in it."""

    id: str
    at: datetime
    subject: str
    acts: tuple[Act, ...]


def grounds(nudge: Nudge, entries: Iterable[Entry], stored: Mapping[str, Stored]) -> tuple[Ground, ...]:
    """The evidence, oldest first."""
    lines = (entry for entry in entries if entry.interaction in nudge.evidence)
    return tuple(_ground(entry, stored.get(entry.interaction)) for entry in lines)


def reasons(own: Mapping[str, dict[str, Any]]) -> dict[str, str]:
    """Why each rule holds, by its id: the installed ones', and the user's own."""
    files: list[Mapping[str, Any]] = [packs.read_toml("meeting.toml"), *own.values()]
    for language in assembly.LANGUAGES:
        files += packs.read_folder(language).values()
    rules = (rule for file in files for rule in file.get("rule", ()))
    return {str(rule["id"]): str(rule["because"]) for rule in rules if "id" in rule and "because" in rule}


def told_of(because: str, by: Side) -> str:
    """A rule's reason, which speaks of what "you" did, turned round when they did it."""
    return because if by is Side.ME else _PRONOUN.sub(lambda found: _TURNED[found[0]], because)


def _ground(entry: Entry, item: Stored | None) -> Ground:
    one = item.interaction if item else None
    subject = "" if one is None else one.subject if isinstance(one, Message) else one.summary
    return Ground(id=entry.interaction, at=entry.at, subject=subject, acts=entry.acts)
