"""The words without which a pattern cannot hit, told from how it is written: most patterns need not be tried on a text.

A pattern is read as a row of stretches. Of each that is spelled out, a word must stand in the text; what a gap leaves open is
passed over. Words are what `\\w` is made of, any digit being as good as another; `?` and `;` are words as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

MOST_WAYS = 100
"""Ways to say one stretch that are spelled out; of one with more, each part is looked at by itself."""

MOST_ASKED = 4
"""Words that are asked of a text for one pattern: the rarest."""

FEW = 20
"""Words, none of them common, of which one is seldom there."""

REMEMBERED = 8192
"""Patterns whose words are remembered: all of four languages, in some 400 bytes each. The rules themselves are given
back after each mail."""

MET_AGAIN = 64
"""Stretches of which it is remembered what they come to: patterns have many in common."""

_COMMON_WORDS = """
a about all am an and any are as at be been but by can could d did do for from get good had has have he her his how i if
in is it just know like ll m me my no not of on one or our out re s see so some t that the their them then there they
this time to u up us ve was we were what when which who will with would you your ? 0 00
"""
_COMMON = frozenset(_COMMON_WORDS.split())
"""Words of English that stand in a great many sentences."""

_TOKEN = re.compile(
    r"[a-z]{2,}(?![*+?{])|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?:)?|[|)]|(?:[*+?]|\{\d+(?:,\d*)?\})\??|.",
    re.DOTALL,
)
_TIMES = re.compile(r"([*+?])|\{(\d+)(?:,(\d*))?\}")
_EDGES = {"^", "$", r"\b", r"\A", r"\s", r"\W", r"\n", r"\t", r"\r", r"\f"}
_SIGNS = "?;"
_WORD = re.compile(r"(?<= )[^ ]+(?= )")
_IN_WORDS = bytes(
    byte
    if chr(byte) in "abcdefghijklmnopqrstuvwxyz_" + _SIGNS
    else ord("0" if chr(byte) in "0123456789" else " ")
    for byte in range(256)
)

Ways = frozenset[str]
"""Every text a stretch can be, with a space for what is no part of a word: a sign, or an edge of the text or of a word."""

Group = Sequence["Branch"]
Item = Ways | Group | None
"""A stretch, several of which one is there, or a gap."""
Branch = Sequence[Item]

_EDGE: Ways = frozenset(" ")
_NOTHING: Ways = frozenset({""})
_BEGIN, _END = 0, -1


def words(text: bytes) -> list[bytes]:
    """The words of a text in plain form."""
    return text.translate(_IN_WORDS).replace(b"?", b" ? ").replace(b";", b" ; ").split()


def needed(pattern: str) -> list[list[bytes]]:
    """Of each of these lists, a word stands in every text that the pattern hits (both in plain form)."""
    return [one_of.encode().split() for one_of in _told(pattern)]


def needs_rare_words(pattern: str) -> bool:
    """Whether few texts can be hit by a pattern: it needs one of a few words, and none of them is common."""
    return any(len(one_of) <= FEW and _COMMON.isdisjoint(one_of) for one_of in map(str.split, _told(pattern)))


@lru_cache(REMEMBERED)
def _told(pattern: str) -> tuple[str, ...]:
    """Each list in one text: a set of words would be five times as large."""
    found = sorted(_of_any(_Parser(pattern).group()), key=_rarity, reverse=True)[:MOST_ASKED]
    return tuple(map(" ".join, found))


class _Parser:
    """Reads a pattern that is known to be one."""

    def __init__(self, pattern: str) -> None:
        self._tokens: list[str] = [*_TOKEN.findall(pattern), ")"]
        self._at = 0

    def group(self) -> Group:
        """The branches up to the bracket that ends them."""
        branches = [self._branch()]
        while self._next() == "|":
            branches.append(self._branch())
        return branches

    def _branch(self) -> Branch:
        items: list[Item] = []
        while self._tokens[self._at] not in ("|", ")"):
            token = self._next()
            item = _spelled(self.group()) if token[0] == "(" else _of_token(token)
            if times := _TIMES.match(self._tokens[self._at]):
                self._at += 1
                items += _repeated(item, *_bounds(times))
            else:
                items.append(item)
        return items

    def _next(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]


def _of_token(token: str) -> Item:
    first, rest = token[0], token[1:]
    if token in _EDGES:
        return _EDGE
    if first == "[":
        return _of_class(rest[:-1])
    if first == "\\":
        return _of_letter(rest) if not rest.isalnum() else frozenset("0") if rest == "d" else None
    return frozenset([token]) if rest else None if first == "." else _of_letter(first)


def _of_class(members: str) -> Item:
    if members[0] == "^" or re.search(r".-.|\\\w", members):
        return None
    return _NOTHING.union(*map(_of_letter, members.replace("\\", ""))) - _NOTHING


def _of_letter(letter: str) -> Ways:
    seen = letter.encode()[:1].translate(_IN_WORDS).decode()
    return frozenset([f" {seen} " if seen in _SIGNS else seen])


def _bounds(times: re.Match[str]) -> tuple[int, int]:
    """How often at least, and at most; without a bound, very often."""
    sign, least, most = times.groups()
    if sign:
        return int(sign == "+"), 1 if sign == "?" else MOST_WAYS
    return int(least), int(least) if most is None else int(most or MOST_WAYS)


def _repeated(item: Item, least: int, most: int) -> Branch:
    if item == _EDGE:
        least, most = min(least, 1), min(most, 1)
    if isinstance(item, frozenset) and most <= 2:
        return [item] * least + [item | _NOTHING] * (most - least)
    if least:
        return [item] if most == 1 else [item, [[], [None, item]]]
    return [[[], [item], [item, None, item]]]


def _spelled(group: Group) -> Ways | Group:
    """A group without gaps in all its ways, if they are few enough."""
    ways: set[str] = set()
    for branch in group:
        said = _NOTHING
        for item in branch:
            if not isinstance(item, frozenset) or len(said) * len(item) > MOST_WAYS:
                return group
            said = _joined(said, item)
        ways |= said
    return frozenset(ways) if len(ways) <= MOST_WAYS else group


def _of_any(group: Group) -> list[Ways]:
    """What several branches need: of each its rarest word."""
    needs = [_of_branch(branch) for branch in group]
    if len(needs) == 1:
        return needs[0]
    return [_NOTHING.union(*(max(one, key=_rarity) for one in needs)) - _NOTHING] if all(needs) else []


def _of_branch(branch: Branch) -> list[Ways]:
    found: list[Ways] = []
    said = _NOTHING  # since the last place where a word ended, or may have
    for item, (begins, begins_after) in zip(branch, pairwise(_beginnings(branch)), strict=True):
        ended = _at_edge(said, _END)
        if isinstance(item, frozenset) and not (ended or begins) and len(said) * len(item) <= MOST_WAYS:
            said = _joined(said, item)
            continue
        found += _words_in(_joined(said, _EDGE) if begins else said)
        said = _EDGE if ended else _NOTHING
        if isinstance(item, frozenset):
            said = _joined(said, item)
        else:
            last = [_EDGE] if begins_after else []
            found += _of_any([[said, *each, *last] for each in item]) if item else []
            said = _EDGE if _at_edge(item, _END, ended) else _NOTHING
    return [*found, *_words_in(said)]


def _beginnings(branch: Branch) -> list[bool]:
    """Of each item, and of what comes after the branch, whether no word goes on into it."""
    found = [False]
    for item in reversed(branch):
        found.append(_at_edge(item, _BEGIN, found[-1]))
    return found[::-1]


def _at_edge(item: Item, end: int, beyond: bool = False) -> bool:
    """Whether no word goes on over an end of the item, given whether none does `beyond` its other end."""
    if item is None:
        return False
    if isinstance(item, frozenset):
        return _ends_words(item, end, beyond)
    for branch in item:
        here = beyond
        for each in branch if end == _END else reversed(branch):
            here = _at_edge(each, end, here)
        if not here:
            return False
    return True


@lru_cache(MET_AGAIN)
def _ends_words(ways: Ways, end: int, beyond: bool) -> bool:
    return all(way[end] == " " if way else beyond for way in ways)


@lru_cache(MET_AGAIN)
def _joined(first: Ways, second: Ways) -> Ways:
    return frozenset([one + other for one in first for other in second])


@lru_cache(MET_AGAIN)
def _words_in(ways: Ways) -> list[Ways]:
    """The rarest whole word in each of the ways; nothing if one has none."""
    found = [max(_WORD.findall(way), key=_rare, default="") for way in ways]
    return [frozenset(found)] if all(found) else []


def _rare(word: str) -> tuple[bool, int]:
    return word not in _COMMON, len(word)


def _rarity(ways: Ways) -> tuple[int, int, int]:
    """Greater for words of which one is seldom there."""
    return -len(ways & _COMMON), min(map(len, ways)), -len(ways)
