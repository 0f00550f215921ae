"""The database and what the user set, opened together: pull, derive, and what stands now."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from recipflow import assembly, config, memory, packs, secrets
from recipflow.connector import Secrets, load
from recipflow.derive import Context, Derived, Words, derive
from recipflow.derive.again import read_again
from recipflow.derive.folding import fold_these, refold
from recipflow.derive.reading import read_at_once
from recipflow.errors import UserError
from recipflow.home import Home
from recipflow.insight import Standpoint, nudges, standpoint, standpoints, standpoints_as_of
from recipflow.insight.asking import questions
from recipflow.model import ContactId, Nudge, ProfileName, Question, Tag
from recipflow.session import said
from recipflow.session.late import late
from recipflow.session.settling import settle
from recipflow.standing import Profile
from recipflow.store import Account, Person, Store, Stored
from recipflow.zones import user_zone

if TYPE_CHECKING:
    from recipflow.machines import Machines
    from recipflow.patience import Patient
    from recipflow.reading import Reader
    from recipflow.session.pulling import Synced
    from recipflow.settings import AccountTable, Settings
    from recipflow.workflow import Progress

EARLY = 20.0
"""Seconds after which something can be seen of a first sync that still goes on."""


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
        self.context: Context = assembly.context(
            said.mine(self.settings.me.addresses, decisions),
            self.zone,
            said.people(self.settings.people(), decisions),
            reader=late(self._reader),
            machines=late(assembly.machines),
            profiles=_profiles(self.settings),
            default_profile=self.settings.default_profile,
            default_norm=self.settings.default_norm,
            groups=tuple(one.group() for one in self.settings.groups),
            silenced=said.silenced(decisions),
            added=said.added(decisions),
        )
        self._check_rules()

    def _check_rules(self) -> None:
        """A rule about gifts that nobody has heard of would pass for none."""
        known = {rule.id for rule in self.context.gift_rules.rules}
        wrong = sorted({one.gift_rule for one in self.context.people if one.gift_rule} - known)
        if wrong:
            raise UserError(
                f"config.toml: gift_rule: {', '.join(wrong)} is none of {', '.join(sorted(known))}"
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

        self.erase_private()
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
            stored=_now_and_then(lambda: self._packs_hold and self.derive(now, progress, rules=True)),
        )

    def fetch_late(
        self, now: datetime, patient: Patient | None = None, *, only: Collection[str] | None = None
    ) -> int:
        """After deriving: fetch the mail of those it showed to be people. Then `derive` again, unless it says 0."""
        from recipflow.session import pulling

        return pulling.fetch_late(self, now, patient=patient or pulling.patience(), only=only)

    def erase_private(self) -> None:
        """Of those who became private, nothing stays that came before, nor what others wrote of them."""
        there = [address for address in sorted(self.private) if self.store.interactions.of([address])]
        if not there and self._told_since_reading() and self.store.named(self.private, self.private_names):
            there = sorted(self.private)
        if there:
            self.store.erase(there, me=self.me, names=self.private_names)
            self.refresh()

    def _told_since_reading(self) -> bool:
        """Whether anybody may have become private since an account was read last: nothing is noted about that."""
        if not self.private:
            return False
        read = max((one.last_sync for one in self.store.accounts.all() if one.last_sync), default=None)
        config = self.home.config
        if read is None or not config.exists() or config.stat().st_mtime >= read.timestamp():
            return True
        return any(one.at >= read for one in self.store.decisions.standing())

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
        if rules and self.own_packs:
            assembly.packs(self.own_packs)  # a faulty pack must not cost what was read by the last good ones
        settle(self.store, self.context, self._rules_digest, look=rules)
        tell = (lambda step: progress(step, 0, None)) if progress else None
        first = derive(self.store, self.context, now, progress=tell, make_room=self._make_room, due=due)
        if not (rules and self.store.outdated.left()):
            return first
        again = self._read_again(now, between)
        last = derive(self.store, self.context, now, progress=tell, due=due)
        return Derived(changed=last.changed, due=first.folded + again + last.due)

    def _read_again(self, now: datetime, between: Callable[[], None]) -> int:
        """Says how many ledgers were folded anew."""
        folded = 0
        for some in read_again(self.store, self.context, now, self._make_room):
            folded += some
            between()
        return folded

    def fold(self, contacts: Iterable[ContactId], now: datetime) -> None:
        """Fold the ledgers of these anew, as of `now`."""
        fold_these(self.store, self.context, self.words, contacts, now)

    def _make_room(self) -> None:
        self.context.reader.rest()
        memory.give_back()

    def drop_old_texts(self, now: datetime) -> int:
        """Drop the words of mails older than the user wants them kept; says of how many."""
        return self.store.drop_texts(now - timedelta(days=self.settings.keep_text_days))

    def catch_up(self, now: datetime, progress: Progress | None = None) -> None:
        """Bring up to date what settings and the passing of time have changed, without looking for new mail."""
        if settle(self.store, self.context, self._rules_digest):
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

    def standpoint(self, contact: ContactId, now: datetime) -> Standpoint | None:
        """One contact's relationship and advice; None while nothing was derived about them."""
        person, kept = self.store.people.get(contact), self.store.ledgers.get([contact]).get(contact)
        if person is None or kept is None:
            return None
        found = self.context.contact(person.id, person.addresses, person.name)
        return standpoint(self.store, found, kept, self.context, now)

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
    def own_packs(self) -> dict[str, dict[str, Any]]:
        """The user's own rule packs, by path; a UserError names all that cannot be read."""
        folders = (self.home.rules, *(Path(one).expanduser() for one in self.settings.rules.dirs))
        return packs.read_files(file for folder in folders for file in sorted(folder.glob("*.toml")))

    @cached_property
    def machines(self) -> Machines:
        """Loaded before the first page: a fault in the rules must not look like one in every message."""
        return assembly.machines()

    def read_at_once(self, messages: Sequence[Stored]) -> None:
        """Read messages while they are at hand. With a pack at fault they wait; `derive` says what is wrong."""
        if messages and self._packs_hold:
            read_at_once(self.store, self.context, messages)

    @cached_property
    def _packs_hold(self) -> bool:
        try:
            return bool(assembly.packs(self.own_packs)) if self.own_packs else True
        except UserError:
            return False

    def _reader(self) -> Reader:
        return assembly.reader(self.own_packs, self.zone)

    def _rules_digest(self) -> str:
        return assembly.rules_digest(self.own_packs)

    @property
    def private(self) -> frozenset[str]:
        """The addresses of whom nothing is stored."""
        people = (one for one in self.context.people if Tag.PRIVATE in one.tags)
        return frozenset(address for one in people for address in one.addresses) - self.me

    @property
    def private_names(self) -> tuple[str, ...]:
        """Their full names, as far as the user gave them: a first name alone is too many people's."""
        people = (one for one in self.context.people if Tag.PRIVATE in one.tags)
        return tuple(one.name.strip() for one in people if " " in one.name.strip())


def now() -> datetime:
    """The present instant, in whole seconds, as the store keeps them."""
    return datetime.now(UTC).replace(microsecond=0)


def _profiles(settings: Settings) -> dict[ProfileName, Profile]:
    changes = {name: getattr(settings.profiles, name.value) for name in ProfileName}
    try:
        return assembly.profiles({name: one.model_dump(exclude_none=True) for name, one in changes.items()})
    except ValueError as wrong:
        raise UserError(f"config.toml: profiles: {wrong}") from wrong


def _now_and_then(work: Callable[[], object], clock: Callable[[], float] = monotonic) -> Callable[[], None]:
    """Does the work when it is called `EARLY` seconds from now, then when twice as much time has passed, and so on."""
    began, rest = clock(), EARLY

    def called() -> None:
        nonlocal rest
        if clock() - began >= rest:
            work()
            rest = 2 * (clock() - began)

    return called
