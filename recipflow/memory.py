"""Giving memory back: glibc keeps what threads freed, each in a heap of its own, unless it is asked for it."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from functools import cache

_ARENA_MAX = -8  # mallopt(3): M_ARENA_MAX
_HEAPS = 1


def few_heaps() -> None:
    """Let threads share one heap; they mostly wait."""
    mallopt = _glibc("mallopt")
    if mallopt:
        mallopt(_ARENA_MAX, _HEAPS)


def settle() -> None:
    """What is loaded by now stays for good: no later collection has to look at it again, which is most of its cost."""
    gc.collect()
    gc.freeze()


def give_back() -> None:
    """Give what is free back to the system, after work that needed much."""
    trim = _glibc("malloc_trim")
    if trim:
        gc.collect()
        trim(0)


@cache
def _glibc(name: str) -> Callable[..., int] | None:
    """A function of glibc; None on other systems, whose allocators give back by themselves."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    try:
        found: Callable[..., int] = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError):
        return None
    return found
