"""Which folders are read, and in which order: sent mail first, so that people are known before their mail is judged."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from imapclient import IMAPClient

from recipflow_connectors.labels import LEFT_OUT, of_folder

_SPECIAL = {
    "\\sent": "sent",
    "\\drafts": "drafts",
    "\\junk": "spam",
    "\\spam": "spam",
    "\\trash": "trash",
    "\\all": "all",
    "\\flagged": "starred",
    "\\starred": "starred",
    "\\important": "important",
}
"""RFC 6154, and what Gmail and older servers say."""

_VIRTUAL = frozenset({"all", "starred", "important"})
"""Folders of mail that lies in another folder, too."""
_CLOSED = frozenset({"\\noselect", "\\nonexistent"})
_ORDER = ("sent", "inbox", "archive")


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder, by its name on the server, and what it is for."""

    name: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """The folders of a mailbox, those that are read in the order in which they are."""

    read: tuple[Folder, ...]
    all: tuple[Folder, ...]
    shared: tuple[str, ...] = ()  #: other people's, left out unless they are named
    missing: tuple[str, ...] = ()  #: named, and not there
    gmail: bool = False

    @property
    def drafts(self) -> tuple[Folder, ...]:
        return tuple(one for one in self.all if one.label == "drafts")

    @property
    def arriving(self) -> str:
        """Where new mail appears: with Gmail all of it, elsewhere what is received."""
        labels = ("all", "inbox") if self.gmail else ("inbox",)
        found = (one.name for label in labels for one in self.read if one.label == label)
        return next(found, self.read[0].name if self.read else "INBOX")


class Choice(NamedTuple):
    """Which folders the user wants read."""

    named: tuple[str, ...] = ()  #: these alone; none: all the user's own
    shared: tuple[str, ...] = ()  #: of those that are others', these as well


ALL_OWN = Choice()


def folders(client: IMAPClient, choice: Choice = ALL_OWN) -> Folders:
    """The folders of a mailbox, and which of them are read."""
    wanted = frozenset((*choice.named, *choice.shared))
    gmail = client.has_capability("X-GM-EXT-1")
    foreign = _foreign(client)
    mine: list[Folder] = []
    others: list[str] = []
    for flags, name in _listed(client):
        if foreign and name.startswith(foreign) and name not in wanted:
            others.append(name)
        else:
            mine.append(Folder(name, _label(name, flags)))
    there = {one.name for one in mine}
    return Folders(
        read=tuple(sorted(_chosen(mine, wanted if choice.named else (), gmail=gmail), key=_rank)),
        all=tuple(mine),
        shared=tuple(sorted(others)),
        missing=tuple(name for name in (*choice.named, *choice.shared) if name not in there),
        gmail=gmail,
    )


def _listed(client: IMAPClient) -> Iterator[tuple[frozenset[str], str]]:
    for flags, _, name in client.list_folders():
        told = frozenset(flag.decode("ascii", "replace").lower() for flag in flags)
        if not told & _CLOSED:
            yield told, name if isinstance(name, str) else str(name)


def _label(name: str, flags: frozenset[str]) -> str:
    return next((_SPECIAL[flag] for flag in sorted(flags) if flag in _SPECIAL), of_folder(name))


def _chosen(mine: Iterable[Folder], named: Collection[str], *, gmail: bool) -> list[Folder]:
    if named:
        return [one for one in mine if one.name in named]
    if gmail:  # every message lies in All Mail; the labels say where else
        return [one for one in mine if one.label in ("sent", "all")]
    return [one for one in mine if one.label not in LEFT_OUT | _VIRTUAL]


def _rank(folder: Folder) -> tuple[int, str]:
    known = folder.label in _ORDER
    return (_ORDER.index(folder.label) if known else len(_ORDER), folder.name)


def _foreign(client: IMAPClient) -> tuple[str, ...]:
    """Under which names other people's folders lie, and those that are shared by many (RFC 2342)."""
    if not client.has_capability("NAMESPACE"):
        return ()
    spaces = client.namespace()
    found = [prefix for space in (spaces.other, spaces.shared) for prefix, _ in space or ()]
    return tuple(prefix if isinstance(prefix, str) else prefix.decode() for prefix in found if prefix)
