"""What is wrong with a configuration, as the user reads it: file, key, what it must be, and what it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails


def of(error: ValidationError, where: str, model: type[BaseModel]) -> list[str]:
    """What does not hold of each key, in the order of the file."""
    return [
        f"{where}: {_key(one['loc'])}: {_said(one, model)}"
        for one in error.errors(include_url=False)
        if not (one["type"] == "too_short" and one["input"])  # short only of what is wrong, and told
    ]


def _key(place: Sequence[str | int]) -> str:
    """contacts[2].tags[1], counted from 1 as people do."""
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in place]
    return "".join(parts).removeprefix(".")


_EXPECTED = {
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "string_type": 'must be a text in "quotes"',
    "bool_type": "must be true or false",
    "tuple_type": "must be a list",
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
}


def _said(error: ErrorDetails, model: type[BaseModel]) -> str:
    kind, context, given = error["type"], error.get("ctx", {}), error["input"]
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return f"is not a setting{_nearest(error['loc'], model)}"
    if kind == "value_error":
        wanted = str(context["error"])
    elif kind == "enum":
        wanted = f"must be one of {context['expected']}"
    elif kind.startswith(("greater_than", "less_than")):
        wanted = f"must be {_bounds(error['loc'], model)}"
    else:
        wanted = _EXPECTED.get(
            kind, "must be a table" if isinstance(given, str | int | list) else error["msg"]
        )
    return f"{wanted}, is {json.dumps(given, ensure_ascii=False, default=str)}"


def _section(place: Sequence[str | int], model: type[BaseModel]) -> type[BaseModel] | None:
    """The table a key stands in."""
    from pydantic import BaseModel

    for part in place[:-1]:
        if isinstance(part, int):
            continue
        annotation = model.model_fields[part].annotation
        inner = next(iter(getattr(annotation, "__args__", ())), annotation)
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            return None
        model = inner
    return model


def _nearest(place: Sequence[str | int], model: type[BaseModel]) -> str:
    from difflib import get_close_matches

    section = _section(place, model)
    close = get_close_matches(str(place[-1]), section.model_fields if section else (), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _bounds(place: Sequence[str | int], model: type[BaseModel]) -> str:
    """0–23, or "above 0 and at most 365"."""
    section = _section(place, model)
    limits = section.model_fields[str(place[-1])].metadata if section else []
    low, above, high = (
        next((getattr(limit, name) for limit in limits if hasattr(limit, name)), None)
        for name in ("ge", "gt", "le")
    )
    return f"{low}–{high}" if above is None else f"above {above} and at most {high}"


def between(table: Mapping[str, Any], where: str) -> Iterator[str]:
    """What is wrong between places that may each be right, whatever else is wrong with any."""
    yield from _repeated(table, where)
    yield from _unknown(table, where)


def _repeated(table: Mapping[str, Any], where: str) -> Iterator[str]:
    """Names and addresses that stand in two places, of which only one can be meant."""
    accounts, contacts = _tables(table, "accounts"), _tables(table, "contacts")
    names = ((f"accounts[{n}].name", name) for n, one in accounts for name in _texts([one.get("name")]))
    me = _section_of(table, "me").get("addresses")
    mine = (("me.addresses", address) for address in _addresses(me))
    theirs = (
        (f"contacts[{n}].addresses", address)
        for n, one in contacts
        for address in _addresses(one.get("addresses"))
    )
    for entries in (names, (*mine, *theirs)):
        yield from _again(entries, where)


def _unknown(table: Mapping[str, Any], where: str) -> Iterator[str]:
    """Channels that name an account there is not."""
    from recipflow.settings import VIA_PATHS

    known = {name for _, one in _tables(table, "accounts") for name in _texts([one.get("name")])}
    for key, paths in VIA_PATHS.items():
        section, name = key.split(".")
        for via in _texts([_section_of(table, section).get(name)]):
            if via and via not in known and via.partition(":")[0] not in paths:
                there = ", ".join(sorted(known)) or "there is none yet"
                yield f"{where}: {key}: is the name of no account ({there}), is {json.dumps(via)}"


def _section_of(table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = table.get(name)
    return found if isinstance(found, Mapping) else {}


def _tables(table: Mapping[str, Any], name: str) -> list[tuple[int, Mapping[str, Any]]]:
    """Each of the tables of that name, with its number."""
    found = table.get(name)
    listed = enumerate(found, 1) if isinstance(found, list) else ()
    return [(number, one) for number, one in listed if isinstance(one, Mapping)]


def _texts(found: object) -> list[str]:
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def _addresses(found: object) -> Iterable[str]:
    return dict.fromkeys(one.strip().lower() for one in _texts(found))


def _again(entries: Iterable[tuple[str, str]], where: str) -> Iterator[str]:
    first: dict[str, str] = {}
    for key, value in entries:
        if value in first:
            yield f"{where}: {key}: {json.dumps(value, ensure_ascii=False)} stands already in {first[value]}"
        first.setdefault(value, key)
