"""A message as Gmail hands it out: in its parts, attachments as ids, text decoded from its transfer encoding."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from email.message import Message as Parsed
from typing import Any

from tests.fakes.google.mail import Mail

#: Longer texts are handed out like attachments. From what length on, Google does not say; this is the fake's.
APART = 1_000_000
_PREFIX = "ANGjdJ-"


def message(one: Mail, form: str = "full", heads: list[str] | None = None) -> dict[str, Any]:
    """The resource in one of Gmail's formats: minimal, metadata, full, raw."""
    found: dict[str, Any] = {
        "id": one.id,
        "threadId": one.thread,
        "labelIds": sorted(one.labels),
        "snippet": "",
        "sizeEstimate": len(one.raw),
        "historyId": str(one.history),
        "internalDate": str(one.at_ms),
    }
    if form == "raw":
        found["raw"] = base64url(one.raw)
    elif form == "metadata":
        found["payload"] = {"mimeType": one.parsed.get_content_type(), "headers": _headers(one.parsed, heads)}
    elif form == "full":
        found["payload"] = _part(one.parsed, "")
    return found


def attachment(one: Mail, ref: str) -> dict[str, Any]:
    """What stands behind an attachment id."""
    part: Any = one.parsed
    for place in ref.removeprefix(_PREFIX).split("."):
        inner = part.get_payload()
        part = inner[int(place)] if isinstance(inner, list) else part
    content = part.get_payload(decode=True)
    data = _in_utf8(part, content) if isinstance(content, bytes) else b""
    return {"attachmentId": ref, "size": len(data), "data": base64url(data)}


def base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).decode("ascii")


def _headers(part: Parsed, wanted: list[str] | None = None) -> list[dict[str, str]]:
    kept = {one.lower() for one in wanted or ()}
    return [
        {"name": name, "value": _text(value)}
        for name, value in part.raw_items()
        if not kept or name.lower() in kept
    ]


def _text(value: object) -> str:
    raw = str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return " ".join(raw.split())


def _part(part: Parsed, number: str) -> dict[str, Any]:
    name = part.get_filename() or ""
    found: dict[str, Any] = {
        "partId": number,
        "mimeType": part.get_content_type(),
        "filename": _text(name),
        "headers": _headers(part),
    }
    inner = part.get_payload()
    if isinstance(inner, list):
        prefix = f"{number}." if number else ""
        found["body"] = {"size": 0}
        found["parts"] = [
            _part(one, f"{prefix}{place}") for place, one in enumerate(inner) if isinstance(one, Parsed)
        ]
        return found
    content = part.get_payload(decode=True)
    data = content if isinstance(content, bytes) else b""
    if name or len(data) > APART:
        found["body"] = {"attachmentId": _PREFIX + number, "size": len(data)}
    else:
        found["body"] = {"size": len(data), "data": base64url(_in_utf8(part, data))}
    return found


def _in_utf8(part: Parsed, data: bytes) -> bytes:
    """Text as Gmail gives it: in UTF-8, whatever its header still says."""
    charset = part.get_content_charset()
    if part.get_content_maintype() != "text" or not charset:
        return data
    try:
        return data.decode(charset).encode()
    except (LookupError, UnicodeError):
        return data
