"""Access tokens for Graph out of what signing in left in the vault, renewed with msal when they run out."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any

from recipflow.connector import Secrets
from recipflow.errors import AuthNeeded, TryLater
from recipflow_connectors.certificates import distrusted
from recipflow_connectors.microsoft.failures import CONNECT
from recipflow_connectors.microsoft.refusals import refused

if TYPE_CHECKING:
    import msal

LOGIN = "https://login.microsoftonline.com"
#: Under this name msal's token cache lies in the vault.
CACHE = "msal"
#: Seconds before its end from which a token is no longer used.
MARGIN = 120.0
#: Seconds to connect, and between two pieces of an answer.
TIMEOUT = (10.0, 30.0)

#: https://learn.microsoft.com/graph/permissions-reference
READ_MAIL, READ_SHARED_MAIL, SEND_MAIL = "Mail.Read", "Mail.Read.Shared", "Mail.Send"
READ_CALENDARS, WRITE_CALENDARS = "Calendars.Read", "Calendars.ReadWrite"
#: Who may do more may do less.
_INCLUDES = {
    "Calendars.Read": ("Calendars.ReadWrite",),
    "Mail.Read": ("Mail.ReadWrite",),
    "Mail.Read.Shared": ("Mail.ReadWrite.Shared",),
}


def authority(tenant: str, login: str = LOGIN) -> str:
    return f"{login.rstrip('/')}/{tenant or 'common'}"


def application(client_id: str, at: str, cache: msal.TokenCache) -> msal.PublicClientApplication:
    """msal for a public client: no secret. Raises AuthNeeded for an unknown tenant, TryLater without a network."""
    import msal
    import requests

    session = requests.Session()
    session.request = partial(session.request, timeout=TIMEOUT)  # type: ignore[method-assign]
    try:
        app = msal.PublicClientApplication(
            client_id,
            authority=at,
            token_cache=cache,
            http_client=session,
            # Only Microsoft's own hosts can be looked up there.
            instance_discovery=None if at.startswith(LOGIN + "/") else False,
        )
    except requests.RequestException as fault:
        raise _unreached(fault) from fault
    except ValueError as fault:
        if "invalid_tenant" in str(fault) or "AADSTS90002" in str(fault):
            raise refused({"error": "invalid_tenant", "error_codes": ["90002"]}, command=CONNECT) from fault
        raise TryLater("Microsoft's sign-in does not say where to sign in") from fault
    weakref.finalize(app, session.close)
    return app


class Tokens:
    """The token for some scopes of one vault. What msal keeps is written back only when it has changed."""

    def __init__(
        self,
        secrets: Secrets,
        scopes: Iterable[str],
        *,
        client_id: str,
        authority: str,
        command: str = CONNECT,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._secrets = secrets
        self._scopes = tuple(scopes)
        self._client_id, self._authority = client_id, authority
        self._command, self._clock = command, clock
        self._lock = Lock()
        self._token, self._until = "", 0.0
        self._app: tuple[str, msal.PublicClientApplication, msal.SerializableTokenCache] | None = None

    def __call__(self, *, fresh: bool = False) -> str:
        """A token that is good for some minutes; with `fresh` a new one. Raises AuthNeeded or TryLater."""
        with self._lock:
            if fresh or self._clock() >= self._until - MARGIN:
                self._renew(fresh=fresh)
            return self._token

    def _renew(self, *, fresh: bool) -> None:
        import requests

        app, cache = self._opened()
        accounts = app.get_accounts()
        if not accounts:
            raise AuthNeeded("nobody is signed in at Microsoft", command=self._command)
        try:
            answer = app.acquire_token_silent_with_error(
                list(self._scopes), account=accounts[0], force_refresh=fresh
            )
        except requests.RequestException as fault:
            raise _unreached(fault) from fault
        except ValueError as fault:  # an answer that is no JSON
            raise TryLater("Microsoft's sign-in gave an answer that was cut short") from fault
        finally:
            self._keep(cache)
        if not answer or "access_token" not in answer:
            raise refused(answer or {"error": "interaction_required"}, command=self._command)
        verify(answer, self._scopes, command=self._command)
        self._token = str(answer["access_token"])
        self._until = self._clock() + float(answer.get("expires_in") or 0)

    def _opened(self) -> tuple[msal.PublicClientApplication, msal.SerializableTokenCache]:
        """msal with what the vault holds now: another account that shares it may have renewed it."""
        import msal

        kept = self._secrets.get(CACHE) or ""
        if self._app is None or self._app[0] != kept:
            cache = msal.SerializableTokenCache()
            try:
                cache.deserialize(kept)
            except ValueError:
                raise AuthNeeded(
                    "what was kept of the sign-in cannot be read", command=self._command
                ) from None
            self._app = kept, application(self._client_id, self._authority, cache), cache
        return self._app[1:]

    def _keep(self, cache: msal.SerializableTokenCache) -> None:
        if cache.has_state_changed and self._app is not None:
            kept = cache.serialize()
            self._secrets.put(CACHE, kept)
            self._app = kept, *self._app[1:]


def verify(answer: Mapping[str, Any], scopes: Iterable[str], *, command: str) -> None:
    """AuthNeeded when less was granted than was asked for: consent can be given in part."""
    if "scope" not in answer:  # out of msal's cache, where it lies under the scopes that were granted
        return
    granted = {one.rpartition("/")[2].lower() for one in str(answer["scope"]).split()}  # named by their cloud
    missing = [
        scope for scope in scopes if not granted & {one.lower() for one in (scope, *_INCLUDES.get(scope, ()))}
    ]
    if missing:
        raise AuthNeeded(f"Microsoft was not allowed to give: {', '.join(missing)}", command=command)


def _unreached(fault: Exception) -> TryLater:
    said = distrusted(fault) or f"cannot be reached ({type(fault).__name__})"
    return TryLater(f"Microsoft's sign-in: {said}")
