"""However mail came in, and whenever it was derived: computing everything anew from the facts gives the same, bit for bit."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recipflow import assembly
from recipflow.derive import Context, derive, rebuild
from recipflow.derive.again import read_again
from recipflow.derive.linking import ONE_BY_ONE
from recipflow.derive.reading import read_at_once
from recipflow.model import Attendee, Contact, Meeting, Message, PartStat, Party, ProfileName
from recipflow.store import Difference, Kept, Prepared, Store

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
LATER = START + timedelta(days=300)
ME = "me@x.example"
DANA, DANA_AT_HOME, KWAME, NOAH = "dana@y.example", "dana@home.example", "kwame@y.example", "noah@z.example"
THEY = (DANA, DANA_AT_HOME, KWAME, NOAH)
SPOKEN = (
    "Here is the checklist I put together for you last night. I hope it helps.",
    "Could you please send me the contract by Friday?",
    "Could you introduce me to somebody at the museum? It would mean a lot.",
    "Thank you so much for the introduction, it helped a lot!",
    "I will send you the draft by next Tuesday.",
    "Happy to do that. I'll get to it this week.",
    "Sorry, I can't make it.",
    "Just following up on my note from last week.",
    "What do you think?",
    "Ok.",
)


@cache
def context() -> Context:
    people = (Contact(id=DANA, addresses=(DANA, DANA_AT_HOME), profile=ProfileName.BUSINESS),)
    return assembly.context([ME], UTC, people)


@cache
def other_rules() -> Context:
    own = {
        "mine.toml": {
            "language": "en",
            "rule": [
                {
                    "id": "so-be-it",
                    "act": "give",
                    "by": "me",
                    "kind": "help",
                    "size": 2,
                    "text": [r"\bhappy to do that\b"],
                    "because": "you said so",
                    "matches": ["Happy to do that."],
                    "not": ["Sorry, I can't make it."],
                }
            ],
        }
    }
    return replace(context(), reader=assembly.reader(own))


_instants = st.integers(0, 24 * 200).map(lambda hours: START + timedelta(hours=hours))
_names = st.sampled_from(["", "Dana Ruiz", "D. Ruiz", "Kwame A", "Noah"])
_anybody = st.builds(Party, st.sampled_from((ME, *THEY)), _names)
_someone = st.builds(Party, st.sampled_from(THEY), _names)
_numbers = st.integers(0, 9)


@st.composite
def letters(draw: st.DrawFn) -> Prepared:
    number, mine = draw(_numbers), draw(st.booleans())
    to = draw(st.lists(_someone if mine else _anybody, min_size=1, max_size=2))
    answers = draw(st.none() | _numbers)
    message = Message(
        id=f"m{number}@x",
        at=draw(_instants),
        sender=Party(ME) if mine else draw(_someone),
        to=tuple(to),
        subject=draw(st.sampled_from(["", "plan", "Re: plan", "museum"])),
        in_reply_to="" if answers is None else f"m{answers}@x",
        labels=draw(st.sampled_from([(), ("inbox",), ("sent",)])),
        sealed=draw(st.integers(0, 9)) == 0,
        text=" ".join(draw(st.lists(st.sampled_from(SPOKEN), max_size=2))),
    )
    machine = draw(st.sampled_from([None, None, None, None, "list", "auto_reply"]))
    return Prepared(message, machine, "en")


@st.composite
def meetings(draw: st.DrawFn) -> Prepared:
    number, sequence, at = draw(st.integers(0, 2)), draw(st.integers(0, 3)), draw(_instants)
    guests = draw(
        st.lists(st.builds(Attendee, st.sampled_from((ME, *THEY)), _names, st.sampled_from(PartStat)))
    )
    meeting = Meeting(
        id=f"e{number}",
        uid=f"e{number}",
        version=str(sequence),
        sequence=sequence,
        known=START,
        starts=at,
        ends=at + timedelta(hours=1),
        cancelled=draw(st.booleans()),
        organizer=draw(st.none() | _anybody),
        attendees=tuple(guests[:4]),
    )
    return Prepared(meeting)


Arrival = tuple[timedelta, list[Prepared]]


@st.composite
def arrivals(draw: st.DrawFn) -> list[Arrival]:
    """A mailbox in pages, in any order, and how long each page was in coming; the last one is empty."""
    items = draw(st.lists(letters() | meetings(), min_size=4, max_size=14))
    shuffled = draw(st.permutations(items))
    cuts = sorted(draw(st.lists(st.integers(0, len(items)), max_size=4)))
    pages = [shuffled[start:end] for start, end in zip([0, *cuts], [*cuts, len(items)], strict=True)]
    return [(timedelta(seconds=draw(st.integers(0, 86_400 * 100))), page) for page in [*pages, []]]


@given(arrivals(), st.data())
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
def test_rebuilding_gives_what_page_after_page_gave(pages: list[Arrival], data: st.DataObject) -> None:
    """Whether a page was read while it was at hand or later, and how many came before it was derived from."""
    now = START
    with Store() as store:
        account = store.accounts.ensure("box", "memory").id
        for later, page in pages:
            now += later
            saved = store.save_page(account, page, None)
            if data.draw(st.booleans(), "at once"):
                read_at_once(store, context(), saved.messages)
            if not page or data.draw(st.booleans(), "derive"):
                derive(store, context(), now)
        store.put_derived_aside()
        rebuild(store, context(), now)
        assert store.differences() == ()


@given(arrivals(), arrivals(), st.data())
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_what_other_rules_read_is_read_anew_beside_what_comes(
    before: list[Arrival], after: list[Arrival], data: st.DataObject
) -> None:
    """Some at a time, broken off and begun again; texts that were dropped meanwhile stay as they were read."""
    with Store() as store:
        account = store.accounts.ensure("box", "memory").id
        for _, page in before:
            store.save_page(account, page, None)
        derive(store, context(), LATER)
        store.outdated.all()
        if data.draw(st.booleans(), "old"):
            store.drop_texts(START + timedelta(days=60))
        for _, page in after:
            for _ in islice(read_again(store, other_rules(), LATER), data.draw(st.integers(0, 3), "steps")):
                pass
            read_at_once(store, other_rules(), store.save_page(account, page, None).messages)
            derive(store, other_rules(), LATER)
        deque(read_again(store, other_rules(), LATER), maxlen=0)
        derive(store, other_rules(), LATER)
        store.put_derived_aside()
        rebuild(store, other_rules(), LATER)
        assert store.differences() == ()


@given(arrivals())
@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
def test_what_was_read_in_texts_since_dropped_survives_rebuilding(pages: list[Arrival]) -> None:
    with Store() as store:
        account = store.accounts.ensure("box", "memory").id
        for _, page in pages:
            store.save_page(account, page, None)
        derive(store, context(), LATER)
        store.drop_texts(START + timedelta(days=60))
        store.put_derived_aside()
        rebuild(store, context(), LATER)
        assert store.differences() == ()


def test_many_late_messages_at_once_change_the_threads_of_those_before_them() -> None:
    """Each of the second half is what one of the first half answers: older, and so the one to name the thread."""
    answers = [
        Prepared(
            Message(
                id=f"answer{number}@x",
                at=START + timedelta(hours=number),
                sender=Party(DANA),
                to=(Party(ME),),
                in_reply_to=f"asked{number}@x",
                text=SPOKEN[number % len(SPOKEN)],
            ),
            language="en",
        )
        for number in range(ONE_BY_ONE + 1)
    ]
    asked = [
        Prepared(
            Message(
                id=f"asked{number}@x",
                at=START + timedelta(hours=number - 1),
                sender=Party(ME),
                to=(Party(DANA),),
                text="Could you please send me the contract by Friday?",
            ),
            language="en",
        )
        for number in range(ONE_BY_ONE + 1)
    ]
    with Store() as store:
        account = store.accounts.ensure("box", "memory").id
        for page in (answers, asked):
            store.save_page(account, page, None)
            derive(store, context(), LATER)
        assert len(set(store.links.all().values())) == len(asked)
        store.put_derived_aside()
        rebuild(store, context(), LATER)
        assert store.differences() == ()


def test_a_difference_names_what_is_not_as_it_was() -> None:
    with Store() as store:
        store.ledgers.put([Kept(KWAME, "{}")])
        store.put_derived_aside()
        store.ledgers.put([Kept(KWAME, "[]"), Kept(NOAH, "{}")])
        assert store.differences() == (Difference("relationship", KWAME), Difference("relationship", NOAH))
