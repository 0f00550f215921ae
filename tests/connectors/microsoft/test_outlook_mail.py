"""Outlook's mail as a user's mailbox really is: folders, moves, forgotten links, large folders, letters to oneself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from recipflow_connectors.microsoft import lists
from recipflow_connectors.microsoft.position import RENEWED_AT, SMALL, Span, text

from recipflow.errors import TryLater
from recipflow.model import Message
from recipflow.testing import NOW, pull_all
from tests.connectors.microsoft.accounts import OutlookAccount, at, graph
from tests.fakes.graph.mailbox import stamp
from tests.fakes.graph.server import FakeGraph

from .mailbox import account, pulled, received, subjects

# --- what is read, and in which order


def test_sent_mail_comes_before_received_and_the_newest_first(fake: FakeGraph) -> None:
    fake.mailbox.add({"subject": "in, old", **received(9)})
    fake.mailbox.add({"subject": "in, new", **received(1)})
    fake.mailbox.add({"subject": "out, old", **received(8)}, "sentitems")
    fake.mailbox.add({"subject": "out, new", **received(2)}, "sentitems")
    assert pulled(fake)[0] == ["out, new", "out, old", "in, new", "in, old"]


def test_drafts_junk_deleted_mail_chats_and_search_folders_stay_out(fake: FakeGraph) -> None:
    found = fake.mailbox.add_folder("Found", kind="#microsoft.graph.mailSearchFolder").id
    inside = fake.mailbox.add_folder("Old things", fake.mailbox.ids["deleteditems"]).id
    trash = fake.mailbox.add_folder("Papierkorb").id  # as another program made it
    for folder in (
        "drafts",
        "junkemail",
        "deleteditems",
        "outbox",
        "conversationhistory",
        found,
        inside,
        trash,
    ):
        fake.mailbox.add(received(3), folder)
    fake.mailbox.add({"isDraft": True, **received(3)})
    assert pulled(fake)[0] == []
    assert list(account(fake).present(at(30), now=NOW)) == []


def test_folders_within_folders_are_read_also_those_made_later(fake: FakeGraph) -> None:
    clients = fake.mailbox.add_folder("Clients").id
    fake.mailbox.add({"subject": "one", **received(3)}, fake.mailbox.add_folder("Kwame", clients).id)
    first, cursor = pulled(fake)
    fake.mailbox.add({"subject": "two", **received(200)}, fake.mailbox.add_folder("Carla", clients).id)
    assert (first, pulled(fake, cursor)[0]) == (["one"], ["two"])


def test_a_folder_that_is_deleted_is_no_trouble(fake: FakeGraph) -> None:
    folder = fake.mailbox.add_folder("Clients").id
    fake.mailbox.add(received(3), folder)
    _, cursor = pulled(fake)
    fake.mailbox.remove_folder(folder)
    fake.mailbox.add({"subject": "new", **received(0)})
    assert pulled(fake, cursor)[0] == ["new"]


def test_what_is_moved_keeps_its_ref_and_gets_the_label_of_its_folder(fake: FakeGraph) -> None:
    moved = fake.mailbox.add({"subject": "here", **received(3)})
    _, cursor = pulled(fake)
    fake.mailbox.move(moved, "archive")
    (found,) = (one for page in pull_all(account(fake), cursor) for one in page.interactions)
    assert isinstance(found, Message)
    assert (found.ref, found.labels) == (moved, ("archive",))


def test_what_is_taken_out_of_junk_is_read(fake: FakeGraph) -> None:
    junk = fake.mailbox.add({"subject": "no junk", **received(30)}, "junkemail")
    _, cursor = pulled(fake)
    fake.mailbox.move(junk, "inbox")
    assert pulled(fake, cursor)[0] == ["no junk"]


def test_deleted_mail_is_not_forgotten_and_no_trouble(fake: FakeGraph) -> None:
    gone, _ = fake.mailbox.add(received(3)), fake.mailbox.add(received(2))
    _, cursor = pulled(fake)
    fake.mailbox.remove(gone)
    assert pulled(fake, cursor)[0] == []


def test_a_year_is_read_unless_the_settings_say_otherwise(fake: FakeGraph) -> None:
    for days in (3, 100, 364, 366):
        fake.mailbox.add({"subject": str(days), **received(days)})
    assert pulled(fake)[0] == ["3", "100", "364"]
    assert subjects(pull_all(account(fake, since_days=30))) == ["3"]


def test_mail_that_comes_while_the_first_sync_goes_on_is_not_missed(fake: FakeGraph) -> None:
    OutlookAccount(fake).add(600)
    page = account(fake).pull(None, now=NOW)
    fake.mailbox.add({"subject": "meanwhile", **received(0)}, "sentitems")
    found, cursor = pulled(fake, page.cursor)
    assert "meanwhile" in found + pulled(fake, cursor)[0]


# --- links that were forgotten, or lead elsewhere


def test_a_forgotten_link_says_from_when_on_everything_is_read_again(fake: FakeGraph) -> None:
    fake.mailbox.add({"subject": "known", **received(3)})
    _, cursor = pulled(fake)
    fake.mailbox.forget_states()
    fake.mailbox.add({"subject": "new", **received(0)})
    pages = pull_all(account(fake), cursor, now=NOW)
    assert pages[0].reset
    assert pages[0].since is not None
    assert pages[0].since <= at(3)
    assert "new" in subjects(pages)


def test_in_a_large_folder_it_is_read_again_from_the_last_time_nothing_was_missing(fake: FakeGraph) -> None:
    fake.mail.counts = False
    for days in (20, 6):
        fake.mailbox.add({"subject": str(days), **received(days)})
    _, cursor = pulled(fake, now=at(4))
    fake.mailbox.add({"subject": "3", **received(3)})
    fake.mailbox.forget_states()
    pages = pull_all(account(fake), cursor, now=NOW)
    assert subjects(pages) == ["3"]
    assert pages[0].since == at(5)


def test_a_link_forgotten_in_the_middle_of_a_round_begins_it_again(fake: FakeGraph) -> None:
    OutlookAccount(fake).add(1_000)
    page = account(fake).pull(None, now=NOW)
    fake.mailbox.forget_states()
    pages = [page, *pull_all(account(fake), page.cursor)]
    assert len({one.id for each in pages for one in each.interactions}) == 1_000


def test_the_token_is_never_sent_to_another_server(fake: FakeGraph) -> None:
    fake.mailbox.add(received(3))
    _, cursor = pulled(fake)
    with FakeGraph(now=lambda: NOW) as other:
        other.mailbox.add({"subject": "elsewhere", **received(2)})
        pages = pull_all(account(fake), cursor.replace(fake.url, other.url))
        assert other.exchanges == 0
    assert pages[0].reset
    assert len(subjects(pages)) == 1


def test_what_came_before_a_fault_is_kept_and_the_wait_heeded_before_more_is_asked_for(
    fake: FakeGraph,
) -> None:
    fake.mailbox.add({"subject": "sent", **received(3)}, "sentitems")
    fake.mailbox.add({"subject": "inbox", **received(3)})
    fake.faults.plan(f"GET .*{fake.mailbox.ids['inbox'][:20]}.*delta", status=429, retry_after="11")
    connector = account(fake)
    first = connector.pull(None, now=NOW)
    assert (subjects([first]), first.more) == (["sent"], True)
    before = fake.exchanges
    with pytest.raises(TryLater) as raised:
        connector.pull(first.cursor, now=NOW)
    assert (raised.value.after, fake.exchanges) == (11.0, before)
    assert subjects(pull_all(connector, first.cursor)) == ["inbox"]


# --- large folders


@pytest.mark.parametrize("strict", [False, True])
def test_the_limit_of_a_delta_query_with_a_filter_hides_nothing(fake: FakeGraph, strict: bool) -> None:
    """Whichever way its 5,000 are meant: in one round, or in all together."""
    fake.mail.strict = strict
    for number in range(RENEWED_AT + 700):
        fake.mailbox.add({"subject": str(number), **received(number / RENEWED_AT)})
    found, cursor = pulled(fake)
    fake.mailbox.add({"subject": "new", **received(0)})
    assert len(set(found)) == RENEWED_AT + 700
    assert "new" in pulled(fake, cursor)[0]  # with a day read again, at this rate


def test_a_small_folder_that_grows_large_loses_nothing(fake: FakeGraph) -> None:
    for number in range(SMALL - 10):
        fake.mailbox.add({"subject": f"before {number}", **received(100)})
    found, cursor = pulled(fake)
    now = NOW
    for round_ in range(4):
        now += timedelta(days=20)
        for number in range(1_000):
            moment = stamp(now - timedelta(minutes=number))
            fake.mailbox.add(
                {"subject": f"{round_} {number}", "receivedDateTime": moment, "sentDateTime": moment}
            )
        fresh, cursor = pulled(fake, cursor, now=now)
        found += fresh
    assert len(set(found)) == SMALL - 10 + 4_000


def test_any_number_of_messages_of_the_same_second_is_read(fake: FakeGraph) -> None:
    fake.mail.counts = False
    for number in range(900):
        fake.mailbox.add({"subject": str(number), **received(100 if 50 < number < 850 else 50 + number / 10)})
    assert len(pulled(fake)[0]) == 900


def test_mail_that_vanishes_while_a_list_is_read_makes_it_skip_nothing(fake: FakeGraph) -> None:
    ids = [fake.mailbox.add({"subject": str(number), **received(number / 10)}) for number in range(700)]
    one, span, found = graph(fake), Span(text(at(300)), text(NOW)), []
    last, removed = False, 0
    while not last:
        page, last = lists.step(one, fake.mailbox.ids["inbox"], span, "subject,receivedDateTime")
        found += [each["subject"] for each in page]
        for _ in range(20):  # of those already read: a list by count would now leave twenty out
            fake.mailbox.remove(ids[removed])
            removed += 1
    assert found == [str(number) for number in range(700)]
