"""Sentences on a terminal: wrapped to its width, bold where it helps, complete without any colour."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Sequence
from itertools import zip_longest
from time import monotonic
from typing import TextIO

from recipflow.counted import counted as counted

_WIDEST = 100  # longer lines are hard to read
_NARROWEST = 40
_SIDE_BY_SIDE = 72
_GAP = "  "


def width() -> int:
    """Characters to a line."""
    return max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size().columns))


def say(text: str = "") -> None:
    """One paragraph or ready-made block to standard output."""
    sys.stdout.write(f"{text}\n")


def paragraph(text: str, indent: str = "") -> str:
    return textwrap.fill(
        text,
        width(),
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,  # a path or an address is to be copied
        break_on_hyphens=False,
    )


def bold(text: str) -> str:
    """`text` in bold where the terminal can, and the user has not set NO_COLOR."""
    return f"\x1b[1m{text}\x1b[0m" if text and _styled(sys.stdout) else text


def columns(left_title: str, left: Sequence[str], right_title: str, right: Sequence[str]) -> str:
    """Two lists of sentences side by side; one below the other where the terminal is narrow."""
    room = width()
    if room < _SIDE_BY_SIDE:
        return "\n\n".join((_column(left_title, left, room), _column(right_title, right, room)))
    half = (room - len(_GAP)) // 2
    pairs = zip_longest(
        _column(left_title, left, half).splitlines(),
        _column(right_title, right, half).splitlines(),
        fillvalue="",
    )
    return "\n".join(f"{one:{half}}{_GAP}{other}".rstrip() for one, other in pairs)


class Progress:
    """How far something long is, on one line of a terminal that is gone when it ends; elsewhere silent.

    What is over within `after` seconds says nothing.
    """

    def __init__(self, label: str, stream: TextIO | None = None, *, after: float = 0.0) -> None:
        self._label = label
        self._stream = stream or sys.stderr
        self._after = after
        self._begun = self._started = monotonic()
        self._seen = ""

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self._show("")

    def tell(self, label: str, done: int, total: int | None) -> None:
        """What is being done now, and how far it is."""
        if label != self._label:
            self._label, self._begun = label, monotonic()
        self.update(done, total)

    def update(self, done: int, total: int | None = None) -> None:
        if monotonic() - self._started < self._after:
            return
        if not total:
            self._show(f"{self._label} {done}" if done else f"{self._label} …")
            return
        self._show(f"{self._label} {min(99, 100 * done // total)} %{self._left(done, total)}")

    def _left(self, done: int, total: int) -> str:
        """How long it will take, once that can be told."""
        spent = monotonic() - self._begun
        if spent < 1 or done * 50 < total:
            return ""
        left = round(spent * (total - done) / done)
        return f", {left // 60} min {left % 60:02} s left" if left >= 60 else f", {left} s left"

    def _show(self, line: str) -> None:
        if line == self._seen or not self._stream.isatty():
            return
        self._stream.write(f"\r{line:{len(self._seen)}}" + ("" if line else "\r"))
        self._stream.flush()
        self._seen = line


def _column(title: str, lines: Sequence[str], room: int) -> str:
    filled = (
        textwrap.fill(line, room, subsequent_indent="  ", break_on_hyphens=False) for line in lines or ("–",)
    )
    return "\n".join((title, "─" * min(len(title), room), *filled))


def _styled(stream: TextIO) -> bool:
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not stream.isatty():
        return False
    # older Windows consoles print the codes themselves
    return os.name != "nt" or "WT_SESSION" in os.environ
