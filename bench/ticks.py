"""What the daemon's jobs cost with many people, in CPU: a poll that finds nothing, one mail, a look at what is due.

python bench/ticks.py [--contacts 10000] [--places FOLDER]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
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
    print(f"all read anew after an update: {_anew(home, clock[0])}", flush=True)
    measure("a poll that finds nothing", lambda: engine.pull("made-up"))
    measure("one mail, to advice", mail)
    measure("what is due", engine.due)
    measure("whether reminders change", engine.to_remind)
    clock[0] = clock[0].replace(hour=8)
    engine.pull("made-up")
    measure("the digest of the day", engine.digest, 1)


def _anew(home: Home, now: datetime) -> str:
    """CPU for all of it, and for the longest of the steps between which a mail may be stored."""
    laps = [time.process_time()]
    with Filled.open(home) as session:
        _, *rest = json.loads(session.store.noted("read_by") or "[]")
        session.store.note("read_by", json.dumps(["others", *rest]))
        session.derive(now, rules=True, between=lambda: laps.append(time.process_time()))
    steps = sorted((after - before) * 1e3 for before, after in pairwise(laps[1:]))
    return (
        f"{laps[-1] - laps[0]:.1f} s in {len(steps)} steps, half of them within {steps[len(steps) // 2]:.0f} ms, "
        f"the longest {steps[-1]:.0f} ms"
    )


if __name__ == "__main__":
    main()
