"""The connector `files`: whatever lies on the disk is read once, or set aside with its reason."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest
from recipflow_connectors import files, mbox

from recipflow.connector import Connector, SetAside
from recipflow.errors import UserError
from recipflow.model import Meeting, Message
from recipflow.testing import NOW, ConnectorContract, ids, pull_all

from .letters import boxed, letter, raw


def read(*paths: Path, cursor: str | None = None) -> tuple[list[Message | Meeting], list[SetAside], str]:
    """All that is new under the paths, what was set aside, and the cursor after it."""
    pages = pull_all(files.connect({"paths": [str(path) for path in paths]}), cursor)
    return (
        [one for page in pages for one in page.interactions],
        [one for page in pages for one in page.set_aside],
        pages[-1].cursor,
    )


class _Mbox:
    def __init__(self, path: Path) -> None:
        self.path, self.count = path, 0

    def add(self, count: int) -> None:
        with self.path.open("ab") as file:
            file.write(boxed(*(letter(self.count + number) for number in range(count))))
        self.count += count

    def ids(self) -> set[str]:
        return {f"{number}@ana.example" for number in range(self.count)}

    def connect(self) -> Connector:
        return files.connect({"paths": [str(self.path)]})


class _Folder(_Mbox):
    """Each message a file of its own; of a Maildir they lie in `new`."""

    def add(self, count: int) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path.parent / "cur").mkdir(exist_ok=True)
        for number in range(self.count, self.count + count):
            (self.path / f"{number}.host").write_bytes(letter(number))
        self.count += count


class TestMbox(ConnectorContract):
    @pytest.fixture
    def account(self, tmp_path: Path) -> _Mbox:
        return _Mbox(tmp_path / "Inbox")


class TestMaildir(ConnectorContract):
    @pytest.fixture
    def account(self, tmp_path: Path) -> _Mbox:
        return _Folder(tmp_path / "new")


class TestFolder(ConnectorContract):
    @pytest.fixture
    def account(self, tmp_path: Path) -> _Mbox:
        return _Folder(tmp_path / "letters")


class TestCalendar(ConnectorContract):
    @pytest.fixture
    def account(self, tmp_path: Path) -> _Mbox:
        return _Calendars(tmp_path / "calendars")


class _Calendars(_Folder):
    def add(self, count: int) -> None:
        self.path.mkdir(exist_ok=True)
        for number in range(self.count, self.count + count):
            (self.path / f"{number}.ics").write_bytes(event(f"{number}@ana.example"))
        self.count += count


def event(uid: str, *lines: str) -> bytes:
    """A calendar of one event."""
    inner = (f"UID:{uid}", "DTSTART:20250301T100000Z", *lines)
    return "\r\n".join(
        ("BEGIN:VCALENDAR", "BEGIN:VEVENT", *inner, "END:VEVENT", "END:VCALENDAR", "")
    ).encode()


def test_formats_are_told_by_content_and_not_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(boxed(letter(1)))
    (tmp_path / "b.mbox").write_bytes(letter(2))
    (tmp_path / "c.eml").write_bytes(b"\xef\xbb\xbf\r\n" + event("3@x"))
    (tmp_path / "d.emlx").write_bytes(
        str(len(letter(4))).encode() + b"\n" + letter(4) + b"<?xml version='1.0'?>"
    )
    found, aside, _ = read(tmp_path)
    assert {one.id for one in found} == {"1@ana.example", "2@ana.example", "3@x", "4@ana.example"}
    assert not aside
    assert not any("xml" in one.body for one in found if isinstance(one, Message))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04", "zip"),
        (b"!BDN", "Outlook"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"BEGIN:VCARD\n", "address book"),
        (b"", "empty"),
        (b"once upon a time\n", "neither mail"),
        (raw("Date: soon\n"), "no date"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "without events"),
    ],
)
def test_what_cannot_be_read_is_set_aside_by_name_and_reason(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    (tmp_path / "odd").write_bytes(content)
    found, aside, cursor = read(tmp_path)
    assert not found
    assert [one.where for one in aside] == [str(tmp_path / "odd")]
    assert reason in aside[0].reason
    assert read(tmp_path, cursor=cursor)[:2] == ([], [])


def test_folders_say_what_is_sent(tmp_path: Path) -> None:
    (tmp_path / "Gesendet").write_bytes(boxed(letter(1)))
    for folder in (
        "cur",
        "new",
        ".Sent Items/cur",
        ".Sent Items/new",
        ".INBOX.Archiv/cur",
        ".INBOX.Archiv/new",
    ):
        (tmp_path / "Maildir" / folder).mkdir(parents=True)
    (tmp_path / "Maildir/cur/2").write_bytes(letter(2))
    (tmp_path / "Maildir/.Sent Items/cur/3").write_bytes(letter(3))
    (tmp_path / "Maildir/.INBOX.Archiv/new/4").write_bytes(letter(4))
    found, aside, _ = read(tmp_path)
    assert {one.id[0]: one.labels for one in found if isinstance(one, Message)} == {
        "1": ("sent",),
        "2": ("inbox",),
        "3": ("sent",),
        "4": ("archiv",),
    }
    assert not aside


def test_drafts_spam_and_trash_are_left_out_and_counted(tmp_path: Path) -> None:
    labelled = [
        letter(number, head=f"X-Gmail-Labels: {label}\n") for number, label in enumerate(("Spam", "Sent"))
    ]
    deleted = letter(3, head="X-Mozilla-Status: 0009\n")
    (tmp_path / "takeout.mbox").write_bytes(boxed(*labelled, deleted))
    (tmp_path / "Papierkorb").write_bytes(boxed(letter(4)))
    (tmp_path / "box" / "cur").mkdir(parents=True)
    (tmp_path / "box" / "new").mkdir()
    (tmp_path / "box" / "cur" / "5:2,ST").write_bytes(letter(5))
    found, aside, _ = read(tmp_path)
    assert [one.id for one in found] == ["1@ana.example"]
    assert {Path(one.where).name: one.reason.split()[0] for one in aside} == {
        "takeout.mbox": "2",
        "Papierkorb": "a",
        "cur": "1",
    }


def test_a_line_that_begins_with_from_is_no_new_message(tmp_path: Path) -> None:
    body = "Dear Bo,\n\nFrom 10:30 on in 2025 I am in.\nFrom Bo Sat Mar 1 09:00:00 2025\nX: y\n\n>From me\n"
    (tmp_path / "box").write_bytes(boxed(letter(1, body=body), letter(2)))
    found, _, _ = read(tmp_path)
    assert [one.id for one in found] == ["1@ana.example", "2@ana.example"]
    assert isinstance(found[0], Message)
    assert found[0].body.endswith("\n\nFrom me\n\n") or found[0].body.endswith("\n\nFrom me\n")


def test_line_ends_of_windows_and_postmarks_of_takeout_are_read(tmp_path: Path) -> None:
    takeout = "From 1790392@xxx Thu Jan 01 00:00:00 +0000 2015"
    (tmp_path / "box").write_bytes(boxed(letter(1), letter(2), postmark=takeout).replace(b"\n", b"\r\n"))
    assert len(read(tmp_path)[0]) == 2


def test_a_mailbox_written_anew_is_read_anew(tmp_path: Path) -> None:
    box = tmp_path / "box"
    box.write_bytes(boxed(letter(1), letter(2)))
    _, _, cursor = read(box)
    box.write_bytes(boxed(letter(7), letter(8), letter(9)))
    found, _, _ = read(box, cursor=cursor)
    assert {one.id[0] for one in found} == {"7", "8", "9"}


def test_a_message_caught_half_written_is_read_when_it_is_whole(tmp_path: Path) -> None:
    box, whole = tmp_path / "box", boxed(letter(1), letter(2, body="half and whole\n"))
    box.write_bytes(whole[:-8])
    _, _, cursor = read(box)
    box.write_bytes(whole)
    found, aside, _ = read(box, cursor=cursor)
    assert "half and whole" in [one.body.strip() for one in found if isinstance(one, Message)]
    assert not aside


@pytest.mark.parametrize("first", [0, 1])
def test_a_message_caught_within_its_head_is_no_second_one_later(tmp_path: Path, first: int) -> None:
    second = b"Date: Sat, 1 Mar 2025 11:00:00 +0000\nFrom: ana@lopes.example\nMessage-ID: <2@ana.example>\n\nHello.\n"
    box, whole = tmp_path / "box", boxed(*[letter(1), second][first:])
    box.write_bytes(whole[: whole.index(b"<2@ana") + 3])
    early, aside, cursor = read(box)
    assert [one.id[0] for one in early] == ["1"][first:]
    assert ["its head breaks off" in one.reason for one in aside] == [True]
    assert read(box, cursor=cursor)[0] == []
    box.write_bytes(whole)
    assert [one.id[0] for one in read(box, cursor=cursor)[0]] == ["2"]


def test_a_file_moved_in_with_an_old_time_is_read(tmp_path: Path) -> None:
    (tmp_path / "1").write_bytes(letter(1))
    _, _, cursor = read(tmp_path)
    position = json.loads(cursor)
    position["marks"][str(tmp_path)]["stamp"] += 3_600 * 10**9  # as if what comes now were an hour old
    (tmp_path / "2").write_bytes(letter(2))
    found, _, cursor = read(tmp_path, cursor=json.dumps(position))
    assert {one.id[0] for one in found} == {"1", "2"}
    assert not read(tmp_path, cursor=cursor)[0]


def test_loops_dead_links_and_closed_doors_do_not_stop_the_walk(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(letter(1))
    try:
        (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
        (tmp_path / "dead").symlink_to(tmp_path / "nowhere")
    except OSError:
        pytest.skip("this system makes no symbolic links")
    found, aside, _ = read(tmp_path)
    assert len(found) == 1
    assert [Path(one.where).name for one in aside] == ["dead"]


def test_a_path_gone_since_is_set_aside(tmp_path: Path) -> None:
    box = tmp_path / "box"
    box.write_bytes(boxed(letter(1)))
    connector = files.connect({"paths": [str(box)]})
    box.unlink()
    page = connector.pull(None, now=NOW)
    assert not page.interactions
    assert page.set_aside[0].where == str(box)


def test_a_message_too_long_is_read_at_its_beginning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mbox, "MAX_MESSAGE", 400_000)
    monkeypatch.setattr(mbox, "KEPT_OF_LONGER", 10_000)
    long = letter(1, body="first words\n" + "x" * 70 * 20_000)
    (tmp_path / "box").write_bytes(boxed(long, letter(2)))
    found, aside, _ = read(tmp_path)
    assert [one.id for one in found] == ["1@ana.example", "2@ana.example"]
    assert isinstance(found[0], Message)
    assert found[0].body.startswith("first words")
    assert "passed over" in aside[0].reason


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    box = tmp_path / "box"
    one = boxed(letter(1, body="a line of a letter\n" * 500))
    with box.open("wb") as file:
        for _ in range(20_000_000 // len(one)):
            file.write(one)
    connector = files.connect({"paths": [str(box)]})
    tracemalloc.start()
    try:
        page = connector.pull(None, now=NOW)
        while page.more:
            page = connector.pull(page.cursor, now=NOW)
        assert tracemalloc.get_traced_memory()[1] < 14_000_000
    finally:
        tracemalloc.stop()


def test_a_series_is_followed_on_as_time_passes(tmp_path: Path) -> None:
    (tmp_path / "a.ics").write_bytes(event("a@x", "RRULE:FREQ=WEEKLY", "ATTENDEE:mailto:b@x"))
    connector = files.connect({"paths": [str(tmp_path)]})
    first = pull_all(connector)
    later = pull_all(connector, first[-1].cursor, now=NOW.replace(month=3))
    assert len(ids(later)) > len(ids(first))


def test_settings_are_checked_all_at_once(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        files.connect({"paths": [str(tmp_path / "no")], "thunderbird": "yes", "tz": "Mars/North", "path": 1})
    assert len(caught.value.problems) == 4
    with pytest.raises(UserError, match="at least one"):
        files.connect({})


def test_the_position_is_small_however_many_messages_there_are(tmp_path: Path) -> None:
    account = _Folder(tmp_path / "letters")
    account.add(300)
    assert len(read(tmp_path)[2]) < 600
