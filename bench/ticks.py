"""What the daemon's jobs cost with many people, in CPU: a poll that finds nothing, one mail, a look at what is due.

python bench/ticks.py [--contacts 10000] [--places FOLDER]
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

from bench import made_up  # noqa: E402
from recipflow.daemon.engine import Engine  # noqa: E402
from recipflow.home import Home  # noqa: E402
from recipflow.session import Session  # noqa: E402
from recipflow.settings import AccountTable  # noqa: E402


class Filled(Session):
    """Its account is made up."""

    def opened(self, table: AccountTable) -> object:
        return made_up.MadeUp(table.settings)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--contacts", type=int, default=10_000)
    parser.add_argument("--places", type=Path, help="where such databases are kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        place = options.places.absolute() / str(options.contacts) if options.places else Path(temporary)
        place.mkdir(parents=True, exist_ok=True)
        home, more = made_up.filled(place, options.contacts, [], **{"reminders.via": "digest"})
        _measured(home, more)


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
    made_up.all_due(home)
    measure("all folded anew, and their advice", engine.advise, 1)
    measure("a poll that finds nothing", lambda: engine.pull("made-up"))
    measure("one mail, to advice", mail)
    measure("what is due", engine.due)
    measure("whether reminders change", engine.to_remind)
    clock[0] = clock[0].replace(hour=8)
    engine.pull("made-up")
    measure("the digest of the day", engine.digest, 1)


if __name__ == "__main__":
    main()
