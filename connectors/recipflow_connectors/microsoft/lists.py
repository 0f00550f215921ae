"""Messages of a folder by the time they were received, the newest first.

By time, not by count: what is deleted or moved meanwhile shifts counted pages, and one message would be skipped for
each. So each request begins where the last one ended, and a kill at any point loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from recipflow_connectors.microsoft.graph import Graph, Json, listed
from recipflow_connectors.microsoft.position import Span

NEWEST_FIRST = "receivedDateTime desc"
#: Heads in one answer. Up to 1,000 are allowed, but large ones time out:
#: https://learn.microsoft.com/graph/api/user-list-messages
ANSWER = 250


def step(graph: Graph, folder: str, span: Span, select: str) -> tuple[list[Json], bool]:
    """What one request gives of the span, which is moved on, and whether that was the last of it."""
    answer = graph.get(span.link or _url(graph, folder, span, select))
    found, already = listed(answer), set(span.given)
    fresh = [one for one in found if _hash(one) not in already]
    following = answer.get("@odata.nextLink")
    if not isinstance(following, str):
        return fresh, True
    oldest = min((_received(one, span) for one in found), default=span.high)
    edge = [_hash(one) for one in found if _received(one, span) == oldest]
    stuck = oldest >= span.high  # a whole answer of the same second: only here is counted on
    span.given = list(dict.fromkeys([*span.given, *edge])) if stuck else edge
    span.high, span.link = oldest, following if stuck else ""
    return fresh, False


def listing(graph: Graph, folder: str, span: Span, *, select: str) -> Iterator[Json]:
    """Everything of the span."""
    last = False
    while not last:
        found, last = step(graph, folder, span, select)
        yield from found


def _url(graph: Graph, folder: str, span: Span, select: str) -> str:
    received = f"receivedDateTime ge {span.low} and receivedDateTime le {span.high}"
    path = ("me", "mailFolders", folder, "messages")
    return graph.url(*path, select=select, filter=received, orderby=NEWEST_FIRST, top=ANSWER)


def _received(one: Json, span: Span) -> str:
    return str(one.get("receivedDateTime") or span.high)


def _hash(one: Json) -> str:
    return sha256(str(one.get("id")).encode()).hexdigest()[:12]
