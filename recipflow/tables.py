"""The database schema, defined once: imported only to create or migrate it, never to read.

Instants are seconds since 1970 in UTC, mappings are JSON. First *facts*; then what is *derived* and can be dropped.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Text
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable, DDLElement
from sqlmodel import Field, SQLModel

METADATA = SQLModel.metadata
UNORDERED = {"sqlite_with_rowid": False}


def schema() -> str:
    """The whole schema as SQL; `store/schema.sql` is this text, so that reading imports none of this."""
    tables = METADATA.sorted_tables
    indexes = [one for table in tables for one in sorted(table.indexes, key=lambda index: str(index.name))]
    ddl: list[DDLElement] = [*map(CreateTable, tables), *map(CreateIndex, indexes)]
    lines = "".join(f"{str(one.compile(dialect=sqlite.dialect())).strip()};\n" for one in ddl).splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines)


def interaction_column() -> Column[int]:
    """The interaction this row is about; it goes when the interaction goes."""
    return Column(Integer, ForeignKey("interaction.id", ondelete="CASCADE"), primary_key=True)


class Account(SQLModel, table=True):
    """How far one configured source was read; its settings stand in config.toml."""

    id: int = Field(primary_key=True)
    name: str = Field(sa_type=Text, unique=True)
    connector: str = Field(sa_type=Text)
    cursor: str | None = Field(default=None, sa_type=Text)
    last_sync: int | None = None  #: when a pull last reached the end
    seen: int = 0  #: interactions delivered so far


class Interaction(SQLModel, table=True):
    """A message, or the latest version of a meeting."""

    __table_args__ = (
        Index("interaction_ext", "ext", "type", unique=True),
        Index("interaction_at", "at"),
        Index("interaction_reading", "type", "machine", "language", "sealed"),
    )

    id: int = Field(primary_key=True)
    account: int = Field(foreign_key="account.id")
    type: str = Field(sa_type=Text)  #: message | meeting
    ext: str = Field(sa_type=Text)  #: Message-ID, or the meeting's id
    at: int  #: sent, or starts
    machine: str | None = Field(
        default=None, sa_type=Text
    )  #: kind of machine that wrote it, NULL for a person
    language: str = Field(sa_type=Text)
    sealed: bool = False
    in_reply_to: str = Field(sa_type=Text)
    refs: str = Field(sa_type=Text)  #: References, separated by spaces
    thread_hint: str = Field(sa_type=Text)
    labels: str = Field(sa_type=Text)
    attachments: str = Field(sa_type=Text)
    headers: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)
    text: str | None = Field(sa_type=Text)  #: the new text; NULL once it was dropped for age


class Meeting(SQLModel, table=True):
    """What a meeting has that a message has not."""

    interaction: int = Field(sa_column=interaction_column())
    uid: str = Field(sa_type=Text)
    version: str = Field(sa_type=Text)
    sequence: int
    known: int
    starts: int
    ends: int
    all_day: bool
    recurring: bool
    cancelled: bool
    private: bool


class Party(SQLModel, table=True):
    """Who takes part in an interaction, in the order in which it names them."""

    __table_args__ = (Index("party_address", "address", "role", "interaction"), UNORDERED)

    interaction: int = Field(sa_column=interaction_column())
    position: int = Field(primary_key=True)
    role: str = Field(sa_type=Text)  #: from | to | cc | bcc | organizer | attendee
    address: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    partstat: str | None = Field(default=None, sa_type=Text)


class SetAside(SQLModel, table=True):
    """Something that could not be read."""

    __tablename__ = "set_aside"
    __table_args__ = (UNORDERED,)

    account: int = Field(foreign_key="account.id", primary_key=True)
    place: str = Field(sa_type=Text, primary_key=True)
    reason: str = Field(sa_type=Text)
    first_seen: int


class Decision(SQLModel, table=True):
    """The user's word: log, correct, done, wrong, snooze, merge, settings of a contact, and so on."""

    __table_args__ = (Index("decision_target", "target"),)

    id: int = Field(primary_key=True)
    at: int
    verb: str = Field(sa_type=Text)
    target: str = Field(sa_type=Text)
    payload: str = Field(sa_type=Text)
    undone_at: int | None = None


