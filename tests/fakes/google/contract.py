"""What Google says its interfaces look like: requests and answers are held to the discovery documents.

The documents come with google-api-python-client. Their schemas are JSON Schema of an old draft; here they are read as
draft 2020-12, with every property that is not declared refused, so that a fake cannot invent one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import googleapiclient  # type: ignore[import-untyped]
from jsonschema import Draft202012Validator

_DOCUMENTS = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
_PATTERNS = {
    "uint64": r"^\d+$",
    "int64": r"^-?\d+$",
    "byte": r"^[A-Za-z0-9+/_=-]*$",
    "date": r"^\d{4}-\d\d-\d\d$",
    "date-time": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that is one of the methods in a discovery document."""

    method: Mapping[str, Any]
    path: Mapping[str, str]  #: the parameters in its path

    @property
    def id(self) -> str:
        return str(self.method["id"])

    @property
    def scopes(self) -> frozenset[str]:
        return frozenset(self.method["scopes"])


class Contract:
    """One interface, as its discovery document has it."""

    def __init__(self, api: str, version: str) -> None:
        self._document = json.loads((_DOCUMENTS / f"{api}.{version}.json").read_text("utf-8"))
        self._validators: dict[str, Draft202012Validator] = {}

    def find(self, verb: str, path: str) -> Call | None:
        """The method that such a request calls; None when Google knows none."""
        for pattern, method in self._routes:
            found = pattern.match(path)
            if found and method["httpMethod"] == verb:
                given = {name: unquote(value) for name, value in found.groupdict().items()}
                return Call(method=method, path=given)
        return None

    def problems_of_request(self, call: Call, query: Mapping[str, list[str]], body: Any) -> list[str]:
        """What of a request Google would not understand."""
        known = {**self._document["parameters"], **call.method.get("parameters", {})}
        found = [f"unknown parameter {name}" for name in query if name not in known]
        for name, values in query.items():
            allowed = known.get(name, {}).get("enum")
            found += [f"{name}={value}" for value in values if allowed and value not in allowed]
        if "request" in call.method:
            found += self._check(call.method["request"]["$ref"], body)
        return found

    def problems_of_answer(self, call: Call, body: Any) -> list[str]:
        """What of an answer Google would not give."""
        if "response" not in call.method:
            return [] if body is None else ["an answer where there is none"]
        return self._check(call.method["response"]["$ref"], body)

    def _check(self, schema: str, body: Any) -> list[str]:
        if schema not in self._validators:
            self._validators[schema] = Draft202012Validator(
                {"$ref": f"#/$defs/{schema}", "$defs": self._definitions}
            )
        errors = self._validators[schema].iter_errors(body)
        return [f"{'/'.join(map(str, one.absolute_path)) or '.'}: {one.message[:160]}" for one in errors]

    @cached_property
    def _definitions(self) -> dict[str, Any]:
        return {name: _strict(schema) for name, schema in self._document["schemas"].items()}

    @cached_property
    def _routes(self) -> list[tuple[re.Pattern[str], Mapping[str, Any]]]:
        base = "/" + self._document["servicePath"]
        found = [(base + method["path"], method) for method in _methods(self._document)]
        # A fixed word beats a parameter: messages/send is not the message of the id "send".
        found.sort(key=lambda one: one[0].count("{"))
        return [(_pattern(path), method) for path, method in found]


def _pattern(path: str) -> re.Pattern[str]:
    pieces = re.split(r"\{\+?(\w+)\}", path)
    return re.compile(
        "".join(f"(?P<{one}>[^/]+)" if number % 2 else re.escape(one) for number, one in enumerate(pieces))
        + "$"
    )


def _methods(resource: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from resource.get("methods", {}).values()
    for child in resource.get("resources", {}).values():
        yield from _methods(child)


def _strict(node: Any) -> Any:
    if "$ref" in node:
        return {"$ref": "#/$defs/" + node["$ref"]}
    found: dict[str, Any] = {key: node[key] for key in ("enum",) if key in node}
    if node.get("type", "any") != "any":
        found["type"] = node["type"]
    if node.get("type") == "string" and node.get("format") in _PATTERNS:
        found["pattern"] = _PATTERNS[node["format"]]
    if "items" in node:
        found["items"] = _strict(node["items"])
    if "properties" in node:
        found["properties"] = {name: _strict(one) for name, one in node["properties"].items()}
        found["additionalProperties"] = False
    if "additionalProperties" in node:
        found["additionalProperties"] = _strict(node["additionalProperties"])
    return found
