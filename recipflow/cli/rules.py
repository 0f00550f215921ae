"""`recipflow rules`: rule packs held to their own examples."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from recipflow.cli.render import say
from recipflow.errors import UserError

rules = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

_LANGUAGES = ("en",)
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
    from recipflow.rules import load
    from recipflow.rules.rulebook import prove

    packs = load({**_installed(), **_parsed(files or _own())})
    prove(packs)
    tried = [rule for pack in packs for rule in pack.rules]
    examples = sum(len(rule.matches) + len(rule.not_) for rule in tried)
    say(f"{len(tried)} rules in {len(packs)} files: all {examples} examples hold.")


def _installed() -> dict[str, Mapping[str, object]]:
    from recipflow.packs import read_folder

    found: dict[str, Mapping[str, object]] = {
        name: table for name, table in read_folder("").items() if name.endswith(_ANY_LANGUAGE)
    }
    for language in _LANGUAGES:
        found.update(read_folder(language))
    return found


def _own() -> list[Path]:
    from recipflow.home import find

    folder = find(os.environ).rules
    return sorted(folder.glob("*.toml")) if folder.is_dir() else []


def _parsed(files: Iterable[Path]) -> dict[str, Mapping[str, object]]:
    parsed: dict[str, Mapping[str, object]] = {}
    problems: list[str] = []
    for path in files:
        try:
            parsed[str(path)] = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
            reason = wrong.strerror if isinstance(wrong, OSError) else wrong
            problems.append(f"{path}: {reason}")
    if problems:
        raise UserError(problems)
    return parsed
