"""config.toml: read with all its problems at once, written without touching the user's comments."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Mapping
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recipflow.errors import UserError
from recipflow.files import write_whole
from recipflow.model import Contact, NormName

if TYPE_CHECKING:
    from pydantic import BaseModel

    from recipflow.settings import AccountTable, Me, Settings

EXAMPLE = "config.example.toml"
_TWICE = re.compile(r"Cannot declare \((.+)\) twice \(at (line \d+)")


def load(path: Path) -> Settings:
    """The settings in `path`, defaults if there is no such file; a UserError lists every problem with its key."""
    return check(_parsed(path), path.name) if path.exists() else check({}, path.name)


def check(table: Mapping[str, Any], where: str = "config.toml") -> Settings:
    """The settings in a parsed TOML; a UserError lists every problem with its key."""
    from pydantic import ValidationError

    from recipflow import problems
    from recipflow.settings import Settings

    try:
        # Through JSON, strict means what it means in TOML: no text for a number, but a list for a tuple.
        settings = Settings.model_validate_json(json.dumps(table, default=str))
    except ValidationError as exc:
        raise UserError([*problems.of(exc, where, Settings), *problems.between(table, where)]) from exc
    if found := [*problems.between(table, where)]:
        raise UserError(found)
    return settings


def sound_accounts(path: Path) -> tuple[AccountTable, ...]:
    """The accounts whose tables are sound, whatever else is wrong in `path`; none where that cannot be read."""
    from pydantic import ValidationError

    from recipflow.settings import AccountTable

    found: list[AccountTable] = []
    with suppress(UserError):
        for one in _objects(_parsed(path).get("accounts")):
            with suppress(ValidationError):
                found.append(AccountTable.model_validate_json(json.dumps(one, default=str)))
    return tuple(found)


def people_from_json(path: Path, norm: NormName = NormName.NEUTRAL) -> tuple[Me | None, tuple[Contact, ...]]:
    """The user, if named, and the contacts of a people.json: `{"me", "contacts"}` or a list; other keys pass."""
    from recipflow.settings import ContactTable, Me, Settings

    parsed = _parsed_json(path)
    table = {"contacts": parsed} if isinstance(parsed, list) else parsed
    contacts = table.get("contacts", [])
    if not isinstance(contacts, list) or not all(isinstance(one, dict) for one in contacts):
        raise UserError(f"{path.name}: contacts: must be a list of objects")
    known = {"contacts": [_only(one, ContactTable) for one in contacts]}
    settings = check(known | ({"me": _only(table["me"], Me)} if "me" in table else {}), path.name)
    people = tuple(one.contact(norm) for one in settings.contacts)
    return (settings.me if settings.me != Settings().me else None), people


def create(path: Path, changes: Mapping[str, Any]) -> None:
    """Write a new config.toml from the example, with `changes` ("me.addresses": [...]) in place; 0600."""
    _write_changed(path, example(), changes)


def change(path: Path, changes: Mapping[str, Any]) -> None:
    """Set these ("me.addresses": [...]) in a config.toml that is there; comments and all else stay as they are."""
    _parsed(path)
    _write_changed(path, path.read_text(encoding="utf-8-sig"), changes)


def append(path: Path, kind: str, table: Mapping[str, Any]) -> None:
    """Add one of the "accounts" or "contacts" at the end of config.toml; what stands there stays as it is."""
    import tomlkit

    text = path.read_text(encoding="utf-8-sig") if path.exists() else example()
    added = tomlkit.table()
    added.update(table)
    document = tomlkit.document()
    document.append(kind, tomlkit.aot())
    document[kind].append(added)
    whole = f"{text.rstrip()}\n\n{tomlkit.dumps(document).strip()}\n"
    try:
        check(tomllib.loads(whole), path.name)
    except tomllib.TOMLDecodeError as exc:
        raise UserError(
            f"{path.name}: {kind}: write it as [[{kind}]] tables, so that one can be added"
        ) from exc
    write_whole(path, whole)


def change_account(path: Path, name: str, changes: Mapping[str, Any] | None) -> None:
    """Change these settings of the account of that name, or for None take it out; all else stays as it is."""
    import tomlkit

    document = tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    accounts: Any = document["accounts"]
    place = next(number for number, one in enumerate(accounts) if one["name"] == name)
    if changes is not None:
        accounts[place].update(changes)
    elif len(accounts) > 1:
        del accounts[place]
    else:
        del document["accounts"]
    changed = tomlkit.dumps(document)
    check(tomllib.loads(changed), path.name)
    write_whole(path, changed)


def remove_contacts(path: Path, addresses: Collection[str]) -> None:
    """Take these addresses out of the contacts of a config.toml; a contact that has none left goes whole."""
    import tomlkit

    if not path.exists():
        return
    document = tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    tables: Any = document.get("contacts", [])
    for place in reversed(range(len(tables))):
        left = [
            one for one in tables[place].get("addresses", []) if str(one).strip().lower() not in addresses
        ]
        if not left:
            del tables[place]
        elif len(left) < len(tables[place]["addresses"]):
            tables[place]["addresses"] = left
    if "contacts" in document and not tables:
        del document["contacts"]
    write_whole(path, tomlkit.dumps(document))


def write(path: Path, text: str) -> None:
    """Write a whole config.toml, in one step, for the user alone."""
    write_whole(path, text)


def example() -> str:
    """The text of config.example.toml: in a wheel it lies in the package, in a checkout at its root."""
    packaged = files("recipflow").joinpath(EXAMPLE)
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    return (Path(__file__).parents[1] / EXAMPLE).read_text(encoding="utf-8")


def _write_changed(path: Path, text: str, changes: Mapping[str, Any]) -> None:
    """The text with the changes, written if it is a valid configuration; else a UserError, and nothing changes."""
    import tomlkit

    document = tomlkit.parse(text)
    for key, value in changes.items():
        *sections, last = key.split(".")
        table: Any = document
        for section in sections:
            table = table.setdefault(section, tomlkit.table())
        if isinstance(value, Mapping):  # a table of its own would leave its comment behind
            value, entries = tomlkit.inline_table(), value
            value.update(entries)
        table[last] = value
    changed = tomlkit.dumps(document)
    check(tomllib.loads(changed), path.name)
    write_whole(path, changed)


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as exc:
        raise UserError(f"{path.name}: {_not_toml(str(exc))}") from exc
    except UnicodeDecodeError as exc:
        raise UserError(f"{path.name}: is not UTF-8: save it as UTF-8") from exc
    except OSError as exc:
        raise UserError(f"{path}: cannot be read: {exc.strerror}") from exc


def _not_toml(fault: str) -> str:
    """What is wrong, and for what happens to everybody who pastes a table, the way out."""
    twice = _TWICE.match(fault)
    if twice is None:
        return f"is not TOML: {fault}"
    table = ".".join(re.findall(r"'([^']*)'", twice[1]))
    return f"[{table}] stands in it twice ({twice[2]}): put what is below it under the first, and delete the second"


def _objects(given: object) -> list[Any]:
    return given if isinstance(given, list) else []


def _parsed_json(path: Path) -> Any:
    try:
        parsed = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as exc:
        raise UserError(f"{path}: cannot be read: {exc.strerror}") from exc
    except ValueError as exc:
        raise UserError(f"{path.name}: is not JSON: {exc}") from exc
    if not isinstance(parsed, (dict, list)):
        raise UserError(f"{path.name}: must be a list of contacts, or an object with one")
    return parsed


def _only(table: Any, model: type[BaseModel]) -> Any:
    """What of an object we have a setting for; a null says as little as a missing key."""
    if not isinstance(table, dict):
        return table
    return {key: value for key, value in table.items() if key in model.model_fields and value is not None}
