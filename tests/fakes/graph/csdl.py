"""Holds JSON to Microsoft Graph's metadata: no field that is not in it, every value of its type."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

METADATA = Path(__file__).with_name("metadata.csdl.xml")
_EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
_SPACE = "microsoft.graph."
_TEXT = frozenset({"Edm.String", "Edm.Guid", "Edm.Binary", "Edm.Stream", "Edm.TimeOfDay"})
_FORMS = {
    "Edm.DateTimeOffset": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"),
    "Edm.Date": re.compile(r"\d{4}-\d\d-\d\d"),
    "Edm.Duration": re.compile(r"-?P.+"),
}


class Property(NamedTuple):
    type: str
    nullable: bool


class Metadata:
    """The types and enumerations of one CSDL document."""

    def __init__(self, path: Path = METADATA) -> None:
        root = ET.parse(path).getroot()
        kinds = (f"{_EDM}EntityType", f"{_EDM}ComplexType")
        self._types = {one.get("Name", ""): one for kind in kinds for one in root.iter(kind)}
        self._enums = {
            one.get("Name", ""): {member.get("Name") for member in one.findall(f"{_EDM}Member")}
            for one in root.iter(f"{_EDM}EnumType")
        }
        self._properties: dict[str, dict[str, Property]] = {}

    def problems(self, type_: str, value: Any, *, where: str = "$") -> list[str]:
        """What is wrong with an object of that type; empty when nothing is."""
        if not isinstance(value, dict):
            return [f"{where}: no object"]
        derived = str(value.get("@odata.type", "")).removeprefix("#" + _SPACE)
        known = self.properties(derived if derived in self._types else type_)
        found: list[str] = []
        for name, given in value.items():
            if "@" in name:
                continue
            if name not in known:
                found.append(f"{where}.{name}: not in {type_}")
            else:
                found += self._value(known[name], given, f"{where}.{name}")
        return found

    def properties(self, type_: str) -> dict[str, Property]:
        if type_ not in self._properties:
            self._properties[type_] = self._read(type_)
        return self._properties[type_]

    def _read(self, type_: str) -> dict[str, Property]:
        element = self._types[type_]
        base = _plain(element.get("BaseType", ""))
        found = dict(self.properties(base)) if base else {}
        for kind in ("Property", "NavigationProperty"):
            for one in element.findall(_EDM + kind):
                nullable = one.get("Nullable") != "false"
                found[one.get("Name", "")] = Property(_plain(one.get("Type", "")), nullable)
        return found

    def _value(self, wanted: Property, given: Any, where: str) -> list[str]:
        type_ = wanted.type
        if given is None:
            return [] if wanted.nullable else [f"{where}: null"]
        if type_.startswith("Collection("):
            if not isinstance(given, list):
                return [f"{where}: no list"]
            inner = Property(type_[len("Collection(") : -1], nullable=False)
            return [
                problem
                for at, one in enumerate(given)
                for problem in self._value(inner, one, f"{where}[{at}]")
            ]
        if type_ in self._types:
            return self.problems(type_, given, where=where)
        return [] if self._fits(type_, given) else [f"{where}: {given!r} is no {type_}"]

    def _fits(self, type_: str, given: Any) -> bool:
        if type_ in self._enums:
            return isinstance(given, str) and set(given.split(",")) <= self._enums[type_]
        if type_ in _FORMS:
            return isinstance(given, str) and bool(_FORMS[type_].fullmatch(given))
        if type_ in _TEXT:
            return isinstance(given, str)
        if type_ == "Edm.Boolean":
            return isinstance(given, bool)
        if type_.startswith("Edm."):
            return isinstance(given, int | float) and not isinstance(given, bool)
        return True  # a type that was left out of the extract


@cache
def metadata() -> Metadata:
    return Metadata()


def _plain(name: str) -> str:
    """`Collection(graph.recipient)` as `Collection(recipient)`."""
    return re.sub(r"\b(?:microsoft\.)?graph\.", "", name)
