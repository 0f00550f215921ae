"""One mailbox by IMAP: heads, words, drafts and waiting, over connections that are opened when they are needed."""

from __future__ import annotations

import weakref
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from threading import RLock
from time import monotonic
from typing import NamedTuple

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from recipflow.connector import Page, SetAside
from recipflow.errors import UserError
from recipflow.model import Message
from recipflow_connectors.credentials import Access
from recipflow_connectors.imap.folders import ALL_OWN, Choice, Folder, Folders, folders
from recipflow_connectors.imap.letters import BATCH, Letters, Where, where
from recipflow_connectors.imap.listing import examine, uids
from recipflow_connectors.imap.passing import Pass
from recipflow_connectors.imap.position import load
from recipflow_connectors.imap.session import hang_up, open_session, translated
from recipflow_connectors.imap.watch import Watch, drafts

STALE = 30.0
"""Seconds after which a connection is tried before it is used: the computer may have slept, the server hung up."""
MOST_DRAFTS = 50
_SLACK = timedelta(days=1)


class _Running(NamedTuple):
    cursor: str
    going: Pass


class _Line(NamedTuple):
    client: IMAPClient
    found: Folders
    hang_up: Callable[[], object]  #: now; else when nobody holds the mailbox any more


class Imap:
    """Reads one mailbox, and changes nothing in it: folders are examined, never selected, and bodies peeked at.

    It goes on with the pass it is in when asked with the cursor it gave last; with any other, it looks at every
    folder anew.
    """

    def __init__(self, access: Access, *, days: int = 365, choice: Choice = ALL_OWN) -> None:
        self._access = access
        self._days = days
        self._choice = choice
        self._running: _Running | None = None
        self._line: _Line | None = None
        self._used = 0.0
        self._lock = RLock()
        self._watch = Watch(access, self._choice)
        weakref.finalize(self, self._watch.shut)

    def pull(self, cursor: str | None, *, now: datetime) -> Page:
        """The page after `cursor`; a folder whose UIDs were made anew is read again as far back as before, with `reset`."""
        running, self._running = self._running, None
        with self._session() as (client, found, _):
            known = running.going if running and running.cursor == cursor else None
            going = known or self._begun(client, found, cursor, now)
            page = going.page(client)
        if page.more:
            self._running = _Running(page.cursor, going)
        else:
            self._watch.known(going.upto(found.arriving))
        return page

    def fetch(self, refs: Sequence[str]) -> Iterator[Message | SetAside]:
        """The whole messages: their text parts only. A ref of UIDs that were made anew is of something gone."""
        for name, places in _by_folder(refs).items():
            for start in range(0, len(places), BATCH):
                yield from self._fetched(name, places[start : start + BATCH])

    def present(self, since: datetime, *, now: datetime) -> Iterator[str]:  # noqa: ARG002
        """The refs of all messages that arrived since then, in the folders that are read."""
        day = (since.astimezone(UTC) - _SLACK).date()
        with self._session() as (client, found, _):
            refs = [ref for folder in found.read for ref in _present(client, folder, day, gmail=found.gmail)]
        return iter(refs)

    def wait(self, seconds: float) -> bool:
        """By IDLE, in the inbox; with Gmail in All Mail, where sent mail appears, too."""
        return self._watch.wait(seconds)

    def stop(self) -> None:
        self._watch.stop()

    def sent(self, token: str, *, since: datetime) -> str | None:
        """The ref of the letter whose subject has that token, wherever it arrived since then; None if there is none."""
        day = (since.astimezone(UTC) - _SLACK).date()
        with self._session() as (client, found, _):
            for folder in sorted(found.read, key=lambda one: one.name != found.arriving):
                seen = examine(client, folder.name)
                if got := client.search(["SUBJECT", token, "SINCE", day]):
                    return str(Where(folder.name, seen.validity, max(got)))
        return None

    def _begun(self, client: IMAPClient, found: Folders, cursor: str | None, now: datetime) -> Pass:
        if found.missing:
            raise UserError(
                f"imap.{'folders' if name in self._choice.named else 'shared'}: the server has no folder {name!r}; it has: "
                f"{', '.join(one.name for one in found.all)}."
                for name in found.missing
            )
        position = load(cursor) if cursor is not None else None
        anew = cursor is not None and position is None
        return Pass(client, position, found, now=now, days=self._days, anew=anew)

    def _fetched(self, name: str, places: Sequence[Where]) -> list[Message | SetAside]:
        with self._session() as (client, found, _):
            folder = next((one for one in found.all if one.name == name), None)
            if folder is None:
                return []
            validity = examine(client, name).validity
            letters = Letters(client, folder, validity, gmail=found.gmail)
            return list(letters.whole([one.uid for one in places if one.validity == validity]))

    @contextmanager
    def _session(self) -> Iterator[_Line]:
        """A connection that works, and is given up after any fault: it may be out of step."""
        with self._lock:
            line = self._opened()
            try:
                with translated(self._access.server):
                    yield line
            except BaseException:
                self._line = None
                line.hang_up()
                raise
            self._used = monotonic()

    def _opened(self) -> _Line:
        if self._line and monotonic() - self._used > STALE:
            try:
                self._line.client.noop()
            except (OSError, IMAPClientError):
                self._line.hang_up()
                self._line = None
        if self._line is None:
            client = open_session(self._access)
            farewell = weakref.finalize(self, hang_up, client)
            try:
                with translated(self._access.server):
                    self._line = _Line(client, folders(client, self._choice), farewell)
            except BaseException:
                farewell()
                raise
        return self._line


class ImapWithDrafts(Imap):
    """The same, where the user allows drafts to be looked at."""

    def __init__(self, access: Access, *, days: int = 365, choice: Choice = ALL_OWN) -> None:
        super().__init__(access, days=days, choice=choice)
        self._drafts = Watch(access, self._choice, drafts)
        weakref.finalize(self, self._drafts.shut)

    def wait_drafts(self, seconds: float) -> bool:
        """By IDLE in the folder of drafts, on a connection of its own."""
        return self._drafts.wait(seconds)

    def stop_drafts(self) -> None:
        self._drafts.stop()

    def drafts(self, known: Mapping[str, str]) -> Mapping[str, tuple[str, Message | None]]:
        """A draft that is saved again gets another UID, and so another ref: there is one version of each."""
        found: dict[str, tuple[str, Message | None]] = {}
        with self._session() as (client, there, _):
            for folder in there.drafts:
                seen = examine(client, folder.name)
                letters = Letters(client, folder, seen.validity)
                newest = uids(client, seen.count)[-MOST_DRAFTS:]
                places = {str(Where(folder.name, seen.validity, uid)): uid for uid in newest}
                found |= {ref: (known[ref], None) for ref in places if ref in known}
                for one in letters.whole([uid for ref, uid in places.items() if ref not in known]):
                    if isinstance(one, Message):
                        found[one.ref] = ("1", one)
        return found


def _by_folder(refs: Iterable[str]) -> dict[str, list[Where]]:
    found: defaultdict[str, list[Where]] = defaultdict(list)
    for place in map(where, refs):
        if place:
            found[place.folder].append(place)
    return found


def _present(client: IMAPClient, folder: Folder, since: date, *, gmail: bool) -> Iterator[str]:
    seen = examine(client, folder.name)
    there = uids(client, seen.count, since=since)
    left_out = Letters(client, folder, seen.validity, gmail=gmail).left_out(there)
    return (str(Where(folder.name, seen.validity, uid)) for uid in there if uid not in left_out)
