"""What is answered, and how Google words that it will not answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, kw_only=True)
class Answer:
    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    html: str = ""

    def content(self) -> bytes:
        if self.html:
            return self.html.encode()
        return b"" if self.body is None else json.dumps(self.body, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request, once it has been found to be a method of Google's, from somebody who may call it."""

    path: Mapping[str, str]
    query: Mapping[str, list[str]]
    body: Any
    headers: Mapping[str, str]
    granted: frozenset[str]

    def one(self, name: str, default: str = "") -> str:
        return self.query.get(name, [default])[0]

    def flag(self, name: str) -> bool:
        return self.one(name) == "true"

    def number(self, name: str, default: int, most: int) -> int:
        return min(most, int(self.one(name) or default))


class Refused(Exception):
    """Google's answer when it will not."""

    def __init__(
        self, status: int, reason: str, message: str, *, domain: str = "global", after: int | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.reason, self.message, self.domain, self.after = (
            status,
            reason,
            message,
            domain,
            after,
        )

    @property
    def answer(self) -> Answer:
        told = {"domain": self.domain, "reason": self.reason, "message": self.message}
        body = {"error": {"code": self.status, "message": self.message, "errors": [told]}}
        headers = {} if self.after is None else {"Retry-After": str(self.after)}
        return Answer(status=self.status, body=body, headers=headers)


class Unsupported(Exception):
    """The real Google may well answer this; the fake does not know how."""
