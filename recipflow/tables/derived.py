"""What can be dropped and computed again from the facts."""

from __future__ import annotations

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from recipflow.tables.facts import UNORDERED, interaction_column


class Contact(SQLModel, table=True):
    """A person, known by the primary address."""

    __table_args__ = (UNORDERED,)

    id: str = Field(sa_type=Text, primary_key=True)
    name: str = Field(sa_type=Text)
    first_seen: int | None = None
    last_seen: int | None = None


class Address(SQLModel, table=True):
    """Whose address it is."""

    __table_args__ = (Index("address_contact", "contact"), UNORDERED)

    address: str = Field(sa_type=Text, primary_key=True)
    contact: str | None = Field(default=None, sa_type=Text)
    person: bool


class Thread(SQLModel, table=True):
    """The thread of a message, named by its first one, and what linking needs of it."""

    __table_args__ = (Index("thread_thread", "thread"), Index("thread_key", "key", "at"))

    interaction: int = Field(sa_column=interaction_column())
    thread: int
    key: str = Field(sa_type=Text)  #: normalised subject
    at: int
    parent: str = Field(sa_type=Text)  #: Message-ID an orphan was found to answer


class Node(SQLModel, table=True):
    """A Message-ID or provider's thread id that a message names, as a digest to save space.

    Without a foreign key: nothing here is found by interaction, so a cascade would read the whole table.
    """

    __table_args__ = (UNORDERED,)

    digest: int = Field(primary_key=True)
    interaction: int = Field(primary_key=True)


class Reading(SQLModel, table=True):
    """What was read in an interaction besides its acts."""

    interaction: int = Field(sa_column=interaction_column())
    question: bool
    question_quote: str = Field(sa_type=Text)
    unread: bool
    away_until: str | None = Field(default=None, sa_type=Text)


class Act(SQLModel, table=True):
    """One act, towards the address it was read for."""

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
    about: str | None = Field(default=None, sa_type=Text)
    confidence: float
    notable_confidence: float
    large_confidence: float
    counts: bool


class Refold(SQLModel, table=True):
    """Addresses whose ledger changed in its past, waiting to be folded anew."""

    __table_args__ = (UNORDERED,)

    address: str = Field(sa_type=Text, primary_key=True)


class Relationship(SQLModel, table=True):
    """The fold of one contact's ledger, as its last act left it."""

    __table_args__ = (
        Index("relationship_next_due", "next_due"),
        Index("relationship_at", "at"),
        UNORDERED,
    )

    contact: str = Field(sa_type=Text, primary_key=True)
    state: str = Field(sa_type=Text)
    at: int | None = None  #: of the last entry folded in
    interaction: str = Field(sa_type=Text)  #: of the last entry folded in
    next_due: int | None = None


class Renewal(SQLModel, table=True):
    """A contact whose ledger was folded since it was last looked at which advice begins to stand, and which ends."""

    __table_args__ = (UNORDERED,)
    contact: str = Field(sa_type=Text, primary_key=True)
