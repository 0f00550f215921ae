"""What is stored comes back; what came before changes nothing; what broke in the middle was never there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recipflow.connector import SetAside
from recipflow.model import Interaction, Meeting, Message, Party
from recipflow.store import Life, LifeState, Prepared, Store, Verb
from recipflow.threads.aliases import alias
from tests.mails import DANA, KWAME, ME, NOAH, START, mail, meeting, meetings, messages, prepared


def saved(store: Store, *interactions: Interaction, cursor: str = "1", **more: object) -> tuple[int, ...]:
    account = store.accounts.ensure("box", "memory").id
    return store.save_page(account, prepared(*interactions), cursor, **more).new  # type: ignore[arg-type]


def ids(store: Store, keys: list[int]) -> list[str]:
    return [one.interaction.id for one in store.interactions.get(keys)]


def facts(store: Store) -> list[str]:
    """All facts, told apart from the order in which they came."""
    names = dict(store._db.execute("SELECT id, type || ext FROM interaction"))
    rows = []
    for table, row in store.export():
        row.pop("seen", None)
        if "interaction" in row:
            row["interaction"] = names[row["interaction"]]
        if table == "interaction":
            row.pop("id")
        rows.append(f"{table} {sorted(row.items())}")
    return sorted(rows)


def by_alias(one: Message | Meeting) -> Message | Meeting:
    """As it is kept: what a message refers to goes by alias."""
    if isinstance(one, Meeting):
        return one
    return replace(one, in_reply_to=alias(one.in_reply_to), references=tuple(map(alias, one.references)))


@given(st.lists(messages | meetings, max_size=8, unique_by=lambda one: (type(one), one.id)))
@settings(deadline=None)
def test_what_is_stored_comes_back_as_it_was(page: list[Message | Meeting]) -> None:
    with Store() as store:
        keys = saved(store, *page)
        assert [one.interaction for one in store.interactions.get(keys)] == [by_alias(one) for one in page]


@given(
    st.data(), st.lists(messages, max_size=5, unique_by=lambda one: one.id), st.lists(meetings, max_size=5)
)
@settings(deadline=None)
def test_pages_in_any_order_and_twice_come_to_the_same(
    data: st.DataObject, mails: list[Message], versions: list[Meeting]
) -> None:
    labelled: list[Interaction] = [replace(one, labels=(*one.labels, "also")) for one in mails]
    arrivals: list[Interaction] = data.draw(st.permutations([*mails, *labelled, *versions, *versions]))
    size = data.draw(st.integers(1, 9))
    with Store() as one, Store() as other:
        saved(one, *mails, *labelled, *versions)
        for first in range(0, len(arrivals), size):
            saved(other, *arrivals[first : first + size])
        saved(one)
        saved(other)
        assert facts(one) == facts(other)


def test_seeing_a_message_twice_changes_nothing() -> None:
    with Store() as store:
        saved(store, mail(1), meeting(1, DANA))
        before = facts(store)
        assert saved(store, mail(1), meeting(1, DANA)) == ()
        assert facts(store) == before


def test_the_latest_version_of_a_meeting_wins_and_those_it_named_before_are_folded_anew() -> None:
    with Store() as store:
        saved(store, meeting(1, DANA, KWAME))
        account = store.accounts.ensure("box", "memory").id
        change = store.save_page(account, prepared(meeting(1, KWAME, sequence=1, summary="moved")), "2")
        assert (change.new, len(change.changed)) == ((), 1)
        saved(store, meeting(1, NOAH))
        kept = store.interactions.by_ext(["e1"])["e1"].interaction
        assert kept == meeting(1, KWAME, sequence=1, summary="moved")
        assert store.ledgers.marked() == {ME, DANA, KWAME}


def test_a_message_and_a_meeting_may_bear_the_same_id() -> None:
    with Store() as store:
        assert len(saved(store, mail(1, id="same"), meeting(1, DANA, id="same"))) == 2


def test_what_utf8_cannot_hold_is_replaced_and_known_again() -> None:
    broken = mail(1, id="m\udcff", subject="caf\udce9", text="fine")
    with Store() as store:
        saved(store, broken)
        assert saved(store, broken) == ()
        (one,) = store.interactions.get(store.interactions.in_order())
        assert isinstance(one.interaction, Message)
        assert (one.interaction.subject, one.interaction.text) == ("caf?", "fine")


@pytest.mark.parametrize(
    "mended",
    [
        mail(2, subject="caf\udce9"),
        replace(mail(2), to=(Party("dana\x00@y.example"),)),
        replace(mail(2), cc=(Party(DANA, "Dan\udce1"),)),
        replace(mail(2), cc=tuple(Party(f"p{n}@x.example") for n in range(600))),
    ],
)
def test_messages_are_at_hand_only_when_they_come_out_as_they_went_in(mended: Message) -> None:
    with Store() as store:
        account = store.accounts.ensure("box", "memory").id
        whole = store.save_page(account, prepared(mail(1), meeting(1, DANA)), "1")
        assert whole.messages == tuple(store.interactions.get(whole.new[:1]))
        assert store.save_page(account, prepared(mended, mail(3)), "2").messages == ()


def test_sequences_no_integer_column_holds_are_stored_all_the_same() -> None:
    with Store() as store:
        assert saved(store, meeting(1, DANA, sequence=10**30), meeting(2, DANA, sequence=-(10**30)))


def test_interactions_are_found_by_who_takes_part_in_the_order_of_time() -> None:
    with Store() as store:
        saved(store, mail(3, KWAME), mail(2, ME, (DANA, KWAME)), mail(1), meeting(0, DANA))
        assert ids(store, store.interactions.of([DANA])) == ["e0", "m1@x", "m2@x"]
        assert ids(store, store.interactions.in_order(since=START + timedelta(hours=2))) == ["m2@x", "m3@x"]
        assert store.interactions.correspondents([ME]) == {DANA: 1, KWAME: 1}


def test_whoever_sent_what_lies_in_sent_is_the_user() -> None:
    with Store() as store:
        saved(store, mail(1, ME, (DANA,), labels=("sent",)), mail(2), mail(3, NOAH, labels=("unsent",)))
        assert store.interactions.senders("sent") == {ME: 1}


def test_a_private_person_is_never_written(tmp_path: Path) -> None:
    path = tmp_path / "recipflow.db"
    with Store(path) as store:
        page: list[Interaction] = [
            mail(1),
            mail(2, ME, (DANA,)),
            mail(3, ME, (DANA, "me2@x.example")),
            mail(4, KWAME, (ME, DANA)),
            mail(5, KWAME, (DANA,)),
            meeting(1, DANA),
            meeting(2, DANA, KWAME),
        ]
        saved(store, *page, blocked=lambda address: address == DANA, me=(ME, "me2@x.example"))
        assert ids(store, store.interactions.in_order()) == ["m4@x", "e2"]
        store._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert DANA.encode() not in path.read_bytes()


def test_accounts_keep_their_cursor_and_what_could_not_be_read() -> None:
    with Store() as store:
        account = store.accounts.ensure("box", "memory")
        store.save_page(account.id, prepared(mail(1)), "7", finished=START)
        store.accounts.put_aside(account.id, [SetAside("a.mbox:12", "no date")] * 2, START)
        kept = store.accounts.ensure("box", "memory")
        assert (kept.cursor, kept.last_sync, kept.seen) == ("7", START, 1)
        assert store.accounts.set_aside(account.id) == (SetAside("a.mbox:12", "no date"),)
        assert store.accounts.ensure("box", "other").cursor is None


def test_a_decision_stands_until_it_is_undone() -> None:
    with Store() as store:
        first = store.decisions.append(Verb.NEVER, DANA, {}, START)
        store.decisions.append(Verb.SNOOZE, "key", {"days": 7, "why": "café"}, START)
        assert [one.payload for one in store.decisions.standing(Verb.SNOOZE)] == [{"days": 7, "why": "café"}]
        undone = store.decisions.undo(START)
        assert undone is not None
        assert undone.verb is Verb.SNOOZE
        assert [one.id for one in store.decisions.standing()] == [first]
        assert store.decisions.undo(START, undone.id) is None


def test_the_life_of_a_nudge_is_kept() -> None:
    life = Life(key="k", kind="thank", contact=DANA, state=LifeState.SNOOZED, shown_count=2, until=START)
    with Store() as store:
        store.decisions.put_lives([Life(key="k", kind="thank", contact=DANA), life])
        assert store.decisions.lives(contact=DANA) == {"k": life}
        assert store.decisions.lives(key="other") == {}


def test_advice_that_something_did_not_happen_is_looked_at_again_when_mail_comes() -> None:
    with Store() as store:
        store.decisions.put_lives(
            [Life(key="a", kind="follow_up", contact=DANA), Life(key="b", kind="thank", contact=KWAME)]
        )
        store.ledgers.mark_new()
        assert store.ledgers.to_renew() == []
        saved(store, mail(1, NOAH))
        store.ledgers.mark_new()
        assert store.ledgers.to_renew() == [DANA]


def test_counts_tell_people_from_machines_and_languages_apart() -> None:
    with Store() as store:
        account = store.accounts.ensure("box", "memory").id
        page = [
            Prepared(mail(1), "newsletter"),
            Prepared(mail(2), None, "en"),
            Prepared(mail(3, sealed=True)),
        ]
        store.save_page(account, [*page, Prepared(meeting(1, DANA))], "1")
        counts = store.counts()
    assert (counts.messages, counts.meetings, counts.sealed) == (3, 1, 1)
    assert (counts.machines, counts.languages) == ({"newsletter": 1}, {"en": 1, "": 1})


def test_a_crowd_is_cut_short() -> None:
    crowd = tuple(Party(f"p{n}@x.example") for n in range(3000))
    with Store() as store:
        saved(store, replace(mail(1), cc=crowd))
        (one,) = store.interactions.get(store.interactions.in_order())
        assert isinstance(one.interaction, Message)
        assert one.interaction.to == (Party(ME),)
        assert len(one.interaction.cc) == 498
