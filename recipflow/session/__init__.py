"""The database and what the user set, opened together: pull, derive, and what stands now."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from recipflow import config, secrets
from recipflow.connector import Secrets, load
from recipflow.derive import Context, Derived, Words
from recipflow.derive.folding import fold_these, refold
from recipflow.derive.reading import read_at_once
from recipflow.errors import UserError
from recipflow.home import Home
from recipflow.insight import Standpoint, nudges, standpoint, standpoints, standpoints_as_of
from recipflow.insight.asking import questions
from recipflow.insight.lately import Lately
from recipflow.model import ContactId, Nudge, Question
from recipflow.session.context import context_of
from recipflow.session.deriving import derived, settled
from recipflow.session.early import now_and_then
from recipflow.session.own_packs import OwnPacks
from recipflow.session.private import Private, erase_private, private_among
from recipflow.store import Account, Person, Store, Stored
from recipflow.zones import user_zone

if TYPE_CHECKING:
    from recipflow.patience import Patient
    from recipflow.session.pulling import Synced
    from recipflow.settings import AccountTable, Settings
    from recipflow.workflow import Progress


class Session:
    """Opened for one command. A UserError says what of the configuration or the database is at fault."""

    def __init__(self, home: Home, store: Store, settings: Settings) -> None:
        self.home = home
        self.store = store
        self.settings = settings
        self.zone: tzinfo = user_zone(settings.me.tz)
        self.refresh()

    @classmethod
    def open(cls, home: Home) -> Self:
        """Open what `recipflow init` made; a UserError says to run it when there is nothing."""
        if not home.config.exists() and not home.database.exists():
            raise UserError("Nothing is set up here yet: recipflow init  (or try it first: recipflow demo)")
        if not home.config.exists():  # by its defaults nobody would be read, and nobody be private
            raise UserError(
                f"{home.config} is not there: put it back, or begin a new one with recipflow init"
            )
        settings = config.load(home.config)
        store = Store(home.database)
        try:
            return cls(home, store, settings)
        except BaseException:
            store.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None
    ) -> None:
        self.store.close()

    @property
    def me(self) -> frozenset[str]:
        return self.context.me

    def refresh(self) -> None:
        """Take in what the user said meanwhile; `derive` then brings the ledgers up to date with it."""
        decisions = self.store.decisions.standing()
        self.words = Words(decisions)
        self.context: Context = context_of(
            self.settings, decisions, self.zone, lambda: self.own_packs.reader(self.zone)
        )

    def reload(self) -> None:
        """Take in a config.toml that was changed meanwhile."""
        self.settings = config.load(self.home.config)
        self.zone = user_zone(self.settings.me.tz)
        self.refresh()

    def secrets(self, vault: str) -> Secrets:
        """The secrets an account uses, by the vault that its table names."""
        return secrets.vault(vault, self.home.tokens, self.settings.secrets)

    @property
    def accounts(self) -> tuple[Account, ...]:
        """What is known of the accounts that are connected now; what was read from others stays all the same."""
        connected = {table.name for table in self.settings.accounts}
        return tuple(one for one in self.store.accounts.all() if one.name in connected)

    @property
    def read_until(self) -> datetime | None:
        """Up to when all accounts were read to their end, where one of them has stopped; None where none has."""
        stopped = self.store.accounts.troubles()
        return min(
            (one.last_sync or stopped[one.id].since for one in self.accounts if one.id in stopped),
            default=None,
        )

    def opened(self, table: AccountTable) -> object:
        """What an account's connector offers (`recipflow.connector`)."""
        return load(table.connector)(table.settings, self.secrets(table.vault))

    def sync(
        self,
        now: datetime,
        progress: Progress | None = None,
        *,
        only: Collection[str] | None = None,
        patient: Patient | None = None,
        again: bool = False,
    ) -> Iterator[Synced]:
        """Pull what is new, account after account, and erase those who became private; `derive` comes after.

        `only` names the accounts to pull; `again` reads them from the beginning, with what was passed over before. Of a
        first sync that takes long, something can be seen before it ends.
        """
        from recipflow.session import pulling

        erase_private(self)
        if again:
            with self.store.transaction():
                for one in self.accounts:
                    self.store.accounts.rewind(one.id)
        return pulling.sync(
            self,
            (one for one in self.settings.accounts if only is None or one.name in only),
            now,
            patient=patient or pulling.patience(),
            progress=progress,
            # By rules nobody looked at, all would be read anew in the end.
            stored=now_and_then(lambda: self.own_packs.hold and self.derive(now, progress, rules=True)),
        )

    def fetch_late(
        self, now: datetime, patient: Patient | None = None, *, only: Collection[str] | None = None
    ) -> int:
        """After deriving: fetch the mail of those it showed to be people. Then `derive` again, unless it says 0."""
        from recipflow.session import pulling

        return pulling.fetch_late(self, now, patient=patient or pulling.patience(), only=only)

    def derive(
        self,
        now: datetime,
        progress: Progress | None = None,
        *,
        rules: bool = False,
        due: bool = True,
        between: Callable[[], None] = lambda: None,
    ) -> Derived:
        """Bring all that is derived up to date with the facts, the user's words and settings.

        `rules` looks whether the rule packs changed, too: then everything is read anew, after what is new and with a call of
        `between` after each step. Without `due`, ledgers that only the passing of time changes are left for `fold`.
        """
        if rules:
            self.own_packs.prove()  # a faulty pack must not cost what was read by the last good ones
        with self.store.regainable():
            return derived(self, now, progress, rules=rules, due=due, between=between)

    def fold(self, contacts: Iterable[ContactId], now: datetime) -> None:
        """Fold the ledgers of these anew, as of `now`."""
        with self.store.regainable():
            fold_these(self.store, self.context, self.words, contacts, now)

    def drop_old_texts(self, now: datetime) -> int:
        """Drop the words of mails older than the user wants them kept; says of how many."""
        return self.store.drop_texts(now - timedelta(days=self.settings.keep_text_days))

    def catch_up(self, now: datetime, progress: Progress | None = None) -> None:
        """Bring up to date what settings and the passing of time have changed, without looking for new mail."""
        if settled(self, now):
            self.derive(now, progress)
        else:
            refold(self.store, self.context, self.words, now)
            self.fold(self.store.ledgers.due(now), now)

    def standpoints(self, now: datetime) -> Iterator[Standpoint]:
        """Every contact about whom something stands, or will by itself."""
        return standpoints(self.store, self.context, now, self.read_until)

    def standpoints_as_of(self, at: datetime) -> Iterator[Standpoint]:
        """Everybody as they stood at another instant."""
        return standpoints_as_of(self.store, self.context, self.words, at)

    def standpoint(
        self, contact: ContactId, now: datetime, lately: Lately | None = None
    ) -> Standpoint | None:
        """One contact's relationship and advice; None while nothing was derived about them (`lately`: it serves several)."""
        person, kept = self.store.people.get(contact), self.store.ledgers.get([contact]).get(contact)
        if person is None or kept is None:
            return None
        found = self.context.contact(person.id, person.addresses, person.name)
        return standpoint(self.store, found, kept, self.context, now, lately)

    def nudges(self, now: datetime) -> tuple[Nudge, ...]:
        """Every nudge that stands, with whether it is shown."""
        return nudges(self.standpoints(now), self.store.decisions.lives(), now, self.zone)

    def questions(
        self, points: Iterable[Standpoint], now: datetime, *, alone: bool = False
    ) -> tuple[Question, ...]:
        """Every question to the user that stands, with whether it is put today; `alone`: there is no advice besides."""
        return questions(points, self.store.decisions.lives(), now, self.zone, alone=alone)

    def name(self, person: Person) -> str:
        """What the user calls this contact, else what their mail does."""
        return self.context.contact(person.id, person.addresses, person.name).name or person.id

    @cached_property
    def own_packs(self) -> OwnPacks:
        """The user's own rule packs."""
        return OwnPacks((self.home.rules, *(Path(one).expanduser() for one in self.settings.rules.dirs)))

    def read_at_once(self, messages: Sequence[Stored]) -> None:
        """Read messages while they are at hand. With a pack at fault they wait; `derive` says what is wrong."""
        if messages and self.own_packs.hold:
            read_at_once(self.store, self.context, messages)

    @property
    def private(self) -> Private:
        """Those of whom nothing is stored."""
        return private_among(self.context.people, self.me)


def now() -> datetime:
    """The present instant, in whole seconds, as the store keeps them."""
    return datetime.now(UTC).replace(microsecond=0)
