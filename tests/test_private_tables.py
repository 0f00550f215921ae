"""Mail with a private person changes no table: a home that was given it is, row for row, one that never was.

What is left out of the comparison says how far an account was read, and when.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable
from email.message import EmailMessage
from pathlib import Path
from random import Random
from typing import Any

import pytest

from recipflow import config
from tests.cli.told import told
from tests.letters import ANN, CALENDAR, DANA, INES, KWAME, NAMES, correspondence, letter, mailbox

READING = {"cursor", "last_sync"}
"""What of an account says how far it was read."""
TIMES = ("reconciled:", "looked_at")
"""How the keys of notes begin that say when an account was compared, or looked at."""
SECRET = "17@harbour.example"
HOUSE = "Dana Ruiz"


def tables(database: Path) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, but for cursors and the times of syncs."""
    with sqlite3.connect(database) as db:
        db.row_factory = sqlite3.Row
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: [dict(row) for row in db.execute(f"SELECT * FROM {name}")] for name in names}
    db.close()
    rows["account"] = [{k: v for k, v in one.items() if k not in READING} for one in rows["account"]]
    rows["meta"] = [one for one in rows["meta"] if not one["key"].startswith(TIMES)]
    return {name: sorted(found, key=json.dumps) for name, found in rows.items()}


def theirs() -> list[EmailMessage]:
    """What passes between Ann and Dana, or comes from Dana to others besides; one that nobody can read."""
    broken = letter(39, DANA, ANN, "No date", Subject="Umbrella garden")
    del broken["Date"]
    return [
        letter(
            30, DANA, ANN, "Could you water the plants?", day=3, Message_ID=f"<{SECRET}>", Subject="Umbrella"
        ),
        letter(
            31, ANN, DANA, f"Of course, {HOUSE}!", day=4, In_Reply_To=f"<{SECRET}>", Subject="Re: Umbrella"
        ),
        letter(32, ANN, DANA, "A note to us both.", day=4, Subject="Umbrella", To=f"{ANN}, {DANA}"),
        letter(33, DANA, ANN, "Shall we meet, all of us?", day=5, Cc=KWAME, answers=31),
        letter(34, DANA, KWAME, "Ann knows it well.", day=5, Cc=ANN, Subject="Umbrella"),
        letter(35, ANN, DANA, "I promise to send it by Friday.", day=6, answers=33),
        broken,
    ]


def others() -> list[EmailMessage]:
    """What Ann keeps: mail that answers Dana's, quotes them, names them, or goes to them besides."""
    return [
        *(mail for mail in correspondence() if DANA not in f"{mail['From']} {mail['To']}"),
        letter(
            40,
            KWAME,
            ANN,
            f"I agree.\n\nOn Monday {HOUSE} <{DANA}> wrote:\n> Could you water the plants?\n",
            day=8,
            Subject="Paint",
            In_Reply_To=f"<{SECRET}>",
            References=f"<1@letters.example> <{SECRET}>",
        ),
        letter(
            41, ANN, KWAME, f"{HOUSE} will know: {DANA}.", day=9, Subject="Paint", References=f"<{SECRET}>"
        ),
        letter(42, KWAME, ANN, "To all of you.", day=9, Cc=f"{HOUSE} <{DANA}>", answers=33, Subject="Shop"),
        letter(43, ANN, KWAME, "Here are my notes for you.", day=10, answers=42, To=f"{KWAME}, {DANA}"),
        letter(44, INES, ANN, "Hello", day=10, Reply_To=DANA, answers=35),
    ]


def before(mine: list[EmailMessage], secret: list[EmailMessage]) -> list[EmailMessage]:
    return [*secret, *mine]


def after(mine: list[EmailMessage], secret: list[EmailMessage]) -> list[EmailMessage]:
    return [*mine, *secret]


def among(mine: list[EmailMessage], secret: list[EmailMessage]) -> list[EmailMessage]:
    """Where each of theirs lies is left to chance; the rest keeps its order."""
    mixed = list(mine)
    for one in secret:
        mixed.insert(Random(len(mixed)).randrange(len(mixed)), one)
    return mixed


