"""`recipflow try` and `demo`: what mail says, with nothing stored."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from recipflow.demo import unpack
from tests.cli.running import Shell
from tests.letters import ANN, DANA, KWAME, MORNING, calendar, correspondence, mailbox


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    return mailbox(tmp_path / "mail.mbox", correspondence())


def test_thanks_promises_and_answers_come_with_their_quotes(shell: Shell, mail: Path) -> None:
    shown = shell.run("try", mail, "--at", MORNING)
    assert "Dana Ruiz helped you on 4 March. A word of thanks?" in shown
    assert "“I spent the whole weekend on your plan" in shown
    assert "You promised Kwame Asante" in shown
    assert "Kwame Asante wrote on 12 March and is waiting for your answer." in shown
    assert shown.index("A word of thanks") < shown.index("Your word") < shown.index("Waiting for your answer")


def test_it_says_whom_it_took_for_the_user_what_it_could_read_and_what_to_do_next(
    shell: Shell, mail: Path
) -> None:
    shown = shell.run("try", mail, "--at", MORNING)
    assert f"You were taken to be {ANN}." in shown
    assert "Read 6 messages (1 of them written by machines)" in shown
    assert "Read 4 of 5 messages from people (80 %). Not read: 1 in Italian." in shown
    assert f"recipflow init --me {ANN} recipflow connect files {mail}" in shown
    assert shell.err == ""


def test_of_an_old_mailbox_it_says_so_and_how_to_stand_at_its_time(shell: Shell, mail: Path) -> None:
    assert "The newest mail" not in shell.run("try", mail, "--at", MORNING)
    shown = shell.run("try", mail, "--at", "2029-01-01T09:00+00:00")
    assert "The newest mail here is of 13 March 2026: most of what it called for is past." in shown
    assert "To stand at that time: --at 2026-03-14" in shown
    assert datetime.fromisoformat(shell.json("try", mail, "--at", MORNING)["newest"]).year == 2026


def test_the_json_has_every_nudge_that_stands_and_what_it_stands_on(
    shell: Shell, mail: Path, tmp_path: Path
) -> None:
    found = shell.json(
        "try", mail, "--ics", calendar(tmp_path / "c.ics"), "--me", ANN.upper(), "--at", MORNING
    )
    assert datetime.fromisoformat(found["at"]) == datetime.fromisoformat(MORNING)
    assert found["me"] == [ANN]
    assert found["read"] == {
        "messages": 6,
        "meetings": 1,
        "people": 2,
        "machines": 1,
        "machine_kinds": {"newsletter": 1},
        "unread_languages": {"it": 1},
        "sealed": 0,
        "share": 0.8,
        "set_aside": 0,
        "set_aside_reasons": {},
    }
    thank = next(nudge for nudge in found["nudges"] if nudge["kind"] == "thank")
    assert thank["contact"] == {"name": "Dana Ruiz", "addresses": [DANA]}
    assert thank["because"] == "Dana Ruiz helped you on 4 March. A word of thanks?"
    assert thank["quote"].startswith("I spent the whole weekend")
    assert thank["evidence"] == ["2@letters.example"]
    assert thank["shown"] is True
    assert set(thank) == {
        "key", "kind", "contact", "opens", "closes", "because", "quote", "evidence", "shown",
    }  # fmt: skip


def test_nothing_after_the_instant_is_seen(shell: Shell, mail: Path) -> None:
    found = shell.json("try", mail, "--at", "2026-03-03T08:00+00:00")
    assert found["read"]["messages"] == 1
    assert found["nudges"] == []


def test_an_instant_without_offset_is_in_the_zone_of_the_people_file(
    shell: Shell, mail: Path, tmp_path: Path
) -> None:
    people = tmp_path / "people.json"
    people.write_text(json.dumps({"me": {"addresses": [ANN], "tz": "Asia/Tokyo"}, "contacts": []}))
    found = shell.json("try", mail, "--people", people, "--at", "2026-03-16T08:00")
    assert found["at"] == "2026-03-16T08:00:00+09:00"
    assert (found["me"], found["guessed"]) == ([ANN], False)


def test_what_the_user_says_of_people_holds(shell: Shell, mail: Path, tmp_path: Path) -> None:
    people = tmp_path / "people.json"
    contacts = [
        {"addresses": [DANA], "name": "Dana", "tags": ["never"], "who": "passes"},
        {"addresses": [KWAME], "tags": ["private"]},
    ]
    people.write_text(json.dumps(contacts))
    found = shell.json("try", mail, "--people", people, "--at", MORNING)
    assert found["nudges"] == []
    assert found["read"]["messages"] == 4


def test_what_cannot_be_read_is_named_and_counted(shell: Shell, mail: Path, tmp_path: Path) -> None:
    (tmp_path / "book.vcf").write_text("BEGIN:VCARD\nFN:Dana\nEND:VCARD\n")
    assert "book.vcf: an address book" in shell.run("try", tmp_path, "--at", MORNING)
    found = shell.json("try", tmp_path, "--at", MORNING)
    assert found["read"]["set_aside"] == 1
    assert list(found["read"]["set_aside_reasons"].values()) == [1]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nowhere.mbox"], "nowhere.mbox cannot be opened"),
        (["--at", "tomorrow", "."], "is no date or time"),
        ([], "--thunderbird"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    shell: Shell, words: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shell.run("try", *words, code=1 if words == ["nowhere.mbox"] else 2)
    assert told in " ".join(shell.err.split())
    assert shell.out == ""


@pytest.mark.parametrize(("command", "more"), [("try", ()), ("read", ("--me", ANN)), ("read", ())])
def test_a_path_that_is_not_there_is_named_as_it_was_given(
    shell: Shell, command: str, more: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shell.run(command, "gone/old.mbox", "nowhere", *more, code=1)
    assert shell.err.splitlines() == [
        "gone/old.mbox cannot be opened: No such file or directory.",
        "nowhere cannot be opened: No such file or directory.",
    ]


def test_what_does_not_tell_whose_it_is_asks_for_an_address(shell: Shell, tmp_path: Path) -> None:
    shell.run("try", calendar(tmp_path / "c.ics"), "--at", MORNING, code=1)
    assert "--me you@example.org" in shell.err


@pytest.mark.parametrize("command", ["try", "read"])
@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.mbox", b"", "There is no mail in empty.mbox: empty."),
        ("photo.mbox", b"\x89PNG\r\n", "There is no mail in photo.mbox: a picture, not mail."),
        ("a/notes", b"milk", "There is no mail in a: neither mail nor calendar."),
        ("a/.lock", b"", "There is no mail in a."),
    ],
)
def test_where_there_is_no_mail_no_address_is_asked_for(
    shell: Shell,
    command: str,
    name: str,
    content: bytes,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_bytes(content)
    shell.run(command, name.split("/")[0], code=1)
    assert shell.err == f"{told}\n"


def test_a_file_the_user_may_not_read_stops_nothing(shell: Shell, mail: Path, tmp_path: Path) -> None:
    closed = mailbox(tmp_path / "closed.mbox", correspondence())
    closed.chmod(0)
    if os.access(closed, os.R_OK):
        pytest.skip("nothing is closed to this user")
    assert "closed.mbox: it cannot be read: Permission denied" in shell.run(
        "try", mail, closed, "--at", MORNING
    )
    shell.run("try", closed, "--at", MORNING, code=1)
    assert "Permission denied" in shell.err


def test_hostile_names_and_words_cannot_reach_the_terminal(shell: Shell, tmp_path: Path) -> None:
    odd = correspondence()
    odd[1].replace_header("From", f"=?utf-8?q?Da=1B[31mna=E2=80=AE_Ruiz?= <{DANA}>")
    odd[1].set_content("Hi Ann,\n\nI spent the whole \x1b]0;owned\x07weekend on your plan for you.\n\nDana\n")
    shown = shell.run("try", mailbox(tmp_path / "odd.mbox", odd), "--at", MORNING)
    assert "weekend on your plan" in shown
    assert not {"\x1b", "\x07", "\u202e"} & set(shell.out)


def test_nothing_is_stored(shell: Shell, mail: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECIPFLOW_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    shell.run("try", mail, "--at", MORNING)
    assert [path.name for path in tmp_path.iterdir()] == ["mail.mbox"]


def test_at_most_seven_insights_are_told(shell: Shell, tmp_path: Path) -> None:
    demo = unpack(tmp_path)
    shown = shell.run("try", demo.mail, demo.calendar, "--people", demo.people, "--at", "2026-06-15T09:00Z")
    found = shell.json("try", demo.mail, demo.calendar, "--people", demo.people, "--at", "2026-06-15T09:00Z")
    told = [nudge for nudge in found["nudges"] if nudge["because"] in shown]
    assert 3 <= len(told) <= 7 < len(found["nudges"])
    assert f"In all, {len(found['nudges'])} things stand" in shown
    assert {"thank", "keep_promise"} & {nudge["kind"] for nudge in told}


def test_the_demo_ends_in_a_digest_and_writes_its_page(shell: Shell, tmp_path: Path) -> None:
    page = tmp_path / "morning.html"
    shown = shell.run("demo", "--html", page)
    assert "everybody in it are invented" in shown
    assert "A word of thanks" in shown
    assert "“" in shown
    assert "recipflow try --thunderbird" in shown
    html = page.read_text(encoding="utf-8")
    assert "A word of thanks" in html
    assert "recipflow why" not in html
    assert [path.name for path in tmp_path.iterdir()] == ["morning.html"]


def test_the_demo_runs_as_a_program_of_its_own(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "recipflow", "demo"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert "Waiting for your answer" in done.stdout
    assert done.stderr == ""
    assert not list(tmp_path.iterdir())


def test_what_is_no_address_is_refused_before_anything_is_read(shell: Shell, mail: Path) -> None:
    shell.run("try", mail, "--me", "ann", code=2)
    assert "'ann' is no address" in shell.err
