"""A computer with recipflow on it, an account in memory, and a clock that runs as fast as one likes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Self

from recipflow import config
from recipflow.connector import Busy, Letter, Page, Reminder, Written, pulling
from recipflow.daemon.engine import Engine
from recipflow.errors import RecipflowError
from recipflow.home import Home, find
from recipflow.model import Form, Interaction, Meeting, Message, Party
from recipflow.session import Session
from recipflow.settings import AccountTable
from recipflow.testing.memory import (
    NEVER,
    Fault,
    Killed,
    MemoryCalendar,
    MemoryEvents,
    MemoryMail,
    MemoryMailbox,
    attempted,
)
from tests.worlds import Posted, World, keys_in, posted

PAGE = 100
BOX = {"name": "box", "connector": "memory"}
CALLS = ("pull", "fetch", "send", "sent", "write", "written", "remove", "busy")
"""What is asked of an account, and may fail."""


@dataclass
class Provider:
    """The provider's side: what came and when, what the user's letters to themselves look like, the calendar."""

    items: list[tuple[datetime, Interaction]] = field(default_factory=list)
    mailbox: MemoryMailbox = field(default_factory=MemoryMailbox)
    events: MemoryEvents = field(default_factory=MemoryEvents)
    settings: Mapping[str, Any] = field(default_factory=lambda: {"digest.via": "box", "accounts": [BOX]})
    reads: Sequence[str] = ("box",)

    def arrived(self, now: datetime) -> list[Interaction]:
        """All there is by now, in the order in which it came."""
        sent = [(at, as_message(letter, at)) for at, letter in self.mailbox.letters]
        return [one for at, one in sorted([*self.items, *sent], key=lambda pair: pair[0]) if at <= now]

    def sign_in(self, home: Home) -> None:
        """Nobody asks who it is."""

    def arrive(self, now: datetime) -> None:
        """`arrived` is told when it is."""

    def posted(self) -> list[Posted]:
        """As the stand-ins tell it."""
        return [one for at, letter in self.mailbox.letters for one in posted(at, letter.subject, letter.text)]

    def put_up(self) -> list[str]:
        return [key for event in self.events.events.values() for key in keys_in(event.note)]


class MemoryAccount:
    """Mail, meetings and couriers of one account."""

    def __init__(
        self, provider: Provider, clock: Callable[[], datetime], faults: Callable[[str], Fault]
    ) -> None:
        self._provider, self._clock, self._faults = provider, clock, faults
        self._mail = MemoryMail(provider.mailbox, clock, faults=faults)
        self._calendar = MemoryCalendar(provider.events, faults=faults)

    def pull(self, cursor: str | None, *, now: datetime) -> Page:
        attempted(self._faults("pull"), lambda: None)
        there, start = self._provider.arrived(now), int(cursor or 0)
        page = tuple(there[start : start + PAGE])
        return Page(interactions=page, cursor=str(start + len(page)), more=start + len(page) < len(there))

    def send(self, letter: Letter) -> str:
        return self._mail.send(letter)

    def sent(self, token: str, *, since: datetime) -> str | None:
        return self._mail.sent(token, since=since)

    def write(self, reminder: Reminder, *, etag: str | None) -> Written:
        return self._calendar.write(reminder, etag=etag)

    def written(self) -> Sequence[Written]:
        return self._calendar.written()

    def remove(self, reminder: str, *, etag: str | None) -> None:
        self._calendar.remove(reminder, etag=etag)

    def busy(self, since: datetime, until: datetime) -> Sequence[Busy]:
        return self._calendar.busy(since, until)


class Computer:
    """Runs the engine's jobs as the daemon would; `faults` may let calls fail, and the process die at any of them."""

    def __init__(
        self,
        root: Path,
        provider: Provider,
        start: datetime,
        settings: Mapping[str, Any],
        *,
        faults: Callable[[str], Fault] = NEVER,
        keep_open: bool = False,
        world: World | None = None,
    ) -> None:
        self.home: Home = find({"RECIPFLOW_HOME": str(root)})
        self.provider, self.now, self.faults = provider, start, faults
        self.world: World = world or provider
        self.deaths = 0
        self.shown: list[str] = []
        config.create(self.home.config, {**self.world.settings, **settings})
        self.world.sign_in(self.home)
        self._kept = _Kept(self) if keep_open else None
        self._seed = 0

    def engine(self) -> Engine:
        """A process just started."""
        self._seed += 1
        return Engine(
            self.home,
            open_session=lambda _: self._kept.session() if self._kept else self.session(),
            clock=lambda: self.now,
            random=random.Random(self._seed).randrange,
            show=lambda _, text: self.shown.append(text),
        )

    def session(self) -> Session:
        return _Simulated.of(self, self.home)

    def close(self) -> None:
        """Let go of the session that was kept open."""
        if self._kept:
            self._kept.drop()

    def work(self, *, reads: bool = True) -> bool:
        """One wake of the daemon: all that is due, one after the other, and a look for mail first.

        A death ends it, and the next wake goes on; False when it has to.
        """
        try:
            self.world.arrive(self.now)
            engine = self.engine()
            read = [engine.pull(account) for account in self.world.reads] if reads else []
            engine.advise()
            kept = engine.remind()
            engine.digest()
            engine.deliver()
        except Killed:
            self.deaths += 1
            self.close()
            return False
        except RecipflowError:
            return False
        return all(read) and (kept or self._waits())

    def _waits(self) -> bool:
        """Whether what was not done has a time of its own at which it is tried again."""
        return self.engine().due().outbox is not None

    def until(self, when: datetime, every: timedelta) -> None:
        """Time passes, with a wake after each step."""
        while self.now < when:
            self.now = min(when, self.now + every)
            self.work()

    def mornings(self, until: datetime, every: timedelta) -> None:
        """As `until`, but nothing is read and only the digest is looked at."""
        while self.now < until:
            self.now = min(until, self.now + every)
            self.engine().digest()
            self.engine().deliver()

    def account(self) -> MemoryAccount:
        return MemoryAccount(self.provider, lambda: self.now, self.faults)


