"""What every courier keeps to, as tests: a courier passes by subclassing, ours and a stranger's alike."""
# ruff: noqa: S101  (tests are made of asserts, also when they are shipped)

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest

from recipflow.connector import CalendarCourier, Enclosure, Letter, MailCourier, Reminder
from recipflow.errors import CannotLook, Changed

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
LETTER = Letter(
    address="ann@haven.example",
    subject="Today: Zoë needs a word [rfabc234de]",
    token="rfabc234de",  # noqa: S106  (it is no secret)
    text="Zoë helped you.\n\n    recipflow why 1a2b3c4d\n",
    html="<!doctype html><p>Zoë helped you.</p>",
    enclosures=(Enclosure("reminders.ics", "text/calendar; method=PUBLISH", b"BEGIN:VCALENDAR\r\n"),),
)
REMINDER = Reminder(
    id="0123456789abcdefghijklmnop",
    starts=NOW + timedelta(days=1),
    ends=NOW + timedelta(days=1, minutes=15),
    title="Zoë (note to self)",
    note="recipflow why 1a2b3c4d",
    alarm_minutes=10,
)


class Mailbox(Protocol):
    """A fictional mailbox that a contract test can connect to as often as it likes."""

    def connect(self) -> MailCourier: ...

    def delivered(self) -> list[tuple[str, str]]:
        """Of every letter that came: its address and its subject."""


class Calendar(Protocol):
    """A fictional calendar, in which the user has an event of their own."""

    def connect(self) -> CalendarCourier: ...

    def foreign(self) -> int:
        """How many events there are that are not ours; at least one."""

    def drag(self, id_: str, starts: datetime) -> None:
        """The user moves one of ours."""

    def meet(self, starts: datetime, ends: datetime) -> None:
        """The user is busy."""


class MailCourierContract:
    """Subclass it in a test module, and give it a pytest fixture `mailbox`."""

    def test_a_letter_comes_once_to_the_user(self, mailbox: Mailbox) -> None:
        mailbox.connect().send(LETTER)
        ((address, subject),) = mailbox.delivered()
        assert address == LETTER.address
        assert subject.endswith(f"[{LETTER.token}]")

    def test_what_was_sent_is_found_by_its_token_also_by_another_process(self, mailbox: Mailbox) -> None:
        mailbox.connect().send(LETTER)
        try:
            found = mailbox.connect().sent(LETTER.token, since=NOW - timedelta(days=30_000))
        except CannotLook:
            pytest.skip("this courier cannot look, and so delivers at least once")
        assert found

    def test_what_was_not_sent_is_not_found(self, mailbox: Mailbox) -> None:
        courier = mailbox.connect()
        try:
            assert courier.sent("rfzzzzzzzz", since=NOW) is None
        except CannotLook:
            pytest.skip("this courier cannot look, and so delivers at least once")


class CalendarCourierContract:
    """Subclass it in a test module, and give it a pytest fixture `calendar`."""

    def test_what_is_written_is_there_as_it_was_written(self, calendar: Calendar) -> None:
        written = calendar.connect().write(REMINDER, etag=None)
        (there,) = calendar.connect().written()
        assert there == written
        assert there[:5] == (REMINDER.id, REMINDER.starts, REMINDER.ends, REMINDER.title, REMINDER.note)

    def test_writing_it_once_more_makes_no_second_one(self, calendar: Calendar) -> None:
        calendar.connect().write(REMINDER, etag=None)
        with pytest.raises(Changed):
            calendar.connect().write(REMINDER, etag=None)
        assert len(calendar.connect().written()) == 1

    def test_it_is_changed_by_who_knows_it_as_it_is(self, calendar: Calendar) -> None:
        courier = calendar.connect()
        first = courier.write(REMINDER, etag=None)
        second = courier.write(moved(1), etag=first.etag)
        assert (second.starts, second.etag != first.etag) == (moved(1).starts, True)
        with pytest.raises(Changed):
            courier.write(moved(2), etag=first.etag)

    def test_the_users_drag_is_seen_and_not_overwritten(self, calendar: Calendar) -> None:
        courier = calendar.connect()
        ours = courier.write(REMINDER, etag=None)
        calendar.drag(REMINDER.id, NOW + timedelta(days=3))
        (there,) = courier.written()
        assert (there.starts, there.etag != ours.etag) == (NOW + timedelta(days=3), True)
        with pytest.raises(Changed):
            courier.write(moved(1), etag=ours.etag)
        with pytest.raises(Changed):
            courier.remove(REMINDER.id, etag=ours.etag)

    def test_what_is_removed_is_gone_and_gone_again(self, calendar: Calendar) -> None:
        courier = calendar.connect()
        ours = courier.write(REMINDER, etag=None)
        courier.remove(REMINDER.id, etag=ours.etag)
        courier.remove(REMINDER.id, etag=None)
        assert list(courier.written()) == []

    def test_what_is_not_ours_is_neither_listed_nor_touched(self, calendar: Calendar) -> None:
        before = calendar.foreign()
        courier = calendar.connect()
        courier.write(REMINDER, etag=None)
        for one in courier.written():
            courier.remove(one.id, etag=one.etag)
        assert calendar.foreign() == before >= 1

    def test_the_user_is_busy_in_meetings_and_not_in_reminders(self, calendar: Calendar) -> None:
        calendar.meet(NOW + timedelta(days=2), NOW + timedelta(days=2, hours=1))
        courier = calendar.connect()
        courier.write(REMINDER, etag=None)
        busy = courier.busy(NOW, NOW + timedelta(days=3))
        assert [tuple(one) for one in busy] == [(NOW + timedelta(days=2), NOW + timedelta(days=2, hours=1))]


def moved(days: int) -> Reminder:
    """The reminder, so many days later."""
    return Reminder(
        id=REMINDER.id,
        starts=REMINDER.starts + timedelta(days=days),
        ends=REMINDER.ends + timedelta(days=days),
        title=REMINDER.title,
        note=REMINDER.note,
        sequence=days,
    )
