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

LOGGED = "log:"
"""How ids of what the user logged begin."""

_TURNED = {"they": "you", "them": "you", "your": "their", "their": "your"}
_BEFORE_SUBJECT = r"(?:^|,|\b(?:and|but|or|that|what|which|when|where|how|whether|because|if|as|than))\s*"
_AFTER_SUBJECT = r"\s+(?:would|will|can|could|should|may|might|must|had|have|are|were|need)\b"
_PRONOUN = re.compile(
    rf"\bthank you\b|(?P<opens>{_BEFORE_SUBJECT})you\b|\b(?P<does>you)(?={_AFTER_SUBJECT})|\b(?:you|they|them|your|their)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One message, or the user's own word, with what was read in it."""

    id: str
    at: datetime
    subject: str
    acts: tuple[Act, ...]


def grounds(nudge: Nudge, entries: Iterable[Entry], stored: Mapping[str, Stored]) -> tuple[Ground, ...]:
    """The evidence, oldest first; what stands in somebody else's ledger by its date and subject alone."""
    lines = {entry.interaction: entry for entry in entries if entry.interaction in nudge.evidence}
    found = [_ground(entry, stored.get(entry.interaction)) for entry in lines.values()]
    found += [
        _elsewhere(item) for name, item in stored.items() if name in nudge.evidence and name not in lines
    ]
    return tuple(sorted(found, key=lambda ground: (ground.at, ground.id)))


def _elsewhere(item: Stored) -> Ground:
    one = item.interaction
    if isinstance(one, Message):
        return Ground(id=one.id, at=one.at, subject=one.subject, acts=())
    return Ground(id=one.id, at=one.starts, subject=one.summary, acts=())


def reasons(own: Mapping[str, dict[str, Any]]) -> dict[str, str]:
    """Why each rule holds, by its id: the installed ones', the user's own, and what the judge says of its findings."""
    files: list[Mapping[str, Any]] = [packs.read_toml("meeting.toml"), *own.values()]
    for language in assembly.LANGUAGES:
        files += packs.read_folder(language).values()
    rules = (rule for file in files for rule in file.get("rule", ()))
    why = {str(rule["id"]): str(rule["because"]) for rule in rules if "id" in rule and "because" in rule}
    judged = packs.read_toml("judge/en.toml")["because"]
    return why | {f"judge.{act}": str(because) for act, because in judged.items()}


def told_of(because: str, by: Side) -> str:
    """A rule's reason, which speaks of what "you" did, turned round when they did it."""
    return because if by is Side.ME else _PRONOUN.sub(_turned, because)


def _turned(found: re.Match[str]) -> str:
    """ "you" is "they" where it does something, "them" where something is done to it; "thank you" is a saying."""
    said = found[0]
    if said == "thank you":
        return said
    if found["opens"] is not None:
        return f"{found['opens']}they"
    if found["does"]:
        return "they"
    return _TURNED.get(said, "them")


def _ground(entry: Entry, item: Stored | None) -> Ground:
    one = item.interaction if item else None
    subject = "" if one is None else one.subject if isinstance(one, Message) else one.summary
    return Ground(id=entry.interaction, at=entry.at, subject=subject, acts=entry.acts)
