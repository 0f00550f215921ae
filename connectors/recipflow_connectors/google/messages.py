"""A message as Gmail's API gives it, in parsed parts, into a Message."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from binascii import Error
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from recipflow.model import Message
from recipflow_connectors import labels as names
from recipflow_connectors import mime
from recipflow_connectors.trees import MAX_DEPTH, Leaf

Json = Mapping[str, Any]

LEFT_OUT = frozenset({"DRAFT", "SPAM", "TRASH", "CHAT"})
#: What Gmail itself takes for newsletters, networks and lists: heads are enough until somebody turns out to be a person.
BULK = frozenset({"CATEGORY_PROMOTIONS", "CATEGORY_SOCIAL", "CATEGORY_FORUMS"})
_RESERVED = names.LEFT_OUT | {"sent", "inbox"}
_CONTENT = ("Content-Type", "Content-ID", "Content-Disposition")


def message(found: Json, own: Mapping[str, str], *, partial: bool = False) -> Message:
    """The message; `own` are the user's labels, name by id. Raises mime.Unreadable with the reason."""
    received = datetime.fromtimestamp(int(found["internalDate"]) / 1000, UTC)
    root = _leaf(found.get("payload", {}), depth=0, head_only=partial)
    one = mime.assembled(root, received=received, labels=_labels(found.get("labelIds", ()), own))
    return replace(one, ref=str(found["id"]), thread_hint=str(found["threadId"]), partial=partial)


def left_out(found: Json) -> bool:
    return not LEFT_OUT.isdisjoint(found.get("labelIds", ()))


def head(found: Json, name: str) -> str:
    """The first header of that name."""
    heads = found.get("payload", {}).get("headers", ())
    return next((str(one["value"]) for one in heads if one["name"].lower() == name), "")


def long_texts(payload: Json) -> Iterator[dict[str, Any]]:
    """The bodies of those parts that are text of the message itself, and so long that Gmail keeps them apart."""
    for part in payload.get("parts", ()):
        yield from long_texts(part)
    body = payload.get("body", {})
    is_text = str(payload.get("mimeType", "")).startswith("text/") and not payload.get("filename")
    if is_text and "attachmentId" in body and "data" not in body:
        yield body


def _labels(ids: Iterable[str], own: Mapping[str, str]) -> tuple[str, ...]:
    """Gmail's own labels by what they mean; the user's by their names, which mean nothing to us."""
    return names.unique(_own(own[one]) if one in own else _system(one) for one in ids if _is_known(one, own))


def _is_known(ref: str, own: Mapping[str, str]) -> bool:
    return ref in own or not ref.startswith("Label_")


def _system(ref: str) -> str:
    return names.canonical(ref.replace("_", " "))


def _own(name: str) -> str:
    plain = " ".join(name.lower().split())[:200]
    return f"label {plain}" if plain in _RESERVED else plain


def _leaf(part: Json, *, depth: int, head_only: bool = False) -> Leaf:
    heads = _headers(part)
    data = _data(part.get("body", {}))
    if data and str(part.get("mimeType", "")).startswith("text/"):
        _declare_utf8(heads, data)
    inner = part.get("parts", ()) if depth < MAX_DEPTH else ()
    return Leaf(
        content_type="text/plain" if head_only else str(part.get("mimeType", "text/plain")).lower(),
        headers=heads,
        filename=str(part.get("filename", "")),
        content_id=heads.get("Content-ID", [""])[0].strip("<> ") or None,
        disposition=heads.get("Content-Disposition", [""])[0].partition(";")[0].strip().lower() or None,
        encoded_size=int(part.get("body", {}).get("size", 0)),
        content=data,
        children=[_leaf(one, depth=depth + 1) for one in inner],
    )


def _headers(part: Json) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    spelt = {name.lower(): name for name in _CONTENT}
    for one in part.get("headers", ()):
        name = str(one.get("name", ""))
        # The sizes Gmail tells are of the decoded content.
        if name.lower() != "content-transfer-encoding":
            found.setdefault(spelt.get(name.lower(), name), []).append(str(one.get("value", "")))
    return found


def _data(body: Json) -> bytes | None:
    if "data" not in body:
        return None
    given = str(body["data"])
    try:
        return urlsafe_b64decode(given + "=" * (-len(given) % 4))
    except (Error, ValueError):
        return b""


def _declare_utf8(heads: dict[str, list[str]], data: bytes) -> None:
    """Gmail hands text out in UTF-8, whatever charset the part's header still names."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return
    if not data.isascii():
        heads["Content-Type"] = [f"{heads.get('Content-Type', ['text/plain'])[0]}; charset=utf-8"]
