"""A relationship as text for the store, and back: exactly the same one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from typing import Any

from recipflow.ledger.relationship import (
    Answer,
    Answered,
    Asked,
    Favour,
    OpenItem,
    OpenKind,
    OpenState,
    Relationship,
    Remark,
)
from recipflow.model import Flag, Kind
from recipflow.standing import from_list, to_list

_ITEM = tuple(field.name for field in fields(OpenItem))
_ITEMS = ("items", "doubts")
_FAVOURS = ("favours", "received", "tips", "hopes")
_FAVOUR = tuple(field.name for field in fields(Favour))
_ASKED = tuple(field.name for field in fields(Asked))
_REMARK = tuple(field.name for field in fields(Remark))
_ANSWERED = tuple(field.name for field in fields(Answered))
_REMARKS = ("tangible", "needs", "decisions", "results")
# Far quicker than to call an enumeration, and each thing asks several.
_KINDS: dict[str | None, Kind | None] = {None: None} | {one.value: one for one in Kind}
_OPEN_KINDS = {one.value: one for one in OpenKind}
_STATES = {one.value: one for one in OpenState}
_ANSWERS = {one.value: one for one in Answer}
_NO_FLAGS: frozenset[Flag] = frozenset()


def to_text(relationship: Relationship) -> str:
    """Compact JSON; numbers keep all their digits."""
    values: dict[str, Any] = {field.name: getattr(relationship, field.name) for field in fields(relationship)}
    values["standing"] = to_list(relationship.standing)
    for name in _ITEMS:
        values[name] = [_row(item, _ITEM) for item in values[name]]
    for name in _FAVOURS:
        values[name] = [_row(favour, _FAVOUR) for favour in values[name]]
    values["asked"] = [_row(ask, _ASKED) for ask in relationship.asked]
    for name in _REMARKS:
        values[name] = [_row(remark, _REMARK) for remark in values[name]]
    values["answered"] = [_row(answer, _ANSWERED) for answer in relationship.answered]
    values["gift"] = relationship.gift and _row(relationship.gift, _FAVOUR)
    values["away_until"] = _plain(relationship.away_until)
    return json.dumps({name: value for name, value in values.items() if value}, separators=(",", ":"))


def from_text(text: str) -> Relationship:
    """The relationship that `to_text` wrote."""
    values = json.loads(text)
    for name in values.keys() & _READERS.keys():
        values[name] = _READERS[name](values[name])
    return Relationship(**values)


def _row(thing: OpenItem | Favour | Asked | Remark | Answered, names: tuple[str, ...]) -> list[Any]:
    return [_plain(getattr(thing, name)) for name in names]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return sorted(value) if isinstance(value, frozenset) else value


def _item(row: list[Any]) -> OpenItem:
    values = dict(zip(_ITEM, row, strict=True))
    values["kind"], values["state"] = _OPEN_KINDS[values["kind"]], _STATES[values["state"]]
    values["what"] = _KINDS[values["what"]]
    values["due"], values["about"] = _day(values["due"]), _day(values["about"])
    values["words"], values["flags"] = frozenset(values["words"]), _flags(values["flags"])
    return OpenItem(**values)


def _asked(row: list[Any]) -> Asked:
    values = dict(zip(_ASKED, row, strict=True))
    values["flags"] = _flags(values["flags"])
    return Asked(**values)


def _favour(row: list[Any]) -> Favour:
    values = dict(zip(_FAVOUR, row, strict=True))
    values["what"] = _KINDS[values["what"]]
    return Favour(**values)


def _remark(row: list[Any]) -> Remark:
    values = dict(zip(_REMARK, row, strict=True))
    values["what"] = _KINDS[values["what"]]
    values["due"] = _day(values["due"])
    return Remark(**values)


def _answered(row: list[Any]) -> Answered:
    values = dict(zip(_ANSWERED, row, strict=True))
    values["what"] = _KINDS[values["what"]]
    values["answer"] = _ANSWERS[values["answer"]]
    return Answered(**values)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _flags(names: list[str]) -> frozenset[Flag]:
    return frozenset(map(Flag, names)) if names else _NO_FLAGS


def _each(read: Callable[[list[Any]], object]) -> Callable[[list[list[Any]]], object]:
    return lambda rows: tuple(map(read, rows))


_READERS: dict[str, Callable[[Any], object]] = {
    "standing": from_list,
    "asked": _each(_asked),
    "their_turns": tuple,
    "answered": _each(_answered),
    "gift": _favour,
    "away_until": date.fromisoformat,
    **dict.fromkeys(_ITEMS, _each(_item)),
    **dict.fromkeys(_FAVOURS, _each(_favour)),
    **dict.fromkeys(_REMARKS, _each(_remark)),
}
"""What JSON writes otherwise than it is; what was empty is not written."""
