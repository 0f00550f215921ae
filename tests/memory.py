"""A mailbox in memory that delivers heads first, as live accounts do, with whatever may go wrong on demand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from recipflow.connector import Page, SetAside
from recipflow.model import Message

PER_PAGE = 3


@dataclass
class Mailbox:
    """The cursor is how many messages were delivered; each message's ref is its id with "ref:" before it."""

    messages: list[Message] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)  #: ids that are there no more once they are fetched
    unreadable: set[str] = field(default_factory=set)
    fetched: list[str] = field(
        default_factory=list
    )  #: ids, in the order in which their bodies were asked for
    faults: list[Exception] = field(default_factory=list)  #: raised by the next calls, one each
    calls_left: int | None = None  #: then whoever uses it is killed
    hidden: set[str] = field(default_factory=set)  #: ids that pulling passes over: a provider's bug

    def pull(self, cursor: str | None, *, now: datetime) -> Page:
        self._fail()
        start = int(cursor or 0)
        end = min(start + PER_PAGE, len(self.messages))
        page = [head(one) for one in self.messages[start:end] if one.id not in self.hidden]
        return Page(interactions=tuple(page), cursor=str(end), more=end < len(self.messages))

    def fetch(self, refs: Sequence[str]) -> Iterator[Message | SetAside]:
        self._fail()
        for one in self.messages:
            if f"ref:{one.id}" in refs:
                self.fetched.append(one.id)
                if one.id in self.unreadable:
                    yield SetAside(one.id, "no date")
                elif one.id not in self.gone:
                    yield replace(one, ref=f"ref:{one.id}", partial=False)

    def present(self, since: datetime, *, now: datetime) -> Iterable[str]:
        self._fail()
        return [f"ref:{one.id}" for one in self.messages if since <= one.at <= now]

    def _fail(self) -> None:
        if self.calls_left == 0:
            raise KeyboardInterrupt
        if self.calls_left is not None:
            self.calls_left -= 1
        if self.faults:
            raise self.faults.pop(0)


def head(message: Message) -> Message:
    """What of a message comes first."""
    return replace(message, ref=f"ref:{message.id}", partial=True, body="", text="", attachments=())
