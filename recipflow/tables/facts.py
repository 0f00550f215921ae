"""Facts: what was observed and what the user said, kept for ever."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Text
from sqlmodel import Field, SQLModel

UNORDERED = {"sqlite_with_rowid": False}


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
    seen: int = 0  #: interactions taken in so far, those known already among them


class Interaction(SQLModel, table=True):
    """A message, or the latest version of a meeting."""

    __table_args__ = (
        Index("interaction_digest", "digest", unique=True),
        Index("interaction_at", "at"),
        Index("interaction_reading", "type", "machine", "language", "sealed"),
    )

    id: int = Field(primary_key=True)
    account: int = Field(foreign_key="account.id")
    type: str = Field(sa_type=Text)  #: message | meeting
    ext: str = Field(sa_type=Text)  #: Message-ID, or the meeting's id
    digest: int  #: of type and ext: an index of these is a quarter of the size
    at: int  #: sent, or starts
    machine: str | None = Field(
        default=None, sa_type=Text
    )  #: kind of machine that wrote it, NULL for a person
    language: str = Field(sa_type=Text)
    sealed: bool = False
    in_reply_to: str = Field(sa_type=Text)  #: by alias (recipflow.threads.aliases), as `refs`
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
    away: bool = Field(default=False, sa_column_kwargs={"server_default": "0"})


class Party(SQLModel, table=True):
    """An address under a name. One address has a row for each name it was written with."""

    __table_args__ = (Index("party_address", "address", "name", unique=True),)

    id: int = Field(primary_key=True)
    address: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)


class Part(SQLModel, table=True):
    """Who takes part in an interaction, in the order in which it names them."""

    __table_args__ = (Index("part_party", "party", "role", "interaction"), UNORDERED)

    interaction: int = Field(sa_column=interaction_column())
    position: int = Field(primary_key=True)
    role: str = Field(sa_type=Text)  #: from | to | cc | bcc | organizer | attendee
    party: int = Field(foreign_key="party.id")
    partstat: str | None = Field(default=None, sa_type=Text)


class Source(SQLModel, table=True):
    """Where a message was found: by which ref its account finds it again, and how much of it was fetched."""

    __table_args__ = (
        Index("source_interaction", "interaction"),
        Index("source_state", "account", "state"),
        UNORDERED,
    )

    account: int = Field(foreign_key="account.id", primary_key=True)
    ref: str = Field(sa_type=Text, primary_key=True)
    interaction: int = Field(
        sa_column=Column(Integer, ForeignKey("interaction.id", ondelete="CASCADE"), nullable=False)
    )
    state: str = Field(sa_type=Text)  #: whole | head | gone


class Trouble(SQLModel, table=True):
    """Why an account does not go on, until it does."""

    __table_args__ = (UNORDERED,)

    account: int = Field(foreign_key="account.id", primary_key=True)
    reason: str = Field(sa_type=Text)
    command: str = Field(sa_type=Text)  #: what the user has to type; "" when it passes by itself
    since: int
    tries: int
    retry_at: int | None = None  #: not before then; NULL: when the user has acted


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


class Delivery(SQLModel, table=True):
    """Something on its way to the user through one channel, and what became of it there."""

    __table_args__ = (
        Index("delivery_next_try", "next_try"),
        Index("delivery_form", "form", "state"),
        UNORDERED,
    )

    key: str = Field(
        sa_type=Text, primary_key=True
    )  #: of a letter: channel, local date; of a reminder: its nudge
    form: str = Field(sa_type=Text)  #: letter | reminder | notice | event
    channel: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    contact: str = Field(sa_type=Text)  #: "" for a letter
    nudge: str = Field(sa_type=Text)  #: its key; of a letter, the keys of all in it
    content: str = Field(sa_type=Text)  #: JSON; "" once a letter was delivered
    wrote: str = Field(sa_type=Text)  #: JSON of a reminder as the calendar last had it of us, with its etag
    provider_id: str = Field(sa_type=Text)
    sequence: int = 0
    attempts: int = 0
    attempted_at: int | None = None
    next_try: int | None = None  #: NULL: there is nothing to do by itself
    leased_by: str = Field(sa_type=Text)
    leased_until: int | None = None
    problem: str = Field(sa_type=Text)
    staged_at: int
    settled_at: int | None = None


class ReplyToken(SQLModel, table=True):
    """What makes a reply to a digest the user's own: good for one nudge, for a while."""

    __tablename__ = "reply_token"
    __table_args__ = (UNORDERED,)

    hash: str = Field(sa_type=Text, primary_key=True)
    nudge: str = Field(sa_type=Text)
    contact: str = Field(sa_type=Text)
    until: int
    used_at: int | None = None  #: the last time


class Heard(SQLModel, table=True):
    """A mail of the user's to themselves whose words were taken in, or found to be none of ours."""

    interaction: int = Field(sa_column=interaction_column())
    at: int
