"""Rule packs: what a rule may say, and loading packs whose own examples prove them right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TypeVar

from recipflow.errors import UserError
from recipflow.model import ActType, Flag, Kind, Side
from recipflow.patterns import problem

Table = Mapping[str, object]

NOTHING = "none"
"""The act of a rule that only says what a sentence is *not*: phatic, a formula, somebody else's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A message, or the summary of a meeting, that a rule must or must not stand on."""

    text: str = ""
    subject: str = ""
    attachments: tuple[str, ...] = ()
    reply: bool = False
    by: Side = Side.ME


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One way of doing an act.

    A rule stands on a sentence when one of its `text` patterns hits it, none of `unless` does, and every other
    condition holds. Without `text` it stands on the message as a whole.
    """

    id: str
    because: str  #: why, to the user
    matches: tuple[Example, ...]
    not_: tuple[Example, ...]
    act: ActType | None = None  #: None: the sentence says nothing (`act = "none"`)
    of: str = "message"  #: or "meeting": read on a meeting's summary
    by: Side | None = None  #: who must have written it; None: either
    kind: Kind | None = None
    size: float | None = None  #: fu
    routine: bool = False
    notable: bool = False
    flags: frozenset[Flag] = frozenset()
    confidence: float = 0.9
    refines: bool = False  #: only sharpens an act of that type which another rule finds in the sentence
    counts: bool = True  #: False: shown, but moves no standing
    text: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()  #: on the names of attachments
    needs: tuple[str, ...] = ()  #: one of these must hit somewhere in the message
    unless: tuple[str, ...] = ()  #: in the same sentence
    unless_message: tuple[str, ...] = ()  #: anywhere in the message
    without: frozenset[ActType] = frozenset()  #: the message holds none of these acts by other rules
    position: str = ""  #: "start", "end" or "only": where in the body the sentence stands
    closing: bool = False  #: greetings and closings are read too
    reply: bool | None = None  #: the message answers another, or does not
    question: bool | None = None  #: the sentence ends in a question mark, or does not
    words: tuple[int, int] = (0, 1 << 20)  #: least and most words of the sentence
    message_words: tuple[int, int] = (0, 1 << 20)  #: least and most words of the body
    rest: int = 0  #: at least so many words of the body carry no act
    due: bool | None = None  #: the sentence names a date, or does not


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """The rules of one file, for one language ("" = any)."""

    name: str
    language: str
    rules: tuple[Rule, ...] = field(default=())


def load(files: Mapping[str, Table], *, proven: bool = False) -> tuple[Pack, ...]:
    """The packs of parsed TOML files, by name. A UserError lists every problem with file and rule.

    `proven` packs (ours, which our own tests try) are spared the costly part: trying every pattern against the dialect.
    Examples are not tried here: that needs a rulebook, see `rulebook.prove`.
    """
    problems: list[str] = []
    packs = [_pack(name, table, problems, proven=proven) for name, table in files.items()]
    problems += _twice(packs)
    if problems:
        raise UserError(problems)
    return tuple(packs)


def _pack(name: str, table: Table, problems: list[str], *, proven: bool) -> Pack:
    problems += [f"{name}: unknown key {key!r}" for key in sorted(table.keys() - {"language", "words", "rule"})]
    language = table.get("language", "")
    if not isinstance(language, str):
        problems.append(f"{name}: language must be a code like 'en'")
        language = ""
    words = _fragments(name, table.get("words", {}), problems)
    entries = table.get("rule", [])
    if not isinstance(entries, list):
        problems.append(f"{name}: rules are written as [[rule]]")
        entries = []
    rules = [
        _rule(_Entry(name, number, entry, words, problems, proven=proven)) if isinstance(entry, Mapping) else None
        for number, entry in enumerate(entries, start=1)
    ]
    if None in rules:
        problems.append(f"{name}: rules are written as [[rule]]")
    return Pack(name=name, language=language, rules=tuple(rule for rule in rules if rule))


def _twice(packs: Iterable[Pack]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for pack in packs:
        for rule in pack.rules:
            if rule.id in seen:
                yield f"{pack.name}: {rule.id}: this id is taken in {seen[rule.id]}"
            seen.setdefault(rule.id, pack.name)


def _fragments(name: str, table: object, problems: list[str]) -> dict[str, str]:
    """Pieces of pattern that rules write as {name}; a piece may use those above it."""
    if not isinstance(table, Mapping):
        problems.append(f"{name}: words must be a table of pieces of pattern")
        return {}
    words: dict[str, str] = {}
    for key, piece in table.items():
        if not isinstance(piece, str):
            problems.append(f"{name}: words.{key} must be a piece of pattern")
            continue
        words[key] = _expand(piece, words)
    return words


def _expand(pattern: str, words: Mapping[str, str]) -> str:
    if "{" not in pattern:
        return pattern
    return re.sub(
        r"\{([a-z_]+)\}", lambda found: f"(?:{words[found[1]]})" if found[1] in words else found[0], pattern
    )


_Value = TypeVar("_Value")
_DEFAULTS = {item.name: item for item in fields(Rule)}
_REQUIRED = ("id", "act", "because", "matches", "not")


class _Entry:
    """One [[rule]] table being read; what is wrong is noted, and reading goes on."""

    def __init__(
        self, file: str, number: int, table: Table, words: Mapping[str, str], problems: list[str], *, proven: bool
    ) -> None:
        self.place = f"{file}: {table.get('id', f'rule {number}')}"
        self.table, self.words, self.problems, self.proven = table, words, problems, proven

    def wrong(self, text: str) -> None:
        self.problems.append(f"{self.place}: {text}")

    def one(self, key: str, kind: type[_Value], default: _Value) -> _Value:
        value = self.table.get(key, default)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            return kind(value)  # type: ignore[call-arg]
        if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
            return value
        self.wrong(f"{key} must be {_NAMES[kind]}")
        return default

    def word(self, key: str, allowed: Iterable[str]) -> str:
        value = self.one(key, str, "")
        if value and value not in set(allowed):
            self.wrong(f"{key} = {value!r} is none of {', '.join(sorted(allowed))}")
            return ""
        return value

    def words_of(self, key: str) -> tuple[str, ...]:
        value = self.table.get(key, [])
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.wrong(f"{key} must be a list of texts")
        return ()

    def chosen(self, key: str, allowed: Iterable[str]) -> frozenset[str]:
        known = set(allowed)
        for item in self.words_of(key):
            if item not in known:
                self.wrong(f"{key}: {item!r} is none of {', '.join(sorted(known))}")
        return frozenset(known.intersection(self.words_of(key)))

    def patterns(self, key: str) -> tuple[str, ...]:
        expanded = [_expand(pattern, self.words) for pattern in self.words_of(key)]
        for pattern in () if self.proven else expanded:
            if why := problem(pattern):
                self.wrong(f"{key}: {pattern!r}: {why}")
        return tuple(expanded)

    def bounds(self, key: str) -> tuple[int, int]:
        value = self.table.get(key, [0, 1 << 20])
        if isinstance(value, list) and len(value) == 2 and all(type(bound) is int for bound in value):
            return (value[0], value[1])
        self.wrong(f"{key} must be [least, most]")
        return (0, 1 << 20)

    def maybe(self, key: str) -> bool | None:
        return self.one(key, bool, False) if key in self.table else None

    def examples(self, key: str) -> tuple[Example, ...]:
        value = self.table.get(key, [])
        if not isinstance(value, list) or not value:
            self.wrong(f"{key} must list at least one example")
            return ()
        return tuple(self._example(key, item) for item in value)

    def _example(self, key: str, item: object) -> Example:
        if isinstance(item, str):
            return Example(text=item)
        if not isinstance(item, Mapping) or item.keys() - {"text", "subject", "attachments", "reply", "by"}:
            self.wrong(f"{key}: an example is a text, or a table of text, subject, attachments, reply, by")
            return Example()
        part = _Entry(f"{self.place}: {key}", 0, {"id": "example", **item}, {}, self.problems, proven=True)
        return Example(
            text=part.one("text", str, ""),
            subject=part.one("subject", str, ""),
            attachments=part.words_of("attachments"),
            reply=part.one("reply", bool, False),
            by=Side(part.word("by", Side) or Side.ME),
        )


_NAMES: dict[type, str] = {str: "a text", bool: "true or false", float: "a number", int: "a whole number"}
_KEYS = (set(_DEFAULTS) - {"not_"}) | {"not"}


def _rule(entry: _Entry) -> Rule:
    for key in sorted(entry.table.keys() - _KEYS):
        entry.wrong(f"unknown key {key!r}")
    for key in _REQUIRED:
        if key not in entry.table:
            entry.wrong(f"{key} is missing")
    rule = _conditions(entry, _meaning(entry))
    _check_sense(entry, rule)
    return rule


def _meaning(entry: _Entry) -> Rule:
    """What the rule says was done."""
    act = entry.word("act", [*ActType, NOTHING])
    by, kind = entry.word("by", Side), entry.word("kind", Kind)
    return Rule(
        id=entry.one("id", str, ""),
        because=entry.one("because", str, ""),
        matches=entry.examples("matches") if "matches" in entry.table else (),
        not_=entry.examples("not") if "not" in entry.table else (),
        act=ActType(act) if act and act != NOTHING else None,
        of=entry.word("of", ("message", "meeting")) or "message",
        by=Side(by) if by else None,
        kind=Kind(kind) if kind else None,
        size=entry.one("size", float, 0.0) if "size" in entry.table else None,
        routine=entry.one("routine", bool, False),
        notable=entry.one("notable", bool, False),
        flags=frozenset(map(Flag, entry.chosen("flags", Flag))),
        confidence=entry.one("confidence", float, 0.9),
        refines=entry.one("refines", bool, False),
        counts=entry.one("counts", bool, True),
    )


def _conditions(entry: _Entry, rule: Rule) -> Rule:
    """When the rule stands."""
    return replace(
        rule,
        text=entry.patterns("text"),
        subject=entry.patterns("subject"),
        attachments=entry.patterns("attachments"),
        needs=entry.patterns("needs"),
        unless=entry.patterns("unless"),
        unless_message=entry.patterns("unless_message"),
        without=frozenset(map(ActType, entry.chosen("without", ActType))),
        position=entry.word("position", ("start", "end", "only")),
        closing=entry.one("closing", bool, False),
        reply=entry.maybe("reply"),
        question=entry.maybe("question"),
        words=entry.bounds("words"),
        message_words=entry.bounds("message_words"),
        rest=entry.one("rest", int, 0),
        due=entry.maybe("due"),
    )


def _check_sense(entry: _Entry, rule: Rule) -> None:
    if not (rule.text or rule.subject or rule.attachments or rule.rest):
        entry.wrong("it needs text, subject, attachments or rest to stand on")
    if not 0 < rule.confidence <= 1:
        entry.wrong("confidence must be above 0 and at most 1")
    if rule.routine and rule.notable:
        entry.wrong("routine and notable exclude each other")
    if rule.size is not None and not 0 < rule.size <= 10:
        entry.wrong("size must be above 0 and at most 10 fu")
