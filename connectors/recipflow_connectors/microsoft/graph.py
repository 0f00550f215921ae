"""Microsoft Graph over HTTP for one mailbox: paced, signed in, and with failures told as what they ask of whom.

The standard variables for proxies and certificates (HTTPS_PROXY, NO_PROXY, REQUESTS_CA_BUNDLE) are honoured.
"""

from __future__ import annotations

import json
import logging
import weakref
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import quote, urlencode, urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from recipflow.errors import RecipflowError, TryLater, Uncertain
from recipflow_connectors.certificates import distrusted
from recipflow_connectors.microsoft.failures import CONNECT, failure
from recipflow_connectors.microsoft.pace import Pace

log = logging.getLogger(__name__)

BASE = "https://graph.microsoft.com/v1.0"
#: So many requests make a batch at most: https://learn.microsoft.com/graph/json-batching#batch-size-limitations
BATCH = 20
#: Seconds to connect, and between two pieces of an answer.
TIMEOUT = (10.0, 60.0)
#: An id stays when its message is moved: https://learn.microsoft.com/graph/outlook-immutable-id
IMMUTABLE = 'IdType="ImmutableId"'

Json = dict[str, Any]


class Bearer(Protocol):
    """Gives an access token; with `fresh` not one it had before. Raises AuthNeeded or TryLater."""

    def __call__(self, *, fresh: bool = False) -> str: ...


