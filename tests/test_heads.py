"""Heads come first: bodies are fetched of mail with people, once, and later for those who become people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recipflow.errors import TryLater
from recipflow.heads import Wanted
from recipflow.machines import Machines
from recipflow.model import Message
from recipflow.patience import Patience, backoff
from recipflow.preparing import Preparing
from recipflow.reconciling import last_gap, reconcile, said_of
from recipflow.store import HEAD, Store
from recipflow.workflow import Intake, fetch_waiting, pull
from tests.mails import DANA, KWAME, ME, NOAH, START, mail
from tests.memory import Mailbox
from tests.test_workflow import MACHINES

NOW = START + timedelta(days=10)


@pytest.fixture
def store() -> Iterator[Store]:
    with Store() as opened:
        yield opened


def intake(store: Store, *known: str, private: frozenset[str] = frozenset()) -> Intake:
    machines, me = Machines(MACHINES), frozenset({ME})
    blocked = private.__contains__ if private else None
    people = {*known, *store.interactions.correspondents(me)}
    return Intake(
        prepare=Preparing(machines=machines, me=me),
        blocked=blocked,
        me=me,
        wanted=Wanted(machines, me, people.intersection, blocked),
    )


def sync(store: Store, box: Mailbox, *known: str, private: frozenset[str] = frozenset()) -> None:
    account = store.accounts.ensure("box", "memory")
    pull(store, account, box, intake(store, *known, private=private), now=NOW)


def words(store: Store) -> dict[str, str]:
    """What is here of each message, by id; None of its text where only the head is."""
    return {
        one.interaction.id: HEAD if one.language == HEAD else one.interaction.text
        for one in store.interactions.get(store.interactions.in_order())
        if isinstance(one.interaction, Message)
    }


def letter(number: int, sender: str = DANA, to: tuple[str, ...] = (ME,), **more: object) -> Message:
    return mail(number, sender, to, text="", body=f"I wrote the words of letter {number} for you.", **more)


def test_the_users_own_mail_and_that_of_people_is_fetched_and_of_strangers_only_the_head(
    store: Store,
) -> None:
    box = Mailbox([letter(1, ME, (DANA,)), letter(2, DANA), letter(3, KWAME)])
    sync(store, box)
    assert box.fetched == ["m1@x", "m2@x"]
    assert words(store)["m2@x"] == "I wrote the words of letter 2 for you."
    assert words(store)["m3@x"] == HEAD


def test_mail_of_somebody_the_user_writes_to_later_is_fetched_then(store: Store) -> None:
    box = Mailbox([letter(1, KWAME), letter(2, DANA), letter(3, NOAH), letter(4, ME, (KWAME,))])
    sync(store, box)
    assert box.fetched == ["m4@x", "m1@x"]
    assert words(store)["m1@x"].startswith("I wrote")
    assert words(store)["m2@x"] == HEAD


def test_mail_of_somebody_who_became_a_person_elsewhere_is_fetched_when_that_is_known(store: Store) -> None:
    box = Mailbox([letter(1, KWAME), letter(2, NOAH)])
    sync(store, box)
    account = store.accounts.ensure("box", "memory")
    assert fetch_waiting(store, account, box, intake(store, KWAME), now=NOW) == 1
    assert box.fetched == ["m1@x"]


def test_a_fetched_body_puts_its_message_back_among_the_unread(store: Store) -> None:
    box = Mailbox([letter(1, KWAME)])
    sync(store, box)
    store.interactions.all_read()
    account = store.accounts.ensure("box", "memory")
    fetch_waiting(store, account, box, intake(store, KWAME), now=NOW)
    assert len(store.interactions.unread()) == 1


def test_what_a_service_carries_for_a_person_is_fetched_and_other_machines_mail_is_not(store: Store) -> None:
    rules = {
        "rule": [
            *MACHINES["rule"],
            {
                "id": "share",
                "kind": "share",
                "because": "a shared document",
                "carries": True,
                "from": ["^drive@"],
                "matches": [{"from": "drive@docs.example"}],
                "not": [{"from": "a@b.example"}],
            },
        ]
    }
    machines, me = Machines(rules), frozenset({ME})
    wanted = Wanted(machines, me)
    assert wanted(mail(1, "drive@docs.example"))
    assert not wanted(mail(2, KWAME, headers={"list-unsubscribe": "<x>"}))


def test_mail_of_private_people_is_not_even_fetched(store: Store) -> None:
    box = Mailbox([letter(1, ME, (DANA, KWAME)), letter(2, DANA), letter(3, KWAME)])
    sync(store, box, private=frozenset({DANA}))
    assert box.fetched == ["m1@x", "m3@x"]
    assert "m2@x" not in words(store)


def test_what_is_gone_when_it_is_fetched_is_asked_for_once_more_and_then_never_again(store: Store) -> None:
    box = Mailbox([letter(1, ME, (DANA,)), letter(2, DANA)], gone={"m2@x"})
    for _ in range(4):
        sync(store, box)
    assert box.fetched.count("m2@x") <= 2
    assert words(store)["m2@x"] == HEAD


def test_what_cannot_be_read_is_set_aside_once(store: Store) -> None:
    box = Mailbox([letter(1, DANA)], unreadable={"m1@x"})
    sync(store, box, DANA)
    sync(store, box, DANA)
    assert [one.where for one in store.accounts.set_aside()] == ["m1@x"]


def test_pulled_twice_it_is_fetched_once(store: Store) -> None:
    box = Mailbox([letter(1, ME, (DANA,)), letter(2, DANA)])
    sync(store, box)
    store.accounts.advance(1, None, seen=0, finished=None)
    sync(store, box)
    assert sorted(box.fetched) == ["m1@x", "m2@x"]


@given(order=st.permutations(range(6)), calls=st.integers(0, 12))
def test_in_whatever_order_and_wherever_it_is_killed_the_same_is_here_in_the_end(
    order: list[int], calls: int
) -> None:
    letters = [
        letter(0, ME, (DANA,)),
        letter(1, DANA),
        letter(2, KWAME),
        letter(3, NOAH),
        letter(4, ME, (KWAME,)),
        letter(5, KWAME),
    ]
    with Store() as store:
        box = Mailbox([letters[number] for number in order], calls_left=calls)
        with suppress(KeyboardInterrupt):
            sync(store, box)
        box.calls_left = None
        sync(store, box)
        assert {key for key, text in words(store).items() if text == HEAD} == {"m3@x"}
        assert len(words(store)) == 6


def test_a_provider_that_is_busy_is_waited_for_as_long_as_it_says() -> None:
    waits: list[float] = []
    box = Mailbox([letter(1)], faults=[TryLater("busy", after=7), TryLater("away")])
    patient = Patience(waits.append, lambda: 0.0, most=60)
    assert patient(lambda: box.pull(None, now=NOW)).interactions
    assert waits == [7, 1.0]


def test_patience_ends_before_it_would_wait_too_long() -> None:
    waits: list[float] = []
    box = Mailbox(faults=[TryLater("busy", after=40), TryLater("busy", after=40)])
    with pytest.raises(TryLater):
        Patience(waits.append, lambda: 0.0, most=60)(lambda: box.pull(None, now=NOW))
    assert waits == [40]


@given(tries=st.integers(1, 10_000), random=st.floats(0, 1))
def test_waiting_grows_within_bounds(tries: int, random: float) -> None:
    assert 0.5 <= backoff(tries, random) <= 60.0
    assert backoff(tries, random) <= backoff(tries + 1, random)


def test_what_pulling_missed_is_found_fetched_and_said(store: Store) -> None:
    old = [letter(number, DANA) for number in (1, 2, 30)]
    box = Mailbox(old, hidden={"m1@x", "m30@x"})
    sync(store, box, DANA)
    account = store.accounts.all()[0]
    gap = reconcile(store, account, box, intake(store, DANA), now=NOW)
    assert gap is not None
    assert said_of(gap) == "2 messages of 2026-01-05 to 2026-01-06 had been missed; fetched on 2026-01-15."
    assert last_gap(store, account) == gap
    assert set(words(store)) == {"m1@x", "m2@x", "m30@x"}


def test_what_arrived_between_two_looks_is_no_gap(store: Store) -> None:
    box = Mailbox([letter(1, DANA)])
    sync(store, box, DANA)
    box.messages.append(mail(2, DANA, at=NOW - timedelta(minutes=1), body="I sent it just now."))
    account = store.accounts.all()[0]
    assert reconcile(store, account, box, intake(store, DANA), now=NOW) is None
    assert "m2@x" in words(store)


def test_mail_with_private_people_is_never_a_gap_and_leaves_no_trace(store: Store) -> None:
    box = Mailbox([letter(1, DANA)])
    private = frozenset({DANA})
    sync(store, box, private=private)
    account = store.accounts.all()[0]
    assert reconcile(store, account, box, intake(store, private=private), now=NOW) is None
    assert not words(store)
    assert not store.sources.refs(account.id)


def test_it_is_compared_once_a_day(store: Store) -> None:
    box = Mailbox([letter(1, DANA)])
    sync(store, box, DANA)
    account = store.accounts.all()[0]
    reconcile(store, account, box, intake(store, DANA), now=NOW)
    box.faults = [AssertionError("it was asked again")]
    assert reconcile(store, account, box, intake(store, DANA), now=NOW + timedelta(hours=2)) is None
    box.faults = []
    box.messages.append(letter(3, DANA))
    later = NOW + timedelta(days=1)
    store.accounts.advance(account.id, None, seen=0, finished=later)
    assert reconcile(store, store.accounts.all()[0], box, intake(store, DANA), now=later) is not None
