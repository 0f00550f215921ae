"""One case of `bench/fuzz.py`: a folder of spoilt mail, and what must not happen over it."""

from __future__ import annotations

import json
import os
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from recipflow_connectors import calendar, files, mime

from bench.fuzz_commands import controls_in, environment, run_command, unparsed, where
from bench.mutations import mutated, mutated_calendar
from bench.spoilt_mail import ME
from recipflow import assembly, config
from recipflow.connector import SetAside
from recipflow.home import find
from recipflow.model import Meeting
from recipflow.preparing import Preparing
from recipflow.store import Store
from recipflow.workflow import UNSENT
from tests.letters import DANA, KWAME

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
        with environment(RECIPFLOW_HOME=str(self._folder / "home")):
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
            yield f"{said}: {err.strip()[-300:]}\n{where(words)}"
        elif code and words[0] in ("sync", "today", "contacts", "show", "export", "rebuild"):
            yield f"{said}: exit code {code}: {(out + err).strip()[-300:]}"
        elif code == 0 and ("--json" in words or words[0] == "export"):
            yield from unparsed(said, out, lines=words[0] in ("read", "export"))
        elif controls := controls_in(out + err):
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
