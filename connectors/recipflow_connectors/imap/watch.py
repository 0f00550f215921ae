"""Waiting for mail: the server tells of it (IDLE, RFC 2177), or where it cannot, it is asked now and then."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Callable, Sequence
from time import monotonic

from imapclient import IMAPClient

from recipflow.errors import TryLater
from recipflow_connectors.credentials import Access
from recipflow_connectors.imap.folders import ALL_OWN, Choice, Folders, folders
from recipflow_connectors.imap.listing import examine, status
from recipflow_connectors.imap.session import hang_up, open_session, translated

RENEWED = 10 * 60.0
"""Seconds after which IDLE is begun anew: servers hang up after 30 minutes, some routers sooner. And what arrives in
the instant in which IDLE begins may be told before anybody listens: it is seen then."""
ASKED = 60.0
"""Seconds between two looks at a server that knows no IDLE, and at sent mail, which IDLE elsewhere tells nothing of."""

Choose = Callable[[Folders], str]
"""Which folder to wait in; "" where there is none."""


def arriving(found: Folders) -> str:
    """Where new mail appears."""
    return found.arriving


def drafts(found: Folders) -> str:
    """Where drafts are saved: the first such folder."""
    return found.drafts[0].name if found.drafts else ""


class Watch:
    """Waits on a connection of its own, in one folder; where mail arrives, sent mail is looked at besides.

    IDLE tells of the folder that is selected alone. An ask that went out from another program closes a window: what it
    was put into is asked for its next UID each minute, on the same connection.

    A wait that finds more than was there when the last one ended, or than `known` was told, ends at once; so does the
    first one of all, if nothing was told: who knows what came before.
    """

    def __init__(self, access: Access, choice: Choice = ALL_OWN, choose: Choose = arriving) -> None:
        self._access = access
        self._choice = choice
        self._choose = choose
        self._client: IMAPClient | None = None
        self._folder = "INBOX"
        self._sent = ""
        self._next: int | None = None
        self._known: dict[str, int] = {}
        self._bell, self._ear = socket.socketpair()
        self._bell.setblocking(False)
        self._ear.setblocking(False)

    def known(self, upto: int | None) -> None:
        """Tell that all below this UID was pulled."""
        if upto is not None:
            self._next = upto

    def wait(self, seconds: float) -> bool:
        """Whether there may be something new. A lost connection is opened again once; then it is a TryLater."""
        end = monotonic() + seconds
        try:
            return self._waited(end)
        except TryLater:
            self.close()
            return self._waited(end)

    def stop(self) -> None:
        """End the wait that another thread is in, or the next one."""
        try:
            self._bell.send(b"!")
        except BlockingIOError:  # it rings already
            return

    def close(self) -> None:
        if self._client:
            hang_up(self._client)
            self._client = None

    def shut(self) -> None:
        """For good."""
        self.close()
        self._bell.close()
        self._ear.close()

    def _waited(self, end: float) -> bool:
        with translated(self._access.server):
            client = self._client or self._opened()
            if not self._folder:
                self._listen(None, seconds=max(0.0, end - monotonic()))
                return False
            if self._looked(client):
                return True
            step = self._idle if client.has_capability("IDLE") else self._ask
            while (left := end - monotonic()) > 0:
                told = step(client, left)
                if told is not None:
                    return told
            return False

    def _opened(self) -> IMAPClient:
        client = open_session(self._access)
        self._client = client
        found = folders(client, self._choice)
        self._folder = self._choose(found)
        sent = [one.name for one in found.read if one.label == "sent" and one.name != self._folder]
        self._sent = sent[0] if sent and self._choose is arriving and not found.gmail else ""
        return client

    def _looked(self, client: IMAPClient) -> bool:
        """Whether the folder has more than it had, or fewer drafts, or something was sent."""
        seen = examine(client, self._folder)
        before, self._next = self._next, seen.next
        news = before != seen.next
        if self._choose is drafts:
            news |= self._moved(self._folder, seen.count)
        if self._sent:
            news |= self._moved(self._sent, status(client, self._sent).next)
        return news

    def _moved(self, folder: str, mark: int) -> bool:
        before = self._known.get(folder)
        self._known[folder] = mark
        return before is not None and before != mark

    def _idle(self, client: IMAPClient, left: float) -> bool | None:
        """Whether something came; False when it was stopped, None when IDLE has to be begun anew."""
        end = monotonic() + min(left, ASKED if self._sent else RENEWED)
        client.idle()
        rung, quiet = False, True
        while quiet and not rung and (rest := end - monotonic()) > 0:
            rung = self._listen(client.socket(), rest)
            quiet = rung or _only_alive(client.idle_check(timeout=0))
        client.idle_done()
        if rung:
            return False
        return True if self._looked(client) else None

    def _ask(self, client: IMAPClient, left: float) -> bool | None:
        if self._listen(None, min(left, ASKED)):
            return False
        return True if self._looked(client) else None

    def _listen(self, line: socket.socket | None, seconds: float) -> bool:
        """Sleep until the server speaks, `stop` is called or the time is over; whether it was `stop`."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._ear, selectors.EVENT_READ)
            if line:
                selector.register(line, selectors.EVENT_READ)
            found = selector.select(seconds)
        rung = any(key.fileobj is self._ear for key, _ in found)
        if rung:
            self._ear.recv(64)
        return rung


def _only_alive(told: Sequence[tuple[object, ...]]) -> bool:
    """Whether the server said nothing but that it is still there; when it hung up, it says nothing at all."""
    return bool(told) and all(one[0] == b"OK" for one in told)
