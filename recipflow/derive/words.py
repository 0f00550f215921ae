"""The user's word on acts and interactions: it beats every rule, and is taken back by `undo`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from recipflow.derive.lessons import NOT_THIS, Lessons
from recipflow.model import Act, ActType, Channel, ContactId, Entry, Flag, Kind, Side
from recipflow.store import Decision, Payload, Verb

_SAID_FLAGS = (Flag.FREELY, Flag.HIGH, Flag.LOW, Flag.REPAID)
"""What the user may say of a give, by the payload's key."""


class Words:
    """What the user said and has not taken back, by what it is about."""

    def __init__(self, decisions: Iterable[Decision] = ()) -> None:
        self._corrections: dict[str, list[Decision]] = {}
        self._logged: dict[str, list[Decision]] = {}
        self._ignored: set[str] = set()
        known = tuple(decisions)
        self.lessons = Lessons(known)
        for decision in known:
            if decision.verb is Verb.LOG:
                self._logged.setdefault(decision.target, []).append(decision)
            elif decision.verb is Verb.CORRECT and decision.payload.get(NOT_THIS) == "all":
                self._ignored.add(decision.target)
            elif decision.verb is Verb.CORRECT:
                self._corrections.setdefault(decision.target, []).append(decision)

    def ignored(self, interaction: str) -> bool:
        """Whether the user said this is nobody's business."""
        return interaction in self._ignored

    def corrects(self, interaction: str) -> bool:
        return interaction in self._corrections

    def corrected(self, entry: Entry, contact: ContactId, addresses: Collection[str]) -> Entry:
        """The entry as if it had been read so from the start."""
        acts = entry.acts
        for decision in self._corrections.get(entry.interaction, ()):
            if decision.payload.get("contact") in (None, *addresses):
                acts = _correct(acts, decision.payload, contact, entry)
        return replace(entry, acts=acts)

    def logged(self, contact: ContactId, addresses: Iterable[str]) -> list[Entry]:
        """What the user logged about this contact, under whichever of its addresses; without an act, a word alone."""
        return [_logged(said, contact) for address in addresses for said in self._logged.get(address, ())]


def _correct(acts: tuple[Act, ...], payload: Payload, contact: ContactId, entry: Entry) -> tuple[Act, ...]:
    denied = payload.get(NOT_THIS)
    meant = _meant(acts, ActType(str(denied or payload["act"])), payload.get("position"))
    kept = tuple(act for act in acts if act not in meant)
    if denied:
        return kept
    same = meant[0] if meant else None
    return (*kept, _said(payload, contact, entry.by, same.quote if same else "", same))


def _meant(acts: tuple[Act, ...], what: ActType, position: object) -> list[Act]:
    """The acts a correction is about: those of the type, or the one at that place in the text if it is still there."""
    of_type = [act for act in acts if act.act is what]
    return [act for act in of_type if act.position == position] or of_type


def _said(payload: Payload, contact: ContactId, by: Side, quote: str, same: Act | None) -> Act:
    """An act on the user's own word: certain, and notable unless it was called routine."""
    kind = payload.get("kind")
    size: Any = payload.get("size")
    act = ActType(str(payload["act"]))
    routine = bool(payload.get("routine") or payload.get(Flag.REPAID))
    return Act(
        contact=contact,
        by=by,
        act=act,
        kind=Kind(str(kind))
        if kind
        else (same.kind if same else None if act is ActType.THANKS else Kind.HELP),
        size=None
        if act is ActType.THANKS
        else float(size)
        if size is not None
        else same.size
        if same
        else 1.0,
        routine=routine,
        notable=act is ActType.GIVE and not routine,
        flags=frozenset(flag for flag in _SAID_FLAGS if payload.get(flag)),
        quote=quote,
        rule="you said so",
        position=same.position if same else 0,
        due=date.fromisoformat(str(payload["due"])) if payload.get("due") else same.due if same else None,
        notable_confidence=float(act is ActType.GIVE and not routine),
    )


def _logged(decision: Decision, contact: ContactId) -> Entry:
    payload = decision.payload
    by = Side(str(payload.get("by", Side.ME)))
    at = datetime.fromisoformat(str(payload["at"])).astimezone(UTC) if payload.get("at") else decision.at
    acts = (_said(payload, contact, by, str(payload.get("text", "")), None),) if payload.get("act") else ()
    name = f"log:{decision.id}"
    thread = str(payload.get("thread", name))
    return Entry(interaction=name, at=at, by=by, thread=thread, channel=Channel.LOG, acts=acts)
