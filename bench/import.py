"""Importing a Maildir, side by side with what else reads one: CPU seconds and peak memory of each, median of some runs.

`python bench/import.py [--runs 5] [--messages 24046] [--json]`. Ours is `recipflow sync` of an account just connected:
parsed, new text, rules, threads, contacts, acts, standings, stored and committed. Peers are the Debian packages notmuch,
maildir-utils and mairix; those that are absent are left out. notmuch and mu build a full-text index, which we do not.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script, `bench` is no package yet

from bench.corpus import MESSAGES, Corpus, build

LIMITS = {"notmuch": 15.0, "mu": 8.0, "mairix": 1 / 1.2}
"""Each peer's CPU by ours must be at least this."""
MOST_MEMORY = 120.0  #: MiB
OURS = "recipflow"


@dataclass(frozen=True, slots=True)
class Spent:
    """What a run took of the machine."""

    cpu: float  #: seconds, user and system
    memory: float  #: peak, MiB


@dataclass(frozen=True, slots=True)
class Runner:
    """How one program imports: its commands, given the corpus and an empty home."""

    name: str
    program: str
    commands: Callable[[Corpus, Path], Sequence[Sequence[str]]]
    runs: list[Spent] = field(default_factory=list)

    def run(self, corpus: Corpus) -> None:
        """One run from nothing, its commands added up."""
        with tempfile.TemporaryDirectory() as place:
            commands = self.commands(corpus, Path(place))
            spent = [_spent(command, _environment(Path(place))) for command in commands]
        self.runs.append(Spent(sum(one.cpu for one in spent), max(one.memory for one in spent)))

    @property
    def median(self) -> Spent:
        return Spent(
            statistics.median(one.cpu for one in self.runs),
            statistics.median(one.memory for one in self.runs),
        )


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        corpus = build(folder, messages=options.messages)
        runners = [one for one in _runners() if _present(one)]
        for number in range(options.runs):
            for runner in runners:
                print(f"run {number + 1} of {options.runs}: {runner.name}", file=sys.stderr, flush=True)
                runner.run(corpus)
    print(_json(corpus, runners) if options.json else _table(corpus, runners))
    return 0


def _runners() -> list[Runner]:
    return [
        Runner(OURS, sys.executable, _ours),
        Runner("notmuch", "notmuch", _notmuch),
        Runner("mu", "mu", _mu),
        Runner("mairix", "mairix", _mairix),
    ]


def _ours(corpus: Corpus, home: Path) -> list[list[str]]:
    ours = [sys.executable, "-m", "recipflow"]
    _spent([*ours, "init", "--me", corpus.me, "--yes"], _environment(home))
    _spent([*ours, "connect", "files", str(corpus.maildir), "--yes"], _environment(home))
    return [[*ours, "sync"]]


def _notmuch(corpus: Corpus, home: Path) -> list[list[str]]:
    config = home / "notmuch.conf"
    config.write_text(
        f"[database]\npath={home / 'index'}\nmail_root={corpus.maildir}\n[user]\nname=Me\nprimary_email={corpus.me}\n"
        "[new]\ntags=unread;inbox;\n",
        encoding="utf-8",
    )
    (home / "index").mkdir()
    return [["notmuch", f"--config={config}", "new", "--quiet"]]


def _mu(corpus: Corpus, home: Path) -> list[list[str]]:
    muhome = f"--muhome={home / 'mu'}"
    return [
        ["mu", "init", "--quiet", muhome, f"--maildir={corpus.maildir}", f"--my-address={corpus.me}"],
        ["mu", "index", "--quiet", muhome],
    ]


def _mairix(corpus: Corpus, home: Path) -> list[list[str]]:
    config = home / "mairixrc"
    config.write_text(
        f"base={corpus.maildir}\nmaildir=.:.Sent\nmfolder={home / 'found'}\ndatabase={home / 'mairix.db'}\n",
        encoding="utf-8",
    )
    return [["mairix", "-f", str(config)]]


def _spent(command: Sequence[str], environment: Mapping[str, str]) -> Spent:
    process = subprocess.Popen(
        command, env=dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    said = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} failed:\n{said.decode('utf-8', 'replace')[-2000:]}")
    unit = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes
    return Spent(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 2**20)


def _environment(home: Path) -> dict[str, str]:
    return os.environ | {
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "RECIPFLOW_HOME": str(home),
    }


def _present(runner: Runner) -> bool:
    found = shutil.which(runner.program) is not None
    if not found:
        print(f"{runner.name} is not installed: left out", file=sys.stderr)
    return found


def _table(corpus: Corpus, runners: Sequence[Runner]) -> str:
    ours = runners[0].median
    size = corpus.bytes / corpus.messages / 1000
    lines = [
        f"{corpus.messages:,} messages, {corpus.bytes / 1e6:.0f} MB, mean {size:.1f} KB; median of {len(runners[0].runs)}",
        "",
        "| | CPU s | µs a message | peak MiB | its CPU by ours | wanted |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for runner in runners:
        spent = runner.median
        each = spent.cpu / corpus.messages * 1e6
        wanted = (
            f"at least {LIMITS[runner.name]:.2g}"
            if runner.name in LIMITS
            else f"at most {MOST_MEMORY:.0f} MiB"
        )
        ratio = "" if runner.name == OURS else f"{_ratio(runner, runners[0]):.2f}"
        lines.append(
            f"| {runner.name} | {spent.cpu:.2f} | {each:.0f} | {spent.memory:.0f} | {ratio} | {wanted} |"
        )
    verdict = "met" if _met(runners) and ours.memory <= MOST_MEMORY else "not met"
    return "\n".join([*lines, "", f"The limits are {verdict}."])


def _ratio(peer: Runner, ours: Runner) -> float:
    """Of runs side by side, the median of the ratios: the machine is never equally fast twice."""
    return statistics.median(its.cpu / own.cpu for its, own in zip(peer.runs, ours.runs, strict=True))


def _met(runners: Sequence[Runner]) -> bool:
    return all(_ratio(peer, runners[0]) >= LIMITS[peer.name] for peer in runners[1:])


def _json(corpus: Corpus, runners: Sequence[Runner]) -> str:
    programs = {
        one.name: {
            **asdict(one.median),
            "ratio": _ratio(one, runners[0]),
            "runs": [asdict(run) for run in one.runs],
        }
        for one in runners
    }
    return json.dumps({"messages": corpus.messages, "bytes": corpus.bytes, "programs": programs}, indent=2)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
