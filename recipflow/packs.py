"""Finding the installed rule packages, and reading their TOML files."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import entry_points
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, NamedTuple

from recipflow.errors import UserError

GROUP = "recipflow.rules"
"""The entry point group by which a rule package makes itself known; its value names the Python package."""

BUILTIN = "builtin"


class RulePackage(NamedTuple):
    """An installed package of rules: the name of its entry point, and the Python package that holds the files."""

    name: str
    package: str


@cache
def rule_packages() -> tuple[RulePackage, ...]:
    """All installed rule packages: ours first, then the others by name."""
    found = {RulePackage(entry.name, entry.module) for entry in entry_points(group=GROUP)}
    return tuple(sorted(found, key=lambda package: (package.name != BUILTIN, package)))


@cache
def read_toml(name: str) -> dict[str, Any]:
    """The file `name` ("profiles.toml", "en/give.toml") of the first package that has it. Read-only: it is kept.

    UserError if no package has it, or it is no TOML.
    """
    return _parse(*_file(name))


def read_json(name: str) -> dict[str, Any]:
    """The JSON file `name`, parsed anew each time: it is large. UserError if no package has it, or it is no JSON."""
    file, place = _file(name)
    try:
        found: dict[str, Any] = json.loads(file.read_bytes())
    except ValueError as wrong:
        raise UserError(f"{place}: {wrong}") from wrong
    return found


def read_bytes(name: str) -> bytes:
    """What is in the file `name` of the first package that has it. UserError if no package has it."""
    return _file(name)[0].read_bytes()


@cache
def read_folder(folder: str) -> dict[str, dict[str, Any]]:
    """The TOML files right in `folder` ("en") of every package, by "package/folder/file". Read-only: it is kept.

    UserError naming all that are no TOML.
    """
    found: dict[str, dict[str, Any]] = {}
    problems: list[str] = []
    for package in rule_packages():
        for file in _toml_files(files(package.package).joinpath(*folder.split("/"))):
            name = f"{package.package}/{folder}/{file.name}"
            try:
                found[name] = _parse(file, name)
            except UserError as unreadable:
                problems.extend(unreadable.problems)
    if problems:
        raise UserError(problems)
    return found


def read_files(paths: Iterable[Path]) -> dict[str, dict[str, Any]]:
    """The user's own packs, by path. UserError naming all that cannot be read."""
    found: dict[str, dict[str, Any]] = {}
    problems: list[str] = []
    for path in paths:
        try:
            found[str(path)] = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
            problems.append(f"{path}: {wrong.strerror if isinstance(wrong, OSError) else wrong}")
    if problems:
        raise UserError(problems)
    return found


def _file(name: str) -> tuple[Traversable, str]:
    """The file, and what it is called to the user."""
    for package in rule_packages():
        file = files(package.package).joinpath(*name.split("/"))
        if file.is_file():
            return file, f"{package.package}/{name}"
    raise UserError(f"no installed rule package has the file {name}: install recipflow anew")


def _toml_files(folder: Traversable) -> list[Traversable]:
    entries = folder.iterdir() if folder.is_dir() else ()
    return sorted((entry for entry in entries if entry.name.endswith(".toml")), key=lambda entry: entry.name)


def _parse(file: Traversable, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise UserError(f"{name}: {wrong}") from wrong
