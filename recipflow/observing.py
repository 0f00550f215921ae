"""Files read into acts one interaction at a time, with no database: what the reader sees, and nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from recipflow.connector import SetAside, pulling
from recipflow.machines import Machines
from recipflow.model import UNKNOWN, Act, Interaction, Meeting, Message, Party
from recipflow.preparing import Preparing
from recipflow.reading import Reader
from recipflow.text import new_text
from recipflow.workflow import UNSENT

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """One message or meeting as the rules see it."""

    name: str  #: Message-ID or UID
    at: datetime
    sender: Party  #: or organizer
    subject: str
    meeting: bool = False
    machine: str | None = None
    language: str = UNKNOWN
    text: str = ""  #: what its author newly wrote
    acts: tuple[Act, ...] = ()


def observe(
    source: Mapping[str, Any],
    me: frozenset[str],
    *,
    reader: Reader,
    machines: Machines,
    now: datetime,
    set_aside: Callable[[str, str], None],
) -> Iterator[Observed]:
    """All that the files hold, in their order; `set_aside` is told where, and why, something could not be read."""
    connector, cursor, more = pulling("files", source), None, True
    prepare = Preparing(machines=machines, me=me)
    while more:
        page = connector.pull(cursor, now=now)
        for aside in page.set_aside:
            set_aside(aside.where, aside.reason)
        for one in page.interactions:
            seen = _observed(one, me, reader, prepare)
            if isinstance(seen, SetAside):
                set_aside(seen.where, seen.reason)
            else:
                yield seen
        more, cursor = page.more and page.cursor != cursor, page.cursor


def _observed(
    one: Interaction, me: frozenset[str], reader: Reader, prepare: Preparing
) -> Observed | SetAside:
    try:
        return _meeting(one, me, reader) if isinstance(one, Meeting) else _message(one, me, reader, prepare)
    except Exception as exc:  # mail is hostile, and one message must not stop the others
        log.debug("set aside: %s", one.id, exc_info=exc)
        return SetAside(one.id, f"could not be read ({type(exc).__name__})")


def _meeting(one: Meeting, me: frozenset[str], reader: Reader) -> Observed:
    return Observed(
        name=one.uid,
        at=one.starts,
        sender=one.organizer or Party(""),
        subject=one.summary,
        meeting=True,
        acts=reader.read_meeting(one, me).acts,
    )


def _message(one: Message, me: frozenset[str], reader: Reader, prepare: Preparing) -> Observed:
    """Of machines, drafts and what cannot be opened there is no act; their words are shown all the same."""
    prepared = prepare(one)
    message = prepared.interaction
    text = message.text if isinstance(message, Message) else ""
    text = text or new_text(one.body, one.form).text
    silent = prepared.machine is not None or one.sealed or not UNSENT.isdisjoint(one.labels)
    read = isinstance(message, Message) and not silent
    return Observed(
        name=one.id,
        at=one.at,
        sender=one.sender,
        subject=one.subject,
        machine=prepared.machine,
        language=prepared.language or UNKNOWN,
        text=text,
        acts=_acts(reader.read(message, me).acts) if read and isinstance(message, Message) else (),
    )


def _acts(acts: tuple[Act, ...]) -> tuple[Act, ...]:
    """Without remarks: nobody asked or gave anything by them."""
    return tuple(act for act in acts if not act.remark)
