"""What could not be opened, and is tried again each time; and the places that were looked at anew."""

from __future__ import annotations

import os

from recipflow.connector import SetAside
from recipflow_connectors.walk import shown


class Doors:
    """Of one pass; a place is a path as it is shown, or lies within one: "PATH, message at byte 7"."""

    def __init__(self, closed: dict[str, None]) -> None:
        """`closed` is what the passes before could not open; it is kept up to date."""
        self._closed = closed
        self._reread: list[str] = []
        self._opened: list[str] = []

    def is_closed(self, path: str) -> bool:
        """Whether it could not be opened before."""
        return bool(self._closed) and shown(path) in self._closed  # there may be a million paths

    def under(self, root: str) -> set[str]:
        """The places that were closed at this path, and in it."""
        top = shown(root)
        return {place for place in self._closed if place == top or place.startswith(top + os.sep)}

    def close(self, aside: SetAside) -> SetAside:
        """Keep in mind that it could not be opened."""
        self._closed[aside.where] = None
        return aside

    def open(self, place: str) -> None:
        """It can be looked at, or is gone: what was set aside there before holds no more."""
        self._closed.pop(place, None)
        self._reread.append(place)

    def reopen(self, place: str) -> None:
        """It can be opened again, and is read on from where it was left: what was set aside within it holds."""
        self._closed.pop(place, None)
        self._opened.append(place)

    def reread(self) -> tuple[str, ...]:
        """The places looked at anew since this was asked last."""
        places, self._reread = tuple(self._reread), []
        return places

    def opened(self) -> tuple[str, ...]:
        """The places that were opened again since this was asked last."""
        places, self._opened = tuple(self._opened), []
        return places
