"""What goes wrong at Microsoft, told as what it asks of whom: the user must act, or it passes by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from recipflow.errors import AuthNeeded, Changed, CursorExpired, RecipflowError, TryLater, Uncertain

CONNECT = "recipflow connect outlook"

#: https://learn.microsoft.com/graph/errors#code-property; Exchange writes them in other capitals.
_EXPIRED = frozenset({"syncstatenotfound", "syncstateinvalid", "resyncrequired"})
_NO_MAILBOX = frozenset({"mailboxnotenabledforrestapi", "mailboxnotsupportedforrestapi", "extensionerror"})
_NOBODY = "errorinvaliduser"
_FORBIDDEN = "Microsoft denies access: the permission was taken back or never given, or the organisation's rules forbid it"
_ELSEWHERE = (
    "this mailbox cannot be reached through Microsoft Graph: it lies on a server of your organisation's own, or has no "
    "licence"
)


WITHDRAW = (
    "Microsoft lets no program do that. Do it yourself at https://myapps.microsoft.com (work or school) or "
    "https://account.live.com/consent/Manage (private accounts)"
)


class Gone(RecipflowError):
    """What was asked for is not there, or not any more."""


class Conflict(RecipflowError):
    """There is such a thing already."""


def failure(
    status: int, headers: Mapping[str, str], body: Any, *, writing: bool, command: str = CONNECT
) -> RecipflowError:
    """The error an answer of Graph stands for. Its message is not shown: it may quote mail, and is for developers."""
    code = error_code(body)
    told = f"Microsoft Graph answered {status}" + (f" ({code})" if code else "")
    if status == 410 or code.lower() in _EXPIRED:
        return CursorExpired(told)
    if code.lower() == _NOBODY:
        return AuthNeeded(f"Microsoft knows no mailbox of that address ({told})", command=command)
    if code.lower() in _NO_MAILBOX:
        return AuthNeeded(f"{_ELSEWHERE} ({told})", command=command)
    if status in (401, 403) and code.lower() != "errorserverbusy":
        return AuthNeeded(f"{_FORBIDDEN} ({told})", command=command)
    plain = {404: Gone, 409: Conflict, 412: Changed}.get(status)
    if plain:
        return plain(told)
    if writing and status >= 500:
        return Uncertain(told)
    return TryLater(told, after=retry_after(headers))


def error_code(body: Any) -> str:
    """The code of an error answer; "" when it has none."""
    error = body.get("error") if isinstance(body, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return re.sub(r"[^\w.]", "", code)[:80] if isinstance(code, str) else ""


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds Retry-After asks for, which may be an instant (RFC 9110, 10.2.3)."""
    given = next((value for name, value in headers.items() if name.lower() == "retry-after"), "").strip()
    if given.isdecimal():
        return float(given)
    try:
        until = parsedate_to_datetime(given)
        asked = parsedate_to_datetime(next(v for name, v in headers.items() if name.lower() == "date"))
        return max(0.0, (until - asked).total_seconds())
    except (StopIteration, TypeError, ValueError):
        return None
