"""Who is forgotten is nowhere to be found, and does not come back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from recipflow.model import Act, ActType, Attachment, Interaction, Message, Party, Side
from recipflow.store import Kept, Life, Person, Read, Store, Verb
from recipflow.threads import link
from recipflow.threads.links import link_of
from tests.mails import DANA, KWAME, ME, NOAH, START, mail, meeting, prepared

NAME = "Dana Ruiz"


def filled(path: Path | None) -> Store:
    """Dana in every table, and Kwame beside her."""
    store = Store(path)
    account = store.accounts.ensure("box", "memory").id
    page: list[Interaction] = [
        Message(
            id="a",
            at=START,
            sender=Party(DANA, NAME),
            to=(Party(ME),),
            subject="For you",
            text="Notes by Dana",
        ),
        mail(1, ME, (DANA,)),
        mail(
            2,
            KWAME,
            (ME, DANA),
            subject=f"About {NAME.upper()}",
            text=f"Ask {NAME} at <Dana@Y.example>. Thanks!",
        ),
        mail(3, KWAME, (ME,), references=("m1@x",)),
        mail(4, NOAH, (ME,), text="Dana who?"),
        meeting(1, DANA),
        meeting(2, DANA, KWAME),
    ]
    with store.transaction():
        store.save_page(account, prepared(*page), "1", me=[ME])
        for one in page:
            if isinstance(one, Message):
                store.links.put(link(link_of(one), store.links).links)
        keys = store.interactions.in_order()
        thanks = Act(contact=KWAME, by=Side.THEM, act=ActType.THANKS, quote=f"Ask {NAME} at")
        store.ledgers.put_read(Read(key, (thanks,)) for key in keys)
        store.people.put([Person(DANA, (DANA,), NAME), Person(KWAME, (KWAME,)), Person(NOAH, (NOAH,))])
        store.ledgers.put(
            Kept(one, f'{{"quote": "{NAME}"}}' if one != NOAH else "{}") for one in (DANA, KWAME, NOAH)
        )
        store.decisions.put_lives([Life(key="k1", kind="thank", contact=DANA)])
        store.decisions.append(Verb.DONE, "k1", {}, START)
        store.decisions.append(Verb.LOG, KWAME, {"text": f"lunch with {DANA}"}, START)
        store.decisions.append(Verb.NEVER, NOAH, {}, START)
    return store


def test_no_search_finds_somebody_forgotten_anywhere_on_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "recipflow.db"
    for kind in ("before-0002", "daily-2026-01-01", "unfinished", "incoming-journal"):
        (tmp_path / f"recipflow.db.{kind}").write_text(DANA)
    with filled(path) as store:
        assert store.forget([DANA], me=[ME]).interactions == 3
    left = b"".join(file.read_bytes().lower() for file in tmp_path.iterdir())
    assert b"me@x.example" in left
    assert [word for word in (DANA, NAME, "notes by dana") if word.lower().encode() in left] == []


def test_what_others_wrote_stays_without_the_name() -> None:
    with filled(None) as store:
        store.forget([DANA], me=[ME])
        kept = {
            one.interaction.id: one.interaction
            for one in store.interactions.get(store.interactions.in_order())
        }
        assert set(kept) == {"m2@x", "m3@x", "m4@x", "e2"}
        blotted = kept["m2@x"]
        assert isinstance(blotted, Message)
        assert blotted.text == "Ask [forgotten] at <[forgotten]>. Thanks!"
        assert blotted.subject == "About [forgotten]"
        assert blotted.to == (Party(ME),)
        assert [one.verb for one in store.decisions.standing()] == [Verb.NEVER]


def test_what_forgetting_touched_waits_for_being_read_linked_and_folded_anew() -> None:
    with filled(None) as store:
        store.forget([DANA], me=[ME])
        assert ids(store, store.interactions.unread()) == ["m2@x", "e2"]  # named in one, a guest of the other
        assert ids(store, store.links.missing()) == [
            "m2@x",
            "m3@x",
        ]  # a subject that changed, a thread that fell apart
        assert store.ledgers.marked() == {ME, KWAME}
        assert set(store.ledgers.get([DANA, KWAME, NOAH])) == {NOAH}


def ids(store: Store, keys: list[int]) -> list[str]:
    return [one.interaction.id for one in store.interactions.get(keys)]


def test_somebody_whose_address_ends_in_theirs_stays_as_they_were() -> None:
    ed, fred = "ed@y.example", "fred@y.example"
    page = [
        mail(1, ed, (ME,)),
        mail(2, fred, (ME,), text=f"Mine is {fred}, his is\n{ed}."),
        mail(3, NOAH, (ME,), text=f"--{ed}"),
    ]
    with Store() as store:
        store.save_page(store.accounts.ensure("box", "memory").id, prepared(*page), "1", me=[ME])
        store.decisions.append(Verb.LOG, fred, {"text": "lunch"}, START)
        store.decisions.append(Verb.LOG, fred, {"text": f"lunch\n{ed}"}, START)
        store.decisions.append(Verb.LOG, fred, {"text": f"lunch\n-{ed}"}, START)
        assert store.forget([ed], me=[ME]).blotted == 2
        left = [one.interaction for one in store.interactions.get(store.interactions.in_order())]
        texts = [one.text for one in left if isinstance(one, Message)]
        assert texts == [f"Mine is {fred}, his is\n[forgotten].", "--[forgotten]"]
        assert [one.payload for one in store.decisions.standing()] == [{"text": "lunch"}]


def test_the_next_sync_does_not_bring_them_back_until_remembered() -> None:
    with filled(None) as store:
        store.forget([DANA], me=[ME])
        again = prepared(mail(1, ME, (DANA,)), mail(9, DANA), mail(10, KWAME, (ME, DANA)))
        assert len(store.save_page(1, again, "2", me=[ME]).new) == 1
        assert store.interactions.of([DANA]) == []
        store.remember([DANA])
        assert len(store.save_page(1, again, "3", me=[ME]).new) == 2


def test_erasing_somebody_who_became_private_keeps_no_trace() -> None:
    with filled(None) as store:
        store.erase([DANA], me=[ME])
        assert store._db.execute("SELECT count(*) FROM tombstone").fetchone() == (0,)
        assert store.interactions.of([DANA]) == []


def test_a_namesake_keeps_the_name() -> None:
    chris, other = Party("chris@a.example", "Chris Morgan"), Party("chris@b.example", "Chris Morgan")
    page = [
        Message(id=one.address, at=START, sender=one, to=(Party(ME),), text="Chris Morgan")
        for one in (chris, other)
    ]
    with Store() as store:
        store.save_page(store.accounts.ensure("box", "memory").id, prepared(*page), "1")
        store.forget([chris.address], me=[ME])
        (left,) = store.interactions.get(store.interactions.in_order())
        assert left.interaction == page[1]


def test_the_words_of_old_mail_can_be_dropped_and_what_was_read_in_them_stays() -> None:
    with filled(None) as store:
        assert store.drop_texts(START + timedelta(hours=3)) == 3
        store.drop_derived()
        kept = {one.interaction.id: one for one in store.interactions.get(store.interactions.in_order())}
        assert [one for one, row in kept.items() if row.text_dropped] == ["a", "m1@x", "m2@x"]
        assert len(store.ledgers.acts([KWAME])) == 3
        assert set(ids(store, store.interactions.unread())) == {"m3@x", "m4@x", "e1", "e2"}
        assert len(store.links.missing()) == 5


def test_a_mail_whose_words_were_dropped_is_not_read_again_when_it_moves_to_another_folder() -> None:
    with filled(None) as store:
        store.drop_texts(START + timedelta(hours=3))
        read = store.ledgers.acts([KWAME])
        store.interactions.all_read()
        moved = [replace(mail(number), labels=("archive",)) for number in (1, 2)]
        assert len(store.save_page(1, prepared(*moved), "2", me=[ME]).changed) == 2
        assert not {"m1@x", "m2@x"} & set(ids(store, store.interactions.unread()))
        assert store.ledgers.acts([KWAME]) == read


def test_texts_not_read_yet_are_not_dropped() -> None:
    with Store() as store:
        store.save_page(store.accounts.ensure("box", "memory").id, prepared(mail(1)), "1")
        assert store.drop_texts(START + timedelta(days=9)) == 0


@pytest.mark.parametrize("address", ["'; DROP TABLE party; --", "%", "a(b", ".*"])
def test_forgetting_takes_addresses_as_they_are(address: str) -> None:
    with filled(None) as store:
        before = len(store.interactions.in_order())
        assert store.forget([address], me=[ME]).interactions == 0
        assert len(store.interactions.in_order()) == before


@pytest.mark.parametrize(
    "spelt",
    [
        "José Álvarez",
        "JOSÉ ÁLVAREZ",
        "Jose Alvarez",
        "José\n  Álvarez",
        "Jose\u0301 A\u0301lvarez",
        "Álvarez, José",
        json.dumps("josé Álvarez")[1:-1],
        json.dumps("José\nÁlvarez")[1:-1],
    ],
)
def test_a_name_is_found_however_it_is_spelt(spelt: str) -> None:
    page = [
        Message(
            id="a",
            at=START,
            sender=Party(KWAME),
            to=(Party(ME),),
            subject=spelt,
            text=f"Ask {spelt}, please.",
        )
    ]
    with Store() as store:
        store.save_page(store.accounts.ensure("box", "memory").id, prepared(*page), "1", me=[ME])
        assert store.erase([DANA], me=[ME], names=["José Álvarez"]).blotted == 1
        (left,) = store.interactions.get(store.interactions.in_order())
        assert isinstance(left.interaction, Message)
        assert (left.interaction.subject, left.interaction.text) == (
            "[forgotten]",
            "Ask [forgotten], please.",
        )


def test_names_in_attachments_are_blotted_out_too() -> None:
    file = Attachment("CV José Álvarez.pdf", "application/pdf", 1)
    page = [Message(id="a", at=START, sender=Party(KWAME), to=(Party(ME),), attachments=(file,))]
    with Store() as store:
        store.save_page(store.accounts.ensure("box", "memory").id, prepared(*page), "1", me=[ME])
        store.erase([DANA], me=[ME], names=["José Álvarez"])
        (left,) = store.interactions.get(store.interactions.in_order())
        assert isinstance(left.interaction, Message)
        assert left.interaction.attachments == (file._replace(name="CV [forgotten].pdf"),)


def test_a_ledger_that_names_them_is_folded_anew_whoever_it_is_with() -> None:
    with filled(None) as store:
        store.ledgers.put([Kept(NOAH, f'{{"hopes": "lunch with {NAME}"}}')])
        store.erase([DANA], me=[ME], names=[NAME])
        assert NOAH in store.ledgers.marked()
        assert store.ledgers.get([NOAH]) == {}


def test_nobody_erased_takes_nothing_away() -> None:
    with filled(None) as store:
        before = len(store.interactions.in_order()), len(store.decisions.standing())
        store.erase([], me=[ME])
        assert (len(store.interactions.in_order()), len(store.decisions.standing())) == before


def test_who_was_forgotten_before_a_copy_knew_of_them_is_skipped_there_too(tmp_path: Path) -> None:
    path, copy = tmp_path / "r.db", tmp_path / "copy.db"
    Store(path).close()
    copy.write_bytes(path.read_bytes())
    store = filled(path)
    store.forget([DANA], me=[ME])
    store.close()
    other = Store(copy)
    assert other.forgotten_by(path) == frozenset()
    unwanted = other.unwanted()
    assert unwanted is not None
    assert (unwanted(DANA), unwanted(KWAME)) == (True, False)
    copy.with_name("broken.db").write_bytes(b"no database at all")
    assert other.forgotten_by(copy.with_name("broken.db")) == frozenset()
    other.close()
