"""A number and its noun, as one says them."""

from __future__ import annotations


def counted(number: int, noun: str, plural: str = "") -> str:
    """ "1 meeting", "1,117 meetings"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
