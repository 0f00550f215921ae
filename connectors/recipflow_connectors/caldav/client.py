"""What of CalDAV is needed, in few calls.

RFC 4791 (calendars), RFC 6578 (sync-collection), RFC 9110 (If-Match). Discovery, sign-in and the wire are the library's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from shlex import quote
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from recipflow.errors import CursorExpired
from recipflow_connectors.caldav.failures import CONNECT, checked, is_refusal, told, writing

if TYPE_CHECKING:
    from caldav.davclient import DAVClient

_FAKE = "fake-"  # the library's token where a server has no sync-collection
#: A dead token is answered with 403 (RFC 6578, 3.2; Radicale), 409, 410, or 412 (Xandikos).
_DEAD = (403, 409, 410, 412)


class Shelf(NamedTuple):
    """One calendar of the account."""

    url: str
    name: str


class Sheet(NamedTuple):
    """One event, with all its exceptions, as it lies on a shelf."""

    href: str
    data: str
    etag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What has happened on a shelf since a token."""

    hrefs: tuple[str, ...]  #: there now: new, changed, or with `whole` all there are
    removed: tuple[str, ...]
    token: str
    whole: bool


class Client:
    """One server, as one user. Nothing is asked before it has to be."""

    def __init__(self, url: str, user: str, password: str, timeout: float = 30.0) -> None:
        self._where = url, user, password, timeout
        self.again = f"{CONNECT} {quote(url)} --user {quote(user)}"  #: what to type when it no longer lets in
        self._open: DAVClient | None = None

    @property
    def _dav(self) -> Any:
        if self._open is None:
            from caldav.davclient import DAVClient

            url, user, password, timeout = self._where
            discover = "://" not in url
            with told(self.again):
                self._open = DAVClient(
                    url, username=user, password=password, timeout=int(timeout), enable_rfc6764=discover
                )
        return self._open

    @contextmanager
    def connected(self) -> Iterator[None]:
        """Connections opened within are closed at its end."""
        try:
            yield
        finally:
            if self._open is not None:
                self._open.close()
                self._open = None

    def home(self) -> str:
        """Where the server was found."""
        with told(self.again):
            return str(self._dav.url)

    def shelves(self) -> list[Shelf]:
        """The user's calendars of events, by address."""
        with told(self.again):
            found = [one for one in self._dav.principal().get_calendars() if _for_events(one)]
            return sorted(Shelf(str(one.url), _name(one)) for one in found)

    def changes(self, shelf: str, token: str | None) -> Changes:
        """What has changed since; None: everything. CursorExpired when the server does not know the token any more."""
        from caldav.lib.error import DAVError

        calendar = self._dav.calendar(url=shelf)
        with told(self.again):
            try:
                found = calendar.get_objects_by_sync_token(token, load_objects=False, disable_fallback=True)
            except DAVError as fault:
                if token and fault.status in _DEAD:
                    raise CursorExpired(
                        "the calendar server does not know its sync token any more"
                    ) from fault
                if token or is_refusal(fault):
                    raise
                found = calendar.get_objects_by_sync_token(None, load_objects=False)
        removed = {_path(url) for url in found.deleted_urls or ()}
        hrefs = sorted({_path(one.url) for one in found} - removed)
        next_token = str(found.sync_token or "")
        same = next_token.startswith(_FAKE) and next_token == token
        return Changes(
            hrefs=tuple(hrefs),
            removed=tuple(sorted(removed)),
            token=next_token,
            whole=token is None or (next_token.startswith(_FAKE) and not same),
        )

    def sheets(self, shelf: str, hrefs: Sequence[str]) -> list[Sheet]:
        """These events as they are now; those that are gone are left out."""
        if not hrefs:
            return []
        from caldav.elements import dav

        calendar = self._dav.calendar(url=shelf)
        asked = {unquote(href): href for href in hrefs}  # servers differ in what they escape
        with told(self.again):
            found = calendar.multiget([calendar.url.join(href) for href in hrefs])
            return [
                Sheet(asked[place], str(one.data), str((one.props or {}).get(dav.GetEtag.tag) or ""))
                for one in found
                if one.data and (place := unquote(_path(one.url))) in asked
            ]

    def between(self, shelf: str, since: Any, until: Any) -> Iterator[Any]:
        """The components of the events between two instants, each instance for itself."""
        with told(self.again):
            found = self._dav.calendar(url=shelf).search(start=since, end=until, event=True, expand=True)
            yield from (component for one in found for component in one.icalendar_instance.walk("VEVENT"))

    def make(self, name: str) -> str:
        """A calendar of that name; its address."""
        with writing(self.again):
            made = self._dav.principal().make_calendar(
                name=name, cal_id=name, supported_calendar_component_set=["VEVENT"]
            )
            return str(made.url)

    def unmake(self, shelf: str) -> bool:
        """Remove a calendar with all that is in it; False where the server lets nobody remove one."""
        with writing(self.again):
            answer = self._dav.delete(shelf)
        if answer.status in (HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED):
            return False
        if answer.status not in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
            checked(answer.status)
        return True

    def put(self, shelf: str, href: str, ics: str, etag: str | None) -> str:
        """Create an event, or replace the one that has this etag; gives the new one, "" if the server does not.

        Raises Changed when it is there already, or has another etag.
        """
        condition = {"If-None-Match": "*"} if etag is None else {"If-Match": etag}
        headers = {"Content-Type": "text/calendar; charset=utf-8", **condition}
        with writing(self.again):
            answer = self._dav.put(urljoin(shelf, href), ics, headers)
        checked(answer.status)
        return str(answer.headers.get("ETag") or "")

    def delete(self, shelf: str, href: str, etag: str | None) -> None:
        """Remove an event, whatever its etag if None; one that is gone already is removed."""
        from caldav.lib.error import NotFoundError

        with writing(self.again):
            try:
                answer = self._dav.delete(urljoin(shelf, href), {"If-Match": etag} if etag else {})
            except NotFoundError:
                return
        if answer.status not in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
            checked(answer.status)


def _for_events(calendar: Any) -> bool:
    """Not a list of tasks, nor an inbox of invitations. One that does not say what it holds, holds events."""
    supported: Iterable[str] = calendar.get_supported_components() or ("VEVENT",)
    return "VEVENT" in supported


def _name(calendar: Any) -> str:
    return " ".join(str(calendar.get_display_name() or "").split())[:200]


def _path(url: Any) -> str:
    """Within the server."""
    return str(getattr(url, "path", "")) or urlsplit(str(url)).path
