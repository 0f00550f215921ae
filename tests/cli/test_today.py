"""`recipflow sync` and `today`: the whole way from a file to a morning's page, and again the next day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from recipflow import config
from recipflow.cli import daily, options
from recipflow.store import LifeState, Store
from tests.cli.running import Shell
from tests.letters import ANN, DANA, KWAME, MORNING, correspondence, letter, mailbox

TODAY = datetime.fromisoformat(MORNING)


class Clock:
    """The present, as the test wants it."""

    def __init__(self) -> None:
        self.now = TODAY

    def instant(self, text: str | None, zone: Any = None) -> datetime:
        return options.instant(text, zone) if text else self.now


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECIPFLOW_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(daily, "instant", clock.instant)
    monkeypatch.setattr("recipflow.session.now", lambda: clock.now)
    return clock


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    return mailbox(tmp_path / "mail.mbox", correspondence())


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], home: Path, mail: Path, clock: Clock) -> Shell:
    """After init and connect."""
    shell = Shell(capsys)
    shell.run("init", "--me", ANN, "--tz", "Europe/Lisbon", "--yes")
    shell.run("connect", "files", mail, "--yes")
    return shell


def test_from_a_file_to_a_page_and_only_what_is_new_the_second_time(shell: Shell, mail: Path) -> None:
    assert shell.run("sync").startswith("6 new messages and meetings, 2 people brought up to date.")
    shown = shell.run("today")
    assert "Dana Ruiz helped you on 4 March. A word of thanks?" in shown
    assert "You promised Kwame Asante" in shown
    assert "Read 4 of 5 messages from people (80 %)" in shown
    assert "Your mail was last read on 16 March at 08:00." in shown
    assert shell.run("sync").startswith("Nothing new.")
    mailbox(
        mail,
        [letter(7, ANN, DANA, "Dear Dana, thank you so much for the new version!", day=13, answers=2)],
        "ab",
    )
    assert shell.run("sync").startswith("1 new message or meeting, 1 person")
    assert "A word of thanks" not in shell.run("today")


def test_the_page_can_be_had_as_html_and_as_json(shell: Shell, tmp_path: Path) -> None:
    shell.run("sync")
    found = shell.json("today")
    assert {nudge["kind"] for nudge in found["nudges"]} >= {"thank", "keep_promise", "reply_owed"}
    assert found["last_sync"] == "2026-03-16T08:00:00+00:00"
    assert found["me"] == [ANN]
    shell.run("today", "--html", tmp_path / "today.html")
    html = (tmp_path / "today.html").read_text(encoding="utf-8")
    assert all(f"recipflow why {nudge['key']}" in html for nudge in found["nudges"] if nudge["shown"])


def test_a_nudge_is_shown_on_three_days_and_then_kept_for_all(shell: Shell, clock: Clock) -> None:
    shell.run("sync")
    for _ in range(3):
        for _ in range(2):
            assert "A word of thanks" in shell.run("today")
        clock.now += timedelta(days=1)
    assert "A word of thanks" not in shell.run("today")
    assert "A word of thanks" in shell.run("today", "--all")


def test_showing_is_counted_once_a_day_and_not_for_scripts(shell: Shell, home: Path) -> None:
    shell.run("sync")
    shell.json("today")
    shell.run("today", "--at", MORNING)
    with Store(home / "recipflow.db") as store:
        assert store.decisions.lives() == {}
    shell.run("today")
    shell.run("today")
    with Store(home / "recipflow.db") as store:
        lives = store.decisions.lives().values()
        assert lives
        assert {(life.state, life.shown_count) for life in lives} == {(LifeState.SHOWN, 1)}


def test_at_another_instant_all_is_as_it_was(shell: Shell) -> None:
    shell.run("sync")
    assert shell.json("today", "--at", "2026-03-03T08:00")["nudges"] == []
    then = shell.json("today", "--at", "2026-03-07T08:00")["nudges"]
    assert next((nudge["kind"], nudge["contact"]["addresses"]) for nudge in then) == ("thank", [DANA])


def test_what_falls_due_by_itself_is_noticed_without_a_sync(shell: Shell, clock: Clock) -> None:
    clock.now = TODAY - timedelta(days=4, hours=20)
    shell.run("sync")
    assert "waiting for your answer" not in shell.run("today")
    clock.now = TODAY + timedelta(days=1)
    shown = shell.run("today", "--all")
    assert "What came since is not in this: recipflow sync" in shown
    shell.run("sync")
    assert "Kwame Asante wrote on 12 March and is waiting for your answer." in shell.run("today", "--all")


def test_a_changed_setting_holds_at_once(shell: Shell, home: Path) -> None:
    shell.run("sync")
    config.append(home / "config.toml", "contacts", {"addresses": [DANA], "tags": ["never"]})
    assert "Dana" not in shell.run("today")


def test_another_address_of_the_users_reads_everything_anew(shell: Shell, home: Path) -> None:
    shell.run("sync")
    config.change(home / "config.toml", {"me.addresses": [ANN, KWAME]})
    assert "Kwame" not in shell.run("today")
    assert "Dana Ruiz helped you" in shell.run("today")


def test_one_broken_account_does_not_stop_the_others(shell: Shell, home: Path, tmp_path: Path) -> None:
    config.append(
        home / "config.toml",
        "accounts",
        {"name": "gone", "connector": "files", "paths": [str(tmp_path / "gone.mbox")]},
    )
    assert shell.run("sync").startswith("6 new")
    assert "gone: files.paths:" in shell.err
    assert "Your mail is not read to its end yet" in shell.run("today")


def test_when_nothing_can_be_read_sync_fails(shell: Shell, mail: Path) -> None:
    mail.unlink()
    shell.run("sync", code=1)
    assert "mail.mbox" in shell.err


def test_an_interrupted_sync_goes_on_where_it_stopped(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    from recipflow.session import Session

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Session, "derive", interrupted)
        shell.run("sync", code=130)
    assert shell.err == "Stopped. What was read is kept; recipflow sync goes on from there.\n"
    assert shell.run("sync").startswith("Nothing new, 2 people")
    assert "A word of thanks" in shell.run("today")


def test_sync_without_accounts_or_addresses_says_both(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    shell = Shell(capsys)
    shell.run("init", "--yes")
    shell.run("sync", code=1)
    assert "recipflow init --me" in shell.err
    assert "recipflow connect files" in shell.err


def test_what_was_set_aside_is_counted(shell: Shell, mail: Path, home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    mailbox(folder / "more.mbox", [letter(20, DANA, ANN, "Hello")])
    (folder / "a.pdf").write_bytes(b"%PDF-1.4")
    shell.run("connect", "files", folder, "--yes")
    assert "1 could not be read (recipflow doctor lists them)" in shell.run("sync")


def test_old_texts_go_when_the_user_wants_no_longer_kept(shell: Shell, home: Path, clock: Clock) -> None:
    config.change(home / "config.toml", {"keep_text_days": 0})
    clock.now = datetime(2026, 4, 1, tzinfo=UTC)
    shell.run("sync")
    with Store(home / "recipflow.db") as store:
        stored = store.interactions.get(store.interactions.in_order())
        assert all(item.text_dropped for item in stored)
    assert "“I spent the whole weekend" in shell.run("today", "--all")
