"""The running daemon: what it holds, how often it wakes, how soon a mail becomes advice, what a look costs.

    python bench/daemon.py [--contacts 1000,10000,100000] [--idle 660] [--samples 20] [--places FOLDER] [--google]

Each size is a process of its own: a database of made-up mail (bench/made_up.py; kept in FOLDER, where one is named), an
account that tells by itself when mail comes, a CalDAV calendar on Radicale for reminders, and an IMAP account on Dovecot
where that is installed; or, instead of these two, Gmail and its calendar at the stand-in. Wake-ups are counted over
`--idle` seconds: less than two polls, which are five minutes apart, would have one or none by chance. Those of seconds in
which something was worked at are told apart. How soon a mail is advice is measured at rest, and while everybody waits to
be folded anew. The day of use is played with an injected clock: 288 polls, a mail each half hour, the other accounts each
two hours, a digest, the nightly work. What it is at stands on the error output.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench import live_accounts, made_up  # noqa: E402
from bench.process import cpu, each_second, rss  # noqa: E402
from recipflow.home import Home, find  # noqa: E402

OURS = (ROOT, ROOT / "connectors", ROOT / "rules")
"""For every process the daemon starts: what is installed may be other code."""
POLLS = 288
"""Looks for new mail in a day, one each five minutes."""
REST = 10.0
"""Seconds with hardly any work after which it is taken to be idle."""
LITTLE = 0.1
"""Seconds of CPU: a look at Google's drafts each fifteen seconds is no start."""
AT_WORK = 10
"""Wake-ups within a second in which more was done than a wait begun anew."""
LONGEST = 180.0
"""Seconds after which what is waited for is taken not to come."""
FEW = 10
"""Contacts a mail concerns at most: what renews the advice on more is not about a mail."""


def main() -> None:
    options = _options()
    if options.child:
        _child(options.child)
        return
    print(
        "| contacts | start-up CPU s | RSS MiB, idle | after a day | wake-ups a second, but for work |"
        " mail to advice, ms (median, 90 %) |"
        " the same, all due | a check, µs | a poll with nothing, CPU ms | one mail, CPU ms |"
    )
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for people in (int(one) for one in options.contacts.split(",")):
        _step(people, options)


def _step(people: int, options: argparse.Namespace) -> None:
    with _place(options.places, people) as place, ExitStack() as stack:
        accounts = (
            live_accounts.google(stack, place) if options.google else live_accounts.servers(stack, place)
        )
        home, more = made_up.filled(
            place, people, accounts, **{"reminders.via": "calendar", "secrets": "file"}
        )
        environ = os.environ | {
            "RECIPFLOW_HOME": str(place),
            "PYTHONPATH": os.pathsep.join(map(str, (made_up.installed(place / "site"), *OURS))),
        }
        idle = _idle(environ, home, options.idle)
        _say(f"idle: {idle}")
        delays = _delays(environ, home, more, options.samples)
        busy = _delays(environ, home, more, options.samples, busy=True)
        _say(f"delays: {sorted(map(round, delays))}; {sorted(map(round, busy))}")
        day = [sys.executable, __file__, "--child", "day"]
        used = json.loads(subprocess.run(day, env=environ, check=True, stdout=subprocess.PIPE).stdout)
    woke = f"{idle['wakes']:.2f}, {idle['quiet']:.2f}"
    print(
        f"| {people:,} | {idle['cpu']:.2f} | {idle['rss']:.0f} | {used['rss']:.0f} | {woke} |"
        f" {_told(delays)} | {_told(busy)} | {used['check']:.0f} | {used['poll']:.1f} | {used['one']:.1f} |",
        flush=True,
    )


def _told(delays: list[float]) -> str:
    ninth = statistics.quantiles(delays, n=10)[8] if len(delays) > 1 else delays[0]
    return f"{statistics.median(delays):.0f}, {ninth:.0f}"


@contextmanager
def _place(kept: Path | None, people: int) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as temporary:
        place = kept.absolute() / str(people) if kept else Path(temporary)
        place.mkdir(parents=True, exist_ok=True)
        yield place


@contextmanager
def _running(environ: dict[str, str], home: Home) -> Iterator[subprocess.Popen[bytes]]:
    home.logs.unlink(missing_ok=True)
    daemon = subprocess.Popen([sys.executable, __file__, "--child", "run"], env=environ)
    try:
        yield daemon
    finally:
        daemon.terminate()
        daemon.wait(20)


def _idle(environ: dict[str, str], home: Home, seconds: float) -> dict[str, float]:
    with _running(environ, home):
        _until(lambda: not made_up.waiting(home), home)  # the first reading, which is no ordinary start
        time.sleep(30)
    with _running(environ, home) as daemon:
        time.sleep(30)
        _at_rest(daemon.pid, home)
        spent = cpu(daemon.pid)
        each = each_second(daemon.pid, seconds)
        quiet = [one for one in each if one < AT_WORK]
        return {
            "cpu": spent,
            "rss": rss(daemon.pid),
            "wakes": sum(each) / len(each),
            "quiet": sum(quiet) / len(each),
            "at work": len(each) - len(quiet),
        }


