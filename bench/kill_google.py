"""Syncing Gmail and Google Calendar, killed by SIGKILL at random, again and again: the ledger of an undisturbed sync.

python bench/kill_google.py [--kills 100] [--seed 1]
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from recipflow_connectors.given import MOST
from recipflow_connectors.google import auth

from recipflow import config, secrets
from recipflow.demo import MORNING, unpack
from recipflow.home import find
from tests.connectors.googling import granted
from tests.fakes.google import Google, serving
from tests.fakes.google.filling import fill
from tests.killing import contents, sync

ME = "noor@haddad.example"
VAULT = f"google:{ME}"


def run(kills: int, seed: int) -> tuple[int, bool]:
    """How often it was killed while at work, and whether in the end all is as if it had not been."""
    google = Google(address=ME)
    google.check_every = 50
    with tempfile.TemporaryDirectory() as folder, serving(google):
        demo = unpack(Path(folder))
        fill(google, demo.mail, demo.calendar, later=(datetime.now(UTC) - MORNING).total_seconds())
        calm = _home(Path(folder) / "calm", google)
        begun = time.monotonic()
        assert sync(calm).wait() == 0
        lasted = time.monotonic() - begun
        wanted, dice, killed, rounds, right = contents(calm), random.Random(seed), 0, 0, True
        while killed < kills:
            rounds += 1
            troubled = _home(Path(folder) / f"troubled-{rounds}", google)
            killed += _until_done(troubled, dice, lasted)
            right = right and contents(troubled) == wanted
        return killed, right and not google.problems


def _until_done(home: Path, dice: random.Random, lasted: float) -> int:
    """How often a sync was killed before one came to its end."""
    killed = 0
    while True:
        process = sync(home)
        try:
            process.wait(dice.uniform(0.2, 0.8) * lasted)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        if process.wait() == 0:
            return killed
        assert process.returncode == -signal.SIGKILL, process.returncode
        killed += 1


def _home(root: Path, google: Google) -> Path:
    shared = {"vault": VAULT, "address": ME}
    mail = {"name": "mail", "connector": "gmail", "url": google.url, "units_per_minute": MOST, **shared}
    meetings = {
        "name": "meetings",
        "connector": "google_calendar",
        "url": f"{google.url}/calendar/v3/",
        **shared,
    }
    home = find({"RECIPFLOW_HOME": str(root)})
    changes = {
        "me.addresses": [ME],
        "me.tz": "Europe/Lisbon",
        "secrets": "file",
        "accounts": [mail, meetings],
    }
    config.create(home.config, changes)
    kept = granted(google, auth.READ_MAIL, auth.READ_CALENDARS).get(auth.SECRET)
    secrets.vault(VAULT, home.tokens, secrets.Keep.FILE).put(auth.SECRET, kept or "")
    return root


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    killed, right = run(given.kills, given.seed)
    print(f"killed {killed} times; the ledger is {'the same' if right else 'NOT the same'}")
    raise SystemExit(not right)


if __name__ == "__main__":
    main()
