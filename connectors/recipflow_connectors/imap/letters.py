"""From what FETCH answers to Messages: heads first, whole ones when they are wanted. Nothing is marked as read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from imapclient import IMAPClient
from imapclient.exceptions import ProtocolError
from imapclient.imap_utf7 import decode

from recipflow.connector import SetAside
from recipflow.model import KEPT_HEADERS, Message
from recipflow_connectors import trees
from recipflow_connectors.imap.folders import Folder
from recipflow_connectors.imap.structure import MAX_TEXT, Section, Senseless, Shape, shape, texts, tree
from recipflow_connectors.labels import LEFT_OUT, canonical, unique
from recipflow_connectors.mime import Unreadable, assembled, parse

Item = TypeVar("Item")

#: Messages to a FETCH of words; their heads are small, and go by the page.
BATCH = 100
_FIELDS = sorted(
    KEPT_HEADERS
    | {
        *(
            "date",
            "from",
            "to",
            "cc",
            "bcc",
            "subject",
            "message-id",
            "in-reply-to",
            "references",
            "received",
        ),
        *(
            "resent-date",
            "delivery-date",
            "x-original-date",
            "x-date",
            "x-received-date",
            "posted-date",
            "x-from",
        ),
    }
)
_HEAD = f"BODY.PEEK[HEADER.FIELDS ({' '.join(_FIELDS).upper()})]"
_JUNK = frozenset({"$junk", "junk"})
_GOOD = frozenset({"$notjunk", "notjunk", "nonjunk"})

Told = Mapping[bytes, Any]
"""What the server says of one message, by FETCH item."""


@dataclass(frozen=True, slots=True)
class Where:
    """A message's place, by which it is found again: what its `ref` says."""

    folder: str
    validity: int
    uid: int

    def __str__(self) -> str:
        return f"{self.validity}.{self.uid}.{self.folder}"


def where(ref: str) -> Where | None:
    """The place a ref names; None when it is not one of ours."""
    parts = ref.split(".", 2)
    if len(parts) < 3 or not (parts[0].isdecimal() and parts[1].isdecimal()):
        return None
    return Where(parts[2], int(parts[0]), int(parts[1]))


