"""Other rules tried on the user's own mail: which acts and which advice they would add, and which take away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from recipflow.derive import rebuild
from recipflow.insight import Standpoint, nudges, standpoints
from recipflow.model import Act, Contact, ContactId, Nudge
from recipflow.reading import Reader
from recipflow.session import Session
from recipflow.store import Store

Tell = Callable[[str], None]


class Found(NamedTuple):
    """An act in a message, of that name and time."""

    interaction: str
    at: datetime
    act: Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What would be otherwise; what is the same under both is in none of these."""

    added: tuple[Found, ...] = ()
    removed: tuple[Found, ...] = ()
    changed: tuple[tuple[Found, Found], ...] = ()  #: the same sentence, read otherwise: before, after
    begins: tuple[Nudge, ...] = ()  #: advice that would stand
    ends: tuple[Nudge, ...] = ()  #: advice that would not
    contacts: Mapping[ContactId, Contact]  #: whom the advice is about
    forgotten: int = 0  #: messages whose words are gone: they stay as they were read

    @property
    def empty(self) -> bool:
        return not (self.added or self.removed or self.changed or self.begins or self.ends)


def rehearse(session: Session, reader: Reader, now: datetime, tell: Tell | None = None) -> Rehearsal:
    """Derive everything anew by `reader` in a copy in memory, and compare; the database itself is only read."""
    before, advised = _acts(session.store), list(session.standpoints(now))
    with session.store.copied() as copy:
        context = replace(session.context, reader=reader)
        rebuild(copy, context, now, progress=tell)
        after, would = _acts(copy), list(standpoints(copy, context, now))
        forgotten = copy.interactions.forgotten()
    old, new = _advice(session, advised, now), _advice(session, would, now)
    return Rehearsal(
        added=tuple(_only(after, before)),
        removed=tuple(_only(before, after)),
        changed=tuple(
            (before[key], after[key])
            for key in before
            if key in after and _plain(before[key].act) != _plain(after[key].act)
        ),
        begins=tuple(one for key, one in new.items() if key not in old),
        ends=tuple(one for key, one in old.items() if key not in new),
        contacts={point.contact.id: point.contact for point in (*advised, *would)},
        forgotten=forgotten,
    )


_Key = tuple[str, str, str, int]


def _acts(store: Store) -> dict[_Key, Found]:
    """By message, whom it concerns, what it is and where it stands."""
    return {
        (interaction, act.contact, act.act.value, act.position): Found(interaction, at, act)
        for interaction, at, act in store.ledgers.everything()
    }


def _only(these: Mapping[_Key, Found], others: Mapping[_Key, Found]) -> Iterator[Found]:
    return (found for key, found in these.items() if key not in others)


def _plain(act: Act) -> Act:
    """An act but for the rule that found it."""
    return replace(act, rule="")


def _advice(session: Session, points: list[Standpoint], now: datetime) -> dict[str, Nudge]:
    standing = nudges(points, session.store.decisions.lives(), now, session.zone)
    return {nudge.key: nudge for nudge in standing}
