"""Spoilt mail and calendars through the whole product, command after command; stops at nothing, reports every fault.

python bench/fuzz.py [--seconds 60] [--seed 1] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import io
import json
import lzma
import os
import sys
import tarfile
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from unicodedata import category

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # the tests' letters are spoilt here

from recipflow_connectors import calendar, files, mbox, mime  # noqa: E402

from bench.mutations import ME, mutated, mutated_calendar  # noqa: E402
from recipflow import assembly, cli, config  # noqa: E402
from recipflow.connector import SetAside  # noqa: E402
from recipflow.home import find  # noqa: E402
from recipflow.model import Meeting  # noqa: E402
from recipflow.store import Store  # noqa: E402
from recipflow.workflow import UNSENT, Preparing  # noqa: E402
from tests.letters import CALENDAR, DANA, KWAME, correspondence  # noqa: E402

ODD = ROOT.parent / "shared" / "data" / "odd_dev.tar.xz"
MAILS, CALENDARS = 24, 3  # in one case
SOMEBODY = (DANA, KWAME, "dana.ruiz@brightharbor.example", "maya.khoury@gmail.com")
LONGEST = 1.0  # CPU seconds one message may take
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("sync",),
    ("today",),
    ("today", "--all", "--json"),
    ("contacts",),
    ("contacts", "--json"),
    ("doctor", "--json"),
    ("export",),
    ("rebuild", "--verify"),
    ("sync",),
)
_CONTROLS = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_ALLOWED = frozenset("\n\u200c\u200d")  # of those, in what a terminal is given


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that must not happen, and in which case."""

    seed: int
    what: str


@dataclass(slots=True)
class Tally:
    """What a run did."""

    cases: int = 0
    mails: int = 0
    slowest: float = 0.0
    faults: list[Fault] = field(default_factory=list)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=60.0)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--cases", type=int, default=10**9)
    asked.add_argument("--keep", type=Path, help="where to leave the files of cases with faults")
    given = asked.parse_args()
    tally = run(given.seed, seconds=given.seconds, cases=given.cases, keep=given.keep, tell=True)
    print(
        f"{tally.cases} cases, {tally.mails} mails, the slowest {tally.slowest:.2f} s; {len(tally.faults)} faults"
    )
    sys.exit(bool(tally.faults))


def run(seed: int, *, seconds: float, cases: int, keep: Path | None = None, tell: bool = False) -> Tally:
    """Cases until the time is up, each from a seed of its own, so that one can be had again."""
    letters, calendars = seeds()
    tally, end = Tally(), time.monotonic() + seconds
    while time.monotonic() < end and tally.cases < cases:
        number = seed + tally.cases
        with tempfile.TemporaryDirectory() as folder:
            found = list(Case(number, Path(folder), letters, calendars, tally).faults())
            if found and keep:
                Path(folder, "mail").rename(keep / f"case{number}")
        tally.cases += 1
        for what in found:
            tally.faults.append(Fault(number, what))
            if tell:
                print(f"seed {number}: {what}", flush=True)
    return tally


def seeds() -> tuple[list[bytes], list[bytes]]:
    """Sound mails and calendars to spoil: fictional ones, and odd ones where they are at hand."""
    demo = ROOT / "recipflow" / "demo"
    letters = [mail.as_bytes() for mail in correspondence()] * 20
    letters += [
        raw.data for raw in mbox.messages(io.BytesIO(lzma.decompress((demo / "mail.mbox.xz").read_bytes())))
    ]
    calendars = [CALENDAR.replace("\n", "\r\n").encode(), (demo / "calendar.ics").read_bytes()[:40_000]]
    if ODD.exists():
        with tarfile.open(ODD) as packed:
            for member in packed:
                file = packed.extractfile(member) if member.isfile() and member.size < 300_000 else None
                if file and member.size:
                    (calendars if member.name.endswith(".ics") else letters).append(file.read())
    return letters, calendars


