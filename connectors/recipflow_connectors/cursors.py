"""The text of a cursor: JSON that names who wrote it, and in which version."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

Position = TypeVar("Position")


def dumped(name: str, version: int, position: Mapping[str, Any]) -> str:
    """The cursor that stands for a position."""
    return json.dumps({name: version, **position}, separators=(",", ":"))


def loaded(
    cursor: str, name: str, version: int, read: Callable[[dict[str, Any]], Position | None]
) -> Position | None:
    """What `read` makes of a cursor; None when it is not one of ours, or of another version."""
    try:
        found = json.loads(cursor)
        return read(found) if found.pop(name) == version else None
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
