"""Events for programs of the user's: a nudge as JSON on standard input, once, within a time limit, to no harm of ours.

A hook is asked at most once about an event: what was begun when the computer went down is not begun again.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from recipflow.model import NudgeKind
from recipflow.store import Delivery, DeliveryForm, DeliveryState, Store

log = logging.getLogger(__name__)

SCHEMA = 1
"""The version of what a hook is given; it grows when a key changes its meaning or goes."""
EVENTS: Mapping[NudgeKind, str] = {
    NudgeKind.COMPLIANCE: "gift.check",
    NudgeKind.THANK: "thanks.due",
    NudgeKind.KEEP_PROMISE: "promise.due",
    NudgeKind.REPLY_OWED: "reply.owed",
    NudgeKind.GIVE_BACK: "give.back",
    NudgeKind.REPORT_BACK: "report.due",
    NudgeKind.HOLD_BACK: "ask.hold_back",
    NudgeKind.FOLLOW_UP: "ask.unanswered",
    NudgeKind.AWAITED: "promise.awaited",
    NudgeKind.RETREAT: "ask.refused",
    NudgeKind.ASK_NOW: "window.opened",
    NudgeKind.ASK_SOON: "window.soon",
    NudgeKind.STALE: "contact.quiet",
    NudgeKind.COULD_GIVE: "give.possible",
}
"""The event of each kind of nudge: it happens when one begins to stand."""
ALL = "*"

_under_way: set[subprocess.Popen[bytes]] = set()
_lock = threading.Lock()


class Hook(Protocol):
    """A `[[hook]]` of config.toml."""

    @property
    def on(self) -> Sequence[str]: ...
    @property
    def run(self) -> Sequence[str]: ...
    @property
    def seconds(self) -> float: ...
    @property
    def called(self) -> str: ...


def content(nudge: Mapping[str, object], kind: NudgeKind, at: datetime) -> str:
    """What a hook is given; `nudge` is as `recipflow today --json` has it."""
    told = {"schema": SCHEMA, "event": EVENTS[kind], "at": at, "nudge": nudge}
    return json.dumps(told, ensure_ascii=False, default=_plain)


def stage(
    store: Store, hooks: Sequence[Hook], key: str, kind: NudgeKind, contact: str, text: str, now: datetime
) -> None:
    """Put the event into the outbox for every hook that wants it, in the transaction that is open."""
    for hook in hooks:
        if hook.on and (EVENTS[kind] in hook.on or ALL in hook.on):
            store.deliveries.stage(
                Delivery(
                    key=f"event {hook.called} {key}",
                    form=DeliveryForm.EVENT,
                    channel=hook.called,
                    contact=contact,
                    nudge=key,
                    content=text,
                    next_try=now,
                    staged_at=now,
                )
            )


def deliver(store: Store, one: Delivery, hooks: Sequence[Hook], now: datetime) -> None:
    """Run the hook, once; whatever it does, it is settled then."""
    if one.state is DeliveryState.SENDING:
        _settle(store, one, DeliveryState.FAILED, now, "it was interrupted")
        return
    hook = next((hook for hook in hooks if hook.called == one.channel), None)
    if hook is None:
        _settle(store, one, DeliveryState.FAILED, now, "there is no such hook any more")
        return
    with store.transaction():
        store.deliveries.put([replace(one, state=DeliveryState.SENDING, attempts=1, attempted_at=now)])
    problem = _run(hook, one.content)
    if problem:
        log.warning("a hook failed", extra={"action": "hook_failed", "hook": hook.called, "why": problem})
    _settle(store, one, DeliveryState.FAILED if problem else DeliveryState.DELIVERED, now, problem)


def program(hook: Hook) -> str:
    """The program of a hook as it is found, "" where there is none that can be run."""
    return shutil.which(str(Path(hook.run[0]).expanduser())) or ""


def end() -> None:
    """Kill every hook that runs, as the daemon does when it ends."""
    with _lock:
        for process in _under_way:
            _kill(process)


def _run(hook: Hook, text: str) -> str:
    """What went wrong, "" for nothing. What it prints is nobody's business."""
    try:
        process = subprocess.Popen(  # noqa: S603  (the user's own program, as named in their own config.toml)
            [str(Path(hook.run[0]).expanduser()), *hook.run[1:]],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as wrong:
        return f"it could not be run: {wrong.strerror}"
    with _lock:
        _under_way.add(process)
    try:
        process.communicate(text.encode("utf-8"), timeout=hook.seconds)
    except subprocess.TimeoutExpired:
        return f"it took longer than {hook.seconds:g} s"
    finally:
        with _lock:
            _under_way.discard(process)
        if process.returncode is None:
            _kill(process)
            process.wait()
    return f"it ended with {process.returncode}" if process.returncode else ""


def _kill(process: subprocess.Popen[bytes]) -> None:
    """With all that it started, where the system knows what that is."""
    if sys.platform == "win32":
        process.kill()
        return
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _settle(store: Store, one: Delivery, state: DeliveryState, now: datetime, problem: str) -> None:
    with store.transaction():
        store.deliveries.put(
            [replace(one, state=state, content="", problem=problem, next_try=None, settled_at=now)]
        )


def _plain(value: Any) -> object:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")
