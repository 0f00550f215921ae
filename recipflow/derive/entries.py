"""A contact's ledger out of the store: its interactions with their acts, and the user's word on both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from recipflow.derive.words import Words
from recipflow.model import CROWD, Act, ActType, Channel, ContactId, Entry, Side
from recipflow.store import Line, Store
from recipflow.threads.aliases import alias

COPIED = timedelta(hours=14)
"""Two clocks differ by no more than the width of the time zones; what is sent again the next day is sent again."""
TELLING = 24
"""Characters of what two mails say below which they may well say the same by chance. Ours."""


def entries_of(
    store: Store,
    contact: ContactId,
    addresses: tuple[str, ...],
    me: frozenset[str],
    words: Words,
    *,
    proxies: bool = False,
) -> list[Entry]:
    """The contact's ledger in the order of time, then interaction id.

    `proxies` adds what third persons answered them, which settles what they asked and is nobody's deed.
    """
    acts = store.ledgers.acts(addresses)
    if len(addresses) > 1:
        acts = {key: _once(found, contact) for key, found in acts.items()}
    found = _entries(store.ledgers.lines(addresses), acts, contact, frozenset(addresses), me, words)
    entries = [one for one in found if proxies or not one.proxy]
    logged = words.logged(contact, addresses)
    return sorted([*entries, *logged], key=lambda entry: (entry.at, entry.interaction)) if logged else entries


def _entries(
    lines: Iterable[Line],
    acts: Mapping[int, tuple[Act, ...]],
    contact: ContactId,
    theirs: frozenset[str],
    me: frozenset[str],
    words: Words,
) -> Iterator[Entry]:
    asked: set[str] = set()  # threads in which they asked for something
    written: dict[str, Side | None] = {}  # by what stands for each where others answer it
    newest: dict[str, Side | None] = {}  # by thread
    for line in without_copies(lines, acts):
        by = _side(line, acts.get(line.key, ()), theirs, me)
        known = line.answers in written
        again = known and written[line.answers] is by
        third = (written if line.answers else newest).get(line.answers or line.thread, by) is None
        if not words.ignored(line.id):
            written[alias(line.id)] = newest[line.thread] = by
        if by is None and line.thread in asked and _written_to(line):
            yield replace(_entry(line, Side.ME, ()), proxy=True)
        if by is None or words.ignored(line.id):
            continue
        entry = _entry(line, by, acts.get(line.key, ()), again=again, third=third)
        if by is Side.THEM and any(act.act is ActType.ASK for act in entry.acts):
            asked.add(line.thread)
        entry = words.lessons.applied(entry, theirs)
        yield words.corrected(entry, contact, theirs) if words.corrects(line.id) else entry


def without_copies(lines: Iterable[Line], acts: Mapping[int, tuple[Act, ...]]) -> Iterator[Line]:
    """Each mail once: two folders may hold it under two ids and two clocks. Of one that says nothing, a copy adds nothing."""
    seen: dict[tuple[object, ...], datetime] = {}
    for line in lines:
        quotes = (*(act.quote for act in acts.get(line.key, ())), line.question_quote)
        said = " ".join(" ".join(quotes).split())  # one folder wraps lines where the other does not
        same = (line.type, line.sender, line.role, line.readers, line.subject, line.answers, said)
        before = seen.get(same)
        if before is None or line.at - before > COPIED or len(said) < TELLING:
            seen[same] = line.at
            yield line


def _side(line: Line, acts: tuple[Act, ...], theirs: frozenset[str], me: frozenset[str]) -> Side | None:
    """Who acts in it; None for what passes between others, from machines, or counts for nothing."""
    if line.type == "meeting":
        return acts[0].by if acts else None
    if line.machine is not None:
        return Side.THEM if line.away_until is not None and line.sender in theirs else None
    if line.sender in me:
        return Side.ME
    return Side.THEM if line.sender in theirs else None


def _written_to(line: Line) -> bool:
    """Whether a person wrote it to them, and not by the way."""
    return line.type == "message" and line.machine is None and line.role == "to"


def _entry(line: Line, by: Side, acts: tuple[Act, ...], *, again: bool = False, third: bool = False) -> Entry:
    return Entry(
        interaction=line.id,
        at=line.at,
        by=by,
        thread=line.thread,
        channel=Channel.MEETING if line.type == "meeting" else Channel.MAIL,
        acts=acts,
        direct=by is Side.THEM or line.role != "cc",
        alone=line.type == "message" and line.readers < 2 and line.role not in ("cc", "bcc"),
        few=line.type == "message" and line.readers <= CROWD,
        reply=line.reply,
        again=again,
        third=third,
        question=line.question,
        question_quote=line.question_quote,
        unread=line.unread,
        away_until=line.away_until,
    )


def _once(acts: tuple[Act, ...], contact: ContactId) -> tuple[Act, ...]:
    """The acts under their contact's name: one towards two of its addresses is one."""
    return tuple(dict.fromkeys(replace(act, contact=contact) for act in acts))