def _at_rest(pid: int, home: Home) -> None:
    """It has started, whatever else the computer is busy with, and has had nothing to do for a while."""
    _until(lambda: home.logs.exists() and '"started"' in home.logs.read_text("utf-8"), home)
    began, spent = time.monotonic(), -1.0
    while (now := cpu(pid)) > spent + LITTLE:
        spent = now
        time.sleep(REST)
    _say(f"at rest after {time.monotonic() - began:.0f} s, {now:.2f} s of CPU")


def _delays(
    environ: dict[str, str], home: Home, more: Path, samples: int, *, busy: bool = False
) -> list[float]:
    """Milliseconds from a mail's arrival to the advice on it being renewed, as the log has it.

    `busy`: a mail before it let the daemon find that everybody is due, and it is at that.
    """
    with _running(environ | {made_up.WATCHING: "1"}, home) as daemon:
        _at_rest(daemon.pid, home)
        delays = []
        for _ in range(samples):
            if busy:
                _until(lambda: not made_up.waiting(home), home)
                made_up.all_due(home)
                _arrives(home, more)
                time.sleep(0.3)
            delays.append(_arrives(home, more))
            _say(f"a mail was advice after {delays[-1]:.0f} ms")
            time.sleep(0.5)
        return delays


def _arrives(home: Home, more: Path) -> float:
    known = len(_advised(home))
    arrived = time.time()
    more.write_text(str(int(more.read_text()) + 1 if more.exists() else 1))
    _until(lambda: len(_advised(home)) > known, home)
    return (_advised(home)[known] - arrived) * 1e3


def _until(done: Callable[[], bool], home: Home) -> None:
    """Look again and again; what the daemon logged last is told if it does not come."""
    end = time.monotonic() + LONGEST
    while not done():
        time.sleep(0.005)
        if time.monotonic() > end:
            raise SystemExit(
                f"Nothing within {LONGEST:.0f} s. {home.logs}:\n{home.logs.read_text('utf-8')[-2000:]}"
            )


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def _advised(home: Home) -> list[float]:
    """When advice was renewed on the few that a mail concerns."""
    lines = home.logs.read_text("utf-8").splitlines() if home.logs.exists() else []
    told = (json.loads(line) for line in lines if line.endswith("}"))
    about = (one for one in told if one.get("action") == "advised" and one["contacts"] < FEW)
    return [datetime.fromisoformat(one["at"]).timestamp() for one in about]


def _child(what: str) -> None:
    if what == "run":
        from recipflow.cli import main as recipflow

        recipflow(["run"])
    else:
        _day()


def _day() -> None:
    """A day of use in the daemon's own process, in threads as its jobs run in."""
    from recipflow import memory
    from recipflow.daemon import logs
    from recipflow.daemon.engine import Engine
    from recipflow.daemon.running import Daemon

    home, more = find(os.environ), Path(os.environ["RECIPFLOW_HOME"]) / "more"
    logs.start(home.logs)
    clock = [datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)]
    memory.few_heaps()
    daemon = Daemon(Engine(home, clock=lambda: clock[0]))
    daemon._jobs.start(paused=True)
    names = daemon._engine.accounts()
    daemon._children.look()
    tables = {table.name: table for table in daemon._engine.settings().accounts}
    daemon._watchers.arrange(tables, daemon._children.kinds)  # who tells by itself is read here
    spent: tuple[list[float], list[float]] = ([], [])
    with ThreadPoolExecutor(8) as pool:

        def job(work: Callable[[], object]) -> None:
            pool.submit(work).result()
            memory.give_back()

        for poll in range(POLLS):
            clock[0] += timedelta(minutes=5)
            if poll % 6 == 0:
                more.write_text(str(int(more.read_text() or 0) + 1 if more.exists() else 1))
            began = time.process_time()
            job(lambda: daemon._engine.pull("made-up"))
            spent[poll % 6 == 0].append(time.process_time() - began)
            for name in names[1:] if poll % 24 == 0 else ():
                job(lambda name=name: daemon._pulls._read(name))  # type: ignore[misc]
            job(daemon._work)
            if poll % 36 == 0:
                job(daemon._remind)
            job(daemon._send)
        job(daemon._daily)
    daemon._around.other_config()
    daemon._next = None
    check = _checks(daemon)
    time.sleep(2)
    empty, full = (statistics.median(one) * 1e3 for one in spent)
    print(json.dumps({"rss": rss(os.getpid()), "check": check * 1e6, "poll": empty, "one": full}))
    sys.stdout.flush()
    os._exit(0)


def _checks(daemon: Any) -> float:
    daemon._check()
    began = time.perf_counter()
    for _ in range(100):
        daemon._check()
    return (time.perf_counter() - began) / 100


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--contacts", default="1000,10000,100000")
    parser.add_argument("--idle", type=float, default=660.0)
    parser.add_argument("--samples", type=int, default=20)
    parser.add_argument("--places", type=Path)
    parser.add_argument("--google", action="store_true", help="instead of IMAP and CalDAV")
    parser.add_argument("--child", default="")
    return parser.parse_args()


if __name__ == "__main__":
    main()