class Graph:
    """Requests to one mailbox. Every call may raise AuthNeeded, TryLater, CursorExpired or Gone."""

    def __init__(
        self,
        bearer: Bearer,
        *,
        base: str = BASE,
        pace: Pace | None = None,
        session: requests.Session | None = None,
        command: str = CONNECT,
        mailbox: str = "",
    ) -> None:
        """`mailbox` is the address of one that is shared; without it, it is that of whoever has signed in."""
        self._bearer = bearer
        self._owner = ("users", mailbox) if mailbox else ("me",)
        self._base = base.rstrip("/")
        self._server, self._root = _server(self._base), urlsplit(self._base).path
        self._pace = pace or Pace()
        self._session = session or requests.Session()
        weakref.finalize(self, self._session.close)
        self._command = command
        self._warned = False

    def url(self, *path: str, **query: str | int) -> str:
        """The address of a resource of "me", whose mailbox this is; `select` becomes `$select`, and so on, other names
        stay."""
        odata = {"select", "filter", "orderby", "top", "expand", "count"}
        named = {f"${name}" if name in odata else name: value for name, value in query.items()}
        tail = "?" + urlencode(named, quote_via=quote, safe="$,:'()=") if named else ""
        whole = (*self._owner, *path[1:]) if path[:1] == ("me",) else path
        return "/".join((self._base, *(quote(part, safe="=@") for part in whole))) + tail

    def ours(self, link: str) -> bool:
        """Whether a link leads to the server we were told of: nothing else is ever shown the token."""
        try:
            return _server(link) == self._server and urlsplit(link).path.startswith(f"{self._root}/")
        except ValueError:
            return False

    def get(self, url: str, *, prefer: Iterable[str] = ()) -> Json:
        return self._ask("GET", url, prefer=prefer)

    def post(self, url: str, body: Json, *, prefer: Iterable[str] = ()) -> Json:
        """Write something new. Raises Uncertain as well, and Conflict."""
        return self._ask("POST", url, body=json.dumps(body), prefer=prefer, writing=True)

    def post_text(self, url: str, text: str) -> Json:
        return self._ask("POST", url, body=text, kind="text/plain", writing=True)

    def patch(self, url: str, body: Json, *, etag: str, prefer: Iterable[str] = ()) -> Json:
        """Change what still has this etag. Raises Uncertain as well, and Changed."""
        return self._ask("PATCH", url, body=json.dumps(body), prefer=prefer, etag=etag, writing=True)

    def delete(self, url: str, *, etag: str) -> None:
        """Delete what still has this etag. Raises Uncertain as well, and Changed."""
        self._ask("DELETE", url, etag=etag, writing=True)

    def batch(self, urls: Sequence[str], *, prefer: Iterable[str] = ()) -> list[Json | RecipflowError]:
        """The answers to several GETs, in their order; what went wrong with one stands in its place."""
        found: list[Json | RecipflowError] = []
        for start in range(0, len(urls), BATCH):
            found += self._batch(urls[start : start + BATCH], ", ".join((IMMUTABLE, *prefer)))
        return found

    def _batch(self, urls: Sequence[str], prefer: str) -> list[Json | RecipflowError]:
        asked = [
            {
                "id": str(number),
                "method": "GET",
                "url": self._relative(url),
                "headers": {"Prefer": prefer},
            }
            for number, url in enumerate(urls)
        ]
        self._pace.take(len(urls) - 1)
        whole = self._ask("POST", f"{self._base}/$batch", body=json.dumps({"requests": asked}))
        given = {str(one.get("id")): one for one in listed(whole, "responses")}
        missing = TryLater("Microsoft Graph left a request of a batch unanswered")
        return [
            self._part(url, given[str(number)]) if str(number) in given else missing
            for number, url in enumerate(urls)
        ]

    def _part(self, url: str, answer: Json) -> Json | RecipflowError:
        status, body = answer.get("status"), answer.get("body")
        headers = {str(name): str(value) for name, value in (answer.get("headers") or {}).items()}
        if status == 200 and isinstance(body, dict):
            self._check_ids(url, headers)
            return body
        code = status if isinstance(status, int) else 500
        return failure(code, headers, body, writing=False, command=self._command)

    def _relative(self, url: str) -> str:
        if not self.ours(url):
            raise TryLater("a link leads to another server than Microsoft Graph's")
        return urlsplit(url)._replace(scheme="", netloc="").geturl().removeprefix(self._root)

    def _ask(
        self,
        method: str,
        url: str,
        *,
        prefer: Iterable[str] = (),
        body: str | None = None,
        kind: str = "application/json",
        etag: str = "",
        writing: bool = False,
    ) -> Json:
        self._relative(url)
        headers = {"Prefer": ", ".join((IMMUTABLE, *prefer)), "Accept": "application/json"}
        headers |= {"Content-Type": kind} if body is not None else {}
        headers |= {"If-Match": etag} if etag else {}
        answer = self._send(method, url, headers, body, writing=writing)
        if answer.status_code == 401:  # a token may die before its time
            answer = self._send(method, url, headers, body, writing=writing, fresh=True)
        if answer.status_code not in (200, 201, 202, 204):
            raise failure(
                answer.status_code,
                answer.headers,
                parsed(answer.content),
                writing=writing,
                command=self._command,
            )
        if method == "GET":
            self._check_ids(url, answer.headers)
        return self._whole(answer, writing=writing)

    def _send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: str | None,
        *,
        writing: bool,
        fresh: bool = False,
    ) -> requests.Response:
        token = self._bearer(fresh=fresh)
        self._pace.take()
        try:
            return self._session.request(
                method,
                url,
                headers={**headers, "Authorization": f"Bearer {token}"},
                data=body.encode() if body is not None else None,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException as fault:
            raise unreached(fault, writing=writing) from fault

    def _whole(self, answer: requests.Response, *, writing: bool) -> Json:
        if not answer.content:
            return {}
        found = parsed(answer.content)
        if isinstance(found, dict):
            return found
        cut = "an answer of Microsoft Graph was cut short"
        raise Uncertain(cut) if writing else TryLater(cut)

    def _check_ids(self, url: str, headers: Mapping[str, str]) -> None:
        if "/messages" not in url or self._warned:
            return
        applied = next((v for name, v in headers.items() if name.lower() == "preference-applied"), "")
        if "immutableid" not in applied.lower():
            self._warned = True
            log.warning("Microsoft Graph gives no immutable ids: a moved message may have to be found again")


def _server(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)


def listed(answer: Json, name: str = "value") -> list[Json]:
    """The objects of a collection."""
    found = answer.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None


def unreached(fault: requests.RequestException, *, writing: bool = False) -> RecipflowError:
    """What a request that got no whole answer means; a write may have been done, unless it never left."""
    if said := distrusted(fault):
        return TryLater(f"Microsoft: {said}")
    told = f"Microsoft cannot be reached: {type(fault).__name__}"
    return Uncertain(told) if writing and not _never_left(fault) else TryLater(told)


def _never_left(fault: requests.RequestException) -> bool:
    if isinstance(fault, requests.exceptions.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    reason = getattr(fault.args[0], "reason", None) if fault.args else None
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)
