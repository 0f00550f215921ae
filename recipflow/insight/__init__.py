"""What stands now, of all contacts: the ledgers that have something to say are advised upon, and what is shown chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import compress, islice

from recipflow.advice import WINDOWS, Advice, View, advise, windows_shown
from recipflow.advice.helping import NEED_FADE, REPORT_FADE
from recipflow.derive.context import Context
from recipflow.derive.folding import Around, kept, view
from recipflow.derive.words import Words
from recipflow.insight.around import Known, matched, paces
from recipflow.insight.credit import first_name
from recipflow.insight.lately import Lately
from recipflow.insight.lives import dismissed, silenced, worn
from recipflow.insight.news import helpers_named, news_of
from recipflow.insight.opened import Opened
from recipflow.insight.settled import settled
from recipflow.ledger.relationship import Relationship, current
from recipflow.ledger.text import from_text
from recipflow.model import Contact, ContactId, Nudge
from recipflow.plans import still_open
from recipflow.providers import domain_of
from recipflow.store import Kept, Life, Person, Store

WEEK = timedelta(days=7)
NEWS = timedelta(days=max(REPORT_FADE, NEED_FADE))
"""For so long what others wrote may bear on a contact: a result, a yes, a need."""


BATCH = 200
"""Contacts for whom mail is looked at together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standpoint:
    """One contact, its relationship, and what there is to say about it."""

    contact: Contact  #: with those of its plans that are not at their end
    relationship: Relationship
    advice: Advice


def standpoints(
    store: Store, context: Context, now: datetime, read_until: datetime | None = None
) -> Iterator[Standpoint]:
    """Every contact about whom something stands, or will by itself; `read_until`: since then, an account has stopped."""
    known = _live(store, context)
    known += _credited(store, context, known, now)
    yield from _standpoints(store, context, known, now, read_until)


def advice_by_name(
    store: Store, context: Context, one: Known, now: datetime, names: Iterable[ContactId]
) -> Iterator[Advice]:
    """What would stand about one contact with this ledger, under each of these names: the same, but for its keys."""
    own = set(one.contact.addresses)
    others = [each for each in _live(store, context) if own.isdisjoint(each.contact.addresses)]
    seen = next(_views(store, context, [one, *others], now))
    for name in names:
        yield advise(replace(seen, contact=replace(seen.contact, id=name)))


def _live(store: Store, context: Context) -> list[Known]:
    """Everybody about whom something stands, or will by itself, as they were folded last."""
    live = list(store.ledgers.live())
    names = {person.id: person for person in store.people.those(folded.contact for folded in live)}
    return [
        Known(context.contact(person.id, person.addresses, person.name), from_text(folded.state))
        for folded in live
        if (person := names.get(folded.contact)) is not None
    ]


def _credited(store: Store, context: Context, known: Sequence[Known], now: datetime) -> Iterator[Known]:
    """Those of whom nothing stands by itself, but whose name the user gives where a result is told."""
    if not (names := helpers_named(store, known, now)):
        return
    there = {one.contact.id for one in known}
    people = {one.id: one for one in store.people.all() if one.id not in there}
    called = {
        name: contact
        for name, one in people.items()
        if first_name((contact := context.contact(one.id, one.addresses, one.name)).name) in names
    }
    for name, folded in store.ledgers.get(called).items():
        yield Known(called[name], from_text(folded.state))


def standpoints_as_of(store: Store, context: Context, words: Words, at: datetime) -> Iterator[Standpoint]:
    """Every contact as they stood at another instant: each ledger is folded for it, and nothing is kept."""
    known = [
        Known(
            context.contact(person.id, person.addresses, person.name),
            from_text(kept(store, context, words, person, at).state),
        )
        for person in store.people.all()
    ]
    yield from _standpoints(store, context, known, at)


def standpoint(
    store: Store,
    contact: Contact,
    folded: Kept,
    context: Context,
    now: datetime,
    lately: Lately | None = None,
) -> Standpoint:
    """One contact's relationship and advice, from the ledger as it was folded last; `lately`: as it serves several."""
    one = Known(contact, from_text(folded.state))
    opened = Opened(store, context, now, lately or Lately(store, now))
    seen = _view(one, context, now, Around(generous=store.ledgers.generous()))
    return next(_standing(opened, [(one, seen)]))


def _standpoints(
    store: Store,
    context: Context,
    known: Sequence[Known],
    now: datetime,
    read_until: datetime | None = None,
) -> Iterator[Standpoint]:
    lately, views = Lately(store, now), _views(store, context, known, now, read_until)
    waiting = zip(known, views, strict=True)
    while batch := list(islice(waiting, BATCH)):
        yield from _standing(Opened(store, context, now, lately), batch)


