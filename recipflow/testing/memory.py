"""A mailbox and a calendar in memory that couriers deliver to, and that fail as real ones do: for tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from recipflow.connector import Busy, Letter, Reminder, Written
from recipflow.errors import CannotLook, Changed, TryLater, Uncertain


class Fault(Enum):
    """What goes wrong in one call."""

    NONE = auto()
    BUSY = auto()  #: the provider says: later
    LOST_BEFORE = auto()  #: the connection drops before the provider did it
    LOST_AFTER = auto()  #: the provider did it, and its answer is lost
    KILLED_BEFORE = auto()  #: the process dies before the provider did it
    KILLED_AFTER = auto()


class Killed(BaseException):
    """The process is no more: nothing may catch this."""


NEVER: Callable[[str], Fault] = lambda _: Fault.NONE  # noqa: E731
"""Nothing goes wrong; a `faults` function gets the call's name, and says what does."""


def attempted(fault: Fault, do: Callable[[], None]) -> None:
    """Do it on the provider's side, with what goes wrong on the way."""
    if fault is Fault.BUSY:
        raise TryLater("busy")
    if fault is Fault.LOST_BEFORE:
        raise Uncertain("the connection was lost")
    if fault is Fault.KILLED_BEFORE:
        raise Killed
    do()
    if fault is Fault.LOST_AFTER:
        raise Uncertain("the connection was lost")
    if fault is Fault.KILLED_AFTER:
        raise Killed


@dataclass
class MemoryMailbox:
    """The provider's side: what was sent, and since when it is to be seen."""

    letters: list[tuple[datetime, Letter]] = field(default_factory=list)

    def tokens(self) -> list[str]:
        return [letter.token for _, letter in self.letters]


class MemoryMail:
    """A `MailCourier` to a mailbox in memory. Sent mail is to be seen there after `lag`."""

    def __init__(
        self,
        mailbox: MemoryMailbox,
        clock: Callable[[], datetime],
        *,
        faults: Callable[[str], Fault] = NEVER,
        lag: timedelta = timedelta(0),
        blind: bool = False,
    ) -> None:
        self._mailbox, self._clock, self._faults = mailbox, clock, faults
        self._lag, self._blind = lag, blind

    def send(self, letter: Letter) -> str:
        attempted(self._faults("send"), lambda: self._mailbox.letters.append((self._clock(), letter)))
        return f"m{len(self._mailbox.letters)}"

    def sent(self, token: str, *, since: datetime) -> str | None:
        if self._blind:
            raise CannotLook("nothing can be read here")
        attempted(self._faults("sent"), lambda: None)
        for number, (at, letter) in enumerate(self._mailbox.letters, 1):
            if letter.token == token and at >= since and self._clock() >= at + self._lag:
                return f"m{number}"
        return None


@dataclass
class MemoryEvents:
    """The provider's side of a calendar: events by id; `buried` ids were deleted, and are refused for ever."""

    events: dict[str, Written] = field(default_factory=dict)
    buried: set[str] = field(default_factory=set)
    busy: list[Busy] = field(default_factory=list)
    foreign: dict[str, str] = field(default_factory=dict)  #: what is not ours, by id
    version: int = 0

    def put(self, reminder: Reminder) -> Written:
        self.version += 1
        self.events[reminder.id] = Written(
            reminder.id, reminder.starts, reminder.ends, reminder.title, reminder.note, f"v{self.version}"
        )
        return self.events[reminder.id]

    def drag(self, id_: str, starts: datetime) -> None:
        """The user moves an event."""
        one = self.events[id_]
        self.version += 1
        self.events[id_] = one._replace(
            starts=starts, ends=starts + (one.ends - one.starts), etag=f"v{self.version}"
        )

    def edit(self, id_: str, title: str) -> None:
        """The user calls it something else."""
        self.version += 1
        self.events[id_] = self.events[id_]._replace(title=title, etag=f"v{self.version}")

    def delete(self, id_: str) -> None:
        """The user, or we, delete an event; its id is never free again."""
        del self.events[id_]
        self.buried.add(id_)


class MemoryCalendar:
    """A `CalendarCourier` to a calendar in memory."""

    def __init__(self, calendar: MemoryEvents, *, faults: Callable[[str], Fault] = NEVER) -> None:
        self._calendar, self._faults = calendar, faults
        self.calls: list[str] = []

    def write(self, reminder: Reminder, *, etag: str | None) -> Written:
        self.calls.append("write")
        fault, there = self._faults("write"), self._calendar.events.get(reminder.id)
        if fault not in (Fault.BUSY, Fault.LOST_BEFORE, Fault.KILLED_BEFORE):
            self._refuse(reminder.id, there, etag)
        attempted(fault, lambda: replace_event(self._calendar, reminder))
        return self._calendar.events[reminder.id]

    def written(self) -> Sequence[Written]:
        self.calls.append("written")
        attempted(self._faults("written"), lambda: None)
        return list(self._calendar.events.values())

    def remove(self, reminder: str, *, etag: str | None) -> None:
        self.calls.append("remove")
        fault, there = self._faults("remove"), self._calendar.events.get(reminder)
        if there is None:
            attempted(fault, lambda: None)
            return
        if etag is not None and there.etag != etag:
            raise Changed(reminder)
        attempted(fault, lambda: self._calendar.delete(reminder))

    def busy(self, since: datetime, until: datetime) -> Sequence[Busy]:
        attempted(self._faults("busy"), lambda: None)
        return [one for one in self._calendar.busy if one.starts < until and one.ends > since]

    def _refuse(self, id_: str, there: Written | None, etag: str | None) -> None:
        if id_ in self._calendar.buried or (there.etag if there else None) != etag:
            raise Changed(id_)


def replace_event(calendar: MemoryEvents, reminder: Reminder) -> None:
    """Whole seconds, as calendars keep them."""
    whole = {name: getattr(reminder, name).replace(microsecond=0) for name in ("starts", "ends")}
    calendar.put(replace(reminder, **whole))
