"""One table of a TOML file being read: what is wrong is noted with its place, and reading goes on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

Table = Mapping[str, object]

_Value = TypeVar("_Value")
_NAMES: dict[type, str] = {str: "a text", bool: "true or false", float: "a number", int: "a whole number"}


class Entry:
    """A table and its place ("give.toml: sent-guide"); each of its methods reads one key, or notes why it cannot."""

    def __init__(self, place: str, table: Table, problems: list[str]) -> None:
        self.place, self.table, self.problems = place, table, problems

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

    def bounds(self, key: str) -> tuple[int, int]:
        value = self.table.get(key, [0, 1 << 20])
        if isinstance(value, list) and len(value) == 2 and all(type(bound) is int for bound in value):
            return (value[0], value[1])
        self.wrong(f"{key} must be [least, most]")
        return (0, 1 << 20)

    def maybe(self, key: str) -> bool | None:
        return self.one(key, bool, False) if key in self.table else None