def _views(
    store: Store,
    context: Context,
    known: Sequence[Known],
    now: datetime,
    read_until: datetime | None = None,
) -> Iterator[View]:
    asked = paces(store, context, now)
    matches, news = matched(known, now), news_of(store, context, known, now)
    generous = store.ledgers.generous()
    for one in known:
        around = Around(
            asked.get(domain_of(one.contact.id)),
            matches.get(one.contact.id, ()),
            news.get(one.contact.id, ()),
            read_until,
            generous,
        )
        yield _view(one, context, now, around)


def _view(one: Known, context: Context, now: datetime, around: Around) -> View:
    seen = view(one.contact, one.relationship, context, now, around)
    if not one.contact.plans:
        return seen
    # what is finished keeps no window shown
    left = still_open(one.contact.plans, one.relationship, seen.terms, seen.now, seen.zone)
    return replace(seen, contact=replace(one.contact, plans=left))


def _standing(opened: Opened, seen: Sequence[tuple[Known, View]]) -> Iterator[Standpoint]:
    advised = [(one, advise(its)) for one, its in seen]
    left = settled(opened, advised)
    for (one, its), (_, advice), remaining in zip(seen, advised, left, strict=True):
        if remaining != one.relationship:
            advice = advise(replace(its, relationship=current(remaining, its.now)))
        yield Standpoint(contact=its.contact, relationship=remaining, advice=advice)


def standpoint_as_of(
    store: Store, context: Context, words: Words, contact: Contact, at: datetime
) -> Standpoint:
    """One contact as it stood at another instant; nothing is kept."""
    person = Person(contact.id, contact.addresses, contact.name)
    return standpoint(store, contact, kept(store, context, words, person, at), context, at)


def standpoint_among(
    store: Store, context: Context, words: Words, contact: Contact, at: datetime
) -> Standpoint:
    """The same with what others have to do with it: all who were heard of in the time in which that is news."""
    people = [Person(contact.id, contact.addresses, contact.name)]
    people += [one for one in store.people.heard(at - NEWS, at) if one.id != contact.id]
    known = [
        Known(
            contact if one.id == contact.id else context.contact(one.id, one.addresses, one.name),
            from_text(kept(store, context, words, one, at).state),
        )
        for one in people
    ]
    seen = next(_views(store, context, known, at))
    return next(_standing(Opened(store, context, at, Lately(store, at)), [(known[0], seen)]))


def nudges(
    points: Iterable[Standpoint], lives: dict[str, Life], now: datetime, zone: tzinfo = UTC
) -> tuple[Nudge, ...]:
    """Every nudge that stands, with whether it is shown: windows of people the user cares about, nothing dismissed,
    nothing shown on three days already (days of `zone`), and of all other windows one a week."""
    away = dismissed(lives.values(), now)
    standing = [(point, nudge) for point in points for nudge in point.advice.nudges]
    heard = [not _any_dismissed(point.contact, nudge, away) for point, nudge in standing]
    chosen = [
        replace(nudge, shown=wanted and _shown(point, nudge, lives, now, zone))
        for (point, nudge), wanted in zip(standing, heard, strict=True)
    ]
    weekly = _weekly(
        list(compress((p for p, _ in standing), heard)), list(compress(chosen, heard)), lives, now, zone
    )
    return tuple(replace(nudge, shown=True) if nudge.key == weekly else nudge for nudge in chosen)


def _any_dismissed(contact: Contact, nudge: Nudge, away: frozenset[tuple[str, str]]) -> bool:
    return any((address, nudge.kind.value) in away for address in contact.addresses)


def _shown(point: Standpoint, nudge: Nudge, lives: dict[str, Life], now: datetime, zone: tzinfo) -> bool:
    if nudge.kind in WINDOWS and not windows_shown(point.contact):
        return False
    return _alive(nudge, lives, now, zone)


def _alive(nudge: Nudge, lives: dict[str, Life], now: datetime, zone: tzinfo) -> bool:
    life = lives.get(nudge.key)
    return not silenced(life, now) and not worn(life, now, zone)


def _weekly(
    points: Sequence[Standpoint], chosen: Sequence[Nudge], lives: dict[str, Life], now: datetime, zone: tzinfo
) -> str | None:
    """The one window of an unconfirmed contact that may be shown this week: the one that opened last."""
    recent = {life.key for life in lives.values() if life.last_shown and now - life.last_shown < WEEK}
    candidates = [
        nudge
        for point, nudge in zip(points, chosen, strict=True)
        if nudge.kind in WINDOWS and not windows_shown(point.contact) and _alive(nudge, lives, now, zone)
    ]
    already = [nudge for nudge in candidates if nudge.key in recent]
    best = max(already or candidates, key=lambda nudge: (nudge.opens, nudge.key), default=None)
    return best.key if best else None
