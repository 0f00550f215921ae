"""`recipflow rules`: rule packs held to their own examples."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recipflow.cli.options import AsJson, print_json
from recipflow.cli.render import Progress, counted, say
from recipflow.errors import UserError

if TYPE_CHECKING:
    from recipflow.reading import Reader
    from recipflow.session import Session

rules = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

_ANY_LANGUAGE = "meeting.toml"


@rules.callback()
def _rules() -> None:
    """Rule packs are TOML files; each rule holds the examples that are its tests."""


@rules.command("test", epilog="Example: recipflow rules test my-rules.toml")
def try_examples(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE...]", help="Rule packs to try.")
    ] = None,
) -> None:
    """Try every rule on its own examples, and list all that fail.

    Without FILE, your own packs are tried; those that are installed always are, for rules see one another.
    """
    from recipflow.rules.proving import proven

    own, unread = _parsed(files or _own())
    packs = proven({**_installed(), **own}, problems=unread)
    tried = [rule for pack in packs for rule in pack.rules]
    examples = sum(len(rule.matches) + len(rule.not_) for rule in tried)
    said = f"{counted(len(tried), 'rule')} in {counted(len(packs), 'file')}"
    say(f"{said}: {counted(examples, 'example holds', 'examples hold')}.")


@rules.command("diff", epilog="Example: recipflow rules diff my-rules.toml")
def diff(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE|DIR...]", help="Rule packs to try; of a folder, all that are in it."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="List all, not only the first of each.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say what a new or changed rule pack would change in your own mail: acts and advice.

    FILE stands in the place of a pack of yours, or of an installed one, with the same name; without FILE your own
    packs are tried as they are now. Their examples must hold. Nothing is changed: the next sync would do that.
    """
    from recipflow.cli import rules_text
    from recipflow.home import find
    from recipflow.session import Session, now
    from recipflow.session.rehearsal import rehearse

    with Session.open(find(os.environ)) as session, Progress("Trying", after=1.0) as progress:
        moment = now()
        reader = _changed(session, _toml(files) if files else [])
        session.catch_up(moment)
        found = rehearse(session, reader, moment, lambda step: progress.tell(step, 0, None))
        if as_json:
            print_json(rules_text.as_json(session, found, moment))
        else:
            rules_text.tell(session, found, moment, everything=everything)


@rules.command("learned", epilog="Example: recipflow rules learned --drop 12")
def learned(
    drop: Annotated[
        int | None, typer.Option("--drop", metavar="NUMBER", help="Take that correction back.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List what was learned from your corrections. --drop NUMBER takes one back."""
    from recipflow.cli import rules_text
    from recipflow.cli.speaking import speaking
    from recipflow.derive.lessons import lessons
    from recipflow.explain.telling import unlearn

    with speaking() as (session, moment):
        known = list(lessons(session.store.decisions.standing()))
        if drop is not None and drop not in {lesson.number for lesson in known}:
            raise UserError(
                f"There is no correction {drop} to take back: recipflow rules learned lists them."
            )
        if drop is not None:
            unlearn(session.store, moment, drop)
            say("Taken back, and what it taught is unlearned. Take that back: recipflow undo")
        elif as_json:
            print_json(rules_text.lessons_as_json(session, known))
        else:
            rules_text.tell_lessons(session, known, moment)


def _changed(session: Session, files: list[Path]) -> Reader:
    """A reader by the packs in force, these in the place of those with their name."""
    from recipflow import assembly
    from recipflow.packs import read_files
    from recipflow.reading import Reader

    given = read_files(files)
    names = {Path(name).name for name in given}
    own = {name: table for name, table in session.own_packs.tables.items() if Path(name).name not in names}
    places = {Path(name).parts[-2:] for name in given}
    replaced = {name for name in assembly.installed() if Path(name).parts[-2:] in places}
    return Reader(assembly.packs(own | given, without=replaced), assembly.judges(), session.zone)


def _toml(given: Iterable[Path]) -> list[Path]:
    """The files themselves, and those in the folders; a UserError when a folder has none."""
    found = [file for path in given for file in (sorted(path.glob("*.toml")) if path.is_dir() else [path])]
    if not found:
        raise UserError(f"There is no rule pack (*.toml) in {', '.join(map(str, given))}.")
    return found


def _installed() -> dict[str, Mapping[str, object]]:
    from recipflow.assembly import LANGUAGES
    from recipflow.packs import read_folder

    found: dict[str, Mapping[str, object]] = {
        name: table for name, table in read_folder("").items() if name.endswith(_ANY_LANGUAGE)
    }
    for language in LANGUAGES:
        found.update(read_folder(language))
    return found


def _own() -> list[Path]:
    from recipflow.home import find

    folder = find(os.environ).rules
    return sorted(folder.glob("*.toml")) if folder.is_dir() else []


def _parsed(files: Iterable[Path]) -> tuple[dict[str, Mapping[str, object]], list[str]]:
    """Those that can be read, by path, and why the others cannot."""
    parsed: dict[str, Mapping[str, object]] = {}
    problems: list[str] = []
    for path in files:
        try:
            parsed[str(path)] = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
            reason = wrong.strerror if isinstance(wrong, OSError) else wrong
            problems.append(f"{path}: {reason}")
    return parsed, problems
