"""What is derived is kept as it was given, found by whose it is and when it is due, and dropped in one go."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from recipflow.model import Act, ActType, Flag, Kind, Message, Party, Side
from recipflow.store import Kept, Person, Read, Store
from recipflow.threads import link
from tests.mails import DANA, KWAME, ME, NOAH, START, mail, meeting, prepared
from tests.remembered import MemoryThreads

GIVE = Act(
    contact=DANA,
    by=Side.ME,
    act=ActType.GIVE,
    kind=Kind.INTRO,
    size=2.5,
    notable=True,
    flags=frozenset({Flag.EFFORT, Flag.PERSONAL}),
    quote="Meet Kwame, ünd",
    rule="intro",
    position=7,
    due=date(2026, 2, 1),
    confidence=0.75,
    notable_confidence=0.5,
    large_confidence=0.25,
    counts=False,
)
THANKS = Act(contact=KWAME, by=Side.THEM, act=ActType.THANKS, quote="Thanks")


def stored(store: Store, *mails: Message) -> list[int]:
    account = store.accounts.ensure("box", "memory").id
    store.save_page(account, prepared(*mails, meeting(9, DANA)), "1")
    return store.interactions.in_order()


def test_acts_come_back_by_address() -> None:
    with Store() as store:
        first, second, _ = stored(store, mail(1, ME, (DANA, KWAME)), mail(2, KWAME))
        store.ledgers.put_read([Read(first, (GIVE, THANKS)), Read(second, (THANKS,))])
        assert store.ledgers.acts([DANA]) == {first: (GIVE,)}
        assert store.ledgers.acts([DANA, KWAME]) == {first: (GIVE, THANKS), second: (THANKS,)}


def test_reading_again_replaces_what_was_read() -> None:
    with Store() as store:
        first, *_ = stored(store, mail(1))
        store.ledgers.put_read([Read(first, (GIVE, THANKS), question=True)])
        store.ledgers.put_read([Read(first, (THANKS,))])
        assert store.ledgers.acts([DANA, KWAME]) == {first: (THANKS,)}


def test_what_was_not_read_yet_waits_in_the_order_of_time() -> None:
    with Store() as store:
        first, second, third = stored(store, mail(2), mail(1))
        store.ledgers.put_read([Read(first)])
        assert store.interactions.unread() == [second, third]
        store.save_page(1, prepared(mail(1, labels=("starred",))), "2")
        assert store.interactions.unread() == [first, second, third]


def test_the_lines_of_a_ledger_say_who_wrote_to_whom() -> None:
    with Store() as store:
        keys = stored(store, mail(1, ME, (DANA, KWAME)), mail(2, DANA), mail(3, NOAH))
        store.ledgers.put_read([Read(keys[0], question=True, question_quote="May I?"), *map(Read, keys[1:])])
        lines = list(store.ledgers.lines([DANA]))
    assert [(line.id, line.type, line.sender, line.role) for line in lines] == [
        ("m1@x", "message", ME, "to"),
        ("m2@x", "message", DANA, "from"),
        ("e9", "meeting", ME, "attendee"),
    ]
    assert (lines[0].question_quote, lines[1].at, lines[2].thread) == (
        "May I?",
        START + timedelta(hours=2),
        "e9",
    )


def test_relationships_are_found_when_they_fall_due() -> None:
    kept = [Kept(one, "{}", START, "m1", START + timedelta(days=n)) for n, one in enumerate((NOAH, DANA), 1)]
    with Store() as store:
        store.ledgers.put([*kept, Kept(KWAME, "[]")])
        assert store.ledgers.due(START) == []
        assert store.ledgers.due(START + timedelta(days=2)) == [NOAH, DANA]
        assert store.ledgers.next_due() == kept[0].next_due
        assert store.ledgers.get([KWAME, "x"]) == {KWAME: Kept(KWAME, "[]")}
        assert len(list(store.ledgers.all())) == 3


def test_marks_are_kept_until_taken_off() -> None:
    with Store() as store:
        store.ledgers.mark([DANA, DANA, KWAME])
        store.ledgers.unmark([DANA])
        assert store.ledgers.marked() == {KWAME}


def test_each_address_is_somebodys_or_unknown() -> None:
    dana = Person(DANA, (DANA, "a.dana@home.example"), "Dana Ruiz", START, START)
    with Store() as store:
        store.people.put([dana, Person(KWAME, (KWAME,), "Kwame 100%")])
        assert store.people.get(DANA) == dana
        assert store.people.contacts_of([DANA, "a.dana@home.example", NOAH, "new@x"]) == {
            DANA: DANA,
            "a.dana@home.example": DANA,
        }
        store.people.put([Person(DANA, (DANA,), "Dana")])
        assert store.people.get(DANA) == Person(DANA, (DANA,), "Dana")
        store.people.remove([DANA])
        assert store.people.get(DANA) is None
        assert store.people.contacts_of([DANA]) == {}


def test_dropping_what_is_derived_leaves_the_facts() -> None:
    with Store() as store:
        keys = stored(store, mail(1, ME, (DANA,)))
        store.ledgers.put_read(Read(key, (GIVE,)) for key in keys)
        store.people.put([Person(DANA, (DANA,))])
        store.ledgers.put([Kept(DANA, "{}")])
        before = list(store.export())
        store.drop_derived()
        assert (store.people.all(), list(store.ledgers.all()), store.ledgers.acts([DANA])) == ((), [], {})
        assert list(store.export()) == before


_ids = st.sampled_from("abcdef")
_mails = st.builds(
    Message,
    id=_ids,
    at=st.integers(0, 40).map(lambda days: START + timedelta(days=days)),
    sender=st.sampled_from([Party(ME), Party(DANA), Party(KWAME)]),
    to=st.sampled_from([(Party(ME),), (Party(DANA),), (Party(KWAME), Party(DANA))]),
    subject=st.sampled_from(["", "plan", "Re: plan", "RE: AW: plan", "other"]),
    in_reply_to=st.just("") | _ids,
    references=st.lists(_ids, max_size=2).map(tuple),
    thread_hint=st.sampled_from(["", "", "t1"]),
)


@given(st.lists(_mails, max_size=6, unique_by=lambda one: one.id))
@settings(deadline=None)
def test_threads_over_the_tables_are_those_over_memory(mails: list[Message]) -> None:
    memory = MemoryThreads()
    with Store() as store:
        keys = stored(store, *mails)
        for one in mails:
            memory.add(one)
            store.links.put(link(one, store.links).links)
        known = {one.interaction.id: one.key for one in store.interactions.get(keys)}
        threads = store.links.threads(keys)
        assert {one.id: threads[known[one.id]] for one in mails} == memory.threads()
        for thread in memory.threads().values():
            assert {one.id for one in store.links.members(thread)} == {
                one.id for one in memory.members(thread)
            }
