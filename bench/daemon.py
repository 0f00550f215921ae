"""The running daemon: what it holds, how often it wakes, how soon a mail becomes advice, what a look costs.

    python bench/daemon.py [--contacts 1000,10000,100000] [--idle 60] [--samples 20]

Each size is a process of its own: a database of made-up mail (bench/scale.py), an account that tells by itself when
mail comes, a CalDAV calendar on Radicale for reminders, and an IMAP account on Dovecot where that is installed. The
day of use is played with an injected clock: 288 polls, a mail each half hour, a digest, the nightly work.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.scale import ME, Mailbox, _filled  # noqa: E402
from recipflow import assembly, config  # noqa: E402
from recipflow.connector import Page  # noqa: E402
from recipflow.home import find  # noqa: E402
from recipflow.model import Message  # noqa: E402
from recipflow.store import Store  # noqa: E402

__all__ = ["MadeUp", "Polled"]

POLLS = 288
"""Looks for new mail in a day, one each five minutes."""


class MadeUp:
    """An account with so much mail, and as much more as a file says; it tells by itself when that grows."""

    def __init__(self, settings: dict[str, Any], _secrets: object = None) -> None:
        self._file = Path(settings["more"])
        self._mailbox = Mailbox(settings["messages"], settings["people"])
        self._stopped = threading.Event()
        self._seen = self._more()

    def pull(self, cursor: str | None, *, now: datetime) -> Page:
        start, end = int(cursor or 0), self._mailbox.messages + self._more()
        page = tuple(self._message(number, now) for number in range(start, min(end, start + 400)))
        reached = start + len(page)
        return Page(interactions=page, cursor=str(reached), more=reached < end)

    def wait(self, seconds: float) -> bool:
        """A pipe would be kinder than this; the wakes it makes are taken off the count."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._stopped.is_set():
            if self._more() != self._seen:
                self._seen = self._more()
                return True
            self._stopped.wait(0.01)
        return False

    def stop(self) -> None:
        self._stopped.set()

    def _message(self, number: int, now: datetime) -> Message:
        made = self._mailbox.message(number)
        return replace(made, at=min(now, made.at))

    def _more(self) -> int:
        return int(self._file.read_text() or 0) if self._file.exists() else 0


class Polled:
    """The same, that has to be asked."""

    def __init__(self, settings: dict[str, Any], secrets: object) -> None:
        self._account = MadeUp(settings, secrets)

    def pull(self, cursor: str | None, *, now: datetime) -> Page:
        return self._account.pull(cursor, now=now)


def main() -> None:
    options = _options()
    if options.child:
        _child(options.child)
        return
    print(
        "| contacts | start-up CPU s | RSS MiB, idle | after a day | wake-ups a second | mail to advice, ms (median, 90 %) |"
        " a check, µs | a poll with nothing, CPU ms | one mail, CPU ms |"
    )
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for people in (int(one) for one in options.contacts.split(",")):
        _step(people, options)


def _step(people: int, options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as place, _home(Path(place), people) as (home, more):
        environ = os.environ | {"RECIPFLOW_HOME": place, "PYTHONPATH": str(_installed(Path(place) / "site"))}
        idle = _idle(environ, home, options.idle)
        print(f"idle: {idle}", file=sys.stderr, flush=True)
        delays = _delays(environ, home, more, options.samples)
        print(f"delays: {sorted(map(round, delays))}", file=sys.stderr, flush=True)
        used = json.loads(
            subprocess.run(
                [sys.executable, __file__, "--child", "day"], env=environ, check=True, stdout=subprocess.PIPE
            ).stdout
        )
    ninth = statistics.quantiles(delays, n=10)[8] if len(delays) > 1 else delays[0]
    print(
        f"| {people:,} | {idle['cpu']:.2f} | {idle['rss']:.0f} | {used['rss']:.0f} | {idle['wakes']:.2f} |"
        f" {statistics.median(delays):.0f}, {ninth:.0f} | {used['check']:.0f} | {used['poll']:.1f} | {used['one']:.1f} |",
        flush=True,
    )


@contextmanager
def _home(place: Path, people: int) -> Iterator[tuple[Any, Path]]:
    """A home whose database is full, with all the accounts there are servers for."""
    home, more = find({"RECIPFLOW_HOME": str(place)}), place / "more"
    messages = max(10_000, 3 * people)
    made_up = {
        "name": "made-up",
        "connector": "made-up",
        "more": str(more),
        "messages": messages,
        "people": people,
    }
    with ExitStack() as stack:
        accounts = [made_up, *_servers(stack, place)]
        names = {one["name"] for one in accounts}
        settings = {
            "me.addresses": [ME.address],
            "me.tz": "UTC",
            "accounts": accounts,
            "digest.via": f"maildir:{place / 'mail'}",
            "reminders.via": "calendar" if "calendar" in names else "digest",
        }
        config.create(home.config, settings)
        with Store(home.database) as store:
            store.accounts.ensure("made-up", "files")
            _filled(store, assembly.context([ME.address], UTC), messages, people)
            store._db.execute("UPDATE account SET connector = 'made-up', cursor = ?", (str(messages),))
        yield home, more


def _installed(folder: Path) -> Path:
    """The made-up account as a stranger's package would bring it, for every process the daemon starts."""
    about = folder / "made_up-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: made-up\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[recipflow.connectors]\nmade-up = made_up_accounts:connect\n")
    (folder / "made_up_accounts.py").write_text(
        f"import os, sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "def connect(settings, secrets):\n    from bench import daemon\n"
        "    kind = daemon.MadeUp if os.environ.get('BENCH_WATCHING') else daemon.Polled\n"
        "    return kind(dict(settings), secrets)\n"
    )
    return folder


