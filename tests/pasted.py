"""Runs what the pages under docs/ show, and puts what the commands say now in the place of what they said then.

    python -m tests.pasted [--check]

Pages are run in the order of `ORDER`, in one scratch home, on the demo's mailbox, at `MORNING`. A `sh` block followed by a
`text` block is a command and its output; a block below a line that is nothing but a file's name in code is that file
(`config.toml` is added to that of the home); a
`json` block below a heading with a command is what it prints, lists cut to their first item. Output that ends in "…" stays as
long as it was. Fails on a command that fails.
"""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import datetime, tzinfo
from pathlib import Path
from unittest import mock

from recipflow import cli
from recipflow.cli import daily, options
from recipflow.cli.checking import AGAINST
from recipflow.demo import unpack

DOCS = Path(__file__).parents[1] / "docs"
ORDER = (
    "try-your-mail",
    "every-day",
    "people",
    "when-it-is-wrong",
    "the-model",
    "your-own-rules",
    "files-and-json",
    "asking",
    "the-loop",
    "gifts",
    "privacy",
    "the-framework",
)
MORNING = datetime.fromisoformat("2026-11-02T08:30+00:00")
"""Two days after the demo's mail ends."""
SHOWN_AS = "~/noor"
TRIED = "mail.mbox --ics calendar.ics --at 2026-10-19T09:00+01:00"
READ = "note.eml --me noor@haddad.example"
WIDTH = 100
SETTINGS = "config.toml"

_COMMAND = re.compile(r"^```sh\n(recipflow [^\n]*)\n```\n\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_JSON = re.compile(r"^## `(recipflow [^`]*--json)`.*?^```json\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ANY = re.compile(
    "|".join(f"(?:{one.pattern})" for one in (_COMMAND, _FILE, _JSON)), re.MULTILINE | re.DOTALL
)


def refreshed(scratch: Path) -> Iterator[tuple[Path, str]]:
    """Each page with what its commands say now."""
    unpack(scratch)
    for name in ORDER:
        page = DOCS / f"{name}.md"
        yield page, _ANY.sub(lambda found: _again(found, scratch), page.read_text(encoding="utf-8"))


@contextmanager
def _as_then(scratch: Path) -> Iterator[None]:
    """In the scratch folder, at that morning, on a terminal of that width."""

    def instant(text: str | None, zone: tzinfo | None = None) -> datetime:
        return options.instant(text, zone) if text else MORNING

    before = Path.cwd()
    os.chdir(scratch)
    surroundings = {"RECIPFLOW_HOME": str(scratch / "home"), "COLUMNS": str(WIDTH), "TZ": "Europe/Lisbon"}
    try:
        with (
            mock.patch.dict(os.environ, surroundings),
            mock.patch("recipflow.session.now", return_value=MORNING),
            mock.patch.object(daily, "instant", instant),
            mock.patch("sys.stdin", io.StringIO()),
        ):
            yield
    finally:
        os.chdir(before)


def _again(found: re.Match[str], scratch: Path) -> str:
    whole = found[0]
    if command := _COMMAND.fullmatch(whole):
        return whole.replace(
            f"```text\n{command[2]}", f"```text\n{_cut(_said(command[1], scratch), command[2])}"
        )
    if file := _FILE.fullmatch(whole):
        path = scratch / ("home" if file[1] == SETTINGS else "") / file[1]
        path.parent.mkdir(parents=True, exist_ok=True)
        if file[1] == SETTINGS:
            with path.open("a", encoding="utf-8") as settings:
                settings.write(f"\n{file[2]}")
        else:
            path.write_text(file[2], encoding="utf-8")
        return whole
    told = _JSON.fullmatch(whole)
    assert told
    line = told[1].replace("try PATH…", f"try {TRIED}").replace("read PATH…", f"read {READ}")
    line = line.replace("PERSON", "emre").replace("KEY", _first_key(scratch)).partition("`")[0]
    printed = [_first(json.loads(one)) for one in _documents(_said(line, scratch))]
    return whole.replace(told[2], "\n".join(map(_written, printed)) + "\n")


def _said(line: str, scratch: Path) -> str:
    """What a command writes, standard error first; ends the run when it fails."""
    out, err, code = io.StringIO(), io.StringIO(), None
    with _as_then(scratch), redirect_stdout(out), redirect_stderr(err):
        try:
            cli.main(shlex.split(line)[1:])
        except SystemExit as stopped:
            code = stopped.code
    if code not in (None, 0, AGAINST):
        sys.exit(f"{line}\n{err.getvalue()}The page has to be changed by hand.")
    said = (err.getvalue() + out.getvalue()).replace(str(scratch), SHOWN_AS)
    return "\n".join(one.rstrip() for one in said.strip("\n").splitlines()) + "\n"


def _cut(said: str, before: str) -> str:
    """As many lines as the page shows, where it says that there are more."""
    lines = before.splitlines()
    return "\n".join([*said.splitlines()[: len(lines) - 1], "…", ""]) if lines[-1:] == ["…"] else said


def _first_key(scratch: Path) -> str:
    nudges = json.loads(_said("recipflow today --json", scratch))["nudges"]
    return str(next(one["key"] for one in nudges if one["shown"]))


def _documents(printed: str) -> list[str]:
    """`read` prints an object a line, all others one document."""
    return printed.splitlines() if "\n  " not in printed else [printed]


def _first(value: object) -> object:
    """Lists of objects cut to their first item."""
    if isinstance(value, dict):
        return {key: _first(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_first(inner) for inner in (value[:1] if value and isinstance(value[0], dict) else value)]
    return value


def _written(value: object) -> str:
    """Indented, but what fits into one line."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return re.sub(r"[\[{][^\[\]{}]*[\]}]", lambda found: _on_one_line(found[0]), text)


def _on_one_line(text: str) -> str:
    one = re.sub(r"\s*\n\s*", " ", text)
    return one if len(one) <= WIDTH else text


def main() -> None:
    """Rewrite the pages, or with --check say which would change."""
    changed = []
    with tempfile.TemporaryDirectory(prefix="noor") as folder:
        for page, text in refreshed(Path(folder).resolve()):
            if text != page.read_text(encoding="utf-8"):
                changed.append(page.name)
                if "--check" not in sys.argv:
                    page.write_text(text, encoding="utf-8")
    sys.stdout.write("\n".join(changed or ["All is as it was."]) + "\n")
    sys.exit(bool(changed) and "--check" in sys.argv)


if __name__ == "__main__":
    main()
