"""Desktop notices, for the little that cannot wait until the next digest; off until asked for."""

from __future__ import annotations

import asyncio
import logging
import shlex
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.util import find_spec

from recipflow.errors import UserError
from recipflow.store import Delivery, DeliveryForm, DeliveryState, Store

log = logging.getLogger(__name__)

CHANNEL = "notice"
TOO_OLD = timedelta(hours=12)
"""What was to be said half a day ago is said by the digest."""

ANSWERS = 10.0
"""Seconds in which a desktop takes a notice, or never will."""

OVER = "its moment was over"
LACKING = "Desktop notices need one more package:"

Show = Callable[[str, str], None]
"""Shows a title and a text."""


def stage(store: Store, key: str, text: str, now: datetime, *, contact: str = "") -> bool:
    """Put a notice into the outbox, in the transaction that is open; False when that key was there before.

    Without a text nothing is shown: that key is said along with another.
    """
    return store.deliveries.stage(
        Delivery(
            key=f"notice {key}",
            form=DeliveryForm.NOTICE,
            channel=CHANNEL,
            contact=contact,
            content=text,
            state=DeliveryState.STAGED if text else DeliveryState.NOTHING,
            next_try=now if text else None,
            staged_at=now,
            settled_at=None if text else now,
        )
    )


def was_said(store: Store, key: str) -> bool:
    """Whether there was a notice of that key."""
    return store.deliveries.get(f"notice {key}") is not None


def deliver(store: Store, one: Delivery, show: Show, now: datetime) -> None:
    """Show it, at most once; what cannot be shown is not shown later."""
    problem = ""
    if one.state is DeliveryState.SENDING:
        problem = "it was interrupted"
    elif now - one.staged_at > TOO_OLD:
        problem = OVER
    else:
        with store.transaction():
            store.deliveries.put([replace(one, state=DeliveryState.SENDING, attempts=1, attempted_at=now)])
        problem = _shown(one.content, show)
    state = DeliveryState.FAILED if problem else DeliveryState.DELIVERED
    with store.transaction():
        store.deliveries.put(
            [replace(one, state=state, content="", problem=problem, next_try=None, settled_at=now)]
        )


def desktop(title: str, text: str) -> None:
    """A notice of the desktop's own; a UserError says what is missing."""
    try:
        from desktop_notifier import DesktopNotifier
    except ImportError:
        raise UserError(f"{LACKING} {how_to_install()}") from None
    shown = DesktopNotifier(app_name="recipflow").send(title=title, message=text)
    asyncio.run(asyncio.wait_for(shown, ANSWERS))


def available() -> bool:
    """Whether the package is there that desktop notices need."""
    return find_spec("desktop_notifier") is not None


def how_to_install() -> str:
    """The command that brings it, for the very Python that recipflow runs on."""
    return f"{shlex.quote(sys.executable)} -m pip install desktop-notifier"


def _shown(text: str, show: Show) -> str:
    try:
        show("recipflow", text)
    except Exception as problem:
        log.warning("a notice could not be shown (%s)", type(problem).__name__)
        log.debug("how it failed", exc_info=problem)
        return str(problem) or type(problem).__name__
    return ""
