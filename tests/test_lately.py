"""What is read once for all contacts, or all their items, is what stands there; and read again once more is stored."""

from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path

from recipflow import assembly
from recipflow.insight.lately import Lately
from recipflow.insight.opened import Opened
from recipflow.model import Message, Party
from recipflow.store import Prepared, Read, Store
from tests.mails import DANA, KWAME, ME, NOAH, START, mail

NOW = START + timedelta(days=30)
DAEMON = "mailer-daemon@x.example"


def put(store: Store, *mails: Message, machine: str | None = None) -> None:
    account = store.accounts.ensure("box", "memory").id
    store.save_page(account, [Prepared(one, machine=machine, language="en") for one in mails], None)


def test_a_mail_that_another_process_stores_is_seen_at_the_next_look(tmp_path: Path) -> None:
    path, later = tmp_path / "recipflow.db", START + timedelta(hours=1)
    with Store(path) as store, Store(path) as other:
        put(store, mail(2, DANA), mail(3, KWAME))
        lately = Lately(store, NOW)
        assert [one.address for one in lately.same([Party(KWAME)], later)] == [KWAME]
        assert [*lately.same([Party(NOAH)], later)] == []
        put(other, mail(4, NOAH))
        put(other, mail(5, DAEMON), machine="bounce")
        lately.look()
        assert [one.address for one in lately.same([Party(NOAH)], later)] == [NOAH]
        assert [one.id for one in lately.came_back(later, NOW)] == ["m5@x"]


def test_of_the_reports_those_between_two_instants_are_given(tmp_path: Path) -> None:
    with Store(tmp_path / "recipflow.db") as store:
        put(store, *(mail(number, DAEMON) for number in range(1, 6)), machine="bounce")
        put(store, mail(3, DANA, id="no-report@x"))
        lately = Lately(store, START + timedelta(hours=4))
        found = lately.came_back(START + timedelta(hours=1), START + timedelta(hours=9))
        assert [one.id for one in found] == ["m2@x", "m3@x", "m4@x"]


def test_mail_opened_twice_is_the_same_in_the_order_asked_for(tmp_path: Path) -> None:
    with Store(tmp_path / "recipflow.db") as store:
        put(store, mail(1, DANA), mail(2, ME, (DANA,)))
        put(store, mail(3, DAEMON), machine="bounce")
        opened = Opened(store, assembly.context([ME], UTC), NOW, Lately(store, NOW))
        first, second, report = store.interactions.in_order()
        assert [each.id for each in opened.mails([second, first])] == ["m2@x", "m1@x"]
        assert [each.id for each in opened.mails([report, 99, second], persons=True)] == ["m2@x"]
        assert [each.id for each in opened.mails([report, second])] == ["m3@x", "m2@x"]


def test_what_passed_in_a_time_is_told_by_whom_it_was_with(tmp_path: Path) -> None:
    with Store(tmp_path / "recipflow.db") as store:
        put(store, mail(1, DANA), mail(2, ME, (DANA, KWAME)), mail(3, KWAME), mail(4, NOAH), mail(9, DANA))
        store.ledgers.put_read(Read(key) for key in store.interactions.in_order())
        whose = {DANA: "dana", "dana@elsewhere.example": "dana", KWAME: "kwame"}
        passed = store.ledgers.passed(whose, START + timedelta(hours=2), START + timedelta(hours=4))
        assert {contact: [(one.sender, one.role) for one in ones] for contact, ones in passed.items()} == {
            "dana": [(ME, "to")],
            "kwame": [(ME, "to"), (KWAME, "from")],
        }
