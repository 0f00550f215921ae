"""What the daemon's jobs cost with many people, in CPU: a poll that finds nothing, one mail, a look at what is due.

python bench/ticks.py [--contacts 10000]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.daemon import MadeUp  # noqa: E402
from bench.scale import ME, _filled  # noqa: E402
from recipflow import assembly, config  # noqa: E402
from recipflow.daemon.engine import Engine  # noqa: E402
from recipflow.home import Home, find  # noqa: E402
from recipflow.session import Session  # noqa: E402
from recipflow.settings import AccountTable  # noqa: E402
from recipflow.store import Store  # noqa: E402


class Filled(Session):
    """Its account is made up."""

    def opened(self, table: AccountTable) -> object:
        return MadeUp(dict(table.settings))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--contacts", type=int, default=10_000)
    people = parser.parse_args().contacts
    with tempfile.TemporaryDirectory() as place:
        more = Path(place) / "more"
        _measured(_home(Path(place), more, people), more)


def _home(place: Path, more: Path, people: int) -> Home:
    home, messages = find({"RECIPFLOW_HOME": str(place)}), max(10_000, 3 * people)
    account = {"name": "made-up", "connector": "made-up", "more": str(more)}
    settings = {
        "me.addresses": [ME.address],
        "me.tz": "UTC",
        "accounts": [{**account, "messages": messages, "people": people}],
        "digest.via": f"maildir:{place / 'mail'}",
        "reminders.via": "digest",
    }
    config.create(home.config, settings)
    with Store(home.database) as store:
        store.accounts.ensure("made-up", "files")
        _filled(store, assembly.context([ME.address], UTC), messages, people)
        store._db.execute("UPDATE account SET connector = 'made-up', cursor = ?", (str(messages),))
    return home


def _measured(home: Home, more: Path) -> None:
    clock = [datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)]
    engine = Engine(home, open_session=Filled.open, clock=lambda: clock[0])

    def measure(name: str, job: Callable[[], object], times: int = 5) -> None:
        spent = []
        for _ in range(times):
            clock[0] += timedelta(minutes=5)
            began = time.process_time()
            job()
            spent.append(round((time.process_time() - began) * 1e3))
        print(f"{name}: {spent} ms", flush=True)

    def mail() -> None:
        more.write_text(str(int(more.read_text()) + 1 if more.exists() else 1))
        engine.pull("made-up")

    measure("all advice, once", engine.advise, 1)
    measure("a poll that finds nothing", lambda: engine.pull("made-up"))
    measure("one mail, to advice", mail)
    measure("what is due", engine.due)
    measure("whether reminders change", engine.to_remind)
    clock[0] = clock[0].replace(hour=8)
    engine.pull("made-up")
    measure("the digest of the day", engine.digest, 1)


if __name__ == "__main__":
    main()
