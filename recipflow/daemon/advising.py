"""From facts to advice within the daemon: what has just come goes first, and what only falls due waits for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from time import monotonic, sleep
from typing import TYPE_CHECKING

from recipflow.daemon import renewing
from recipflow.daily import hearing
from recipflow.insight.lately import Lately

if TYPE_CHECKING:
    from recipflow.model import ContactId
    from recipflow.session import Session

log = logging.getLogger(__name__)

BATCH = 50
"""Contacts folded or renewed in one go: some hundredths of a second in which nothing else can be written."""
PAUSE = 0.02
"""Seconds between two batches, in which another process may begin to write: it looks each tenth of a second or sooner."""
PATIENCE = 60.0
"""Seconds that batches wait for mail on its way at most, all together: a server that hangs must not hold them up."""


class Advising:
    """One process's; pulls may run side by side, deriving may not."""

    def __init__(self) -> None:
        self._deriving = threading.Lock()
        self._catching_up = threading.Lock()
        self._coming = 0
        self._changed = threading.Condition()

    @contextmanager
    def coming(self) -> Iterator[None]:
        """Something is being read: batches of what merely falls due wait."""
        with self._changed:
            self._coming += 1
        try:
            yield
        finally:
            with self._changed:
                self._coming -= 1
                self._changed.notify_all()

    def renew(self, session: Session, at: datetime) -> None:
        """Derive from what came and from what the user said, and renew the advice on those whom it touches."""
        with self._deriving, session.store.regainable():
            changed = session.derive(at, due=False).changed
            if hearing.hear(session, at):
                session.refresh()
                changed += session.derive(at, due=False).changed
            renewing.renew(session, changed, at)
        _tell(len(set(changed)))

    def catch_up(self, session: Session, at: datetime) -> None:
        """Fold whatever fell due, and renew the advice on all whose ledger was folded since it was."""

        ledgers, lately = session.store.ledgers, Lately(session.store, at)

        def renew(contacts: list[ContactId]) -> None:
            renewing.renew(session, contacts, at, lately)

        def fold(contacts: list[ContactId]) -> None:
            session.fold(contacts, at)
            renew(contacts)

        with self._catching_up:  # who comes second finds little left
            _tell(self._by_batches(session, ledgers.due(at), fold))
            _tell(self._by_batches(session, ledgers.to_renew(), renew))
            renewing.looked(session)

    def _by_batches(
        self, session: Session, contacts: Iterable[ContactId], work: Callable[[list[ContactId]], None]
    ) -> int:
        waiting, done, patience = iter(contacts), 0, PATIENCE
        while batch := list(islice(waiting, BATCH)):
            with self._deriving, session.store.regainable():
                work(batch)
            patience -= self._let_pass(patience)
            done += len(batch)
        return done

    def _let_pass(self, patience: float) -> float:
        """Wait for what is coming, at most so many seconds; says for how many. And let others write."""
        began = monotonic()
        with self._changed:
            self._changed.wait_for(lambda: not self._coming, patience)
        let_others()
        return monotonic() - began


def let_others() -> None:
    """Let another process begin to write."""
    sleep(PAUSE)


def _tell(contacts: int) -> None:
    if contacts:
        log.info("advice was renewed", extra={"action": "advised", "contacts": contacts})
