"""What accounts offer: to be read, to tell by themselves, their drafts, patience."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

from recipflow.connector import Connector, Drafting, Unhurried, Watching

if TYPE_CHECKING:
    from recipflow.session import Session
    from recipflow.settings import AccountTable

log = logging.getLogger(__name__)

READS, WATCHES, DRAFTS, UNHURRIED = "reads", "watches", "drafts", "unhurried"


def kinds(session: Session) -> dict[str, list[str]]:
    """What each account offers. One that cannot be opened is to be read, so that a pull says why."""
    return {one.name: list(_kinds(session, one)) for one in session.settings.accounts}


def _kinds(session: Session, table: AccountTable) -> Iterator[str]:
    try:
        account = session.opened(table)
    except Exception as fault:
        log.debug("%s cannot be opened", table.name, exc_info=fault)
        yield READS
        return
    if isinstance(account, Connector):
        yield READS
    if isinstance(account, Watching):
        yield WATCHES
    if isinstance(account, Drafting) and session.settings.notices.enabled:
        yield DRAFTS
    if isinstance(account, Unhurried):
        yield UNHURRIED
