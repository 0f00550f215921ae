"""What a request asks for: query options, preferences, filters; and an object cut down to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

Json = dict[str, Any]

_CLAUSE = re.compile(r"receivedDateTime (ge|gt|le|lt) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)")
_PREFERENCE = re.compile(
    r'(IdType="ImmutableId"|odata\.maxpagesize=\d+|outlook\.[\w-]+="[^"]*")', re.IGNORECASE
)
_EXPANDED = re.compile(r"(\w+)(?:\(((?:[^()]|\([^()]*\))*)\))?")
_PROPERTY_ID = re.compile(r"id eq '([^']+)'")


class Refused(Exception):
    """An answer other than success."""

    def __init__(self, status: int, code: str, **headers: str) -> None:
        super().__init__(code)
        self.status, self.code, self.headers = status, code, headers


@dataclass(slots=True)
class Asked:
    """A request to a resource."""

    method: str
    path: list[str]
    query: dict[str, str]
    headers: dict[str, str]  #: names in lower case
    body: bytes = b""
    scopes: frozenset[str] = frozenset()
    applied: list[str] = field(default_factory=list)

    @property
    def select(self) -> set[str]:
        return {one.strip() for one in self.query.get("$select", "").split(",") if one.strip()}

    @property
    def preferences(self) -> list[str]:
        return [found[1] for found in _PREFERENCE.finditer(self.headers.get("prefer", ""))]

    def preferred(self, name: str) -> str:
        """The value of a preference, which then counts as applied."""
        for one in self.preferences:
            key, _, value = one.partition("=")
            if key.lower() == name.lower():
                if one not in self.applied:
                    self.applied.append(one)
                return value.strip('"')
        return ""

    def need(self, *scopes: str) -> None:
        """403 unless one of the permissions was given (rule `scopes`)."""
        if not self.scopes & set(scopes):
            raise Refused(403, "ErrorAccessDenied")


class Bounds(NamedTuple):
    """From and until when messages were received, as text; "" for no bound."""

    low: str = ""
    high: str = ""
    low_included: bool = True
    high_included: bool = True

    def hold(self, received: str) -> bool:
        low = not self.low or received > self.low or (self.low_included and received == self.low)
        high = not self.high or received < self.high or (self.high_included and received == self.high)
        return low and high


def bounds(text: str, *, delta: bool = False) -> Bounds:
    """What a filter on receivedDateTime asks for; of a delta query only a lower bound (rule `delta-filter`)."""
    found = Bounds()
    for clause in text.split(" and ") if text else ():
        read = _CLAUSE.fullmatch(clause.strip())
        if not read or (delta and (read[1] not in ("ge", "gt") or found.low)):
            raise Refused(400, "ErrorInvalidUrlQueryFilter")
        if read[1] in ("ge", "gt"):
            found = found._replace(low=read[2], low_included=read[1] == "ge")
        else:
            found = found._replace(high=read[2], high_included=read[1] == "le")
    return found


def query(text: str) -> dict[str, str]:
    return dict(parse_qsl(text, keep_blank_values=True))


def expanded(text: str) -> dict[str, str]:
    """`attachments($select=name),…` as names with what stands in their brackets."""
    return {found[1]: found[2] or "" for found in _EXPANDED.finditer(text)} if text else {}


def cut(whole: Json, asked: Asked, *, navigation: frozenset[str], only_selected: frozenset[str]) -> Json:
    """The object with what was selected and expanded of it."""
    wanted, opened = asked.select, expanded(asked.query.get("$expand", ""))
    kept = {
        name: value
        for name, value in whole.items()
        if name not in navigation
        and (name in ("id", "@odata.type") or (name in wanted if wanted else name not in only_selected))
    }
    kept["@odata.etag"] = f'W/"{whole.get("changeKey", "")}"'
    for name, options in opened.items():
        if name not in navigation:
            raise Refused(400, "RequestBroker--ParseUri")
        kept[name] = [
            _inner(one, name, options) for one in whole.get(name, ()) if _matches(one, name, options)
        ]
    return kept


def _inner(one: Json, name: str, options: str) -> Json:
    if name != "attachments" or "$select=" not in options:
        return one
    wanted = set(options.partition("$select=")[2].split(","))
    return {key: value for key, value in one.items() if key in wanted or key in ("id", "@odata.type")}


def _matches(one: Json, name: str, options: str) -> bool:
    """Rule `extended-properties`."""
    return name != "singleValueExtendedProperties" or one["id"] in _PROPERTY_ID.findall(options)
