"""Everything recipflow remembers, in one SQLite file: facts that are kept, and what was derived from them.

Plain driver, no SQLModel: `recipflow.tables` defines the tables, and reading them must cost next to nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from recipflow.store import comparing, database, dropping, erasing, forgetting, moving, tombstones
from recipflow.store.accounts import Account, Accounts, Trouble
from recipflow.store.blocking import Blocked, unblocked, without
from recipflow.store.calendar import Calendar
from recipflow.store.comparing import Difference
from recipflow.store.decisions import Decision, Decisions, Life, LifeState, Payload, Verb
from recipflow.store.deliveries import Deliveries, Delivery, DeliveryForm, DeliveryState
from recipflow.store.erasing import Erased
from recipflow.store.incoming import Incoming, Saved
from recipflow.store.interactions import Interactions
from recipflow.store.ledgers import Kept, Ledgers, Read
from recipflow.store.lines import Line, Passed
from recipflow.store.links import Links
from recipflow.store.outdated import Outdated
from recipflow.store.people import People, Person
from recipflow.store.replying import Replying
from recipflow.store.rows import Prepared, Stored
from recipflow.store.sources import HEAD, Head, Sources
from recipflow.store.summary import Counts, counts, exported
from recipflow.store.writers import Writers

__all__ = [
    "HEAD",
    "Account",
    "Blocked",
    "Counts",
    "Decision",
    "Delivery",
    "DeliveryForm",
    "DeliveryState",
    "Difference",
    "Erased",
    "Head",
    "Kept",
    "Life",
    "LifeState",
    "Line",
    "Passed",
    "Payload",
    "Person",
    "Prepared",
    "Read",
    "Saved",
    "Store",
    "Stored",
    "Trouble",
    "Verb",
    "without",
]

_NOBODY = "nobody_known"


class Store:
    """The open database.

    Facts in `accounts`, `interactions`, `writers`, `calendar`, `sources`, `decisions`, `deliveries`; derived `people`,
    `links`, `ledgers`; and `outdated`, what of the derived is to be derived anew.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Open the database at `path`, creating or migrating it; without a path, one in memory."""
        self.path = path
        self._db = database.connect(path)
        self.accounts = Accounts(self._db)
        self.interactions = Interactions(self._db)
        self.writers = Writers(self._db, self.interactions)
        self.calendar = Calendar(self._db)
        self.sources = Sources(self._db)
        self._incoming = Incoming(self._db, self.sources)
        self.decisions = Decisions(self._db)
        self.deliveries = Deliveries(self._db)
        self.replying = Replying(self._db)
        self.people = People(self._db)
        self.links = Links(self._db)
        self.ledgers = Ledgers(self._db)
        self.outdated = Outdated(self._db)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    def transaction(self) -> AbstractContextManager[None]:
        """All of it or nothing, even if the power goes; one inside another is part of it."""
        return database.transaction(self._db)

    def regainable(self) -> AbstractContextManager[None]:
        """Transactions within wait for no disk: a power cut may undo the last of them, never facts stored outside."""
        return database.regainable(self._db)

    @property
    def stamp(self) -> int:
        """Another one as soon as somebody else stored anything (https://sqlite.org/pragma.html#pragma_data_version)."""
        (stamp,) = self._db.execute("PRAGMA data_version").fetchone()
        return int(stamp)

    def save_whole(
        self,
        account: int,
        items: Iterable[Prepared],
        *,
        blocked: Blocked | None = None,
        me: Collection[str] = (),
        names: Iterable[str] = (),
    ) -> Saved:
        """Store messages that were fetched by their refs; the cursor stays where it is."""
        with self.transaction():
            kept = unblocked(list(items), self.unwanted(blocked), me, tuple(names))
            return self._incoming.save(account, kept)

    def save_page(
        self,
        account: int,
        page: Iterable[Prepared],
        cursor: str | None,
        *,
        blocked: Blocked | None = None,
        me: Collection[str] = (),
        names: Iterable[str] = (),
        finished: datetime | None = None,
    ) -> Saved:
        """Store a page and its cursor together, without what belongs to blocked or forgotten people.

        `names` are those of blocked people, blotted out of what others wrote as their addresses are.
        """
        items = list(page)
        with self.transaction():
            kept = unblocked(items, self.unwanted(blocked), me, tuple(names))
            saved = self._incoming.save(account, kept)
            self.accounts.advance(account, cursor, seen=len(kept), finished=finished)
        return saved

    def unwanted(self, blocked: Blocked | None = None) -> Blocked | None:
        """Tells of whom nothing may be kept: the blocked and the forgotten; None if there is nobody."""
        buried = tombstones.buried(self._db)
        if blocked is None or buried is None:
            return blocked or buried
        return lambda address: blocked(address) or buried(address)

    def forget(
        self, addresses: Collection[str], *, me: Collection[str] = (), spare: Path | None = None
    ) -> Erased:
        """Erase these people, also from copies, but for the one to `spare`, and skip them on every sync from now on."""
        return forgetting.forget(self._db, self.path, addresses, me=me, bury=True, spare=spare)

    def erase(
        self, addresses: Collection[str], *, me: Collection[str] = (), names: Collection[str] = ()
    ) -> Erased:
        """Erase these people (they became private) without a trace: a later sync must be told to skip them."""
        return forgetting.forget(self._db, self.path, addresses, me=me, names=names, bury=False)

    def named(self, addresses: Collection[str], names: Collection[str] = ()) -> bool:
        """Whether anything that is kept names these: looks through all of it."""
        return erasing.named(self._db, addresses, names)

    def remember(self, addresses: Collection[str]) -> None:
        """Let forgotten people be read again from now on."""
        with self.transaction():
            tombstones.unbury(self._db, addresses)

    def forgotten_by(self, other: Path) -> frozenset[str]:
        """Skip whom the database at `other` forgot, a file nobody writes to; says which of them are kept here."""
        with self.transaction():
            return tombstones.take_over(self._db, other)

    def copied(self) -> Store:
        """All of it once more, in memory: to try something, and to leave this as it is."""
        copy = Store()
        self._db.backup(copy._db)
        return copy

    def drop_derived(self) -> None:
        """Drop all that can be computed from the facts."""
        with self.transaction():
            dropping.drop_derived(self._db)
            self.note(_NOBODY, "")

    def nobody_known(self) -> bool:
        """Whether all contacts were dropped, and who of those in what stays read is a person is to be asked again."""
        return self.noted(_NOBODY) is not None

    def everybody_known(self) -> None:
        """Note that this was asked."""
        self._db.execute("DELETE FROM meta WHERE key = ?", (_NOBODY,))

    def put_derived_aside(self) -> None:
        """Keep a copy of what is derived now, for `differences`, for as long as the database is open."""
        comparing.put_aside(self._db)

    def differences(self) -> tuple[Difference, ...]:
        """What of the derived is not as it was put aside."""
        return comparing.differences(self._db)

    def drop_texts(self, before: datetime) -> int:
        """Drop the texts (not the acts and quotes) of messages sent before an instant; says how many."""
        with self.transaction():
            dropped = dropping.drop_texts(self._db, before)
        if dropped:
            database.fold_in(self._db)
        return dropped

    def noted(self, key: str) -> str | None:
        """A note of the shell's own, as it was kept."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def note(self, key: str, value: str) -> None:
        """Keep a note in place of the one under that key."""
        self._db.execute("REPLACE INTO meta VALUES (?, ?)", (key, value))

    def faults(self) -> tuple[str, ...]:
        """What SQLite finds wrong with the file; nothing, if all is well."""
        return database.faults(self._db)

    def counts(self) -> Counts:
        """How much was read, and how much of it could be."""
        return counts(self._db)

    def export(self) -> Iterator[tuple[str, dict[str, str | int | None]]]:
        """Every fact: its table, and its columns by name."""
        return exported(self._db)

    def everything(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every row that another computer needs to know the same: its table, and its columns by name."""
        return moving.everything(self._db)

    def put_back(self, rows: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
        """Put such rows into this database, which must be empty; says how many."""
        return moving.put_back(self._db, rows)
