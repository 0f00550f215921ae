"""Through accounts, too, mail of somebody private leaves every row as it would be without it."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from recipflow import config
from recipflow.demo import DemoFiles
from recipflow.home import Home, find
from tests.cli.running import Shell
from tests.connectors import dovecot
from tests.letters import ANN, CALENDAR, DANA, KWAME, mailbox
from tests.test_private_tables import HOUSE, SECRET, others, tables, theirs
from tests.worlds import World
from tests.worlds.all import opened

NOW = datetime(2026, 3, 20, 8, tzinfo=UTC)
LAST = datetime(2026, 3, 19, 8, tzinfo=UTC)
STAMPED = "DTSTAMP:20260303T090000Z\nLAST-MODIFIED:20260303T090000Z"

pytestmark = [
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS"),
    pytest.mark.xdist_group("worlds"),
]


def files(folder: Path, *, secret: bool) -> DemoFiles:
    """A mailbox and a calendar; Dana's come last, so that all else gets the same numbers at the provider."""
    folder.mkdir()
    readable = [mail for mail in theirs() if mail["Date"]]
    for mail in readable:
        del mail["Date"]
        mail["Date"] = format_datetime(LAST)
    ours = CALENDAR.replace("DTSTAMP:20260303T090000Z", STAMPED)
    event = ours[ours.index("BEGIN:VEVENT") : ours.index("END:VCALENDAR")]
    lunch = event.replace("lunch@", "secret@").replace(KWAME, DANA).replace("20260303", "20260319")
    whole = ours.replace(event, event + lunch) if secret else ours
    (folder / "meetings.ics").write_text(whole.replace("\n", "\r\n"), encoding="utf-8", newline="")
    people = {"me": {"addresses": [ANN], "name": "Ann Haven", "tz": "Europe/Lisbon"}, "contacts": []}
    (folder / "people.json").write_text(json.dumps(people), encoding="utf-8")
    mbox = mailbox(folder / "mail.mbox", [*others(), *(readable if secret else [])])
    return DemoFiles(mail=mbox, calendar=folder / "meetings.ics", people=folder / "people.json")


def synced(shell: Shell, home: Home, world: World) -> dict[str, Any]:
    """The tables of a home that has read the account twice, before and after Dana's mail came."""
    settings = {"me.addresses": [ANN], "me.tz": "Europe/Lisbon", "digest.via": "", "reminders.via": ""}
    config.create(home.config, {**world.settings, **settings})
    table = {"addresses": [DANA], "name": HOUSE, "tags": ["private"]}
    config.append(home.config, "contacts", table)
    world.sign_in(home)
    for now in (LAST.replace(day=18), NOW):
        world.arrive(now)
        shell.run("sync")
    assert SECRET.encode() not in home.database.read_bytes()
    found = tables(home.database)
    for row in found["source"]:
        row["ref"] = re.sub(
            r"^\d+\.(?=\d+\.)", "", row["ref"]
        )  # the folder's UIDVALIDITY: the server's clock
    return found


@pytest.fixture
def salted(tmp_path: Path) -> Path:
    """An empty database: two homes begin with the same salt."""
    from recipflow.store import Store

    path = tmp_path / "fresh.db"
    Store(path).close()
    return path


@pytest.mark.parametrize(
    "name",
    [
        "google",
        "graph",
        pytest.param("servers", marks=pytest.mark.skipif(not dovecot.BINARY, reason=dovecot.WHY_NOT)),
    ],
)
def test_an_account_with_and_without_the_mail_of_somebody_private_leaves_the_same_rows(
    name: str,
    salted: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("recipflow.session.now", lambda: NOW)
    found = []
    for secret in (False, True):
        root = tmp_path / f"home-{secret}"
        root.mkdir()
        monkeypatch.setenv("RECIPFLOW_HOME", str(root))
        home = find({"RECIPFLOW_HOME": str(root)})
        shutil.copy(salted, home.database)
        mails = files(tmp_path / f"files-{secret}", secret=secret)
        with opened(name, mails, tmp_path / f"world-{secret}") as world:
            found.append(synced(Shell(capsys), home, world))
    without, with_them = found
    assert len([one for one in without["interaction"] if one["type"] == "message"]) == len(others())
    assert with_them == without
