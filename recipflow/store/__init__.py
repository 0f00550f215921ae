"""Everything recipflow remembers, in one SQLite file: facts that are kept, and what was derived from them.

Plain driver, no SQLModel: `recipflow.tables` defines the tables, and reading them must cost next to nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from recipflow.store import away, calendar, comparing, erasing, moving, tombstones
from recipflow.store.accounts import Account, Accounts, Trouble
from recipflow.store.blocking import Blocked, without
from recipflow.store.comparing import Difference
from recipflow.store.database import backups, connect, left_behind
from recipflow.store.decisions import Decision, Decisions, Life, LifeState, Payload, Verb
from recipflow.store.deliveries import Deliveries, Delivery, DeliveryForm, DeliveryState
from recipflow.store.erasing import Erased
from recipflow.store.interactions import Interactions, Saved
from recipflow.store.ledgers import Kept, Ledgers, Line, Read
from recipflow.store.links import Links
from recipflow.store.outdated import Outdated
from recipflow.store.people import People, Person
from recipflow.store.replying import Replying
from recipflow.store.rows import Prepared, Stored
from recipflow.store.sources import HEAD, Head, Sources
from recipflow.store.summary import Counts, counts, exported
from recipflow.store.upcoming import upcoming
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

    Facts in `accounts`, `interactions`, `writers`, `sources`, `decisions`, `deliveries`; derived `people`, `links`,
    `ledgers`; and `outdated`, what of the derived is to be derived anew.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Open the database at `path`, creating or migrating it; without a path, one in memory."""
        self.path = path
        self._db = connect(path)
        self.accounts = Accounts(self._db)
        self.interactions = Interactions(self._db)
        self.writers = Writers(self._db, self.interactions)
        self.sources = Sources(self._db)
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

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing, even if the power goes; one inside another is part of it."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._db.in_transaction:  # a full disk has ended it already
                self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

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
            return self._add(account, self._unblocked(list(items), blocked, me, tuple(names)))

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
            kept = self._unblocked(items, blocked, me, tuple(names))
            saved = self._add(account, kept)
            self.accounts.advance(account, cursor, seen=len(kept), finished=finished)
        return saved

    def unwanted(self, blocked: Blocked | None = None) -> Blocked | None:
        """Tells of whom nothing may be kept: the blocked and the forgotten; None if there is nobody."""
        buried = tombstones.buried(self._db)
        if blocked is None or buried is None:
            return blocked or buried
        return lambda address: blocked(address) or buried(address)

    def forget(self, addresses: Collection[str], *, me: Collection[str] = ()) -> Erased:
        """Erase these people, also from copies kept before migrations, and skip them on every sync from now on."""
        return self._erase(addresses, me, (), bury=True)

    def erase(
        self, addresses: Collection[str], *, me: Collection[str] = (), names: Collection[str] = ()
    ) -> Erased:
        """Erase these people (they became private) without a trace: a later sync must be told to skip them."""
        return self._erase(addresses, me, names, bury=False)

    def named(self, addresses: Collection[str], names: Collection[str] = ()) -> bool:
        """Whether anything that is kept names these: looks through all of it."""
        return erasing.named(self._db, addresses, names)

    def remember(self, addresses: Collection[str]) -> None:
        """Let forgotten people be read again from now on."""
        with self.transaction():
            tombstones.unbury(self._db, addresses)

    def copied(self) -> Store:
        """All of it once more, in memory: to try something, and to leave this as it is."""
        copy = Store()
        self._db.backup(copy._db)
        return copy

    def drop_derived(self) -> None:
        """Drop all that can be computed from the facts."""
        with self.transaction():
            erasing.drop_derived(self._db)
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
            return erasing.drop_texts(self._db, before)

    def noted(self, key: str) -> str | None:
        """A note of the shell's own, as it was kept."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def note(self, key: str, value: str) -> None:
        """Keep a note in place of the one under that key."""
        self._db.execute("REPLACE INTO meta VALUES (?, ?)", (key, value))

    def away_on(self, me: Iterable[str], noon: datetime) -> bool:
        """Whether the user was away that day, by what their calendar says; `noon` is its middle."""
        return away.away_on(self._db, me, noon)

    def busy(self, me: Iterable[str], since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
        """The meetings between these instants that the user did not decline."""
        return calendar.busy(self._db, me, since, until)

    def written_at(self, addresses: Iterable[str]) -> list[datetime]:
        """When these wrote lately, the newest first."""
        return calendar.written_at(self._db, addresses)

    def faults(self) -> tuple[str, ...]:
        """What SQLite finds wrong with the file; nothing, if all is well."""
        checks = (
            self._db.execute(f"PRAGMA {check}").fetchall()
            for check in ("quick_check(20)", "foreign_key_check")
        )
        return tuple(" ".join(map(str, row)) for rows in checks for row in rows if row != ("ok",))

    def upcoming(
        self, addresses: Collection[str], me: Collection[str], since: datetime, until: datetime
    ) -> tuple[datetime, ...]:
        """When the user meets one of these between two instants."""
        return upcoming(self._db, addresses, me, since, until)

    def counts(self) -> Counts:
        """How much was read, and how much of it could be."""
        return counts(self._db)

    def export(self) -> Iterator[tuple[str, dict[str, str | int | None]]]:
        """Every fact: its table, and its columns by name."""
        return exported(self._db)

    def _add(self, account: int, kept: list[Prepared]) -> Saved:
        page = [item.interaction for item in kept]
        heads = self.sources.known_as_heads(page)
        completed = self.interactions.complete(item for item in kept if item.interaction.id in heads)
        saved = self.interactions.add(account, kept)
        self.sources.note(account, page)
        return saved._replace(changed=(*saved.changed, *completed))

    def everything(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every row that another computer needs to know the same: its table, and its columns by name."""
        return moving.everything(self._db)

    def put_back(self, rows: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
        """Put such rows into this database, which must be empty; says how many."""
        return moving.put_back(self._db, rows)

    def _unblocked(
        self, items: list[Prepared], blocked: Blocked | None, me: Collection[str], names: tuple[str, ...]
    ) -> list[Prepared]:
        gone = self.unwanted(blocked)
        if gone is None:
            return items
        left = ((item, without(item.interaction, gone, me, names)) for item in items)
        return [item._replace(interaction=one) for item, one in left if one is not None]

    def _erase(
        self, addresses: Collection[str], me: Collection[str], names: Collection[str], *, bury: bool
    ) -> Erased:
        self._db.execute("PRAGMA secure_delete = ON")
        with self.transaction():
            erased = erasing.erase(self._db, addresses, me, names)
            if bury:
                tombstones.bury(self._db, addresses)
        if self.path:
            for copy in (*backups(self.path), *left_behind(self.path)):
                copy.unlink(missing_ok=True)
        self._db.execute("VACUUM")
        if self.path:
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return erased