class NudgeLife(SQLModel, table=True):
    """What became of a nudge."""

    __tablename__ = "nudge_life"
    __table_args__ = (Index("nudge_life_contact", "contact"), UNORDERED)

    key: str = Field(sa_type=Text, primary_key=True)
    kind: str = Field(sa_type=Text)
    contact: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)  #: new | shown | done | snoozed | dismissed | expired
    shown_count: int = 0
    first_shown: int | None = None
    last_shown: int | None = None
    until: int | None = None


class Tombstone(SQLModel, table=True):
    """A forgotten address, as a salted hash: enough to skip it on the next sync, too little to read it."""

    __table_args__ = (UNORDERED,)

    hash: str = Field(sa_type=Text, primary_key=True)


class Meta(SQLModel, table=True):
    """Facts about the database itself."""

    __table_args__ = (UNORDERED,)

    key: str = Field(sa_type=Text, primary_key=True)
    value: str = Field(sa_type=Text)


class Contact(SQLModel, table=True):
    """Derived: a person, known by the primary address."""

    __table_args__ = (UNORDERED,)

    id: str = Field(sa_type=Text, primary_key=True)
    name: str = Field(sa_type=Text)
    first_seen: int | None = None
    last_seen: int | None = None


class Address(SQLModel, table=True):
    """Derived: whose address it is."""

    __table_args__ = (Index("address_contact", "contact"), UNORDERED)

    address: str = Field(sa_type=Text, primary_key=True)
    contact: str | None = Field(default=None, sa_type=Text)
    person: bool


class Thread(SQLModel, table=True):
    """Derived: the thread of a message, named by its first one, and what linking needs of it."""

    __table_args__ = (Index("thread_thread", "thread"), Index("thread_key", "key", "at"))

    interaction: int = Field(sa_column=interaction_column())
    thread: int
    key: str = Field(sa_type=Text)  #: normalised subject
    at: int
    parent: str = Field(sa_type=Text)  #: Message-ID an orphan was found to answer


class Node(SQLModel, table=True):
    """Derived: a Message-ID or provider's thread id that a message names, hashed to save space."""

    __table_args__ = (UNORDERED,)

    hash: int = Field(primary_key=True)
    interaction: int = Field(sa_column=interaction_column())


class Reading(SQLModel, table=True):
    """Derived: what was read in an interaction besides its acts."""

    interaction: int = Field(sa_column=interaction_column())
    question: bool
    question_quote: str = Field(sa_type=Text)
    unread: bool
    away_until: str | None = Field(default=None, sa_type=Text)


class Act(SQLModel, table=True):
    """Derived: one act, towards the address it was read for."""

    __table_args__ = (Index("act_address", "address", "interaction"), UNORDERED)

    interaction: int = Field(sa_column=interaction_column())
    number: int = Field(primary_key=True)
    address: str = Field(sa_type=Text)
    by: str = Field(sa_type=Text)
    act: str = Field(sa_type=Text)
    kind: str | None = Field(default=None, sa_type=Text)
    size: float | None = None
    routine: bool
    notable: bool
    flags: str = Field(sa_type=Text)
    quote: str = Field(sa_type=Text)
    rule: str = Field(sa_type=Text)
    position: int
    due: str | None = Field(default=None, sa_type=Text)
    confidence: float
    notable_confidence: float
    large_confidence: float
    counts: bool


class Refold(SQLModel, table=True):
    """Derived: addresses whose ledger changed in its past, waiting to be folded anew."""

    __table_args__ = (UNORDERED,)

    address: str = Field(sa_type=Text, primary_key=True)


class Relationship(SQLModel, table=True):
    """Derived: the fold of one contact's ledger, as its last act left it."""

    __table_args__ = (Index("relationship_next_due", "next_due"), UNORDERED)

    contact: str = Field(sa_type=Text, primary_key=True)
    state: str = Field(sa_type=Text)
    at: int | None = None  #: of the last entry folded in
    interaction: str = Field(sa_type=Text)  #: of the last entry folded in
    next_due: int | None = None
