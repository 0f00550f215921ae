"""Where an iCalendar comes from: an address on the web, or a file; each says whether it changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from recipflow.errors import AuthNeeded, TryLater, UserError
from recipflow_connectors.certificates import distrusted

if TYPE_CHECKING:
    import requests

MAX_BYTES = 100_000_000
"""More than any calendar of one person's; a server that goes on sending does not fill the memory."""
CONNECT = "recipflow connect ics"
_CHUNK = 65_536
_BUSY = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A calendar as it is now."""

    content: bytes
    tag: str  #: opaque; tells this version from later ones, "" where the source cannot tell


class Source(Protocol):
    """Where a calendar is read from."""

    def fetch(self, tag: str) -> Fetched | None:
        """The calendar, or None when it is still the version of that tag."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that another program keeps up to date."""

    path: str

    def fetch(self, tag: str) -> Fetched | None:
        """Changed when its size or its time has."""
        path = Path(self.path).expanduser()
        try:
            status = path.stat()
            now = f"{status.st_size} {status.st_mtime_ns}"
            content = b"" if now == tag else path.read_bytes()
        except OSError as fault:
            raise UserError(f"{path.name}: cannot be read: {fault.strerror}") from fault
        if now == tag:
            return None
        if b"BEGIN:VCALENDAR" not in content.upper():
            raise UserError(f"{path.name}: is no calendar in iCal format.")
        return Fetched(content=content, tag=now)


@dataclass(frozen=True, slots=True)
class Address:
    """An address on the web; a secret, so neither its errors nor its repr show it."""

    url: str
    timeout: float

    def __repr__(self) -> str:
        return "Address(…)"

    def fetch(self, tag: str) -> Fetched | None:
        """Asked with the ETag and date of last time. AuthNeeded when the address is no more, TryLater when it may be
        again."""
        import requests

        try:
            with requests.get(
                web(self.url), headers=_conditions(tag), timeout=self.timeout, stream=True
            ) as answer:
                _check(answer)
                return None if answer.status_code == 304 else _fetched(answer)
        except requests.RequestException as fault:
            told = distrusted(fault)
            raise TryLater(
                f"the calendar's server: {told}"
                if told
                else f"the calendar could not be reached ({type(fault).__name__})"
            ) from None


def web(url: str) -> str:
    """As it is fetched: `webcal:` is https (the scheme is Apple's, and registered as such)."""
    scheme, _, rest = url.strip().partition("://")
    return f"https://{rest}" if scheme.lower() in ("webcal", "webcals") else url.strip()


def _conditions(tag: str) -> Mapping[str, str]:
    known: Mapping[str, str] = json.loads(tag) if tag else {}
    return {"Accept": "text/calendar, */*;q=0.1", **known}


def _check(answer: requests.Response) -> None:
    status = answer.status_code
    if status in _BUSY or status >= 500:
        raise TryLater(f"the calendar's server is busy ({status})", after=_after(answer))
    if status != 304 and not 200 <= status < 300:
        raise AuthNeeded(f"The calendar's address is good no more (it says {status}).", command=CONNECT)


def _after(answer: requests.Response) -> float | None:
    given = answer.headers.get("Retry-After", "")
    return float(given) if given.isdecimal() else None


def _fetched(answer: requests.Response) -> Fetched:
    content = bytearray()
    for chunk in answer.iter_content(_CHUNK):
        content += chunk
        if len(content) > MAX_BYTES:
            raise UserError("The calendar is larger than 100 MB: it is not read.")
    expected = answer.headers.get("Content-Length", "")
    if expected.isdecimal() and "Content-Encoding" not in answer.headers and len(content) < int(expected):
        raise TryLater("the calendar broke off in the middle")
    _check_complete(bytes(content))
    known = {
        sent: answer.headers[given]
        for given, sent in (("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since"))
        if given in answer.headers
    }
    return Fetched(content=bytes(content), tag=json.dumps(known, sort_keys=True) if known else "")


def _check_complete(content: bytes) -> None:
    """What looks like the start of a calendar but has no end was cut off; what looks like none is a page to sign in."""
    capital = content.upper()
    if b"BEGIN:VCALENDAR" not in capital:
        raise AuthNeeded("The address gives no calendar: is it the one in iCal format?", command=CONNECT)
    if b"END:VCALENDAR" not in capital[-1_000:]:
        raise TryLater("the calendar broke off in the middle")
