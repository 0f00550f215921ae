"""Patterns compiled for RE2: many phrases in one automaton, and patterns that are tried one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import zip_longest
from operator import or_
from typing import Any

from recipflow.rules.needed import MOST_ASKED, needed, words

try:
    import re2  # type: ignore[import-untyped]  # comes without types
except ImportError:  # no wheel for this platform
    re2 = None

LINEAR = re2 is not None
"""Whether matching takes time linear in the text, whatever the pattern."""

MEMORY = 16 << 20
"""Bytes an automaton may take before it starts afresh. With our phrases under 10 MB, it started afresh over and
over, and a sentence took four times as long."""

MEMORY_OF_ONE = 1 << 17
"""The same for a single pattern: a few of ours would like more, and are hardly slower without."""

_GAP = re.compile(r"(?:\\[wSDW]|(?<!\\)\.|\[\^[^\]]*\]|\[[^\]]*a-z[^\]]*\])(?:[*+]|\{\d+,)")

_BOUND = re.compile(r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\])|\{(\d+)(?:,\d*)?\}")
"""How often a piece is to come, as in `.{2,60}`; or what is to be stepped over: an escape, a class."""


def is_gapped(pattern: str) -> bool:
    """Whether it leaves open, for more than a letter or two, what stands there."""
    return _GAP.search(pattern) is not None


def try_out(pattern: str) -> None:
    """Raise what RE2 has against a pattern."""
    re2.Set.SearchSet(_options(MEMORY)).Add(pattern)


class Automaton:
    """Some patterns, compiled when first asked: many never are."""

    __slots__ = ("_made", "_memory", "_patterns")

    def __init__(self, patterns: Iterable[str], memory: int = MEMORY) -> None:
        self._patterns = tuple(patterns)
        self._memory = memory
        self._made: Any = None

    def hits(self, text: bytes) -> bool:
        """Whether one of them hits."""
        return (self._made or self._make()).Match(text) is not None

    def which(self, text: bytes) -> Sequence[int]:
        """The positions of those that hit."""
        return (self._made or self._make()).Match(text) or ()

    def _make(self) -> Any:
        try:
            self._made = self._compiled(self._memory)
        except re2.error:  # it does not fit in there
            self._made = self._compiled(MEMORY)
        return self._made

    def _compiled(self, memory: int) -> Any:
        made = re2.Set.SearchSet(_options(memory))
        for pattern in self._patterns:
            made.Add(pattern)
        made.Compile()
        return made


class OneByOne:
    """Patterns, each with what it stands for, of which one is tried only where the words are that it needs.

    A gap with bounds (`a.{0,60}b`) takes a state for each length: first the wider form (`a.*b`) is sought, and the pattern
    itself only where that hits, which is seldom.
    """

    def __init__(self, patterns: Sequence[tuple[int, str]]) -> None:
        self._owners = [owner for owner, _ in patterns]
        self._steps = [_steps(pattern) for _, pattern in patterns]
        self._count = len(patterns)
        self._asked: dict[bytes, int] = {}  # for each word a row of bits: the patterns that it is asked for
        self._unasked = 0
        for number, (_, pattern) in enumerate(patterns):
            for row, one_of in zip_longest(range(MOST_ASKED), needed(pattern)):
                bit = 1 << row * self._count + number
                for word in one_of or ():
                    self._asked[word] = self._asked.get(word, 0) | bit
                if not one_of:
                    self._unasked |= bit

    def add_hits(self, text: bytes, found: set[int]) -> None:
        """Add what those patterns stand for that hit."""
        left = self._possible(text)
        while left:
            lowest = left & -left
            left ^= lowest
            number = lowest.bit_length() - 1
            if self._owners[number] not in found and self._hits(number, text):
                found.add(self._owners[number])

    def _possible(self, text: bytes) -> int:
        """A bit for each pattern of whose words enough are there."""
        rows = reduce(or_, filter(None, map(self._asked.get, words(text))), self._unasked)
        possible = (1 << self._count) - 1
        for row in range(MOST_ASKED):
            possible &= rows >> row * self._count
        return possible

    def _hits(self, number: int, text: bytes) -> bool:
        for step in self._steps[number]:  # noqa: SIM110  (half the time of `all`)
            if not step.hits(text):
                return False
        return True


def _steps(pattern: str) -> tuple[Automaton, ...]:
    wider = _BOUND.sub(lambda found: found[1] or ("*" if found[2] == "0" else "+"), pattern)
    return tuple(Automaton([each], MEMORY_OF_ONE) for each in dict.fromkeys((wider, pattern)))


def _options(memory: int) -> Any:
    options = re2.Options()
    options.max_mem = memory
    options.log_errors = False
    options.never_capture = True
    return options
