"""Loading rule packs: TOML tables into rules, every problem reported at once with its file and rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace

from recipflow.errors import UserError
from recipflow.model import ActType, Flag, Kind, Side
from recipflow.rules.entries import Entry, Table
from recipflow.rules.patterns import problem
from recipflow.rules.rule import NOTHING, Example, Pack, Rule


def load(files: Mapping[str, Table], *, proven: bool = False) -> tuple[Pack, ...]:
    """The packs of parsed TOML files, by name. A UserError lists every problem with file and rule.

    `proven` packs (ours, which our own tests try) are spared the costly part: trying every pattern against the dialect.
    Examples are not tried here: that needs a rulebook, see `proving`.
    """
    packs, problems = sound(files, proven=proven)
    if problems:
        raise UserError(problems)
    return packs


def sound(files: Mapping[str, Table], *, proven: bool = False) -> tuple[tuple[Pack, ...], list[str]]:
    """The packs with those of their rules that are sound, and every problem of the others; see `load`."""
    problems: list[str] = []
    packs = [_pack(name, table, problems, proven=proven) for name, table in files.items()]
    problems += _twice(packs)
    tables = files.values()
    return tuple(_sound(pack, table, problems) for pack, table in zip(packs, tables, strict=True)), problems


def _sound(pack: Pack, table: Table, problems: list[str]) -> Pack:
    """The pack without the rules that have a problem; without any where the pieces that patterns are made of have one."""
    faults = tuple(one.removeprefix(f"{pack.name}: ") for one in problems if one.startswith(f"{pack.name}: "))
    if not faults:
        return pack
    shared: list[str] = []
    _fragments(pack.name, table.get("words", {}), shared)
    kept = (
        rule for rule in pack.rules if rule.id and not any(one.startswith(f"{rule.id}: ") for one in faults)
    )
    return replace(pack, rules=() if shared else tuple(kept))


def _pack(name: str, table: Table, problems: list[str], *, proven: bool) -> Pack:
    problems += [
        f"{name}: unknown key {key!r}" for key in sorted(table.keys() - {"language", "words", "rule"})
    ]
    language = table.get("language", "")
    if not isinstance(language, str):
        problems.append(f"{name}: language must be a code like 'en'")
        language = ""
    words = _fragments(name, table.get("words", {}), problems)
    entries = table.get("rule", [])
    if not isinstance(entries, list):
        problems.append(f"{name}: rules are written as [[rule]]")
        entries = []
    rules: list[Rule] = []
    for number, table_of_rule in enumerate(entries, start=1):
        if isinstance(table_of_rule, Mapping):
            entry = Entry(f"{name}: {table_of_rule.get('id', f'rule {number}')}", table_of_rule, problems)
            rules.append(_rule(_Terms(entry, words, proven=proven)))
        else:
            problems.append(f"{name}: rules are written as [[rule]]")
    return Pack(name=name, language=language, rules=tuple(rules))


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
        if (spelled := _spelled(piece)) is None:
            problems.append(f"{name}: words.{key} must be a piece of pattern, or a list of them")
            continue
        words[key] = _expand(spelled, words)
    return words


def _spelled(piece: object) -> str | None:
    """A piece of pattern; a list is one that says any of its members."""
    if isinstance(piece, str):
        return piece
    if isinstance(piece, list) and piece and all(isinstance(one, str) for one in piece):
        return "|".join(piece)
    return None


def _expand(pattern: str, words: Mapping[str, str]) -> str:
    if "{" not in pattern:
        return pattern
    return re.sub(
        r"\{([a-z_]+)\}", lambda found: f"(?:{words[found[1]]})" if found[1] in words else found[0], pattern
    )


_REQUIRED = ("id", "act", "because", "matches", "not")
_KEYS = ({item.name for item in fields(Rule) if item.init} - {"not_"}) | {"not"}


class _Terms:
    """The two things only rules are made of: patterns and examples."""

    def __init__(self, entry: Entry, words: Mapping[str, str], *, proven: bool) -> None:
        self.entry, self._words, self._proven = entry, words, proven

    def patterns(self, key: str) -> tuple[str, ...]:
        expanded = tuple(_expand(pattern, self._words) for pattern in self.entry.words_of(key))
        for pattern in () if self._proven else expanded:
            if why := problem(pattern):
                self.entry.wrong(f"{key}: {pattern!r}: {why}")
        return expanded

    @property
    def _writer(self) -> Side:
        """Who wrote an example that does not say so: whose word the rule is about, else the user."""
        by = self.entry.table.get("by")
        return next((side for side in Side if side == by), Side.ME)

    def examples(self, key: str) -> tuple[Example, ...]:
        value = self.entry.table.get(key)
        if value is None:
            return ()  # already noted as missing
        if not isinstance(value, list) or not value:
            self.entry.wrong(f"{key} must list at least one example")
            return ()
        return tuple(self._example(key, item) for item in value)

    def _example(self, key: str, item: object) -> Example:
        if isinstance(item, str):
            return Example(text=item, by=self._writer)
        if not isinstance(item, Mapping) or item.keys() - {"text", "subject", "attachments", "reply", "by"}:
            self.entry.wrong(
                f"{key}: an example is a text, or a table of text, subject, attachments, reply, by"
            )
            return Example()
        part = Entry(f"{self.entry.place}: {key}", item, self.entry.problems)
        return Example(
            text=part.one("text", str, ""),
            subject=part.one("subject", str, ""),
            attachments=part.words_of("attachments"),
            reply=part.one("reply", bool, False),
            by=Side(part.word("by", Side) or self._writer),
        )


def _rule(terms: _Terms) -> Rule:
    entry = terms.entry
    for key in sorted(entry.table.keys() - _KEYS):
        entry.wrong(f"unknown key {key!r}")
    for key in _REQUIRED:
        if key not in entry.table:
            entry.wrong(f"{key} is missing")
    rule = _conditions(terms, _meaning(terms))
    _check_sense(entry, rule)
    return rule


def _meaning(terms: _Terms) -> Rule:
    """What the rule says was done."""
    entry = terms.entry
    act = entry.word("act", [*ActType, NOTHING])
    by, kind = entry.word("by", Side), entry.word("kind", Kind)
    return Rule(
        id=entry.one("id", str, ""),
        because=entry.one("because", str, ""),
        matches=terms.examples("matches"),
        not_=terms.examples("not"),
        act=ActType(act) if act and act != NOTHING else None,
        of=entry.word("of", ("message", "meeting")) or "message",
        by=Side(by) if by else None,
        kind=Kind(kind) if kind else None,
        size=entry.one("size", float, 1.0) if "size" in entry.table else None,
        routine=entry.one("routine", bool, False),
        notable=entry.one("notable", bool, False),
        flags=frozenset(map(Flag, entry.chosen("flags", Flag))),
        confidence=entry.one("confidence", float, 0.9),
        refines=entry.one("refines", bool, False),
        counts=entry.one("counts", bool, True),
    )


def _conditions(terms: _Terms, rule: Rule) -> Rule:
    """When the rule stands."""
    entry = terms.entry
    return replace(
        rule,
        text=terms.patterns("text"),
        subject=terms.patterns("subject"),
        attachments=terms.patterns("attachments"),
        needs=terms.patterns("needs"),
        unless=terms.patterns("unless"),
        unless_message=terms.patterns("unless_message"),
        before=terms.patterns("before"),
        after=terms.patterns("after"),
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


def _check_sense(entry: Entry, rule: Rule) -> None:
    if not (rule.text or rule.subject or rule.attachments or rule.rest):
        entry.wrong("it needs text, subject, attachments or rest to stand on")
    if not 0 < rule.confidence <= 1:
        entry.wrong("confidence must be above 0 and at most 1")
    if rule.routine and rule.notable:
        entry.wrong("routine and notable exclude each other")
    if rule.size is not None and not 0 < rule.size <= 10:
        entry.wrong("size must be above 0 and at most 10 fu")
