"""The rules by which machines are told: from parsed TOML to checked rules, each with its examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from recipflow.addressed import first_addressed
from recipflow.errors import UserError
from recipflow.model import KEPT_HEADERS, Attachment, Message, Party
from recipflow.rules.patterns import problem

#: Where a pattern may look, besides `header.NAME`.
PLACES = ("from", "name", "subject", "text", "attachment")
_KEYS = {
    "id",
    "kind",
    "because",
    "header",
    "fresh",
    "impersonates",
    "carries",
    "unless",
    "matches",
    "not",
    *PLACES,
}
_EXAMPLE_KEYS = {"from", "to", "subject", "text", "attachments", "headers", "reply"}

Patterns = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineRule:
    """Holds when each of its conditions does; a condition holds when any of its patterns hits."""

    id: str
    kind: str
    because: str
    conditions: Mapping[str, Patterns]  #: by place; a header's place is "header.NAME"
    unless: Mapping[str, Patterns] = field(default_factory=dict)  #: any of these undoes it
    fresh: bool = False  #: only for a message that answers nothing
    impersonates: bool = False  #: only for one that bears the user's name, from another address
    carries: bool = False  #: such a message brings something that a person gave
    matches: tuple[Message, ...] = ()
    misses: tuple[Message, ...] = ()


def machine_rules(pack: Mapping[str, object]) -> tuple[MachineRule, ...]:
    """The rules of a parsed `machine.toml`, in order; a UserError lists every problem of the pack."""
    words = pack.get("words", {})
    tables = pack.get("rule", [])
    if not isinstance(words, Mapping) or not isinstance(tables, Sequence):
        raise UserError("machine.toml: [words] is a table and [[rule]] a list of tables.")
    problems: list[str] = []
    rules = []
    for table in tables:
        found = _problems(table, words)
        problems += (f"machine.toml, rule {table.get('id', '?')!r}: {each}" for each in found)
        if not found:
            rules.append(_rule(table, words))
    if problems:
        raise UserError(problems)
    return tuple(rules)


def _rule(table: Mapping[str, object], words: Mapping[str, str]) -> MachineRule:
    unless = table.get("unless", {})
    return MachineRule(
        id=str(table["id"]),
        kind=str(table["kind"]),
        because=str(table["because"]),
        conditions=_conditions(table, words),
        unless=_conditions(unless, words) if isinstance(unless, Mapping) else {},
        fresh=table.get("fresh") is True,
        impersonates=table.get("impersonates") is True,
        carries=table.get("carries") is True,
        matches=_examples(table["matches"]),
        misses=_examples(table["not"]),
    )


def _problems(table: Mapping[str, object], words: Mapping[str, str]) -> list[str]:
    found = [f"unknown key {key!r}" for key in sorted(table.keys() - _KEYS)]
    found += [
        f"{key!r} is missing" for key in ("id", "kind", "because", "matches", "not") if not table.get(key)
    ]
    conditions = _conditions(table, words)
    if not conditions and not table.get("impersonates"):
        found.append("it has no condition, so it would hold always")
    unless = table.get("unless", {})
    undoing = _conditions(unless, words) if isinstance(unless, Mapping) else {}
    for place, patterns in (*conditions.items(), *undoing.items()):
        if place.startswith("header.") and place.removeprefix("header.") not in KEPT_HEADERS:
            found.append(f"{place}: that header is not kept")
        found += (f"{place}: {said}" for pattern in patterns if (said := problem(pattern)))
    for key in ("matches", "not"):
        examples = table.get(key)
        for example in examples if isinstance(examples, Sequence) else ():
            found += (f"{key}: unknown key {odd!r}" for odd in sorted(example.keys() - _EXAMPLE_KEYS))
    return found


def _conditions(table: Mapping[str, object], words: Mapping[str, str]) -> dict[str, Patterns]:
    found = {place: _expand(table[place], words) for place in PLACES if place in table}
    headers = table.get("header", {})
    for name, patterns in headers.items() if isinstance(headers, Mapping) else ():
        found[f"header.{name}"] = _expand(patterns, words)
    return found


def _expand(patterns: object, words: Mapping[str, str]) -> Patterns:
    expanded = []
    for pattern in patterns if isinstance(patterns, Sequence) else ():
        for word, alternatives in words.items():
            pattern = pattern.replace(f"<{word}>", alternatives)
        expanded.append(pattern)
    return tuple(expanded)


def _examples(examples: object) -> tuple[Message, ...]:
    return tuple(_example(example) for example in examples) if isinstance(examples, Sequence) else ()


def _example(example: Mapping[str, object]) -> Message:
    headers = example.get("headers", {})
    types = example.get("attachments", ())
    return Message(
        id="example",
        at=datetime(2026, 1, 1, tzinfo=UTC),
        sender=_party(example.get("from", "")),
        to=(_party(example["to"]),) if "to" in example else (),
        subject=str(example.get("subject", "")),
        in_reply_to="another" if example.get("reply") else "",
        attachments=tuple(Attachment("", str(type_), 0) for type_ in types)
        if isinstance(types, Sequence)
        else (),
        headers={str(name): str(value) for name, value in headers.items()}
        if isinstance(headers, Mapping)
        else {},
        body=str(example.get("text", "")),
    )


def _party(written: object) -> Party:
    name, address = first_addressed(str(written))
    return Party(address.lower(), name)
