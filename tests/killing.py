"""Killing a sync at any moment, and comparing what came of it with one that nobody disturbed."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

from recipflow import config
from recipflow.home import find
from recipflow.secrets.files import FileVault
from tests.connectors.dovecot import PASSWORD
from tests.letters import ANN, letter

KILLS = 8
VAULT = "mail:ann"
LETTERS = 2_000
PEOPLE = [f"person{number}@crowd.example" for number in range(40)]
SPOKEN = (
    "Could you please send me the contract by Friday?",
    "Here is the checklist I put together for you last night. I hope it helps.",
    "Thank you so much for the introduction, it helped a lot!",
    "I will send you the draft by next Tuesday.",
    "Sorry, I can't make it.",
    "Ok.",
)
#: What is the same after any number of syncs; row numbers of parties, the salt and the clock are not.
CONTENTS = (
    "SELECT type, ext, digest, at, machine, language, sealed, in_reply_to, refs, labels, subject, text, interaction.id "
    "FROM interaction ORDER BY ext",
    "SELECT ext, position, role, address, name, partstat FROM part JOIN party ON party.id = party "
    "JOIN interaction ON interaction.id = interaction ORDER BY ext, position",
    "SELECT name, connector, seen, last_sync IS NULL FROM account",
    "SELECT place, reason FROM set_aside ORDER BY place",
    "SELECT * FROM thread ORDER BY interaction",
    "SELECT * FROM reading ORDER BY interaction",
    "SELECT * FROM act ORDER BY interaction, number",
    "SELECT * FROM address ORDER BY address",
    "SELECT * FROM contact ORDER BY id",
    "SELECT * FROM relationship ORDER BY contact",
    "SELECT * FROM refold",
    "SELECT ref, state FROM source ORDER BY ref",
)


def assert_survives(place: Path, account: Mapping[str, object], kills: int = KILLS) -> None:
    """A sync of this account, killed again and again, ends where an undisturbed one does."""
    assert_any_survives(place, lambda root: home(root, account), kills)


def assert_any_survives(place: Path, make: Callable[[Path], Path], kills: int = KILLS) -> None:
    """The same of whatever is set up by `make`, which is given a folder and says where it made the home."""
    calm, troubled = make(place / "calm"), make(place / "troubled")
    lasted, killed = _lasted(calm), 0
    for moment in _moments(kills):
        if _killed(troubled, moment * lasted):
            killed += 1
        else:  # it was faster than thought: the next one is killed sooner, in a home of its own
            assert contents(troubled) == contents(calm)
            lasted /= 2
            troubled = make(place / f"troubled-{moment}")
    assert killed
    assert sync(troubled).wait() == 0
    assert contents(troubled) == contents(calm)


def _lasted(home: Path) -> float:
    """Seconds of a sync that nobody disturbs."""
    begun = time.monotonic()
    assert sync(home).wait() == 0
    return time.monotonic() - begun


def letters() -> list[EmailMessage]:
    """Talks in the order in which they were led, some of them answering others."""
    rng = random.Random(7)
    return [
        letter(
            number,
            *((ANN, other) if rng.random() < 0.5 else (other, ANN)),
            f"Hi,\n\n{rng.choice(SPOKEN)}\n",
            day=number // 12,
            answers=rng.randrange(number) if number and rng.random() < 0.4 else None,
        )
        for number in range(LETTERS)
        for other in [rng.choice(PEOPLE)]
    ]


def home(root: Path, account: Mapping[str, object]) -> Path:
    settings = {"me.addresses": [ANN], "me.tz": "UTC", "accounts": [account]}
    place = find({"RECIPFLOW_HOME": str(root)})
    config.create(place.config, settings)
    FileVault(place.tokens, VAULT).put("password", PASSWORD)
    return root


def _moments(kills: int) -> list[float]:
    """Parts of an undisturbed sync: from the first page being read to the last ledger being folded."""
    rng = random.Random(11)
    return [rng.uniform(0.25, 0.9) for _ in range(kills)]


def _killed(home: Path, after: float) -> bool:
    """Whether it was still at work when it was killed."""
    process = sync(home)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def sync(home: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "recipflow", "sync"],
        env=os.environ | {"RECIPFLOW_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def contents(home: Path) -> list[list[tuple[object, ...]]]:
    with closing(sqlite3.connect(home / "recipflow.db")) as db:
        return [db.execute(query).fetchall() for query in CONTENTS]
