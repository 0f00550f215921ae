"""What one computer knew, another knows, bit for bit; and what is to go goes, and is listed."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from recipflow import backups, config
from recipflow.errors import UserError
from recipflow.home import find
from recipflow.moving import taken_in
from recipflow.store import Store
from tests.cli.running import Shell
from tests.killing import CONTENTS
from tests.letters import ANN, DANA, INES, calendar, correspondence, mailbox
from tests.mails import mail, prepared


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.setenv("RECIPFLOW_HOME", str(tmp_path / "old"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    shell = Shell(capsys)
    mail, meetings = mailbox(tmp_path / "mail.mbox", correspondence()), calendar(tmp_path / "meetings.ics")
    shell.run("init", "--me", ANN, "--yes", "--tz", "UTC")
    shell.run("connect", "files", mail, meetings, "--yes")
    shell.run("sync")
    shell.run("log", DANA, "give", "help", "watered the plants")
    shell.run("forget", INES, "--yes")
    return shell


def contents(root: Path) -> list[list[tuple[object, ...]]]:
    with closing(sqlite3.connect(root / "recipflow.db")) as db:
        return [db.execute(query).fetchall() for query in CONTENTS]


def test_another_computer_comes_to_the_same_ledger_bit_for_bit(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.run("export", "--all", "--out", tmp_path / "all.jsonl")
    monkeypatch.setenv("RECIPFLOW_HOME", str(tmp_path / "new"))
    said = shell.run("import", tmp_path / "all.jsonl")
    assert "config.toml came with it" in said
    assert contents(tmp_path / "new") == contents(tmp_path / "old")
    assert (tmp_path / "new/config.toml").read_text("utf-8") == (tmp_path / "old/config.toml").read_text(
        "utf-8"
    )
    shell.run("rebuild", "--verify")


def test_settings_that_an_editor_began_with_a_mark_move_along(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "old" / "config.toml"
    old.write_text(f"\ufeff{old.read_text('utf-8')}", "utf-8")
    shell.run("export", "--all", "--out", tmp_path / "all.jsonl")
    monkeypatch.setenv("RECIPFLOW_HOME", str(tmp_path / "new"))
    shell.run("import", tmp_path / "all.jsonl")
    assert config.load(tmp_path / "new/config.toml") == config.load(old)


def test_a_mark_that_an_older_version_exported_is_taken_off(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tmp_path / "all.jsonl"
    shell.run("export", "--all", "--out", whole)
    first, second, *rest = whole.read_text("utf-8").splitlines()
    marked = {**json.loads(second), "text": f"\ufeff{json.loads(second)['text']}"}
    whole.write_text("\n".join([first, json.dumps(marked), *rest]) + "\n", "utf-8")
    monkeypatch.setenv("RECIPFLOW_HOME", str(tmp_path / "new"))
    shell.run("import", whole)
    assert config.load(tmp_path / "new/config.toml") == config.load(tmp_path / "old/config.toml")


def test_who_was_forgotten_stays_forgotten_there(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.run("export", "--all", "--out", tmp_path / "all.jsonl")
    monkeypatch.setenv("RECIPFLOW_HOME", str(tmp_path / "new"))
    shell.run("import", tmp_path / "all.jsonl")
    mailbox(tmp_path / "mail.mbox", correspondence())
    with Store(tmp_path / "new" / "recipflow.db") as store:
        account = store.accounts.ensure("again", "files").id
        store.save_page(account, prepared(mail(90, INES, (ANN,)), mail(91, DANA, (ANN,))), "1")
        assert store.interactions.of([INES]) == []
        assert store.interactions.of([DANA])


def test_what_was_read_in_texts_dropped_since_moves_along(tmp_path: Path, shell: Shell) -> None:
    home = find({"RECIPFLOW_HOME": str(tmp_path / "old")})
    with Store(home.database) as store:
        store._db.execute("UPDATE interaction SET text = NULL WHERE type = 'message'")
        rows = list(store.everything())
        acts = store._db.execute(
            "SELECT count(*) FROM act JOIN interaction i ON i.id = interaction WHERE i.type = 'message'"
        ).fetchone()
    with Store() as fresh, fresh.transaction():
        fresh.put_back(rows)
        assert fresh._db.execute("SELECT count(*) FROM act").fetchone() == acts


def test_nothing_is_mixed_into_a_database_that_has_mail(shell: Shell, tmp_path: Path) -> None:
    shell.run("export", "--all", "--out", tmp_path / "all.jsonl")
    shell.run("import", tmp_path / "all.jsonl", code=1)
    assert "There is mail in this database already" in shell.err


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["{}"],
        ["not json"],
        ['{"table": "interaction"}'],
        ['{"table": "recipflow", "format": 2}'],
        ['{"table": "recipflow", "format": 1}', '{"table": "unheard_of", "id": 1}'],
        ['{"table": "recipflow", "format": 1}', '{"table": "account", "unheard_of": 1}'],
    ],
)
def test_what_is_no_export_is_refused_and_nothing_is_taken_in(tmp_path: Path, lines: list[str]) -> None:
    home = find({"RECIPFLOW_HOME": str(tmp_path)})
    with pytest.raises(UserError):
        taken_in(home, lines, "file")
    assert not home.config.exists()
    with Store(home.database) as store:
        assert store.accounts.all() == ()


def test_uninstalling_removes_all_of_ours_and_lists_it(shell: Shell, tmp_path: Path) -> None:
    root = tmp_path / "old"
    (root / "rules").mkdir(exist_ok=True)
    (root / "rules" / "mine.toml").write_text("# mine")
    backups.daily(root / "recipflow.db", date(2026, 3, 1), keep=3)
    said = shell.run("uninstall", "--everything", "--yes")
    for name in ("recipflow.db", "config.toml", "recipflow.db.daily-2026-03-01"):
        assert name in said
    assert sorted(path.name for path in root.rglob("*")) == ["mine.toml", "rules"]
    assert (tmp_path / "mail.mbox").exists()

    assert "nothing of recipflow's here" in shell.run("uninstall", "--everything", "--yes")


def test_a_calendar_out_of_reach_keeps_all_that_would_be_needed_to_clean_it(
    shell: Shell, tmp_path: Path
) -> None:
    path = tmp_path / "old" / "config.toml"
    with path.open("a") as file:
        file.write(
            '[[accounts]]\nname = "away"\nconnector = "caldav"\nurl = "http://127.0.0.1:1/"\nuser = "ann"\n'
            'allow = ["reminders"]\n'
        )
    config.change(path, {"reminders.via": "away"})
    shell.run("uninstall", "--everything", "--yes", code=1)
    assert "The events in the calendar of away could not be removed" in shell.err
    assert "All else is still here" in shell.err
    assert path.exists()
    shell.run("today")


def test_uninstalling_wants_to_be_meant(shell: Shell) -> None:
    shell.run("uninstall", code=1)
    assert "--everything" in shell.err


def test_a_copy_a_day_is_kept_and_the_oldest_go(shell: Shell, tmp_path: Path) -> None:
    database = tmp_path / "old" / "recipflow.db"
    for day in range(1, 6):
        assert backups.daily(database, date(2026, 3, day), keep=3)
    assert backups.daily(database, date(2026, 3, 5), keep=3) is None
    assert [one.path.name[-2:] for one in reversed(backups.copies(database))] == ["03", "04", "05"]


def test_a_copy_is_put_back_whole_and_what_was_there_is_kept(shell: Shell, tmp_path: Path) -> None:
    root = tmp_path / "old"
    backups.daily(root / "recipflow.db", date(2026, 3, 1), keep=3)
    before = contents(root)
    shell.run("log", DANA, "give", "help", "again")
    said = shell.run("restore", "recipflow.db.daily-2026-03-01", "--yes")
    assert "recipflow.db.before-restore" in said
    assert contents(root) == before
    assert (root / "recipflow.db.before-restore").exists()
    shell.run("restore")
    listed = [line.split()[0] for line in shell.out.splitlines()]
    assert sorted(listed) == ["recipflow.db.before-restore", "recipflow.db.daily-2026-03-01"]


def test_who_became_private_since_does_not_come_back_with_a_copy(shell: Shell, tmp_path: Path) -> None:
    root = tmp_path / "old"
    copy = backups.daily(root / "recipflow.db", date(2026, 3, 1), keep=3)
    assert copy
    (tmp_path / "kept").write_bytes(copy.read_bytes())
    with (root / "config.toml").open("a") as file:
        file.write(f'[[contacts]]\naddresses = ["{DANA}"]\ntags = ["private"]\n')
    shell.run("sync")
    shell.run("restore", tmp_path / "kept", "--yes")
    assert not [one for one in root.glob("recipflow.db*") if DANA.encode() in one.read_bytes()]
    shell.run("show", DANA, code=1)


def test_who_was_forgotten_since_does_not_come_back_with_a_copy_nor_with_the_mail(
    shell: Shell, tmp_path: Path
) -> None:
    root, kept = tmp_path / "old", tmp_path / "kept"
    copy = backups.daily(root / "recipflow.db", date(2026, 3, 1), keep=3)
    assert copy
    kept.write_bytes(copy.read_bytes())
    shell.run("forget", DANA, "--yes")
    said = shell.run("restore", kept, "--yes")
    assert "Who was forgotten since (1 address) did not come back" in said
    assert "recipflow.db.before-restore" in said
    for _ in ("as it is", "after reading on"):
        assert not [one for one in root.glob("recipflow.db*") if DANA.encode() in one.read_bytes()]
        shell.run("show", DANA, code=1)
        shell.run("sync", "--again")


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\0" * 5000])
def test_what_is_no_copy_is_refused_and_nothing_changes(shell: Shell, tmp_path: Path, content: bytes) -> None:
    before = contents(tmp_path / "old")
    (tmp_path / "copy").write_bytes(content)
    shell.run("restore", tmp_path / "copy", "--yes", code=1)
    assert contents(tmp_path / "old") == before


def test_the_export_says_in_its_first_line_what_it_is(shell: Shell) -> None:
    shell.run("export", "--all")
    first = json.loads(shell.out.splitlines()[0])
    assert first == {"table": "recipflow", "format": 1}
