"""A pull goes on from its cursor, survives whatever a message holds, and sees nothing after its time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from recipflow.connector import Page, SetAside
from recipflow.errors import CursorExpired, TryLater
from recipflow.machines import Machines
from recipflow.model import Form, Interaction, Message, Party
from recipflow.preparing import Preparing
from recipflow.session.early import now_and_then
from recipflow.store import Prepared, Store
from recipflow.workflow import Intake, Pulled, pull
from recipflow.writers import authored
from tests.mails import DANA, KWAME, ME, START, mail, meeting

MACHINES = {
    "rule": [
        {
            "id": "news",
            "kind": "newsletter",
            "because": "a list",
            "header": {"list-unsubscribe": ["."]},
            "matches": [{"from": "a@b.example", "headers": {"list-unsubscribe": "x"}}],
            "not": [{"from": "a@b.example"}],
        },
        {
            "id": "away",
            "kind": "auto_reply",
            "because": "it says so",
            "header": {"auto-submitted": ["auto-replied"]},
            "matches": [{"from": "a@b.example", "headers": {"auto-submitted": "auto-replied"}}],
            "not": [{"from": "a@b.example"}],
        },
    ]
}


@dataclass
class Memory:
    """A connector over pages; the cursor is the number of the next one."""

    pages: Sequence[Sequence[Interaction]]
    set_aside: tuple[SetAside, ...] = ()
    reread: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    expired: set[str] = field(default_factory=set)
    busy: int | None = None
    asked: list[str | None] = field(default_factory=list)

    def pull(self, cursor: str | None, *, now: datetime) -> Page:
        self.asked.append(cursor)
        if cursor in self.expired:
            raise CursorExpired("gone")
        number = int(cursor or 0)
        if number == self.busy:
            raise TryLater("busy", after=3)
        more = number + 1 < len(self.pages)
        page = tuple(self.pages[number]) if number < len(self.pages) else ()
        following = str(min(number + 1, len(self.pages)))
        return Page(
            interactions=page,
            cursor=following,
            more=more,
            set_aside=self.set_aside,
            reread=self.reread,
            opened=self.opened,
            done=number + 1,
            total=9,
        )


def plain(message: Message) -> Prepared:
    if message.subject == "break":
        raise RecursionError("hostile")
    return Prepared(message, language="en")


def pulled(store: Store, connector: Memory, until: datetime | None = None) -> Pulled:
    account = store.accounts.ensure("box", "memory")
    intake = Intake(prepare=plain, me=[ME])
    return pull(store, account, connector, intake, now=START + timedelta(days=30), until=until)


def test_a_pull_goes_through_all_pages_and_the_next_one_goes_on_from_there() -> None:
    connector = Memory([[mail(1), mail(2)], [mail(3), meeting(1, DANA)]])
    seen: list[tuple[int, int | None]] = []
    with Store() as store:
        account = store.accounts.ensure("box", "memory")
        done = pull(
            store,
            account,
            connector,
            Intake(prepare=plain),
            now=START,
            progress=lambda n, total: seen.append((n, total)),
        )
        assert done == Pulled(read=4, new=4, pages=2)
        assert seen == [(1, 9), (2, 9)]
        assert pulled(store, connector) == Pulled(pages=1)
        assert connector.asked == [None, "1", "2"]
        assert store.accounts.all()[0].last_sync == START + timedelta(days=30)


def test_pulling_everything_again_changes_nothing() -> None:
    connector = Memory([[mail(1), mail(2)], [meeting(1, DANA)]])
    with Store() as store:
        pulled(store, connector)
        store.accounts.advance(1, None, seen=0, finished=None)
        before = [row for row in store.export() if row[0] != "account"]
        assert pulled(store, connector) == Pulled(read=3, pages=2)
        assert [row for row in store.export() if row[0] != "account"] == before


def test_a_forgotten_cursor_starts_again_and_doubles_nothing() -> None:
    connector = Memory([[mail(1)], [mail(2)]])
    with Store() as store:
        pulled(store, connector)
        connector.expired = {"2"}
        assert pulled(store, connector) == Pulled(read=2, pages=2, rescan=True)
        assert connector.asked[-3:] == ["2", None, "1"]


def test_what_came_before_a_provider_grew_busy_is_kept() -> None:
    connector = Memory([[mail(1)], [mail(2)]], busy=1)
    with Store() as store:
        with pytest.raises(TryLater):
            pulled(store, connector)
        kept = store.accounts.all()[0]
        assert (kept.cursor, kept.last_sync, len(store.interactions.in_order())) == ("1", None, 1)


def test_one_broken_message_is_set_aside_and_the_rest_goes_on() -> None:
    connector = Memory([[mail(1), mail(2, subject="break"), mail(3)]], (SetAside("box:7", "no date"),))
    with Store() as store:
        assert pulled(store, connector) == Pulled(read=3, new=2, set_aside=2, pages=1)
        assert store.accounts.set_aside() == (
            SetAside("box:7", "no date"),
            SetAside("m2@x", "could not be read (RecursionError)"),
        )


def test_what_is_read_at_last_is_set_aside_no_more() -> None:
    broken = (
        SetAside("a.eml", "no mail"),
        SetAside("b.ics, event 7", "no start"),
        SetAside("b.ics2", "no mail"),
    )
    with Store() as store:
        pulled(store, Memory([[mail(1)]], broken))
        pulled(store, Memory([[], [mail(2)]], reread=("a.eml", "b.ics")))
        assert store.accounts.set_aside() == broken[2:]


def test_a_place_that_is_read_at_last_takes_nothing_from_its_neighbour_whose_name_goes_on_after_a_comma() -> (
    None
):
    broken = (SetAside("Lisbon, May", "no mail"), SetAside("Lisbon, message at byte 7", "no date"))
    with Store() as store:
        pulled(store, Memory([[mail(1)]], broken))
        pulled(store, Memory([[], [mail(2)]], reread=("Lisbon",)))
        assert store.accounts.set_aside() == broken[:1]


def test_what_vanished_is_set_aside_no_more_once_all_was_looked_at() -> None:
    @dataclass
    class Folder(Memory):
        def vanished(self, places: Iterable[str]) -> Iterable[str]:
            assert self.asked == ["1", "2"]
            return [one for one in places if one.startswith("old")]

    broken = (SetAside("new", "no mail"), SetAside("old, event 7", "no start"))
    with Store() as store:
        pulled(store, Memory([[mail(1)]], broken))
        pulled(store, Folder([[], [], [mail(2)]]))
        assert store.accounts.set_aside() == broken[:1]


def test_what_opens_again_and_is_read_on_keeps_what_was_set_aside_within_it() -> None:
    broken = (SetAside("box", "Permission denied"), SetAside("box, message at byte 0", "no date"))
    with Store() as store:
        pulled(store, Memory([[mail(1)]], broken))
        pulled(store, Memory([[], [mail(2)]], opened=("box",)))
        assert store.accounts.set_aside() == broken[1:]


def test_nothing_after_until_is_seen() -> None:
    later = meeting(1, DANA, known=START + timedelta(hours=5))
    ahead = meeting(2, DANA, known=START, starts=START + timedelta(days=9), ends=START + timedelta(days=9))
    connector = Memory([[mail(1), mail(3), later, ahead]])
    with Store() as store:
        assert pulled(store, connector, until=START + timedelta(hours=2)) == Pulled(
            read=4, new=2, later=2, pages=1
        )


def test_drafts_and_spam_are_not_mail() -> None:
    connector = Memory(
        [[mail(1, ME, (DANA,), labels=("drafts",)), mail(2, labels=("inbox", "spam")), mail(3)]]
    )
    with Store() as store:
        assert pulled(store, connector) == Pulled(read=3, new=1, unsent=2, pages=1)


def test_a_connector_that_stays_where_it_is_does_not_hang_the_sync() -> None:
    class Stuck(Memory):
        def pull(self, cursor: str | None, *, now: datetime) -> Page:
            return Page(interactions=(), cursor="here", more=True)

    with Store() as store:
        assert pulled(store, Stuck([])).pages == 2


def test_what_is_prepared_is_what_comes_out_of_the_store() -> None:
    body = "<p>Thanks for the notes, they were a great help to me.</p><blockquote>On Monday you wrote</blockquote>"
    raw = mail(1, body=body, form=Form.HTML, text="", at=START.replace(microsecond=999))
    prepare = Preparing(machines=Machines(MACHINES), me=frozenset({ME}))
    ready = prepare(raw)
    assert isinstance(ready.interaction, Message)
    assert "great help" in ready.interaction.text
    assert (ready.interaction.body, ready.machine, ready.language) == ("", None, "en")
    with Store() as store:
        account = store.accounts.ensure("box", "memory").id
        (key,) = store.save_page(account, [ready], "1").new
        assert [one.interaction for one in store.interactions.get([key])] == [ready.interaction]


@pytest.mark.parametrize(
    ("sender", "writer", "counts_for"),
    [
        (ME, "Pat <Pat@haven.example>", "pat@haven.example"),  # nobody said anything of them
        (ME, "lee@haven.example", ME),  # whose mail the user said is theirs
        (ME, ME, ME),
        (ME, "team-bounces@lists.example", ME),
        (ME, "Google Calendar <calendar-notification@google.example>", ME),
        (KWAME, "pat@haven.example", KWAME),
    ],
)
def test_what_others_send_in_the_users_name_is_theirs_unless_they_are_assistants(
    sender: str, writer: str, counts_for: str
) -> None:
    machines, assistants = Machines(MACHINES), frozenset({"lee@haven.example"})
    prepare = Preparing(machines=machines, me=frozenset({ME}), assistants=assistants)
    found = prepare(mail(1, sender, headers={"sender": writer})).interaction
    assert isinstance(found, Message)
    assert found.sender.address == counts_for


def test_whom_a_mail_counts_for_can_be_changed_and_changed_back() -> None:
    machines, me = Machines(MACHINES), frozenset({ME})
    raw = replace(
        mail(1, headers={"sender": "Pat <pat@haven.example>"}), sender=Party(ME, 'Ann "Haven", née Ö')
    )
    theirs = authored(raw, machines, me)
    mine = authored(theirs, machines, me, {"pat@haven.example"})
    assert theirs.sender == Party("pat@haven.example", "Pat")
    assert mine.sender == raw.sender
    assert authored(mine, machines, me) == theirs
    assert authored(theirs, machines, me | {"pat@haven.example"}) == raw


def test_of_machines_only_the_words_that_speak_for_a_person_are_kept() -> None:
    prepare = Preparing(machines=Machines(MACHINES), me=frozenset({ME}))
    news = prepare(mail(1, KWAME, body="Buy now", text="", headers={"list-unsubscribe": "<x>"}))
    away = prepare(
        mail(2, KWAME, body="I am away until Monday", text="", headers={"auto-submitted": "auto-replied"})
    )
    assert isinstance(news.interaction, Message)
    assert isinstance(away.interaction, Message)
    assert (news.machine, news.interaction.text) == ("newsletter", "")
    assert (away.machine, away.interaction.text) == ("auto_reply", "I am away until Monday")


def test_of_a_long_first_sync_something_can_be_seen_now_and_then() -> None:
    at, seen = 0.0, []
    called = now_and_then(lambda: seen.append(at), lambda: at)
    for second in range(0, 400, 5):
        at = float(second)
        called()
    assert seen == [20.0, 40.0, 80.0, 160.0, 320.0]
