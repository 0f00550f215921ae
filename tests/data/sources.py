"""A fictional mailbox as it is written: people, threads with their labels and expectations, machines, meetings.

A thread file holds blocks (`%% id title`), messages (`@ date time sender > recipient`, options, text) and
expectations (`! date time +|- kind[/other] who [language] | why`; `+~` is likely, not clear). Times are
local to the mailbox's zone. `{{give help 2 *pue|words}}` labels an act; `>` lines are quoted inline, `|` lines forwarded.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import formataddr
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

MARK = re.compile(r"\{\{([^|{}]+)\|([^{}]*)\}\}")
OPTION = re.compile(r"(s|to|cc|att|client|re|q|fmt|lang|list|from):\s?(.*)$")
FLAGS = {"p": "personal", "u": "unexpected", "e": "effort", "b": "bundled", "d": "duty"}


@dataclass(frozen=True)
class Person:
    key: str
    name: str
    addresses: list[str]
    tz: str
    client: str
    relationship: str
    profile: str
    tags: list[str]
    signature: str
    who: str


@dataclass(frozen=True)
class Mailbox:
    """One fictional mailbox: where its sources lie, and what its bytes carry that the sources do not say."""

    directory: Path
    title: str
    zone: ZoneInfo
    domain: str  #: of the meetings' UIDs
    list_id: str

    @cached_property
    def people(self) -> dict[str, Person]:
        file = self._toml("people")
        me = file["me"]
        rows = {
            "me": [me["name"], me["addresses"], me["tz"], me["client"], "me", "business", [], me["sig"], ""]
        }
        return {key: Person(key, *row) for key, row in (rows | file["people"]).items()}

    @cached_property
    def machines(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self._toml("machines")["machine"]
        return rows

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self._toml("events")["event"]
        return rows

    def _toml(self, name: str) -> dict[str, Any]:
        return tomllib.loads((self.directory / f"{name}.toml").read_text("utf-8"))

    @property
    def me(self) -> Person:
        return self.people["me"]

    def address(self, key: str, index: int = 0) -> str:
        return key if "@" in key else self.people[key].addresses[index]

    def named(self, key: str, index: int = 0) -> str:
        return key if "@" in key else formataddr((self.people[key].name, self.address(key, index)))


@dataclass
class Message:
    box: Mailbox
    ref: str
    when: datetime
    sender: str
    recipient: str
    options: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    parent: Message | None = None
    subject: str = ""
    plain: str = ""
    inner: str = ""  #: the HTML that a reply would quote

    @property
    def text(self) -> str:
        """What the author wrote, labels taken off, with neither quotes nor forwarded lines."""
        new = [line for line in self.lines if not line.startswith((">", "|"))]
        return MARK.sub(lambda mark: mark[2], "\n".join(new)).strip()

    @property
    def acts(self) -> list[dict[str, Any]]:
        return [act_of(spec, quote) for spec, quote in MARK.findall("\n".join(self.lines))]


def act_of(spec: str, quote: str) -> dict[str, Any]:
    act: dict[str, Any] = {"act": spec.split()[0], "kind": None, "notable": False, "size_fu": None}
    for token in spec.split()[1:]:
        if token.startswith("@"):
            act["to"] = token[1:]
        elif re.fullmatch(r"\d+(\.\d+)?", token):
            act["size_fu"] = float(token)
        elif re.fullmatch(r"\*?[puebd]*", token):
            act["notable"] = token.startswith("*")
            act.update({FLAGS[flag]: True for flag in token.lstrip("*")})
        else:
            act["kind"] = token
    return act | {"quote": quote.strip()}


def threads(box: Mailbox) -> tuple[list[Message], list[str]]:
    """Every message, in the order of time, and the lines of expectations."""
    messages: dict[str, Message] = {}
    expectations: list[str] = []
    for file in sorted((box.directory / "threads").glob("*.txt")):
        blocks = file.read_text(encoding="utf-8").split("%% ")[1:]
        for block in blocks:
            for message in _block(box, block, messages, expectations):
                messages[message.ref] = message
    return sorted(messages.values(), key=lambda one: one.when), expectations


def _block(box: Mailbox, block: str, known: dict[str, Message], expectations: list[str]) -> Iterator[Message]:
    name, *lines = block.split("\n")
    key, made = name.split()[0], list[Message]()
    for line in lines:
        if line.startswith("! "):
            expectations.append(line[2:])
        elif head := re.match(r"@ (\S+ \S+) (\S+) > (\S+)$", line):
            when = datetime.fromisoformat(head[1]).replace(tzinfo=box.zone)
            made.append(Message(box, f"{key}.{len(made) + 1}", when, head[2], head[3]))
        elif made and not made[-1].lines and (option := OPTION.match(line)):
            made[-1].options[option[1]] = option[2].strip()
        elif made:
            made[-1].lines.append(line)
    for message, previous in zip(made, [None, *made], strict=False):
        _place(message, previous, known | {one.ref: one for one in made})
    yield from made


def _place(message: Message, previous: Message | None, known: dict[str, Message]) -> None:
    """Find which message this one answers, and its subject."""
    answers = message.options.get("re")
    if answers and answers != "none":
        message.parent = known[answers]
    elif answers is None and "s" not in message.options:
        message.parent = previous
    base = message.parent.subject if message.parent else ""
    message.subject = message.options.get("s") or "Re: " + re.sub(r"^(Re|RE|AW): ", "", base)
