"""The user's word, kept and taken back: what one command says is one word, whatever it takes to say it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from recipflow.derive.persons import parties
from recipflow.model import Nudge, Question
from recipflow.store import Decision, Life, LifeState, Payload, Store, Verb

ALSO = "also"
"""The payload key of the decisions that belong to the same word, by number."""
LIFE = "life"
"""The payload key of what had become of the nudge before; "" for nothing yet."""
LIVES = "lives"
"""The payload key of what had become of several nudges before; of one nothing had become of yet, its key."""
BACK = "back"
"""The payload key of the decisions that a word took back, by number: taken back itself, it lets them stand again."""
_INSTANTS = ("first_shown", "last_shown", "until")


class Said(NamedTuple):
    """One decision, not kept yet."""

    verb: Verb
    target: str
    payload: Payload = MappingProxyType({})


def tell(
    store: Store,
    word: Said,
    now: datetime,
    *,
    also: Iterable[Said] = (),
    life: Life | None = None,
    lives: Sequence[Life] = (),
    touched: Iterable[str] = (),
) -> int:
    """Keep a word with all that belongs to it, and mark the ledgers of these addresses; its number.

    `life` is what becomes of the nudge it is about, `lives` of several.
    """
    with store.transaction():
        said = tuple(also)
        others = [str(store.decisions.append(*one, now)) for one in said]
        payload: dict[str, Any] = dict(word.payload)
        if others:
            payload[ALSO] = others
        if life is not None:
            payload[LIFE] = _written(store.decisions.lives(key=life.key).get(life.key))
            store.decisions.put_lives([life])
        if lives:
            known = store.decisions.lives()
            payload[LIVES] = [_written(known.get(one.key)) or one.key for one in lives] + _earlier(word)
            store.decisions.put_lives(lives)
        store.ledgers.mark({*touched, *_taught(store, (word, *said))})
        return store.decisions.append(word.verb, word.target, payload, now)


def take_back(store: Store, now: datetime, number: int | None = None) -> tuple[Decision, ...]:
    """Take back the last word whole, its main decision first, or the decision of that number; () when there is none."""
    with store.transaction():
        word = store.decisions.undo(now, number)
        if word is None:
            return ()
        numbers = word.payload.get(ALSO)
        others = [store.decisions.undo(now, int(n)) for n in numbers] if isinstance(numbers, list) else []
        again = word.payload.get(BACK)
        others += store.decisions.redo(map(int, again)) if isinstance(again, list) else []
        if LIFE in word.payload:
            _restore(store, word)
        if LIVES in word.payload:
            _restore_all(store, word)
        taken = (word, *(one for one in others if one is not None))
        store.ledgers.mark(_touched(store, taken))
        return taken


def unlearn(store: Store, now: datetime, number: int) -> None:
    """Take back the decision of that number by a word of its own, which can be taken back in turn."""
    with store.transaction():
        if payload := retract(store, now, number):
            store.decisions.append(Verb.UNLEARN, str(number), payload, now)


def retract(store: Store, now: datetime, number: int) -> Payload:
    """Take back the decision of that number; says what the word in its place has to keep, so that `undo` brings it back."""
    before = store.decisions.lives()
    taken = take_back(store, now, number)
    if not taken:
        return {}
    after = store.decisions.lives()
    keys = [key for key in {*before, *after} if before.get(key) != after.get(key)]
    lives = {LIVES: [_written(before.get(key)) or key for key in sorted(keys)]} if keys else {}
    return {BACK: [str(one.id) for one in taken], **lives}


def life_of(store: Store, nudge: Nudge | Question, state: LifeState, until: datetime | None = None) -> Life:
    """What becomes of the nudge, or the question, by the user's word."""
    known = store.decisions.lives(key=nudge.key).get(nudge.key)
    life = known or Life(key=nudge.key, kind=nudge.kind.value, contact=nudge.contact)
    return replace(life, state=state, until=until)


def _touched(store: Store, taken: Sequence[Decision]) -> set[str]:
    """Whose ledgers a word bears on: its target's, the contact's it names, everybody's in the message it is about."""
    about = store.interactions.by_ext([one.target for one in taken])
    found = {address for item in about.values() for address in parties(item)}
    found |= {one.target for one in taken if "@" in one.target}
    found |= {str(one.payload["contact"]) for one in taken if one.payload.get("contact")}
    return found | _taught(store, taken)


def _taught(store: Store, said: Iterable[Said | Decision]) -> set[str]:
    """In whose ledgers there is something read by the rules that these words teach about."""
    rules = {str(one.payload["rule"]) for one in said if one.payload.get("rule")}
    return set(store.ledgers.read_by(rules)) if rules else set()


def _written(life: Life | None) -> str:
    if life is None:
        return ""
    values = {name: getattr(life, name) for name in Life.__dataclass_fields__}
    return json.dumps(
        {name: one.isoformat() if isinstance(one, datetime) else one for name, one in values.items()}
    )


def _earlier(word: Said) -> list[str]:
    """What had become of nudges before the word in whose place this one is said."""
    kept = word.payload.get(LIVES)
    return kept if isinstance(kept, list) else []


def _restore(store: Store, word: Decision) -> None:
    before = str(word.payload[LIFE])
    if before:
        store.decisions.put_lives([_read(before)])
    else:
        store.decisions.drop_lives([word.target])


def _restore_all(store: Store, word: Decision) -> None:
    kept = word.payload[LIVES]
    before = [str(one) for one in kept] if isinstance(kept, list) else []
    store.decisions.drop_lives(one for one in before if not one.startswith("{"))
    store.decisions.put_lives(_read(one) for one in before if one.startswith("{"))


def _read(text: str) -> Life:
    values: dict[str, Any] = json.loads(text)
    values["state"] = LifeState(values["state"])
    for name in _INSTANTS:
        values[name] = values[name] and datetime.fromisoformat(values[name])
    return Life(**values)