@dataclass(frozen=True, slots=True)
class Letters:
    """The messages of the folder that is selected."""

    client: IMAPClient
    folder: Folder
    validity: int
    gmail: bool = False

    def heads(self, uids: Sequence[int]) -> tuple[list[Message | SetAside], dict[int, str]]:
        """The heads in the order of `uids`, and why others were left out.

        Of a message that has no id of its own it is the whole: its words are its id.
        """
        told = self._told(uids)
        left_out = {uid: reason for uid, one in told.items() if (reason := self._reason(one))}
        made = {uid: self._head(uid, told[uid]) for uid in uids if uid in told and uid not in left_out}
        nameless = {
            uid for uid, one in made.items() if isinstance(one, Message) and one.id.startswith("hash:")
        }
        made |= self._wholes({uid: told[uid] for uid in nameless})
        return list(made.values()), left_out

    def whole(self, uids: Sequence[int]) -> Iterator[Message | SetAside]:
        """The messages with their words."""
        for start in range(0, len(uids), BATCH):
            yield from self._wholes(self._told(uids[start : start + BATCH])).values()

    def left_out(self, uids: Sequence[int]) -> dict[int, str]:
        """Those of `uids` that flags or labels say are drafts, junk, or read in another folder; and which it is."""
        items = ["FLAGS", *(["X-GM-LABELS"] if self.gmail else [])]
        found: dict[int, str] = {}
        for start in range(0, len(uids), 50 * BATCH):
            for uid, told in self._fetched(uids[start : start + 50 * BATCH], items).items():
                if reason := self._reason(told):
                    found[uid] = reason
        return found

    def _reason(self, told: Told) -> str:
        """Why a message is left out: "drafts", "spam", or "sent" where it was read in its own folder; "" if it is not."""
        flags = {_text(flag).lower() for flag in told.get(b"FLAGS", ())}
        if "\\draft" in flags:
            return "drafts"
        if flags & _JUNK and not flags & _GOOD:
            return "spam"
        labels = self._labels(told)
        if self.folder.label == "all" and "sent" in labels:
            return "sent"
        return next((one for one in labels if one in LEFT_OUT), "")

    def _told(self, uids: Sequence[int]) -> dict[int, Told]:
        gmail = ["X-GM-THRID", "X-GM-LABELS"] if self.gmail else []
        return self._fetched(uids, ["FLAGS", "BODYSTRUCTURE", _HEAD, *gmail])

    def _fetched(self, uids: Sequence[int], items: Sequence[str]) -> dict[int, Told]:
        """What is told of each; one that cannot be parsed is asked for alone, and is left with nothing told."""
        if not uids:
            return {}
        try:
            return dict(self.client.fetch(list(uids), list(items)))
        except ProtocolError:
            if len(uids) == 1:
                return {uids[0]: {}}
        half = len(uids) // 2
        return self._fetched(uids[:half], items) | self._fetched(uids[half:], items)

    def _head(self, uid: int, told: Told) -> Message | SetAside:
        def head() -> Message:
            root = tree(_shape(told) or _NOTHING, {}, _headers(told))
            return replace(self._marked(uid, told, assembled(root)), partial=True, sealed=False, body="")

        return self._attempt(uid, head)

    def _wholes(self, told: Mapping[int, Told]) -> dict[int, Message | SetAside]:
        shapes = {uid: _shape(one) for uid, one in told.items()}
        words = self._words({uid: texts(one) for uid, one in shapes.items() if one})
        made = {uid: self._whole(uid, told[uid], shapes[uid], words.get(uid, {})) for uid in told}
        more = {
            uid: rich
            for uid, one in made.items()
            if (part := shapes[uid]) and isinstance(one, Message) and not one.body.strip()
            if (rich := tuple(each for each in texts(part, rich=True) if each.name not in words.get(uid, {})))
        }
        for uid, got in self._words(more).items():
            made[uid] = self._whole(uid, told[uid], shapes[uid], words.get(uid, {}) | got)
        return made

    def _whole(
        self, uid: int, told: Told, part: Shape | None, words: Mapping[str, bytes]
    ) -> Message | SetAside:
        def whole() -> Message:
            if part is None:
                return self._marked(uid, told, parse(self._all(uid)))
            return self._marked(uid, told, assembled(tree(part, words, _headers(told))))

        return self._attempt(uid, whole)

    def _all(self, uid: int) -> bytes:
        """The message itself, where the server does not describe it in a way that makes sense."""
        told = self._fetched([uid], [f"BODY.PEEK[]<0.{MAX_TEXT}>"]).get(uid, {})
        return _value(told, b"BODY[]")

    def _words(self, wanted: Mapping[int, tuple[Section, ...]]) -> dict[int, dict[str, bytes]]:
        """The contents of these sections; messages of the same build are asked for together."""
        alike: defaultdict[tuple[Section, ...], list[int]] = defaultdict(list)
        for uid, sections in wanted.items():
            if sections:
                alike[sections].append(uid)
        found: dict[int, dict[str, bytes]] = {}
        for sections, uids in alike.items():
            for uid, told in self._fetched(uids, [one.item for one in sections]).items():
                found[uid] = {one.name: _value(told, f"BODY[{one.name}]".encode()) for one in sections}
        return found

    def _attempt(self, uid: int, make: Callable[[], Message]) -> Message | SetAside:
        try:
            return make()
        except Unreadable as fault:
            return SetAside(str(self._where(uid)), str(fault), fault.who)

    def _marked(self, uid: int, told: Told, message: Message) -> Message:
        thread = told.get(b"X-GM-THRID")
        own = () if self.folder.label == "all" else (self.folder.label,)
        return replace(
            message,
            ref=str(self._where(uid)),
            labels=unique((*own, *self._labels(told))),
            thread_hint=str(thread) if thread else message.thread_hint,
        )

    def _labels(self, told: Told) -> tuple[str, ...]:
        given = (
            decode(one) if isinstance(one, bytes) else str(one) for one in told.get(b"X-GM-LABELS") or ()
        )
        return unique(canonical(one.lstrip("\\")) for one in given)

    def _where(self, uid: int) -> Where:
        return Where(self.folder.name, self.validity, uid)


_NOTHING = Shape(trees.Leaf(content_type="text/plain", headers={}), "1", "")


def _shape(told: Told) -> Shape | None:
    try:
        return shape(told.get(b"BODYSTRUCTURE"))
    except Senseless:
        return None


def _headers(told: Told) -> Mapping[str, list[str]]:
    raw = _value(told, b"BODY[HEADER.FIELDS")
    if not raw.strip():
        raise Unreadable("the server does not give its head")
    return (trees.fast(raw) or trees.slow(raw)).headers


def _value(told: Told, name: bytes) -> bytes:
    """An item by the beginning of its name: servers write the rest as they like."""
    found = next((value for key, value in told.items() if key.startswith(name)), b"")
    return found if isinstance(found, bytes) else b""


def _text(value: Any) -> str:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else str(value)
