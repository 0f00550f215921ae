"""Google's client library over one HTTP session: proxies, certificates and time limits in one place."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import finalize

from recipflow.connector import Secrets
from recipflow.errors import TryLater
from recipflow_connectors.google import auth, refusals
from recipflow_connectors.google.auth import Grant
from recipflow_connectors.google.pace import Pace

if TYPE_CHECKING:
    from httplib2 import Response
    from requests import Session

#: Seconds to connect, and between two pieces of an answer.
TIMEOUT = (15, 60)


class Refused(Exception):
    """Google refused, in a way the asker knows what to do about."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


class Api:
    """One of Google's interfaces, for one user. Nothing is loaded or asked before the first request."""

    def __init__(
        self,
        name: str,
        version: str,
        *,
        url: str,
        secrets: Secrets,
        scopes: Sequence[str],
        command: str,
        pace: Pace | None = None,
    ) -> None:
        self._name, self._version, self._url = name, version, url
        self._secrets, self._scopes, self._command = secrets, scopes, command
        self._pace = pace
        self._grant: Grant | None = None
        self._methods: dict[tuple[str, ...], Any] = {}
        self._once = Lock()

    def methods(self, *names: str) -> Any:
        """The methods below these names of the interface; AuthNeeded when a scope they need was not granted.

        They are kept: the client library makes them anew each time, which takes longer than some answers.
        """
        with self._once:
            if names not in self._methods:
                found = self._methods.get(()) or self._methods.setdefault((), self._built())
                for name in names:
                    found = getattr(found, name)()
                self._methods[names] = found
            return self._methods[names]

    def _built(self) -> Any:
        self._grant = auth.load(self._secrets, self._command)
        auth.require(self._grant, self._scopes, self._command)
        return built(self._name, self._version, self._url, Wire(auth.authorized(self._grant)))

    def revoke(self) -> None:
        """Give the grant back; one that is already worth nothing is as good as given back."""
        grant = auth.load(self._secrets, self._command)
        told = {"token": grant.refresh_token}
        try:
            with auth.plain() as session:
                answer = session.post(grant.address("revoke_uri"), data=told, timeout=TIMEOUT)
        except Exception as exc:
            raise refusals.translated(exc, grant, writes=False, command=self._command) from exc
        if answer.status_code >= 500:
            raise TryLater(f"Google had a fault of its own ({answer.status_code}).")

    def ask(self, request: Any, units: float = 0, *, writes: bool = False, known: Sequence[int] = ()) -> Any:
        """The answer to a request.

        Raises Refused when its status is one of those `known`, else AuthNeeded, TryLater or, where it `writes`,
        Uncertain.
        """
        if self._pace and units:
            self._pace.spend(units)
        try:
            return request.execute()
        except Exception as exc:
            if refusals.status(exc) in known:
                raise Refused(refusals.status(exc)) from exc
            grant = self._grant or auth.load(self._secrets, self._command)
            raise refusals.translated(exc, grant, writes=writes, command=self._command) from exc


class Wire:
    """A requests session in the shape of httplib2.Http, which the client library is written for.

    httplib2 knows neither REQUESTS_CA_BUNDLE nor a time limit for connecting, and takes an answer that was cut short
    for a whole one.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        finalize(self, session.close)

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: bytes | str | None = None,
        headers: dict[str, str] | None = None,
        **_: object,
    ) -> tuple[Response, bytes]:
        from httplib2 import Response

        answer = self._session.request(method, uri, data=body, headers=headers, timeout=TIMEOUT)
        heads = {name.lower(): value for name, value in answer.headers.items()}
        return Response(heads | {"status": str(answer.status_code)}), answer.content

    def close(self) -> None:
        self._session.close()


def built(name: str, version: str, url: str, wire: Wire) -> Any:
    """The client library's service, from the discovery document that comes with it."""
    from googleapiclient.discovery import build  # type: ignore[import-untyped]

    # What it warns of, is raised as well, and said where the user looks.
    logging.getLogger("googleapiclient.http").setLevel(logging.ERROR)
    options = {"api_endpoint": url} if url else None
    return build(
        name,
        version,
        http=wire,
        client_options=options,
        static_discovery=True,
        cache_discovery=False,
    )