@pytest.fixture
def fresh(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A home with hardly anything in its mailbox yet, to which Dana is private."""
    shell = told(capsys, tmp_path, monkeypatch, [correspondence()[4]])
    table = {"addresses": [DANA], "name": HOUSE, "tags": ["private"]}
    config.append(shell.home / "config.toml", "contacts", table)
    return shell


def synced(fresh: Any, name: str, mails: Iterable[EmailMessage], ics: str = "") -> dict[str, Any]:
    """The tables of a copy of the home that was given these mails; file names and their sizes are the same."""
    home = fresh.home.with_name(name)
    shutil.copytree(fresh.home, home)
    mailbox(fresh.mbox, mails)
    if ics:
        fresh.mbox.with_suffix(".ics").write_text(ics, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECIPFLOW_HOME", str(home))
        fresh.run("sync")
        fresh.run("today")
    return tables(home / "recipflow.db")


def test_two_homes_with_and_without_the_mail_of_somebody_private_hold_the_same_rows(fresh: Any) -> None:
    without = synced(fresh, "without", others())
    assert len(without["interaction"]) == len(others())
    for order in (before, after, among):
        assert synced(fresh, order.__name__, order(others(), theirs())) == without


def test_mail_of_somebody_private_that_comes_later_leaves_every_row_as_it_was(fresh: Any) -> None:
    mailbox(fresh.mbox, others())
    fresh.run("sync")
    known = tables(fresh.home / "recipflow.db")
    mailbox(fresh.mbox, theirs(), "ab")
    fresh.run("sync")
    assert tables(fresh.home / "recipflow.db") == known


def test_a_mail_to_others_besides_is_kept_as_one_that_never_went_to_them(fresh: Any) -> None:
    """But for their mark in the words: what others wrote about them is not made unsaid."""
    both, one = f"{NAMES[KWAME]} <{KWAME}>, {HOUSE} <{DANA}>", f"{NAMES[KWAME]} <{KWAME}>"
    to_both = letter(43, ANN, KWAME, "Here are the notes I made for you.", day=10, To=both)
    to_one = letter(43, ANN, KWAME, "Here are the notes I made for you.", day=10, To=one)
    copied = letter(44, KWAME, ANN, "To you both.", day=11, Cc=f"{HOUSE} <{DANA}>")
    alone = letter(44, KWAME, ANN, "To you both.", day=11)
    assert synced(fresh, "with", [to_both, copied]) == synced(fresh, "without", [to_one, alone])


def test_a_meeting_of_theirs_leaves_every_table_as_it_was(fresh: Any) -> None:
    ours = CALENDAR.replace("\n", "\r\n")
    event = ours[ours.index("BEGIN:VEVENT") : ours.index("END:VCALENDAR")]
    lunch = event.replace("lunch@", "secret@").replace("Coffee with Kwame", "Umbrella")
    with_ann = lunch.replace(KWAME, DANA)
    by_dana = lunch.replace("secret@", "other@").replace(f"mailto:{ANN}", f"mailto:{DANA}")
    broken = with_ann.replace("secret@", "broken@").replace("DTSTART:20260305T120000Z\r\n", "")
    more = ours.replace(event, with_ann + event + by_dana + broken)
    ics = fresh.mbox.with_suffix(".ics")
    ics.write_text(ours, encoding="utf-8")
    fresh.run("connect", "files", ics, "--yes")
    without = synced(fresh, "without", others(), ours)
    assert synced(fresh, "with", others(), more) == without
    assert any(one["type"] == "meeting" for one in without["interaction"])


def test_who_is_private_no_longer_is_there_again_once_all_is_read_anew(fresh: Any) -> None:
    mailbox(fresh.mbox, [*others(), *theirs()])
    fresh.run("sync")
    path = fresh.home / "config.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('tags = ["private"]', "tags = []"), encoding="utf-8"
    )
    fresh.run("sync")
    assert "dana" not in fresh.run("contacts").lower().split("@")[0]
    fresh.run("sync", "--again")
    assert DANA in fresh.run("contacts")
    assert SECRET in {row["ext"] for row in tables(fresh.home / "recipflow.db")["interaction"]}
