"""Our own couriers keep to the contract that is written for everybody's."""

from __future__ import annotations

import mailbox as maildirs
from datetime import datetime
from pathlib import Path

import pytest

from recipflow.connector import Busy, CalendarCourier, MailCourier
from recipflow.daemon.couriers import Looking
from recipflow.errors import CannotLook
from recipflow.outbox.couriers import FileCourier, MaildirCourier
from recipflow.testing.couriers import LETTER, NOW, CalendarCourierContract, MailCourierContract
from recipflow.testing.memory import MemoryCalendar, MemoryEvents, MemoryMail, MemoryMailbox


class Box:
    def __init__(self) -> None:
        self.kept = MemoryMailbox()

    def connect(self) -> MailCourier:
        return MemoryMail(self.kept, lambda: NOW)

    def delivered(self) -> list[tuple[str, str]]:
        return [(letter.address, letter.subject) for _, letter in self.kept.letters]


class Diary:
    def __init__(self) -> None:
        self.kept = MemoryEvents(foreign={"lunch": "Lunch"})

    def connect(self) -> CalendarCourier:
        return MemoryCalendar(self.kept)

    def foreign(self) -> int:
        return len(self.kept.foreign)

    def drag(self, id_: str, starts: datetime) -> None:
        self.kept.drag(id_, starts)

    def meet(self, starts: datetime, ends: datetime) -> None:
        self.kept.busy.append(Busy(starts, ends))


class Maildir:
    def __init__(self, path: Path) -> None:
        self.path = path

    def connect(self) -> MailCourier:
        return MaildirCourier(self.path)

    def delivered(self) -> list[tuple[str, str]]:
        mails = maildirs.Maildir(str(self.path), create=False)
        return [(mail["To"], str(mail["Subject"])) for mail in mails]


class TestMemoryMail(MailCourierContract):
    @pytest.fixture
    def mailbox(self) -> Box:
        return Box()


class TestMemoryCalendar(CalendarCourierContract):
    @pytest.fixture
    def calendar(self) -> Diary:
        return Diary()


class TestMaildir(MailCourierContract):
    @pytest.fixture
    def mailbox(self, tmp_path: Path) -> Maildir:
        return Maildir(tmp_path / "mail")


def test_a_mail_in_a_maildir_has_the_text_the_page_and_what_is_enclosed(tmp_path: Path) -> None:
    MaildirCourier(tmp_path).send(LETTER)
    (file,) = (tmp_path / "new").iterdir()
    types = [part.get_content_type() for part in maildirs.Maildir(str(tmp_path)).get(file.name).walk()]  # type: ignore[union-attr]
    assert types == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
    ]


def test_a_page_in_a_file_is_the_last_letters(tmp_path: Path) -> None:
    courier = FileCourier(tmp_path / "today.html")
    courier.send(LETTER)
    courier.send(LETTER)
    assert (tmp_path / "today.html").read_text("utf-8") == LETTER.html
    assert [one.name for one in tmp_path.iterdir()] == ["today.html"]


def test_a_server_that_shows_nothing_is_looked_behind_in_the_mailbox_beside_it() -> None:
    box = MemoryMailbox()
    blind, seeing = MemoryMail(box, lambda: NOW, blind=True), MemoryMail(box, lambda: NOW)
    courier = Looking(blind, lambda: [object(), seeing])
    assert courier.sent(LETTER.token, since=NOW) is None
    courier.send(LETTER)
    assert courier.sent(LETTER.token, since=NOW) == "m1"


def test_without_such_a_mailbox_nobody_can_look() -> None:
    with pytest.raises(CannotLook):
        Looking(MemoryMail(MemoryMailbox(), lambda: NOW, blind=True), lambda: [object()]).sent("x", since=NOW)
