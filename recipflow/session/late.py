"""What is slow to load, loaded when it is first used: `today` reads no mail, and needs no rules."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar, cast

T = TypeVar("T")


def late(load: Callable[[], T]) -> T:
    """An object that is loaded at the first use of any of its attributes; only then its faults are found."""
    return cast(T, _Late(load))


class _Late:
    def __init__(self, load: Callable[[], object]) -> None:
        self._load = load

    @cached_property
    def _loaded(self) -> object:
        return self._load()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loaded, name)
