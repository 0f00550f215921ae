"""Private, close and never, by text search over all that the daemon leaves: database, backups, digest, events and logs."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from pathlib import Path

import pytest

from recipflow import backups
from tests.daemon.simulation import Computer, Provider, mail
from tests.daemon.test_engine import MONDAY, on, settings
from tests.letters import ANN, DANA, INES, KWAME

OLA = "ola@bergbooks.example"
GAVE = "Hi,\n\nI went through your whole {secret} plan on Sunday and wrote six pages of notes for you, attached.\n\nAnn"
SECRET = {DANA: "umbrella", KWAME: "terrace", INES: "lighthouse", OLA: "bookshop"}
WINDOWS = ("is fine", "let it rest", "have not spoken", "goodwill", "A good time to do something")


def warm(to: str, number: int) -> list[tuple[object, object]]:
    """Somebody is given something and warms to it, and asks for something in turn."""
    gave = mail(number, ANN, to, GAVE.format(secret=SECRET[to]), MONDAY)
    thanks = mail(
        number + 1, to, ANN, "Thank you so much Ann, this helps me a lot!", on(1, 9), answers=number
    )
    asked = mail(
        number + 2, to, ANN, f"Hi Ann,\n\nCould you send me the {SECRET[to]} list by Friday?", on(2, 9)
    )
    return [(one.at, one) for one in (gave, thanks, asked)]


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two weeks of the daemon with a digest, reminders, a copy of the database and a log, each in files."""
    tmp_path = tmp_path_factory.mktemp("left")
    items = [one for number, who in enumerate(SECRET) for one in warm(who, 100 + 10 * number)]
    contacts = [
        {"addresses": [DANA], "tags": ["private"]},
        {"addresses": [KWAME], "profile": "close", "watched": True},
        {"addresses": [INES], "tags": ["never"], "watched": True},
        {"addresses": [OLA], "profile": "business", "watched": True},
    ]
    via = {"digest.via": f"maildir:{tmp_path}/Mail", "digest.detail": "quotes"}
    computer = Computer(
        tmp_path / "home",
        Provider(items=items),  # type: ignore[arg-type]
        MONDAY,
        settings(contacts=contacts, **via, **{"reminders.via": f"file:{tmp_path}/reminders.ics"}),
    )
    log = logging.FileHandler(tmp_path / "log.txt", encoding="utf-8")
    log.setLevel(logging.DEBUG)
    ours = logging.getLogger("recipflow")
    before = ours.level
    ours.addHandler(log)
    ours.setLevel(logging.DEBUG)
    try:
        computer.until(on(14), timedelta(hours=4))
    finally:
        ours.removeHandler(log)
        ours.setLevel(before)
        log.close()
    assert backups.daily(computer.home.database, on(14).date(), keep=3)
    return tmp_path


def text(folder: Path, *patterns: str) -> str:
    """Every byte of these files, in small letters; there must be some."""
    found = [one for pattern in patterns for one in sorted(folder.glob(pattern)) if one.is_file()]
    assert found
    return b"\n".join(one.read_bytes() for one in found).decode("utf-8", "replace").lower()


DIGEST, EVENTS, LOG = "Mail/**/*", "reminders.ics", "log.txt"


def test_somebody_nobody_guards_is_in_all_of_them_but_the_log(left: Path) -> None:
    for pattern in ("home/*.db*", DIGEST, EVENTS):
        assert "ola" in text(left, pattern)
    assert SECRET[OLA] in text(left, DIGEST)
    assert "bergbooks" not in text(left, LOG)


def test_of_a_private_person_nothing_is_anywhere(left: Path) -> None:
    config = text(left, "home/config.toml")
    assert DANA in config  # the user's own word, and the only place
    kept = text(left, "home/*.db*", "home/**/*.log", DIGEST, EVENTS, LOG)
    assert "132@memory.example" in kept
    theirs = [f"{number}@memory.example" for number in (100, 101, 102)]
    assert [word for word in (DANA, SECRET[DANA], *theirs) if word in kept] == []
    assert re.search(r"\bdana\b", kept) is None


def test_of_a_close_friend_there_is_neither_window_nor_number(left: Path) -> None:
    assert "kwame" not in text(left, EVENTS, LOG)
    lines = [line for line in text(left, DIGEST).splitlines() if "kwame" in line]
    assert lines
    assert [line for line in lines if any(word.lower() in line for word in WINDOWS)] == []


def test_of_one_of_whom_no_advice_is_wanted_nothing_leaves_the_database(left: Path) -> None:
    told = text(left, DIGEST, EVENTS, LOG)
    assert INES not in told
    assert re.search(r"\bines\b", told) is None
    assert SECRET[INES] not in told
