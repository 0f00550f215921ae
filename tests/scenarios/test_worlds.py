"""Weeks of the built-in mailbox through each stand-in: digests, reminders and their removal are found at the provider."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from recipflow.demo import DemoFiles, unpack
from tests.connectors import dovecot
from tests.daemon.golden import Outcome, judged, play
from tests.mailbox import mail, write_mbox
from tests.worlds.all import opened

pytestmark = [
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS"),
    pytest.mark.xdist_group("worlds"),
]

START, END = datetime(2025, 11, 8, 5, tzinfo=UTC), datetime(2025, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
DANA = "dana.ruiz@brightharbor.example"
ASKED = datetime(2025, 11, 19, 9, 10, tzinfo=UTC)
"""The event for a question to Dana is put up that morning for ten: she is asked before it.

Another event, for a hello, was put up the week before.
"""
ASK = "Hi Dana,\n\nCould you please introduce me to somebody at the port authority?\n\nNoor"
JOANA, YUKI = "joana@joanapires.example", "yuki@fieldnotes.example"
EXPECTED: list[dict[str, Any]] = [
    {
        "at": "2025-11-12T09:00:00+00:00",
        "must": [{"kind": "hold_back", "contact": JOANA, "strength": "clear"}],
        "must_not": [{"kind": "ask_now", "contact": JOANA, "strength": "clear"}],
    },
    {
        "at": "2025-11-16T09:00:00+00:00",
        "must": [],
        "must_not": [{"kind": "ask_now", "contact": YUKI, "strength": "clear"}],
    },
]


@contextmanager
def asked(folder: Path) -> Iterator[DemoFiles]:
    """The built-in mailbox, with one more mail in it."""
    files = unpack(folder)
    more = mail(
        "Noor Haddad <noor@haddad.example>", f"Dana Ruiz <{DANA}>", ASK, at=ASKED, X_Gmail_Labels="Sent"
    )
    added = write_mbox(folder / "more.mbox", [more]).read_bytes()
    with files.mail.open("ab") as all_mail:
        all_mail.write(added)
    yield files


def played(name: str, folder: Path) -> Outcome:
    (folder / "files").mkdir(parents=True)
    instants = [datetime.fromisoformat(one["at"]) for one in EXPECTED]
    instants.append(ASKED + timedelta(minutes=20))
    with asked(folder / "files") as files, opened(name, files, folder / "world") as world:
        return play(
            folder / "home", world, files.people, start=START, until=END, every=DAY, instants=instants
        )


@pytest.fixture(scope="module")
def in_memory(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return played("memory", tmp_path_factory.mktemp("memory"))


def test_in_memory_the_reminder_goes_when_the_question_is_asked(in_memory: Outcome) -> None:
    about_dana = {key for key, contact in in_memory.reminders.items() if contact == DANA}
    (question,) = [key for key in about_dana if in_memory.put_up[key][0].date() == ASKED.date()]
    assert question not in in_memory.last


@pytest.mark.parametrize(
    "name",
    [
        "google",
        "graph",
        pytest.param("servers", marks=pytest.mark.skipif(not dovecot.BINARY, reason=dovecot.WHY_NOT)),
    ],
)
def test_at_each_provider_the_same_arrives_once(name: str, in_memory: Outcome, tmp_path: Path) -> None:
    there = played(name, tmp_path)
    assert [*there.doubled, *there.twice, *there.left] == []
    assert told(there) == told(in_memory)
    assert there.put_up.keys() == in_memory.put_up.keys()
    assert sorted(there.last) == sorted(in_memory.last) == sorted(there.wanted)
    assert there.lives == in_memory.lives
    found = judged(there, EXPECTED)
    assert found.reached.total() == 1
    assert [*found.faults, *found.over, *found.before] == []


def told(outcome: Outcome) -> list[tuple[datetime, frozenset[str]]]:
    """What the digests that lie in the mailbox are about, and when they came, to the minute."""
    return sorted((one.at.replace(second=0, microsecond=0), one.keys) for one in outcome.posted)
