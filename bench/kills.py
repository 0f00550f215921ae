"""An account is added, and its sync killed by SIGKILL at random, again and again: the ledger of an undisturbed sync.

    python -m bench.kills [--kills 100] [--seed 1] [--only imap,google,graph]

Through each of them the demo's mailbox is read: IMAP is Dovecot, Google and Graph are the stand-ins, with the calendar. A
sync that comes to its end before it is killed is compared with the undisturbed one, and another home is begun.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from bench.killed_worlds import WORLDS
from tests.killing import contents, sync


def run(name: str, kills: int, seed: int) -> tuple[int, bool]:
    """How often it was killed while at work, and whether in the end all is as if it had not been."""
    with tempfile.TemporaryDirectory() as folder, WORLDS[name](Path(folder)) as make:
        calm = make(Path(folder) / "calm")
        begun = time.monotonic()
        assert sync(calm).wait() == 0
        lasted = time.monotonic() - begun
        wanted, dice, killed, rounds, right = contents(calm), random.Random(seed), 0, 0, True
        while killed < kills:
            rounds += 1
            troubled = make(Path(folder) / f"troubled-{rounds}")
            killed += _until_done(troubled, dice, lasted)
            right = right and contents(troubled) == wanted
        return killed, right


def _until_done(home: Path, dice: random.Random, lasted: float) -> int:
    """How often a sync was killed before one came to its end; each is let live a little longer than the one before.

    Otherwise none would come to its end on a computer that has more to do now than when the undisturbed one was timed.
    """
    killed = 0
    while True:
        process = sync(home)
        try:
            process.wait(dice.uniform(0.2, 0.8) * lasted * 1.1**killed)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        if process.wait() == 0:
            return killed
        assert process.returncode == -signal.SIGKILL, process.returncode
        killed += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default=",".join(WORLDS))
    given = parser.parse_args()
    failed = False
    for name in given.only.split(","):
        begun = time.monotonic()
        killed, right = run(name, given.kills, given.seed)
        told = "the same" if right else "NOT the same"
        print(
            f"{name}: killed {killed} times in {time.monotonic() - begun:.0f} s; the ledger is {told}",
            flush=True,
        )
        failed |= not right
    raise SystemExit(failed)


if __name__ == "__main__":
    main()
