"""What Google or the way there refused, as one of ours: the user must act, it passes, or it may have been done."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from recipflow.errors import AuthNeeded, RecipflowError, TryLater, Uncertain, UserError
from recipflow_connectors.certificates import distrusted
from recipflow_connectors.google.auth import Grant

if TYPE_CHECKING:
    from googleapiclient.errors import HttpError  # type: ignore[import-untyped]

# https://developers.google.com/workspace/gmail/api/guides/handle-errors and .../calendar/api/guides/errors
_BUSY = frozenset(
    {
        "rateLimitExceeded",
        "userRateLimitExceeded",
        "quotaExceeded",
        "dailyLimitExceeded",
        "limitExceeded",
        "backendError",
        "RATE_LIMIT_EXCEEDED",
        "RESOURCE_EXHAUSTED",
    }
)
_SWITCHED_OFF = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})
_SCOPE_MISSING = frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"})
_BLOCKED = frozenset({"domainPolicy", "failedPrecondition", "delegationDenied", "FAILED_PRECONDITION"})
_UNTIL = re.compile(r"[Rr]etry after (\d{4}-\d\d-\d\dT[\d:.]+Z)")


def translated(exc: Exception, grant: Grant, *, writes: bool, command: str) -> RecipflowError:
    """What to raise instead of `exc`; of an error that is none of Google's, nor of the network's, `exc` itself."""
    from google.auth.exceptions import GoogleAuthError, RefreshError
    from googleapiclient.errors import HttpError
    from requests.exceptions import RequestException

    if isinstance(exc, HttpError):
        return _refused(exc, writes=writes, command=command)
    if isinstance(exc, RefreshError):
        return not_refreshed(exc, grant, datetime.now(UTC), command=command)
    if said := distrusted(exc):
        return TryLater(f"Google: {said}.")
    if isinstance(exc, RequestException):
        if writes and not _never_sent(exc):
            return Uncertain("The connection to Google broke before it answered.")
        return TryLater(f"Google cannot be reached ({type(exc).__name__}).")
    if isinstance(exc, GoogleAuthError):  # its transport's: no network while refreshing
        return TryLater(f"Google's sign-in cannot be reached ({type(exc).__name__}).")
    if isinstance(exc, ValueError):  # an answer that is not the JSON it should be
        told = "Google's answer was cut short."
        return Uncertain(told) if writes else TryLater(told)
    raise exc


def not_refreshed(exc: Exception, grant: Grant, now: datetime, *, command: str) -> RecipflowError:
    """Why there is no new access token: the grant is gone, or Google is busy."""
    from google.auth.exceptions import ReauthFailError

    code, told = _oauth_error(exc)
    if isinstance(exc, ReauthFailError):
        return AuthNeeded(
            "Your organisation has Google ask for a new sign-in from time to time.", command=command
        )
    if getattr(exc, "retryable", False) or code in ("", "temporarily_unavailable", "server_error"):
        return TryLater("Google's sign-in is busy.")
    if code == "invalid_grant":
        reason = "Google no longer accepts the sign-in: it was revoked, or has expired."
        if grant.died_young(now):
            reason += (
                " It was about seven days old, and that is as old as one becomes while your client is in"
                " “Testing”: publish it in the Google console (Audience, Publish app), then sign in again."
            )
        return AuthNeeded(reason, command=command)
    if code in ("invalid_client", "deleted_client", "unauthorized_client"):
        return AuthNeeded("Google no longer knows your client: it was deleted or changed.", command=command)
    return AuthNeeded(f"Google refused the sign-in: {told or code}.", command=command)


def status(exc: BaseException) -> int:
    """The HTTP status Google refused with; 0 of any other error."""
    from googleapiclient.errors import HttpError

    return int(exc.resp.status) if isinstance(exc, HttpError) else 0


def _refused(exc: HttpError, *, writes: bool, command: str) -> RecipflowError:
    code, content = status(exc), _content(exc)
    reasons, message = set(_reasons(content)), str(content.get("message", ""))
    if writes and (code >= 500 or code == 408):
        return Uncertain(f"Google had a fault of its own ({code}).")
    if code >= 500 or code in (408, 429) or (code == 403 and reasons & _BUSY):
        return TryLater(f"Google asks for a pause ({code}).", after=_pause(exc.resp, message))
    if code == 401:
        return AuthNeeded("Google does not accept the sign-in any more.", command=command)
    if reasons & _SWITCHED_OFF:
        told = "The Gmail or the Calendar API is not switched on in your Google project: enable it there."
        return AuthNeeded(told, command=f"{command} --explain")
    if reasons & _SCOPE_MISSING:
        return AuthNeeded("Google was not allowed to show this: tick every box at sign-in.", command=command)
    if code == 403 or reasons & _BLOCKED:
        return AuthNeeded(f"Google refuses access: {message or code}", command=command)
    return UserError(f"Google refused a request ({code}): {message}")


def _content(exc: HttpError) -> Mapping[str, Any]:
    try:
        found = json.loads(exc.content).get("error", {})
    except (ValueError, AttributeError):
        return {}
    return found if isinstance(found, Mapping) else {}


def _reasons(content: Mapping[str, Any]) -> Iterator[str]:
    yield str(content.get("status", ""))
    for one in (*content.get("errors", ()), *content.get("details", ())):
        yield str(one.get("reason", ""))


def _pause(heads: Mapping[str, str], message: str) -> float | None:
    """Seconds to wait, as the header Retry-After or, at Gmail, the message says."""
    given = heads.get("retry-after", "")
    if given.isdecimal():
        return float(given)
    until = _UNTIL.search(message)
    try:
        moment = datetime.fromisoformat(until[1]) if until else parsedate_to_datetime(given)
    except (ValueError, TypeError):
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _oauth_error(exc: Exception) -> tuple[str, str]:
    """The error code and description of RFC 6749 that google-auth was given."""
    for one in exc.args[1:]:
        if isinstance(one, Mapping):
            # Unlike RFC 6749, Google's front end answers with a table when it is busy.
            code = one.get("error", "")
            return (code if isinstance(code, str) else ""), str(one.get("error_description", ""))
    return str(exc.args[0]).partition(":")[0] if exc.args else "", ""


def _never_sent(exc: Exception) -> bool:
    """Whether a request cannot have reached Google: no connection came about."""
    from requests.exceptions import ConnectionError as NoConnection
    from requests.exceptions import ConnectTimeout, ProxyError, SSLError
    from urllib3.exceptions import NewConnectionError

    if isinstance(exc, ConnectTimeout | ProxyError | SSLError):
        return True
    cause = getattr(exc.args[0], "reason", None) if isinstance(exc, NoConnection) and exc.args else None
    return isinstance(cause, NewConnectionError)