class _Simulated(Session):
    """A session whose account is in memory, and whose process may die at any commit."""

    computer: Computer

    @classmethod
    def of(cls, computer: Computer, home: Home) -> Self:
        session = cls.open(home)
        session.computer = computer
        session.store.__class__ = _mortal(session)
        session.store._db.execute("PRAGMA synchronous = OFF")  # deaths are played, and the power stays on
        return session

    def opened(self, table: AccountTable) -> object:
        if table.connector == "memory":
            return self.computer.account()
        return _failing(super().opened(table), self.computer)


class _Kept:
    """One session for all jobs: faster, and as good where nobody else writes."""

    def __init__(self, computer: Computer) -> None:
        self._computer = computer
        self._session: Session | None = None

    def session(self) -> Session:
        if self._session is None:
            self._session = self._computer.session()
            self._session.__class__ = _Lent
        self._session.refresh()
        return self._session

    def drop(self) -> None:
        if self._session is not None:
            self._session.store.close()
            self._session = None


class _Lent(_Simulated):
    def __exit__(self, *_: object) -> None:
        """It stays open."""


def _failing(account: object, computer: Computer) -> object:
    """A real account, whose calls fail as those in memory do."""

    def called(name: str, call: Callable[..., object], *given: object, **named: object) -> object:
        answers: list[object] = []
        attempted(computer.faults(name), lambda: answers.append(call(*given, **named)))
        return answers[0]

    if computer.faults is not NEVER:
        for name in CALLS:
            if hasattr(account, name):
                setattr(account, name, partial(called, name, getattr(account, name)))
    return account


def _mortal(session: _Simulated) -> type:
    from tests.outbox.killing import KillableStore

    KillableStore.dying = staticmethod(lambda call: session.computer.faults(call))
    return KillableStore


def as_message(letter: Letter, at: datetime) -> Message:
    """The letter as its own mailbox shows it."""
    me = Party(letter.address)
    return Message(
        id=f"{letter.token}@memory.example",
        at=at,
        sender=me,
        to=(me,),
        subject=letter.subject,
        labels=("inbox", "sent"),
        headers={"auto-submitted": "auto-generated"},
        body=letter.text,
    )


def to_oneself(me: str, at: datetime, subject: str, text: str = "", *labels: str) -> Message:
    """A mail of the user's to themselves."""
    return Message(
        id=f"{at:%Y%m%d%H%M%S}.{abs(hash(subject))}@memory.example",
        at=at,
        sender=Party(me),
        to=(Party(me),),
        subject=subject,
        labels=labels or ("sent",),
        body=text,
    )


def mail(
    number: int, sender: str, to: str, text: str, at: datetime, *, answers: int | None = None
) -> Message:
    """One mail between two people, the user's own among their sent mail."""
    return Message(
        id=f"{number}@memory.example",
        at=at,
        sender=Party(sender, sender.split("@")[0].title()),
        to=(Party(to, to.split("@")[0].title()),),
        subject=f"Letter {number}",
        in_reply_to=f"{answers}@memory.example" if answers else "",
        references=(f"{answers}@memory.example",) if answers else (),
        labels=("sent",) if sender.startswith("ann@") else ("inbox",),
        body=text,
        form=Form.PLAIN,
    )


def from_files(paths: Iterable[Path], until: datetime) -> list[tuple[datetime, Interaction]]:
    """All that files hold, with when it could be known of."""
    connector = pulling("files", {"paths": [str(path) for path in paths]})
    found, cursor, more = [], None, True
    while more:
        page = connector.pull(cursor, now=until)
        found += [(_known(one), one) for one in page.interactions]
        more, cursor = page.more and page.cursor != cursor, page.cursor
    return sorted(found, key=lambda pair: (pair[0], pair[1].id))


def _known(one: Interaction) -> datetime:
    return one.known if isinstance(one, Meeting) else one.at


__all__ = ["UTC", "Computer", "Provider", "from_files", "mail", "replace", "to_oneself"]