def _servers(stack: ExitStack, place: Path) -> list[dict[str, Any]]:
    """A CalDAV account, and an IMAP account where there is a server for it; passwords in files for the user alone."""
    from recipflow.secrets import Keep, vault
    from tests import dav
    from tests.connectors import dovecot

    found: list[dict[str, Any]] = []
    url = stack.enter_context(dav.radicale(place / "dav"))
    vault("dav", place / "tokens", Keep.FILE).put("password", dav.PASSWORD)
    dav_account = {
        "name": "calendar",
        "connector": "caldav",
        "url": url,
        "user": dav.USER,
        "vault": "dav",
        "allow": ["reminders"],
    }
    found.append(dav_account)
    if dovecot.BINARY:
        server = stack.enter_context(dovecot.running())
        vault("imap", place / "tokens", Keep.FILE).put("password", dovecot.PASSWORD)
        found.append(
            {
                "name": "mail",
                "connector": "imap",
                "host": "127.0.0.1",
                "port": server.port,
                "security": "plain",
                "user": "ann",
                "vault": "imap",
            }
        )
    return found


@contextmanager
def _running(environ: dict[str, str], home: Any) -> Iterator[subprocess.Popen[bytes]]:
    home.logs.unlink(missing_ok=True)
    daemon = subprocess.Popen([sys.executable, __file__, "--child", "run"], env=environ)
    try:
        yield daemon
    finally:
        daemon.terminate()
        daemon.wait(20)


def _idle(environ: dict[str, str], home: Any, seconds: float) -> dict[str, float]:
    with _running(environ, home):
        time.sleep(30)  # the first reading, which is no ordinary start
    with _running(environ, home) as daemon:
        time.sleep(30)
        cpu = _cpu(daemon.pid)
        before, began = _wakes(daemon.pid), time.monotonic()
        time.sleep(seconds)
        wakes = (_wakes(daemon.pid) - before) / (time.monotonic() - began)
        return {"cpu": cpu, "rss": _rss(daemon.pid), "wakes": wakes}


def _delays(environ: dict[str, str], home: Any, more: Path, samples: int) -> list[float]:
    """Milliseconds from a mail's arrival to the advice on it being renewed, as the log has it."""
    with _running(environ | {"BENCH_WATCHING": "1"}, home):
        time.sleep(10)
        delays = []
        for number in range(1, samples + 1):
            known = _advised(home)
            arrived = time.time()
            more.write_text(str(number))
            while len(found := _advised(home)) == len(known):
                time.sleep(0.005)
            delays.append((found[-1] - arrived) * 1e3)
            time.sleep(0.5)
        return delays


def _advised(home: Any) -> list[float]:
    lines = home.logs.read_text("utf-8").splitlines() if home.logs.exists() else []
    told = (json.loads(line) for line in lines if line.endswith("}"))
    return [datetime.fromisoformat(one["at"]).timestamp() for one in told if one.get("action") == "advised"]


def _child(what: str) -> None:
    if what == "run":
        from recipflow.cli import main as recipflow

        recipflow(["run"])
    else:
        _day()


def _day() -> None:
    """A day of use in the daemon's own process, in threads as its jobs run in."""
    from recipflow import memory
    from recipflow.daemon import logs, running
    from recipflow.daemon.engine import Engine
    from recipflow.store import DeliveryForm

    home = find(os.environ)
    logs.start(home.logs)
    more = Path(os.environ["RECIPFLOW_HOME"]) / "more"
    clock = [datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)]
    memory.few_heaps()
    daemon = running.Daemon(Engine(home, clock=lambda: clock[0]))
    daemon._scheduler = running._scheduler(3)
    daemon._scheduler.start(paused=True)
    names = daemon._engine.accounts()
    empty: list[float] = []
    full: list[float] = []
    with ThreadPoolExecutor(8) as pool:
        for poll in range(POLLS):
            clock[0] += timedelta(minutes=5)
            if poll % 6 == 0:
                more.write_text(str(int(more.read_text() or 0) + 1 if more.exists() else 1))
            began = time.process_time()
            pool.submit(daemon._guarded, "pull", lambda: (daemon._engine.pull("made-up"), None)[1]).result()
            (full if poll % 6 == 0 else empty).append(time.process_time() - began)
            for name in names[1:] if poll % 96 == 0 else ():
                pool.submit(daemon._read, name).result()
            pool.submit(daemon._work).result()
            if poll % 36 == 0:
                pool.submit(daemon._remind).result()
            pool.submit(daemon._deliver, DeliveryForm.LETTER).result()
        pool.submit(daemon._daily).result()
    daemon._config = daemon._stamp()
    daemon._changed()
    began = time.perf_counter()
    for _ in range(100):
        daemon._check()
    check = (time.perf_counter() - began) / 100
    time.sleep(2)
    print(
        json.dumps(
            {
                "rss": _rss(os.getpid()),
                "check": check * 1e6,
                "poll": statistics.median(empty) * 1e3,
                "one": statistics.median(full) * 1e3,
            }
        )
    )
    os._exit(0)


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _rss(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS"))) / 1024


def _wakes(pid: int) -> int:
    """Times any thread went to sleep of itself."""
    total = 0
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        lines = status.read_text().splitlines()
        total += int(next(line.split()[1] for line in lines if line.startswith("voluntary")))
    return total


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--contacts", default="1000,10000,100000")
    parser.add_argument("--idle", type=float, default=60.0)
    parser.add_argument("--samples", type=int, default=20)
    parser.add_argument("--child", default="")
    return parser.parse_args()


if __name__ == "__main__":
    main()
