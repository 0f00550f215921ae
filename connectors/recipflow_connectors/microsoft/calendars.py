"""Which calendars are the user's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from recipflow_connectors.microsoft.graph import Graph, Json, listed

#: The calendar reminders are written into.
OURS = "recipflow"
_SELECT = "id,name,canEdit,isDefaultCalendar,owner"


def every(graph: Graph) -> list[Json]:
    """All calendars, the default one first."""
    found = list(pages(graph, graph.url("me", "calendars", select=_SELECT, top=100)))
    return sorted(found, key=lambda one: one.get("isDefaultCalendar") is not True)


def own(graph: Graph) -> list[Json]:
    """Those the user keeps, but for that of the reminders."""
    return [one for one in kept(graph) if one.get("name") != OURS]


def kept(graph: Graph) -> list[Json]:
    """Those the user keeps: not the ones others share, holidays and birthdays."""
    found = every(graph)
    mine = {_owner(one) for one in found if one.get("isDefaultCalendar")}
    return [one for one in found if one.get("canEdit") and _owner(one) in mine]


def pages(graph: Graph, url: Any, *prefer: str) -> Iterator[Json]:
    """Everything of a collection."""
    while isinstance(url, str):
        answer = graph.get(url, prefer=prefer)
        yield from listed(answer)
        url = answer.get("@odata.nextLink")


def _owner(calendar: Json) -> str:
    owner = calendar.get("owner")
    return str(owner.get("address") or "").lower() if isinstance(owner, dict) else ""