class Case:
    """A folder of spoilt mail, and all commands run over it."""

    def __init__(
        self, seed: int, folder: Path, letters: Sequence[bytes], calendars: Sequence[bytes], tally: Tally
    ) -> None:
        self._random, self._folder, self._tally = Random(seed), folder, tally
        self._mail = folder / "mail"
        self._mail.mkdir()
        self._letters = [mutated(self._random.choice(letters), self._random) for _ in range(MAILS)]
        self._letters += [self._random.choice(letters) for _ in range(MAILS // 2)]
        self._calendars = [
            mutated_calendar(self._random.choice(calendars), self._random) for _ in range(CALENDARS)
        ]
        tally.mails += len(self._letters)

    def faults(self) -> Iterator[str]:
        """Everything that went as it must not."""
        self._write()
        with _environment(RECIPFLOW_HOME=str(self._folder / "home")):
            config.create(find(os.environ).config, self._settings())
            for command in COMMANDS:
                yield from self._command(*command)
            yield from self._show_somebody()
            yield from self._lost()
            yield from self._private()
        places = [str(self._mail / "one"), str(self._mail / "all.mbox"), str(self._mail / "ics")]
        yield from self._command("read", *places, "--me", ME.decode(), "--json")
        yield from self._command("try", *places, "--at", "2026-03-16T08:00+00:00", "--json")
        yield from self._command("try", *places, "--me", ME.decode(), "--at", "2026-03-16T08:00+00:00")
        yield from self._slow()

    def _settings(self) -> dict[str, object]:
        account = {"name": "a", "connector": "files", "paths": [str(self._mail)]}
        return {
            "me.addresses": [ME.decode(), "noor@haddad.example"],
            "me.tz": "Europe/Lisbon",
            "accounts": [account],
        }

    def _write(self) -> None:
        """Most as single files; some in one mbox, where a spoilt one may spoil its neighbours."""
        for name in ("one", "ics"):
            (self._mail / name).mkdir()
        for number, raw in enumerate(self._letters[4:]):
            (self._mail / "one" / f"{number}.eml").write_bytes(raw)
        with (self._mail / "all.mbox").open("wb") as box:
            for raw in self._letters[:4]:
                box.write(b"From - Mon Mar  2 09:00:00 2026\n" + raw + b"\n\n")
        for number, raw in enumerate(self._calendars):
            (self._mail / "ics" / f"{number}.ics").write_bytes(raw)

    def _command(self, *words: str) -> Iterator[str]:
        code, out, err = run_command(*words)
        said = f"recipflow {' '.join(words[:1] + tuple(one for one in words[1:] if one.startswith('--')))}"
        if code not in (0, 1, 2):
            yield f"{said}: exit code {code}"
        if "mistake of its own" in err or "Traceback (most" in err:
            yield f"{said}: {err.strip()[-300:]}\n{_where(words)}"
        elif code and words[0] in ("sync", "today", "contacts", "show", "export", "rebuild"):
            yield f"{said}: exit code {code}: {(out + err).strip()[-300:]}"
        elif code == 0 and ("--json" in words or words[0] == "export"):
            yield from _unparsed(said, out, lines=words[0] in ("read", "export"))
        elif controls := {one for one in out + err if category(one) in _CONTROLS} - _ALLOWED:
            yield f"{said}: control characters in what is shown: {controls!r}"

    def _show_somebody(self) -> Iterator[str]:
        _, out, _ = run_command("contacts", "--json")
        try:
            people = [one["contact"]["addresses"][0] if "contact" in one else one["addresses"][0]
                      for one in json.loads(out)["contacts"]]  # fmt: skip
        except (ValueError, LookupError, TypeError) as fault:
            yield f"recipflow contacts --json: not as expected: {fault!r}"
            return
        for person in self._random.sample(people, min(2, len(people))):
            yield from self._command("show", person, "--numbers", "--all")
            yield from self._command("show", person, "--json")
            yield from self._command("why-not", person)

    def _lost(self) -> Iterator[str]:
        """What was neither stored nor set aside."""
        delivered, aside = self._delivered()
        with Store(find(os.environ).database) as store:
            stored = {str(row["ext"]) for table, row in store.export() if table == "interaction"}
            named = {one.where for one in (*store.accounts.set_aside(), *aside)}
        # Instances of a series come and go with the minute in which one looks: the series is what counts.
        series = {one.rpartition("/")[0] for one in stored}
        lost = sorted(
            one for one in delivered - stored - named if one.rpartition("/")[0] not in series - {""}
        )
        if lost:
            yield f"lost: {len(lost)} interactions, among them {lost[0][:200]!r}"
        for path in sorted(self._mail.glob("*/*")):
            page = files.connect({"paths": [str(path)]}).pull(None, now=datetime.now(UTC))
            if not page.interactions and not page.set_aside:
                yield f"lost: {path.name} gives nothing"

    def _private(self) -> Iterator[str]:
        """Somebody becomes private: nothing names them any more, and what is derived is still what it should be."""
        home, somebody = find(os.environ), self._random.choice(SOMEBODY)
        config.append(home.config, "contacts", {"addresses": [somebody], "tags": ["private"]})
        if self._random.random() < 0.5:
            home.database.unlink()
        for command in (("sync",), ("rebuild", "--verify"), ("today",)):
            yield from self._command(*command)
        for path in home.database.parent.glob(f"{home.database.name}*"):
            if somebody.encode() in path.read_bytes().lower():
                yield f"{somebody} is private, and named in {path.name}"

    def _delivered(self) -> tuple[set[str], list[SetAside]]:
        """The ids of what is to be stored, and what the connector set aside."""
        connector, cursor, more = files.connect({"paths": [str(self._mail)]}), None, True
        ids: set[str] = set()
        aside: list[SetAside] = []
        while more:
            page = connector.pull(cursor, now=datetime.now(UTC))
            for one in page.interactions:
                if isinstance(one, Meeting) or UNSENT.isdisjoint(one.labels):
                    ids.add(one.id.encode("utf-8", "replace").decode())
            aside += page.set_aside
            cursor, more = page.cursor, page.more
        return ids, aside

    def _slow(self) -> Iterator[str]:
        """Messages and calendars that take too long by themselves."""
        prepare, reader = (
            Preparing(machines=assembly.machines(), me=frozenset({ME.decode()})),
            assembly.reader({}),
        )
        for number, raw in enumerate(self._letters):
            before = time.process_time()
            try:
                reader.read(prepare(mime.parse(raw)).interaction, prepare.me)  # type: ignore[arg-type]
            except mime.Unreadable:
                pass
            except Exception as fault:  # noqa: BLE001  (any at all is what is looked for)
                yield f"message {number}: {''.join(traceback.format_exception(fault)[-3:])}"
            yield from self._took(f"message {number} of {len(raw)} bytes", time.process_time() - before)
        for number, raw in enumerate(self._calendars):
            before = time.process_time()
            list(calendar.read(raw, datetime(2026, 3, 16, tzinfo=UTC), UTC))
            yield from self._took(
                f"calendar {number} of {len(raw)} bytes", (time.process_time() - before) / 10
            )

    def _took(self, what: str, seconds: float) -> Iterator[str]:
        self._tally.slowest = max(self._tally.slowest, seconds)
        if seconds > LONGEST:
            yield f"{what}: {seconds:.1f} s"


def run_command(*words: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    out, err = (
        io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="strict", write_through=True) for _ in "oe"
    )
    code: object = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            cli.main(words)
        except SystemExit as stopped:
            code = stopped.code or 0
    texts = [one.buffer.getvalue().decode("utf-8") for one in (out, err)]
    return (code if isinstance(code, int) else 1), texts[0], texts[1]


def _where(words: Sequence[str]) -> str:
    """The traceback of a mistake, for whoever mends it."""
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            cli.main([*words, "--debug"])
    except SystemExit:
        return "(not a second time)"
    except Exception:  # noqa: BLE001  (as above)
        return "".join(traceback.format_exc().splitlines(keepends=True)[-12:])
    return ""


def _unparsed(said: str, out: str, *, lines: bool) -> Iterator[str]:
    try:
        for text in out.splitlines() if lines else [out]:
            json.loads(text)
    except ValueError as fault:
        yield f"{said}: not JSON: {fault}"


@contextmanager
def _environment(**changes: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(changes)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


if __name__ == "__main__":
    main()
