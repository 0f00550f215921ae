"""Messages and meetings for tests of the store: short to write, and drawn by Hypothesis."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from hypothesis import strategies as st

from recipflow.model import Attachment, Attendee, Interaction, Meeting, Message, PartStat, Party
from recipflow.store import Prepared

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
ME, DANA, KWAME, NOAH = "me@x.example", "dana@y.example", "kwame@y.example", "noah@z.example"


def mail(number: int, sender: str = DANA, to: tuple[str, ...] = (ME,), **more: object) -> Message:
    """The message of that number, an hour after the one before."""
    given = {"id": f"m{number}@x", "at": START + timedelta(hours=number), "text": f"text {number}", **more}
    return Message(sender=Party(sender), to=tuple(map(Party, to)), **given)  # type: ignore[arg-type]


def meeting(number: int, *attendees: str, sequence: int = 0, **more: object) -> Meeting:
    """The meeting of that number, organised by the user."""
    at = START + timedelta(days=number)
    times = {"known": at, "starts": at, "ends": at + timedelta(hours=1)}
    names = {"id": f"e{number}", "uid": f"e{number}", "version": f"v{sequence}"}
    who = {"organizer": Party(ME), "attendees": tuple(map(Attendee, attendees))}
    return Meeting(sequence=sequence, **(times | names | who | more))  # type: ignore[arg-type]


def prepared(*interactions: Interaction) -> list[Prepared]:
    return [Prepared(one, language="en") for one in interactions]


_words = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=20)
_tokens = st.text("abc.@-", min_size=1, max_size=8)
_instants = st.integers(-5_000_000_000, 5_000_000_000).map(lambda s: START + timedelta(seconds=s))
_people = st.builds(Party, st.sampled_from([ME, DANA, KWAME, NOAH]), _words)
_lists = st.lists(_people, max_size=3).map(tuple)
_files = st.lists(st.builds(Attachment, _words, _words, st.integers(0, 10**12)), max_size=2).map(tuple)

messages = st.builds(
    Message,
    id=_tokens,
    at=_instants,
    sender=_people,
    to=_lists,
    cc=_lists,
    bcc=_lists,
    subject=_words,
    in_reply_to=_words.map(str.strip),
    references=st.lists(_tokens, max_size=3).map(tuple),
    thread_hint=_words,
    labels=st.sets(_tokens, max_size=2).map(sorted).map(tuple),
    attachments=_files,
    headers=st.dictionaries(_tokens, _words, max_size=2),
    sealed=st.booleans(),
    text=_words,
)
meetings = st.builds(
    Meeting,
    id=_tokens,
    uid=_words,
    version=st.just(""),
    sequence=st.integers(0, 5),
    known=_instants,
    starts=_instants,
    ends=_instants,
    all_day=st.booleans(),
    recurring=st.booleans(),
    cancelled=st.booleans(),
    private=st.booleans(),
    organizer=st.none() | _people,
    attendees=st.lists(
        st.builds(Attendee, st.sampled_from([DANA, KWAME]), _words, st.sampled_from(PartStat)), max_size=3
    ).map(tuple),
    summary=_words,
    attachments=_files,
).map(lambda one: replace(one, version=blake2b(repr(one).encode()).hexdigest()))
