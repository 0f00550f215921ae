"""The contracts between recipflow and an account, and how installed connectors are found.

A connector is installed under the entry point group `recipflow.connectors`; the entry names a callable
`connect(settings) -> Connector`, and is loaded only when `config.toml` or a command names it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import entry_points
from typing import Any, NamedTuple, Protocol, runtime_checkable

from recipflow.errors import UserError
from recipflow.model import Interaction

GROUP = "recipflow.connectors"


class SetAside(NamedTuple):
    """Something that could not be read: where it is, and why; counted and shown, never lost silently."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One step of a pull. Its interactions and its cursor are stored together, or not at all."""

    interactions: tuple[Interaction, ...]
    cursor: str  #: opaque; from where the next pull goes on
    more: bool  #: whether the next page can be had at once
    reset: bool = False  #: the old cursor had expired; this page begins a rescan
    set_aside: tuple[SetAside, ...] = ()
    done: int = 0  #: progress, in the connector's own unit (bytes, messages)
    total: int | None = None


@runtime_checkable
class Connector(Protocol):
    """Pulls one account. Never writes to it."""

    def pull(self, cursor: str | None, *, now: datetime) -> Page:
        """The page after `cursor`; None starts from nothing. `now` bounds the expansion of recurring meetings."""
        ...


Connect = Callable[[Mapping[str, Any]], Connector]


def installed() -> dict[str, str]:
    """The names of the installed connectors, each with the object it loads."""
    return {entry.name: entry.value for entry in entry_points(group=GROUP)}


def load(name: str) -> Connect:
    """The connector of that name; a UserError lists those there are."""
    found = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name not in found:
        raise UserError(f"There is no connector {name!r}. Installed: {', '.join(sorted(found)) or 'none'}.")
    connect: Connect = found[name].load()
    return connect
